"""Small firms: plans of one or two versions, members who come and go, sales of every kind."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from onefunnel.pay.credits import Sale, Seller
from onefunnel.pay.plan import (
    Accumulate,
    Base,
    Component,
    Draw,
    Event,
    Gate,
    Gauge,
    Guarantee,
    Holdback,
    Member,
    Pays,
    Plan,
    Pool,
    Tier,
    TiersOn,
    Unit,
    Whose,
)
from onefunnel.pay.reference.firm import Firm
from onefunnel.vocabulary import Calendar

FIRST = date(2023, 11, 15)
PEOPLE = ("a", "b", "c")
CALENDARS = (Calendar(), Calendar("solar_hijri", "Asia/Tehran"))
AMOUNTS = st.integers(-300_00, 2000_00).map(lambda cents: Decimal(cents) / 100)


def days(first: int = 0, last: int = 200) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(lambda n: FIRST + timedelta(days=n))


def maybe(strategy: st.SearchStrategy, one_in: int = 2) -> st.SearchStrategy:
    """The strategy in one of so many cases, else None."""
    return st.integers(1, one_in).flatmap(lambda n: strategy if n == one_in else st.none())


def mostly(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """The strategy, None in one case of eight."""
    return st.integers(1, 8).flatmap(lambda n: st.none() if n == 8 else strategy)


@st.composite
def tables(draw: st.DrawFn, highest: int) -> tuple[Tier, ...]:
    starts = sorted(draw(st.sets(st.integers(1, highest), min_size=1, max_size=3)))
    rates = [draw(st.integers(1, 30)) for _ in range(len(starts) + 1)]
    return tuple(
        Tier(Decimal(start) / 10, Decimal(rate) / 100, bool(start) and draw(st.booleans()))
        for start, rate in zip([0, *starts], rates, strict=True)
    )


@st.composite
def components(draw: st.DrawFn, name: str, base: Base, whose: Whose) -> Component:
    on = draw(st.sampled_from(TiersOn))
    attained = on is TiersOn.ATTAINMENT
    gate = st.builds(
        Gate,
        st.sampled_from(Gauge),
        st.sampled_from([Decimal("0.2"), Decimal(100)]),
        st.sampled_from([Decimal(0), Decimal("0.5")]),
    )
    return Component(
        name=name,
        base=base,
        tiers=draw(tables(20 if attained else 20_000 if base in MONEY else 60)),
        whose=whose,
        products=draw(st.sampled_from([(), (), ("gate",)])),
        segments=draw(st.sampled_from([(), (), ("private",)])),
        first=draw(maybe(days(0, 40), 4)),
        last=draw(maybe(days(100, 160), 4)),
        tiers_on=on,
        pays=Pays.BASE,
        threshold=draw(maybe(st.sampled_from([Decimal("0.5"), Decimal(1)]), 3)),
        cap=draw(maybe(st.integers(1, 300).map(Decimal), 3)),
        weight=draw(st.sampled_from([Decimal(1), Decimal("0.3")])),
        gate=draw(maybe(gate, 3)),
    )


WHOSE = (Whose.OWN, Whose.OWN, Whose.TEAM)
MONEY = (Base.REVENUE, Base.MARGIN)

HOLDBACKS = st.builds(
    Holdback, st.sampled_from([Decimal("0.1"), Decimal("0.333")]), after_days=st.integers(1, 70)
) | st.builds(Holdback, st.just(Decimal("0.5")), until=days(20, 120))


@st.composite
def families(draw: st.DrawFn) -> tuple[Plan, ...]:
    """One plan, or two versions of which the second may go on with the tiers of the first."""
    period = draw(st.sampled_from(Unit))
    accumulate = draw(st.sampled_from(Accumulate))
    bases = [(f"c{n}", draw(st.sampled_from(Base)), draw(st.sampled_from(WHOSE))) for n in (1, 2)]
    change = draw(maybe(days(10, 120)))
    bounds = [(FIRST, None)]
    if change is not None:
        bounds = [(FIRST, change - timedelta(days=1)), (change, None)]
    pool = st.builds(
        Pool,
        st.just("pool"),
        st.sampled_from([Decimal("0.1"), Decimal("0.07")]),
        st.integers(0, 900).map(Decimal),
        st.just((("a", Decimal(2)), ("z", Decimal(1)))),
    )
    return tuple(
        Plan(
            name="p",
            currency="EUR",
            first=first,
            last=last,
            crediting=Event.INVOICE,
            period=period,
            accumulate=accumulate,
            resets=draw(st.booleans()),
            components=tuple(draw(components(*each)) for each in bases),
            clawback_days=draw(maybe(st.integers(0, 90))),
            draw=draw(maybe(st.builds(Draw, st.integers(1, 90).map(Decimal), st.booleans()), 3)),
            guarantee=draw(maybe(st.builds(Guarantee, st.integers(1, 400).map(Decimal)), 4)),
            holdback=draw(maybe(HOLDBACKS, 3)),
            pools=draw(st.sampled_from([(), (draw(pool),)])),
        )
        for first, last in bounds
    )


@st.composite
def rows(draw: st.DrawFn) -> tuple[Member, ...]:
    """A row for each, two for some, every one with a quota; ``c`` leads the others."""
    found = []
    for employee in PEOPLE:
        first = draw(st.sampled_from([FIRST, draw(days(0, 40))]))
        cut = draw(maybe(days(50, 100), 3))
        bounds = [(first, None)] if cut is None else [(first, cut), (cut + timedelta(1), None)]
        for begins, ends in bounds[: draw(st.sampled_from([1, 2, 2]))]:
            quota = Decimal(draw(st.integers(1, 2000)))
            manager = None if employee == "c" else draw(st.sampled_from([None, "c", "c"]))
            target = Decimal(500)
            found.append(Member("p", employee, begins, ends, (("", quota),), target, manager))
    return tuple(found)


SELLERS = st.sampled_from(
    [
        (),
        (Seller("a"),),
        (Seller("a"),),
        (Seller("a"),),
        (Seller("b"),),
        (Seller("a", Decimal("0.5")), Seller("b", Decimal("0.5"))),
        (Seller("a", Decimal("0.7")), Seller("x", Decimal("0.3"))),
        (Seller("b"), Seller("a", Decimal("0.25"), overlay=True)),
    ]
)


@st.composite
def sales(draw: st.DrawFn) -> tuple[Sale, ...]:
    found: list[Sale] = []
    for number in range(draw(st.integers(3, 14))):
        earlier = [each.sale_id for each in found if each.returns is None]
        returns = draw(st.sampled_from([None] * 8 + [*earlier[:3], "lost"]))
        found.append(
            Sale(
                sale_id=f"s{number}",
                day=draw(days(0, 160)),
                event=draw(st.sampled_from([Event.INVOICE] * 7 + [Event.BOOKING])),
                sellers=draw(SELLERS),
                quantity=draw(mostly(st.integers(-2, 9).map(Decimal))),
                revenue=draw(mostly(AMOUNTS)),
                contribution=draw(mostly(AMOUNTS)),
                product=draw(st.sampled_from(["gate", "gate", "part", None])),
                segment=draw(st.sampled_from(["private", "private", "trade", None])),
                returns=returns,
            )
        )
    return tuple(found)


@st.composite
def firms(draw: st.DrawFn) -> Firm:
    until, calendar = draw(days(60, 200)), draw(st.sampled_from(CALENDARS))
    minor = draw(st.sampled_from([Decimal("0.01"), Decimal(1)]))
    return Firm(draw(families()), draw(rows()), draw(sales()), until, calendar, minor)
