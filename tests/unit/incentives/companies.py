"""Company X of the quarrel, and small generated companies."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from onefunnel.measures.incentives.market import Market, Paid, Seller
from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.reference import Lot
from onefunnel.measures.incentives.segments import Draws, Segment, Sheet, draw

GATES = Paid("gates", 3.0, 0.25, 300.0, 2000.0, 0.03)
PARTS = Paid("parts", 0.4, 0.4, 36.0, 60.0, 0.03)
LEADS = (100.0, 400.0)
HOURS = 300.0

# Whole numbers and quarters: equal rates are common, and sums are exact.
quarters = st.integers(0, 40).map(lambda n: n / 4)
lots = st.lists(
    st.builds(
        Lot,
        leads=st.integers(0, 20).map(float),
        hours=st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0]),
        gain=st.integers(-8, 40).map(lambda n: n / 4),
        reward=quarters,
    ),
    min_size=1,
    max_size=5,
)


def segment(paid: Paid, leads: float, worked: float) -> Segment:
    """A segment with everything known exactly."""
    exact = Quantity.exact
    return Segment(
        paid.segment,
        leads=exact(leads),
        hours_per_lead=exact(paid.hours_per_lead),
        win_probability=exact(paid.win_probability),
        contribution_per_win=exact(paid.contribution_per_win),
        pay_per_win=exact(paid.base_per_win * paid.rate),
        worked=exact(worked),
        revenue_per_win=exact(paid.base_per_win),
    )


def company_x(worked: tuple[float, float] = (100.0, 0.0)) -> Sheet:
    """The base numbers; salespeople work all gates and no parts."""
    given = zip((GATES, PARTS), LEADS, worked, strict=True)
    return Sheet(tuple(segment(*each) for each in given), Quantity.exact(HOURS))


def market_x() -> Market:
    """The same with one seller who works as the plan pays most."""
    return Market((GATES, PARTS), (Seller("all", LEADS, HOURS),))


def draws_of(given: list[Lot], hours: float) -> Draws:
    """One row with the gain and reward of each lot, every worked lead being won."""
    exact = Quantity.exact
    segments = tuple(
        Segment(
            str(place),
            leads=exact(lot.leads),
            hours_per_lead=exact(lot.hours),
            win_probability=exact(1.0),
            contribution_per_win=exact(lot.gain),
            pay_per_win=exact(lot.reward),
            worked=exact(0.0),
        )
        for place, lot in enumerate(given)
    )
    return draw(Sheet(segments, exact(hours)))


def random_market(seed: int, segments: int = 3, sellers: int = 2) -> Market:
    """A market with as many of both, and rates that need not be aligned."""
    random = np.random.default_rng(seed)
    paid = tuple(
        Paid(
            f"s{place}",
            float(random.uniform(0.3, 4.0)),
            float(random.uniform(0.1, 0.6)),
            float(random.uniform(20.0, 400.0)),
            float(random.uniform(50.0, 2000.0)),
            float(random.uniform(0.01, 0.1)),
        )
        for place in range(segments)
    )
    people = tuple(
        Seller(
            f"p{place}",
            tuple(random.uniform(5.0, 60.0, segments).tolist()),
            float(random.uniform(20.0, 120.0)),
        )
        for place in range(sellers)
    )
    return Market(paid, people)
