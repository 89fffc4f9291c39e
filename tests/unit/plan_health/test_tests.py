"""The tests of a plan, on figures whose verdict is known beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pytest

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import wilson
from onefunnel.measures.plan_health.accelerators import reaches
from onefunnel.measures.plan_health.attainment import Case, Paid, cases
from onefunnel.measures.plan_health.days import EPOCH, day_number
from onefunnel.measures.plan_health.gaming import by_day, of_closings, of_depths
from onefunnel.measures.plan_health.periods import days_of, looked_at, periods_of
from onefunnel.measures.plan_health.quotas import (
    leverage,
    of_quotas,
    pay_performance,
    unfair_quota,
)
from onefunnel.measures.plan_health.result import PlanHealthRow, Verdict
from onefunnel.measures.plan_health.rows import About
from onefunnel.measures.plan_health.statistics import ranked
from onefunnel.pay.families import Family, families
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import PlanFile
from onefunnel.pay.reading import read
from onefunnel.vocabulary import Calendar, Note, Question

NOW = datetime(2024, 7, 10, tzinfo=UTC)
QUESTION = Question(now=NOW)
ABOUT = About("sales", "price")
PEOPLE = ("ann", "bea", "cid", "dan", "eve", "fay")
HEAD = """
name = "sales"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"
"""
PRICE = '[[component]]\nname = "price"\nbase = "revenue"\n'
FLAT = "tiers = [{ from = 0, rate = 0.1 }]\n"
RISING = "tiers = [{ from = 0, rate = 0.1 }, { from = 1000, rate = 0.2 }]\n"


def plan(*, head: str = "", component: str = FLAT, member: str = "quota = 100") -> PlanFile:
    rows = "".join(f'[[member]]\nemployee = "{who}"\n{member}\n' for who in PEOPLE)
    return read(HEAD + head + PRICE + component + rows)


def family(content: PlanFile) -> Family:
    return families([content.plan])[0]


def attained(
    content: PlanFile, sold: dict[str, float], refused: tuple[str, ...] = ()
) -> list[Case]:
    """The cases where everybody sells the same in each of six months."""
    bases: dict[tuple[str, ...], Decimal] = {
        ("sales", who, "price", f"2024-0{month}"): Decimal(str(amount))
        for who, amount in sold.items()
        for month in range(1, 7)
    }
    earned = {(*key[:2], key[3]): each / 10 for key, each in bases.items()}
    paid = Paid(bases, earned, earned, frozenset(("sales", who) for who in refused))
    return cases(family(content), content.members, paid, QUESTION).get("price", [])


def of_test(found: Any) -> dict[str, PlanHealthRow]:
    return {row.test: row for row in found}


def test_four_of_six_reach_their_quota_each_month() -> None:
    sold = {"ann": 100.0, "bea": 130.0, "cid": 110.0, "dan": 240.0, "eve": 60.0, "fay": 40.0}
    content = plan(head='accumulate = "reset"\n', component=f"threshold = 50\n{FLAT}")
    found = of_test(of_quotas(ABOUT, attained(content, sold), 6))
    row = found["at_quota"]
    assert row.value == pytest.approx(4 / 6, abs=1e-6)
    assert (row.n, row.verdict) == (36, Verdict.FINE)
    # Six months of the same person are one case: five sixths of them for the sample.
    assert (row.low, row.high) == pytest.approx(wilson(4 / 6, 5), abs=1e-6)
    under = found["under_threshold"]
    assert under.value == pytest.approx(1 / 6, abs=1e-6)
    assert (under.params["under"], under.verdict) == ("6", Verdict.UNSURE)
    assert found["spread"].params == {"n": "36", "q1": "0.6", "median": "1.05", "q3": "1.3"}


def test_nobody_reaches_the_quota_and_that_is_no_chance() -> None:
    found = of_test(of_quotas(ABOUT, attained(plan(), dict.fromkeys(PEOPLE, 30.0)), 6))
    assert found["at_quota"].verdict is Verdict.LOOK
    assert found["spread"].value == 0
    assert found["under_threshold"].code == "no_threshold"


def test_a_threshold_to_date_is_held_against_all_since_tiers_began() -> None:
    """50 in the year: 30 in January are below it, 60 in two months are not."""
    content = plan(component=f"threshold = 50\n{FLAT}")
    found = attained(content, {"ann": 30.0})
    assert [each.under for each in found if each.employee == "ann"] == [True, *[False] * 5]


def test_who_sold_nothing_reached_nothing_and_who_is_refused_is_no_case() -> None:
    found = attained(plan(), dict.fromkeys(PEOPLE[1:4], 200.0), refused=("fay",))
    by_person = {each.employee: each.attained for each in found}
    assert by_person == {"ann": 0.0, "bea": 2.0, "cid": 2.0, "dan": 2.0, "eve": 0.0}


def test_periods_that_a_member_was_not_whole_in_do_not_count() -> None:
    content = plan(member="quota = 100\nfrom = 2024-03-02")
    assert len(attained(content, dict.fromkeys(PEOPLE, 200.0))) == 6 * 3


def test_a_quarter_has_the_base_of_its_months_and_must_be_over() -> None:
    content = read(
        HEAD.replace("month", "quarter")
        + PRICE
        + FLAT
        + '[[member]]\nemployee = "ann"\nquota = 600'
    )
    assert [each.attained for each in attained(content, {"ann": 100.0})] == [0.5, 0.5]


def test_few_people_are_refused_with_their_number() -> None:
    row = of_test(of_quotas(ABOUT, [Case("ann", 1.0, None, None)] * 30, 6))["at_quota"]
    assert (row.verdict, row.code, row.value) == (Verdict.REFUSED, "few_people", None)
    assert row.why == "Too few people for a statement: 1, and it takes 5."


def test_the_best_tenth_is_paid_in_multiples_of_the_target() -> None:
    content = plan(member="quota = 100\ntarget = 20")
    sold = {who: 100.0 * (1 + at) for at, who in enumerate(PEOPLE)}
    # Pay is a tenth of 100 to 600: nine in ten of 36 months lie at or below 60 / 20.
    assert leverage(ABOUT, attained(content, sold)).value == pytest.approx(3.0)
    assert leverage(ABOUT, attained(plan(), sold)).code == "no_target"


def test_pay_that_follows_contribution_is_fine_and_against_it_is_looked_at() -> None:
    rising = {who: float(at) for at, who in enumerate(PEOPLE)}
    falling = {who: -each for who, each in rising.items()}
    assert pay_performance(ABOUT, rising, rising).verdict is Verdict.FINE
    against = pay_performance(ABOUT, rising, falling)
    assert against.value == pytest.approx(-1)
    assert against.verdict is Verdict.LOOK
    one_less = {who: rising[who] for who in PEOPLE[1:]}
    assert pay_performance(ABOUT, rising, one_less).n == 5
    assert pay_performance(ABOUT, rising, dict.fromkeys(PEOPLE, 1.0)).code == "no_variation"


def test_a_link_that_may_be_chance_is_not_called_fine() -> None:
    pay = dict(zip(PEOPLE, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), strict=True))
    brought = dict(zip(PEOPLE, (2.0, 6.0, 1.0, 5.0, 3.0, 4.0), strict=True))
    row = pay_performance(ABOUT, pay, brought)
    assert row.value is not None and row.value > 0
    assert row.verdict is Verdict.UNSURE


def test_quotas_that_do_not_follow_the_leads_are_looked_at() -> None:
    found = [Case(who, 1 + at / 10, None, None) for at, who in enumerate(PEOPLE)]
    richer = {who: float(at) for at, who in enumerate(PEOPLE)}
    assert unfair_quota(ABOUT, found, richer).verdict is Verdict.LOOK
    poorer = {who: -each for who, each in richer.items()}
    assert unfair_quota(ABOUT, found, poorer).verdict is Verdict.FINE
    assert unfair_quota(ABOUT, found, {}).code == "no_leads"


def daily(sales: dict[int, int]) -> tuple[dict[int, int], tuple[Period, ...]]:
    """So many sales so many days before the end of each of six months, and those months."""
    periods = periods_of(family(plan()), QUESTION)
    ends = [(period.after - EPOCH).days for period in periods]
    return {end - left: each for end in ends for left, each in sales.items()}, periods


def spike(sales: dict[int, int]) -> PlanHealthRow:
    closed, periods = daily(sales)
    return of_test(of_closings(ABOUT, closed, periods, (NOW.date() - EPOCH).days))["spike"]


def test_sales_that_crowd_in_the_last_week_are_looked_at() -> None:
    row = spike({left: 5 if left <= 7 else 1 for left in range(1, 29)})
    assert (row.verdict, row.n, row.params["inside"]) == (Verdict.LOOK, 6 * 56, str(6 * 35))
    assert row.value == pytest.approx(35 / 56, abs=1e-6)
    assert row.range_high == pytest.approx(0.25)
    # The first days of a month of 31 have no sale: it is not only an end, there is a dip too.
    assert row.params["sign"] == "spike_then_dip"


def test_sales_alike_on_all_days_are_fine_and_few_are_refused() -> None:
    assert spike(dict.fromkeys(range(1, 29), 1)).verdict is Verdict.FINE
    assert spike({3: 1}).code == "few_sales"
    closed, periods = daily({1: 99})
    (refused, *_) = of_closings(ABOUT, closed, periods[:2], 0)
    assert refused.code == "few_periods"


def test_days_are_counted_back_from_the_last_and_of_a_plans_sellers_only() -> None:
    rows = [
        {"employee_id": who, "day": (date(2024, 3, 30) - EPOCH).days, "closings": 2}
        for who in ("ann", "zoe")
    ]
    closed = by_day(rows, frozenset(PEOPLE))
    found = of_closings(ABOUT, closed, daily({})[1], 0)
    days = {row.params["days_left"]: row.value for row in found if row.test == "closing_day"}
    assert days == {"2": 2.0}


def seller(pairs: list[tuple[int, int]]) -> dict[str, Any]:
    sums = ranked(pairs)
    names = ("n", "x", "y", "xx", "yy", "xy")
    thirds = {"near": 900, "near_n": 3, "far": 300, "far_n": 3}
    return {**{name: getattr(sums, name) for name in names}, **thirds}


def test_discounts_that_deepen_before_the_rate_rises_are_looked_at() -> None:
    deeper = seller([(100 - n, 10 * n) for n in range(12)])
    row = of_depths(ABOUT, [deeper, deeper], rises=True)
    assert (row.verdict, row.n, row.params["sellers"]) == (Verdict.LOOK, 24, "2")
    assert (row.params["near"], row.params["far"]) == ("0.03", "0.01")
    assert row.value is not None and row.value > 0.9
    shallower = seller([(100 - n, -10 * n) for n in range(12)])
    assert of_depths(ABOUT, [shallower], rises=True).verdict is Verdict.FINE
    few = seller([(1, 2)] * 4)
    codes = [
        of_depths(ABOUT, each, rises).code
        for each, rises in (([], False), ([], True), ([few], True))
    ]
    assert codes == ["no_accelerator", "no_list_price", "few_sales"]


def test_the_way_to_a_rate_begins_when_the_member_came_and_ends_where_it_rises() -> None:
    content = plan(component=RISING, member="from = 2024-02-01")
    found = reaches(family(content), content.members, QUESTION)
    assert len(found) == 5 * 6
    first = found[0]
    assert (first.since, first.first, first.low, first.high) == (
        date(2024, 2, 1),
        date(2024, 2, 1),
        0,
        100_000,
    )
    assert reaches(family(plan()), plan().members, QUESTION) == ()


def test_a_rate_by_attainment_lies_at_the_quota_to_date() -> None:
    tiers = 'tiers_on = "attainment"\ntiers = [{ from = 0, rate = 1 }, { from = 1, rate = 2 }]\n'
    content = plan(component=tiers)
    highs = [each.high for each in reaches(family(content), content.members[:1], QUESTION)]
    assert highs == [100 * 100 * month for month in range(1, 7)]


def test_refusals_of_pay_name_plans_and_members() -> None:
    notes = [
        Note("refused_no_quota", "", {"plan": "sales", "employee": "ann"}),
        Note("refused_no_cash", "", {"plan": "other"}),
        Note("no_seller", "", {"count": 3}),
    ]
    paid = Paid.of((), notes)
    assert paid.refuses("sales", "ann") and not paid.refuses("sales", "bea")
    assert paid.refuses("other") and not paid.refuses("sales")


def test_the_stretch_is_what_is_asked_as_far_as_it_is_over() -> None:
    asked = Question(now=NOW, start=datetime(2024, 6, 1, tzinfo=UTC))
    assert days_of(asked) == (date(2024, 6, 1), date(2024, 7, 1))
    assert days_of(QUESTION) == (date(2023, 7, 1), date(2024, 7, 1))
    later = replace(asked, end=datetime(2025, 1, 1, tzinfo=UTC))
    assert looked_at(later).end == NOW
    with pytest.raises(UsageError, match="over"):
        looked_at(replace(asked, start=datetime(2024, 7, 5, tzinfo=UTC)))


@pytest.mark.parametrize("zone", ["Europe/Bucharest", "America/Santiago"])
def test_days_are_local_where_clocks_change(zone: str) -> None:
    """Every half hour about the changes of a year has the local day that the calendar says."""
    calendar = Calendar("gregorian", zone)
    first, after = date(2024, 3, 1), date(2024, 11, 1)
    start = calendar.start_of_day(first)
    instants = [start + timedelta(minutes=30 * n) for n in range(245 * 48)]
    table = ibis.memtable({"at": instants}, schema={"at": "timestamp('UTC')"})
    found = table.select("at", day=day_number(table["at"], first, after, calendar)).to_pyarrow()
    inside = [row for row in found.to_pylist() if row["at"] < calendar.start_of_day(after)]
    assert len(inside) > 11_000
    for row in inside:
        assert row["day"] == (calendar.local_day(row["at"]) - EPOCH).days, row
