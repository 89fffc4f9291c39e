"""Versions that go on with each other: bases, caps, quotas and pools, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from onefunnel.pay.engine import earned
from onefunnel.pay.plan import Plan, Pool, TiersOn
from tests.unit.pay.cases import component, member, plan, sale, total

BOUNDS = (
    (date(2024, 1, 1), date(2024, 1, 31)),
    (date(2024, 2, 1), date(2024, 2, 29)),
    (date(2024, 3, 1), None),
)
SALES = [
    sale("a", date(2024, 1, 10), 600, contribution=Decimal(600)),
    sale("b", date(2024, 2, 10), 300, contribution=Decimal(300)),
    sale("c", date(2024, 3, 10), 400, contribution=Decimal(400)),
]
END = date(2024, 3, 31)
RATES = ((0, "0.1"), (1000, "0.2"))


def versions(*terms: dict) -> list[Plan]:
    return [
        plan(*each.pop("components", ()), first=first, last=last, **each)
        for each, (first, last) in zip(terms, BOUNDS, strict=True)
    ]


def test_the_third_version_goes_on_from_what_both_before_it_counted() -> None:
    """900 are counted: 100 of the 400 are below 1,000, 300 beyond: 10 + 60."""
    plans = versions(*({"components": (component(*RATES),)} for _ in BOUNDS))
    lines = earned(plans, [member()], SALES, END).lines
    assert [total(lines, of_month=f"2024-0{n}") for n in (1, 2, 3)] == [60, 30, 70]


def test_a_cap_counts_what_the_versions_before_paid() -> None:
    """60 and 30 are paid; a cap of 100 leaves 10 of the 40."""
    capped = component((0, "0.1"), cap=Decimal(100))
    plans = versions(*({"components": (capped,)} for _ in BOUNDS))
    lines = earned(plans, [member()], SALES, END).lines
    assert [total(lines, of_month=f"2024-0{n}") for n in (1, 2, 3)] == [60, 30, 10]


def test_a_version_that_has_ended_is_paid_by_the_quota_up_to_its_end() -> None:
    """January: 500 at 10 % and 100 at 20 % of a quota of 500; it stays so when the quota grows."""
    attained = component((0, "0.1"), (1, "0.2"), tiers_on=TiersOn.ATTAINMENT)
    plans = versions(*({"components": (attained,)} for _ in BOUNDS))
    lines = earned(plans, [member(quota=500)], SALES, END).lines
    assert total(lines, of_month="2024-01") == 70
    # February: 900 of 1,000 in all; March: 1,300 of 1,500.
    assert [total(lines, of_month=f"2024-0{n}") for n in (2, 3)] == [30, 40]


def test_a_pool_goes_on_from_the_margin_of_all_versions_before() -> None:
    """10 % beyond 350 a month: 25 of 600; 900 and then 1,300 against 700 and 1,050."""
    pool = Pool("together", Decimal("0.1"), Decimal(350), (("e1", Decimal(1)),))
    lines = earned(versions(*({"pools": (pool,)} for _ in BOUNDS)), [], SALES, END).lines
    # The second version's own part: 20 of 200 above 700, of which 0 were before it.
    # The third's: 25 of 250 above 1,050.
    assert [total(lines, of_month=f"2024-0{n}") for n in (1, 2, 3)] == [25, 20, 25]
