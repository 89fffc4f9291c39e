"""Scorecards for tests: a marketing department's, a sales department's, and generated ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from onefunnel.measures.scorecard.curve import Curve
from onefunnel.measures.scorecard.plan import Gate, Level, Measure, Scorecard
from onefunnel.measures.scorecard.reading import load
from onefunnel.vocabulary import Department

MARKETING = """\
level = "department"
of = "marketing"
department = "marketing"
from = 2025-01-01
to = 2025-07-01

[[gate]]
source = "complaints"
ceiling = 20
shut = 0.5

[[measure]]
source = "contribution"
owner = "both"
weight = 0.40
threshold = 80_000
target = 100_000
cap = 120_000
counter = "churn"
additive = true

[[measure]]
source = "profit"
owner = "marketing"
weight = 0.25
threshold = 8
target = 10
cap = 12
payout = [0.2, 1, 2]
counter = "accepted_leads"

[[measure]]
source = "repeat_purchase"
owner = "marketing"
weight = 0.20
threshold = 0.18
target = 0.20
cap = 0.25
counter = "discount"
gate = { source = "margin", floor = 0.25 }

[[measure]]
source = "cost_per_lead"
owner = "marketing"
weight = 0.15
threshold = 60
target = 50
cap = 30
counter = "accepted_leads"
"""

SALES = """\
level = "department"
of = "sales"
department = "sales"
from = 2025-01-01

[[measure]]
source = "contribution"
owner = "both"
weight = 0.5
threshold = 80_000
target = 100_000
cap = 120_000
counter = "churn"
additive = true

[[measure]]
source = "customers"
owner = "sales"
weight = 0.25
threshold = 90
target = 120
cap = 150
counter = "margin"
additive = true

[[measure]]
source = "arpu"
owner = "sales"
weight = 0.25
threshold = 180
target = 200
cap = 220
counter = "discount"
"""


def marketing() -> Scorecard:
    return load(MARKETING, "marketing.toml")


def sales() -> Scorecard:
    return load(SALES, "sales.toml")


ON_TARGET: dict[str, Decimal | None] = {
    "contribution": Decimal(100_000),
    "profit": Decimal(10),
    "repeat_purchase": Decimal("0.20"),
    "cost_per_lead": Decimal(50),
    "margin": Decimal("0.30"),
    "complaints": Decimal(5),
}

NUMBERS = st.decimals(-50, 50, places=1)
SOURCES = ["a", "b", "c", "d"]


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    first, second = draw(st.decimals(1, 9, places=1)), draw(st.decimals(1, 9, places=1))
    start, way = draw(NUMBERS), draw(st.sampled_from([1, -1]))
    paid = sorted(draw(st.lists(st.decimals(0, 3, places=2), min_size=3, max_size=3)))
    paid[2] = max(paid[2], Decimal("0.01"))
    bounds = (start, start + way * first, start + way * (first + second))
    return Curve(*bounds, (paid[0], paid[1], paid[2]))


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    bound, shut = draw(NUMBERS), draw(st.decimals(0, Decimal("0.9"), places=1))
    source = draw(st.sampled_from([*SOURCES, "x"]))
    if draw(st.booleans()):
        return Gate(source, floor=bound, shut=shut)
    return Gate(source, ceiling=bound, shut=shut)


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    sources = draw(st.lists(st.sampled_from(SOURCES), min_size=1, unique=True))
    measures = tuple(
        Measure(
            source,
            draw(st.sampled_from(Department)),
            Decimal(1) / len(sources),
            draw(curves()),
            gate=draw(st.one_of(st.none(), gates())),
            additive=draw(st.booleans()),
        )
        for source in sources
    )
    whole = tuple(draw(st.lists(gates(), max_size=1)))
    return Scorecard(Level.TEAM, "north", None, measures, date(2025, 1, 1), gates=whole)


VALUES = st.fixed_dictionaries(dict.fromkeys([*SOURCES, "x"], NUMBERS))
SOME_VALUES = st.fixed_dictionaries(
    {name: st.one_of(st.none(), NUMBERS) for name in [*SOURCES, "x"]}
)
