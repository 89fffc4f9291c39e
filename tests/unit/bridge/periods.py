"""Generated periods: segments that come and go, losses, customers without leads."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from onefunnel.measures.bridge.factors import PeriodFigures, Segment, SegmentFigures
from onefunnel.vocabulary import Department

NAMES: list[Segment] = ["gates", "parts", "service", None]
AMOUNTS = st.decimals(-100_000, 100_000, places=4)
GAINS = st.decimals(Decimal("0.0001"), 100_000, places=4)
CONTRIBUTED = st.dictionaries(st.sampled_from([*Department, None]), AMOUNTS, max_size=2)

ANY = st.builds(
    SegmentFigures,
    leads=st.integers(0, 30),
    customers=st.integers(0, 12),
    revenue=st.one_of(st.just(Decimal(0)), AMOUNTS),
    contribution=st.one_of(st.just(Decimal(0)), AMOUNTS),
)
GAINING = st.builds(
    SegmentFigures,
    leads=st.integers(1, 30),
    customers=st.integers(1, 12),
    revenue=GAINS,
    contribution=GAINS,
)


def periods(
    segments: st.SearchStrategy[SegmentFigures], fewest: int = 0
) -> st.SearchStrategy[PeriodFigures]:
    named = st.dictionaries(st.sampled_from(NAMES), segments, min_size=fewest)
    return st.builds(PeriodFigures, named, CONTRIBUTED)


def only(leads: int, customers: int, revenue: int, contribution: int) -> PeriodFigures:
    """A period with one segment."""
    figures = SegmentFigures(leads, customers, Decimal(revenue), Decimal(contribution))
    return PeriodFigures({"gates": figures})
