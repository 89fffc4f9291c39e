"""The terms of a component, each with numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from onefunnel.errors import UsageError
from onefunnel.pay.engine import earned
from onefunnel.pay.plan import Accumulate, Base, Gate, Gauge, Pays, Pool, TiersOn, Unit
from onefunnel.vocabulary import Calendar
from tests.unit.pay.cases import by_month, component, member, plan, sale, taken_back, total

JANUARY, FEBRUARY, MARCH = date(2024, 1, 10), date(2024, 2, 10), date(2024, 3, 10)
MONTHLY = {"accumulate": Accumulate.RESET}
SOLAR = Calendar("solar_hijri", "Asia/Tehran")
STEP = ((0, "0.05"), (1000, "0.10"))


def test_tiers_run_on_through_the_year_or_begin_anew_each_month() -> None:
    sales = [sale("a", JANUARY, 800), sale("b", FEBRUARY, 800)]
    on = earned([plan(component(*STEP))], [member()], sales, MARCH).lines
    assert by_month(on) == {"2024-01": 40, "2024-02": 10 + 60}
    anew = earned([plan(component(*STEP), **MONTHLY)], [member()], sales, MARCH).lines
    assert by_month(anew) == {"2024-01": 40, "2024-02": 40}


def test_a_line_says_tier_rate_and_from_where_to_where() -> None:
    sales = [sale("a", JANUARY, 800), sale("b", FEBRUARY, 800)]
    lines = earned([plan(component(*STEP))], [member()], sales, MARCH).lines
    said = [(line.base, line.why.code, dict(line.why.params)) for line in lines]
    low = {"tier": 1, "rate": Decimal("0.05")}
    assert said == [
        (800, "tier", {**low, "from": 0, "to": 800}),
        (200, "tier", {**low, "from": 800, "to": 1000}),
        (600, "tier", {"tier": 2, "rate": Decimal("0.1"), "from": 1000, "to": 1600}),
    ]
    assert len({line.digest for line in lines}) == 1


def test_crossing_a_retroactive_tier_says_what_it_replaces() -> None:
    sales = [sale("a", JANUARY, 800), sale("b", FEBRUARY, 800)]
    lines = earned([plan(component(*STEP, retroactive=True))], [member()], sales, MARCH).lines
    february = [(line.why.code, line.amount, line.base) for line in lines[1:]]
    assert february == [("tier_replaced", -40, -800), ("tier_retroactive", 160, 1600)]


def test_nothing_is_paid_below_the_threshold_and_everything_at_it() -> None:
    terms = plan(component((0, "0.1"), threshold=Decimal(1000)))
    sales = [sale("a", JANUARY, 999), sale("b", FEBRUARY, 1)]
    lines = earned([terms], [member()], sales, MARCH).lines
    assert by_month(lines) == {"2024-01": 0, "2024-02": 100}
    codes = {(line.of_month, line.why.code) for line in lines}
    assert ("2024-01", "threshold_holds") in codes
    assert ("2024-02", "threshold_lifted") in codes


def test_a_cap_bounds_what_a_window_pays() -> None:
    terms = plan(component((0, "0.1"), cap=Decimal(100)), period=Unit.QUARTER, **MONTHLY)
    sales = [sale("a", JANUARY, 900), sale("b", FEBRUARY, 900), sale("c", date(2024, 4, 1), 500)]
    lines = earned([terms], [member()], sales, date(2024, 4, 30)).lines
    assert by_month(lines) == {"2024-01": 90, "2024-02": 10, "2024-04": 50}


@pytest.mark.parametrize(
    ("margin", "otherwise", "pay"), [(200, "0", 100), (199, "0", 0), (199, "0.4", 40)]
)
def test_a_gate_multiplies(margin: int, otherwise: str, pay: int) -> None:
    gate = Gate(Gauge.MARGIN_RATE, Decimal("0.2"), Decimal(otherwise))
    terms = plan(component((0, "0.1"), gate=gate))
    sold = sale("a", JANUARY, 1000, contribution=Decimal(margin))
    lines = earned([terms], [member()], [sold], JANUARY).lines
    assert total(lines) == pay


def test_a_gate_that_sees_nothing_holds_and_says_so() -> None:
    gate = Gate(Gauge.MARGIN_RATE, Decimal("0.2"))
    terms = plan(component((0, "0.1"), gate=gate))
    lines = earned([terms], [member()], [sale("a", JANUARY, 1000)], JANUARY).lines
    (held,) = (line for line in lines if line.why.code == "gate_holds")
    assert held.why.params["value"] is None
    assert total(lines) == 0


def test_measures_are_weighted() -> None:
    """60 % of a target of 1,000 on revenue at 150 % of the quota, 40 % on units at 50 %."""
    target = {"tiers_on": TiersOn.ATTAINMENT, "pays": Pays.TARGET}
    revenue = component((0, "1"), weight=Decimal("0.6"), **target)
    units = component((0, "1"), name="units", base=Base.UNITS, weight=Decimal("0.4"), **target)
    quotas = (("sales", Decimal(2000)), ("units", Decimal(10)))
    row = member(quotas=quotas, target=Decimal(1000))
    sold = sale("a", JANUARY, 3000, quantity=Decimal(5))
    lines = earned([plan(revenue, units)], [row], [sold], JANUARY).lines
    assert (total(lines, component="sales"), total(lines, component="units")) == (900, 200)


@pytest.mark.parametrize(
    ("first", "month", "quota"),
    [
        (date(2024, 2, 15), date(2024, 2, 29), 1500),
        (date(2023, 2, 15), date(2023, 2, 28), 1400),
    ],
)
def test_a_quota_is_for_the_days_that_one_is_there_leap_days_too(
    first: date, month: date, quota: int
) -> None:
    """15 of 29 days of a quota of 2,900, or 14 of 28 of 2,800: beyond it the rate is 100 %."""
    terms = plan(
        component((0, "0"), (1, "1"), tiers_on=TiersOn.ATTAINMENT),
        first=date(2023, 1, 1),
        **MONTHLY,
    )
    row = member(first=first, quota=100 * month.day)
    lines = earned([terms], [row], [sale("a", month, quota + 7)], month).lines
    assert total(lines) == 7


def test_the_leap_day_is_a_day_of_its_month() -> None:
    lines = earned(
        [plan(component((0, "0.1")))], [member()], [sale("a", date(2024, 2, 29), 50)], MARCH
    )
    assert by_month(lines.lines) == {"2024-02": 5}


def test_the_quota_to_date_grows_and_moves_the_tiers() -> None:
    """1,000 a month: 1,500 in January is 500 beyond; by February 2,000 is the quota of 1,500."""
    terms = plan(component((0, "0.1"), (1, "0.2"), tiers_on=TiersOn.ATTAINMENT))
    sales = [sale("a", JANUARY, 1500), sale("b", FEBRUARY, 900)]
    lines = earned([terms], [member(quota=1000)], sales, FEBRUARY).lines
    # January: 100 + 100. To February: 2,000 at 10 % and 400 at 20 %: 280.
    assert by_month(lines) == {"2024-01": 200, "2024-02": 80}
    (moved,) = (line for line in lines if line.why.code == "tier_moved")
    assert (moved.why.params["from_was"], moved.why.params["from"]) == (1000, 2000)


def test_solar_months_and_the_solar_year() -> None:
    """20 March 2024 begins 1403: tiers begin anew there, and Esfand 1402 has 29 days."""
    sales = [sale("a", date(2024, 3, 19), 1500), sale("b", date(2024, 3, 20), 1500)]
    lines = earned([plan(component(*STEP))], [member()], sales, date(2024, 3, 25), calendar=SOLAR)
    assert by_month(lines.lines) == {"1402-12": 100, "1403-01": 100}


def test_a_quota_in_a_solar_leap_month_has_thirty_days() -> None:
    """Esfand 1403 has 30 days; who comes on its 16th, 6 March 2025, has half of 3,000."""
    terms = plan(component((0, "0"), (1, "1"), tiers_on=TiersOn.ATTAINMENT), **MONTHLY)
    row = member(first=date(2025, 3, 6), quota=3000)
    sold = sale("a", date(2025, 3, 20), 1507)
    lines = earned([terms], [row], [sold], date(2025, 3, 20), calendar=SOLAR).lines
    assert by_month(lines) == {"1403-12": 7}


CHANGE = {"first": date(2024, 2, 16)}
BEFORE = {"last": date(2024, 2, 15)}


@pytest.mark.parametrize(
    ("resets", "retroactive", "pay"),
    [
        # 800 are counted before; 200 at 20 % and 400 at 30 %.
        (False, False, 160),
        # 1,400 in all is above 1,000: the version's own 600 at 30 %, what came before as it was.
        (False, True, 180),
        (True, False, 120),
        (True, True, 120),
    ],
)
def test_a_plan_that_changes_within_a_month(resets: bool, retroactive: bool, pay: int) -> None:
    old = plan(component(*STEP), **BEFORE)
    rates = ((0, "0.2"), (1000, "0.3"))
    new = plan(component(*rates, retroactive=retroactive), resets=resets, **CHANGE)
    sales = [sale("a", date(2024, 2, 15), 800), sale("b", date(2024, 2, 16), 600)]
    lines = earned([new, old], [member()], sales, MARCH).lines
    digests = list(dict.fromkeys(line.digest for line in lines))
    assert [total(lines, digest=each) for each in digests] == [40, pay]
    assert by_month(lines) == {"2024-02": 40 + pay}


def test_a_version_that_measures_otherwise_must_reset() -> None:
    old = plan(component(*STEP), **BEFORE)
    new = plan(component(*STEP), period=Unit.QUARTER, **CHANGE)
    with pytest.raises(UsageError, match="resets = true"):
        earned([old, new], [member()], [], MARCH)


def test_two_versions_on_one_day_are_refused() -> None:
    with pytest.raises(UsageError, match="in effect on 2024-02-16"):
        earned([plan(component(*STEP)), plan(component(*STEP), **CHANGE)], [member()], [], MARCH)


def test_who_comes_after_a_version_ended_needs_no_quota_under_it() -> None:
    on = {"tiers_on": TiersOn.ATTAINMENT}
    versions = [
        plan(component((0, "0.1"), **on), **BEFORE),
        plan(component((0, "0.2"), **on), **CHANGE),
    ]
    row = member(first=date(2024, 2, 20), quota=100)
    found = earned(versions, [row], [sale("a", date(2024, 2, 25), 100)], MARCH)
    assert (total(found.lines), found.notes) == (20, ())


SPIFF = {
    "name": "spiff",
    "products": ("gate",),
    "first": date(2024, 2, 1),
    "last": date(2024, 2, 29),
}


def test_a_spiff_pays_an_amount_a_unit_in_its_window() -> None:
    terms = plan(component((0, "50"), base=Base.UNITS, **SPIFF))
    two = {"quantity": Decimal(2), "product": "gate"}
    sales = [
        sale("before", date(2024, 1, 31), 1, **two),
        sale("first", date(2024, 2, 1), 1, **two),
        sale("last", date(2024, 2, 29), 1, **two),
        sale("after", date(2024, 3, 1), 1, **two),
        sale("other", date(2024, 2, 9), 1, quantity=Decimal(9), product="part"),
    ]
    assert by_month(earned([terms], [member()], sales, MARCH).lines) == {"2024-02": 200}


def test_a_spiff_on_sales_takes_back_the_part_that_is_returned() -> None:
    terms = plan(component((0, "80"), base=Base.SALES, **SPIFF), clawback_days=30)
    sold = sale("a", FEBRUARY, 400, quantity=Decimal(4), product="gate")
    part = sale("r", MARCH, -100, quantity=Decimal(-1), product="gate", returns="a")
    assert total(earned([terms], [member()], [sold], MARCH).lines) == 80
    assert total(earned([terms], [member()], [sold, part], MARCH).lines) == 60


def test_a_pool_pays_what_is_above_its_hurdle_and_its_parts_sum_to_it() -> None:
    """10 % of 1,000.10 beyond 1,000 a month: 0.01, then 10 % of 3,100.10 beyond 2,000."""
    thirds = tuple((name, Decimal(1)) for name in ("mark", "sal", "ute"))
    terms = plan(pools=(Pool("together", Decimal("0.1"), Decimal(1000), thirds),))
    sales = [
        sale("a", JANUARY, None, contribution=Decimal("1000.10"), sellers=()),
        sale("b", FEBRUARY, None, contribution=Decimal(2100), sellers=()),
    ]
    lines = earned([terms], [], sales, FEBRUARY).lines
    assert by_month(lines) == {"2024-01": Decimal("0.01"), "2024-02": Decimal("110.00")}
    assert {total(lines, employee=name) for name, _ in thirds} == {Decimal("36.67")}


def test_unknown_margins_are_named_and_no_zeros() -> None:
    terms = plan(component((0, "0.2"), base=Base.MARGIN))
    sales = [sale("known", JANUARY, 500, contribution=Decimal(100)), sale("lost", JANUARY, 500)]
    found = earned([terms], [member()], sales, JANUARY)
    assert total(found.lines) == 20
    assert [(each.sale_id, each.what) for each in found.unknown] == [("lost", "margin")]
    (note,) = found.notes
    assert (note.code, note.params["count"], note.params["sales"]) == ("unknown_margin", 1, "lost")


def test_an_unknown_product_is_unknown_where_the_product_decides() -> None:
    sales = [sale("a", JANUARY, 500), sale("b", JANUARY, 500, product="part")]
    terms = plan(component((0, "0.2"), products=("gate",)))
    found = earned([terms], [member()], sales, JANUARY)
    assert [(each.sale_id, each.what) for each in found.unknown] == [("a", "product")]


def test_a_return_without_clawback_counts_on_its_own_day() -> None:
    sold = sale("a", JANUARY, 1000)
    lines = earned(
        [plan(component((0, "0.1")))], [member()], [sold, taken_back(sold, MARCH)], MARCH
    )
    assert by_month(lines.lines) == {"2024-01": 100, "2024-03": -100}


@pytest.mark.parametrize(("day", "left"), [(date(2024, 2, 9), 0), (date(2024, 2, 10), 100)])
def test_clawback_ends_with_its_last_day(day: date, left: int) -> None:
    sold = sale("a", JANUARY, 1000)
    terms = plan(component((0, "0.1")), clawback_days=30)
    found = earned([terms], [member()], [sold, taken_back(sold, day)], MARCH)
    assert total(found.lines) == left
    assert [note.code for note in found.notes] == (["return_after_clawback"] if left else [])
