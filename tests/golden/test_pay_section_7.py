"""The tier tables and the pool of methods, section 7, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from onefunnel.pay.cliffs import CliffKind, cliffs
from onefunnel.pay.engine import earned, payouts
from onefunnel.pay.lines import Kind
from onefunnel.pay.pieces import pay_of
from onefunnel.pay.plan import ZERO, Component, Pays, Pool, TiersOn
from onefunnel.pay.pooling import marginal_incentive
from tests.unit.pay.cases import SECTION_7, component, member, plan, sale, taken_back, total

MARGINAL = component(*SECTION_7)
RETROACTIVE = component(*SECTION_7, retroactive=True)
DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("what", "revenue", "pay"),
    [
        (MARGINAL, "50000", "2500"),
        (MARGINAL, "50001", "2500.07"),
        (MARGINAL, "120000", "8000"),
        (RETROACTIVE, "50000", "2500"),
        (RETROACTIVE, "50001", "3500.07"),
        (RETROACTIVE, "100000", "7000"),
        (RETROACTIVE, "120000", "12000"),
    ],
)
def test_tiers_of_section_7(what: Component, revenue: str, pay: str) -> None:
    lines = earned([plan(what)], [member()], [sale("s", DAY, revenue)], DAY).lines
    assert total(lines) == Decimal(pay)
    exact = pay_of(plan(what), {"sales": Decimal(revenue)})
    assert abs(exact - Decimal(pay)) < Decimal("0.005")


def test_the_cliff_of_section_7_is_1_000_and_the_marginal_table_has_none() -> None:
    cliff = cliffs(RETROACTIVE)[0]
    assert (cliff.at, cliff.kind, cliff.jump) == (50_000, CliffKind.RETROACTIVE, 1000)
    assert (cliff.rate_before, cliff.rate_after) == (Decimal("0.05"), Decimal("0.07"))
    assert cliffs(MARGINAL) == ()


def test_one_unit_more_is_worth_the_cliff_of_section_7_and_its_rate() -> None:
    terms = plan(RETROACTIVE)
    below, above = (pay_of(terms, {"sales": Decimal(n)}) for n in (50_000, 50_001))
    assert above - below == 1000 + Decimal("0.07")


@pytest.mark.parametrize(
    ("what", "standing", "left"), [(MARGINAL, 8000, 5300), (RETROACTIVE, 12000, 6300)]
)
def test_clawback_across_a_tier_recomputes_the_year_without_the_sale(
    what: Component, standing: int, left: int
) -> None:
    """120,000 with a sale of 30,000 that comes back: 90,000 pays 2,500 + 2,800, or 7 % of all."""
    terms = plan(what, clawback_days=90)
    large, rest = sale("a", date(2024, 1, 10), 30_000), sale("b", date(2024, 2, 10), 90_000)
    paid = []
    for until in (date(2024, 1, 31), date(2024, 2, 29)):
        paid += payouts([terms], [member()], [large, rest], until, paid).lines
    assert total(paid) == standing
    sales = [large, rest, taken_back(large, date(2024, 3, 5))]
    lines = payouts([terms], [member()], sales, date(2024, 3, 31), paid).lines
    assert {line.line for line in lines} == {"restatement"}
    assert {line.month for line in lines} == {"2024-03"}
    # January takes back its 5 %; February, which had begun at 30,000, begins at 0.
    assert total(lines, of_month="2024-01") == -1500
    assert total(lines, of_month="2024-02") == left - (standing - 1500)
    assert total(paid) + total(lines) == left


def test_a_pool_of_10_percent_among_20_gives_each_half_a_percent_of_a_unit() -> None:
    """Free riding: what one earns the pool, one keeps a twentieth of (Holmström 1982)."""
    twenty = tuple((f"e{n:02}", Decimal(1)) for n in range(20))
    pool = Pool("together", Decimal("0.1"), ZERO, twenty)
    assert set(marginal_incentive(pool).values()) == {Decimal("0.005")}
    terms = plan(pools=(pool,))
    sales = [sale("s", DAY, 2000, contribution=Decimal(1000))]
    more = [*sales, sale("t", DAY, 200, contribution=Decimal(100))]
    before, after = (earned([terms], [], each, DAY).lines for each in (sales, more))
    assert total(before, kind=Kind.POOL) == 100
    assert total(after, employee="e07") - total(before, employee="e07") == Decimal("0.50")


@pytest.mark.parametrize(
    ("attainment", "share"),
    [("0.79", "0"), ("0.8", "0.5"), ("0.9", "0.75"), ("1.1", "1.25"), ("1.3", "1.5")],
)
def test_threshold_target_and_cap_of_section_14(attainment: str, share: str) -> None:
    """80, 100 and 120 % of the quota pay a half, the whole and one and a half of the target."""
    scored = component(
        ("0", "0.625"),
        ("0.8", "2.5"),
        ("1.2", "0"),
        tiers_on=TiersOn.ATTAINMENT,
        pays=Pays.TARGET,
        threshold=Decimal("0.8"),
    )
    row = member(quota=200_000, target=Decimal(4000))
    revenue = Decimal(attainment) * 200_000
    day = date(2024, 1, 5)
    lines = earned([plan(scored)], [row], [sale("s", day, revenue)], day).lines
    assert total(lines) == Decimal(share) * 4000
