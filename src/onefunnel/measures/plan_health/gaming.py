"""The tests of what a plan invites: sales that crowd before an end, discounts before a rate."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onefunnel.measures.plan_health.days import EPOCH
from onefunnel.measures.plan_health.depths import BASIS_POINTS
from onefunnel.measures.plan_health.result import PlanHealthRow
from onefunnel.measures.plan_health.rows import NO_MORE_THAN_CHANCE, About, text
from onefunnel.measures.plan_health.statistics import Ranked, Told, correlation, exact_share
from onefunnel.measures.scorecard.gaming import FEWEST, Stretch, spike
from onefunnel.pay.periods import Period

WEEK = 7
WEEKS = 4
"""So many weeks before the end of a period are drawn."""
PERIODS = 3
"""Below so many whole periods nothing is said of their ends."""
SUMS = ("n", "x", "y", "xx", "yy", "xy")


def of_closings(
    about: About, closed: Mapping[int, int], periods: Sequence[Period], until: int
) -> Iterator[PlanHealthRow]:
    """How far sales crowd in the last week of periods; and how many closed on each day before.

    ``closed`` are sales by day since 1970, ``until`` the day after the last that is known whole. A
    week has five working days wherever its weekend lies, and is held against the whole weeks of the
    period before it.
    """
    if len(periods) < PERIODS:
        yield about.refused("spike", "few_periods", len(periods), least=PERIODS)
    else:
        yield _spike(about, closed, periods, until)
    ends = [_number(period.after) for period in periods]
    for left in range(1, WEEKS * WEEK + 1):
        sales = sum(closed.get(end - left, 0) for end in ends)
        if sales:
            yield about.plain("closing_day", float(sales), len(periods), {"days_left": left})


def _spike(
    about: About, closed: Mapping[int, int], periods: Sequence[Period], until: int
) -> PlanHealthRow:
    ends = [_before(closed, period) for period in periods]
    starts = [_after(closed, period) for period in periods if _seen(period) <= until]
    cases, inside = sum(each.inside + each.outside for each in ends), sum(e.inside for e in ends)
    if cases < FEWEST:
        return about.refused("spike", "few_sales", cases, least=FEWEST)
    expected = sum(_expected(each) for each in ends)
    found = exact_share(inside, cases)
    said = spike(ends, starts)
    params: dict[str, str | int | float] = {
        "inside": inside,
        "expected": expected,
        "ratio": said.ratio or 0.0,
        "p_value": said.p_value or 0.0,
        "dip": "" if said.dip_ratio is None else text(said.dip_ratio),
        "sign": said.code,
    }
    return about.told("spike", found, cases, (0.0, expected / cases), params)


def _before(closed: Mapping[int, int], period: Period) -> Stretch:
    """The last week of a period, and the whole weeks of it before that."""
    end, weeks = _number(period.after), period.days // WEEK - 1
    inside = _sold(closed, end - WEEK, end)
    return Stretch(inside, _sold(closed, end - WEEK * (weeks + 1), end - WEEK), WEEK, WEEK * weeks)


def _after(closed: Mapping[int, int], period: Period) -> Stretch:
    """The first week after a period, and the three after it."""
    end, outside = _number(period.after), WEEK * (WEEKS - 1)
    later = _sold(closed, end + WEEK, end + WEEK + outside)
    return Stretch(_sold(closed, end, end + WEEK), later, WEEK, outside)


def _seen(period: Period) -> int:
    return _number(period.after) + WEEK * WEEKS


def _expected(each: Stretch) -> float:
    cases = each.inside + each.outside
    return cases * each.days_inside / (each.days_inside + each.days_outside)


def _sold(closed: Mapping[int, int], first: int, after: int) -> int:
    return sum(closed.get(day, 0) for day in range(first, after))


def _number(day: Any) -> int:
    return int((day - EPOCH).days)


def of_depths(about: About, sellers: Sequence[Mapping[str, Any]], rises: bool) -> PlanHealthRow:
    """Whether discounts get deeper on the way to a rate that rises, seller by seller.

    Larkin (2014, Journal of Labor Economics 32) found deals closed earlier and cheaper for it.
    """
    if not rises:
        return about.refused("accelerator", "no_accelerator")
    if not sellers:
        return about.refused("accelerator", "no_list_price")
    enough = [each for each in sellers if each["n"] >= FEWEST]
    n = sum(each["n"] for each in enough)
    if not enough:
        most = max(each["n"] for each in sellers)
        return about.refused("accelerator", "few_sales", most, least=FEWEST)
    found = correlation([Ranked(*(int(each[name]) for name in SUMS)) for each in enough])
    if found is None:
        return about.refused("accelerator", "no_variation", n)
    closer = Told(-found.value, -found.high, -found.low)
    thirds = {name: _mean(enough, name) for name in ("near", "far")}
    params: dict[str, str | int | float] = {"sellers": len(enough), **thirds}
    return about.told("accelerator", closer, n, NO_MORE_THAN_CHANCE, params)


def _mean(sellers: Sequence[Mapping[str, Any]], name: str) -> str:
    """The mean discount of a third, as a share; empty where it holds no sale."""
    total, n = (sum(int(each[key]) for each in sellers) for key in (name, f"{name}_n"))
    return text(total / n / BASIS_POINTS) if n else ""


def by_day(rows: Sequence[Mapping[str, Any]], employees: frozenset[str]) -> Counter[int]:
    """Sales by day of some sellers."""
    found: Counter[int] = Counter()
    for row in rows:
        if row["employee_id"] in employees:
            found[row["day"]] += row["closings"]
    return found
