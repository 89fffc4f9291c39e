"""The hours that salespeople have for leads in a period: typed, of employees, or of a headcount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onefunnel.measures.incentives.notes import note
from onefunnel.measures.incentives.plans import last_day
from onefunnel.measures.incentives.quantities import Quantity, product, total
from onefunnel.measures.incentives.ranges import Per, Ranges
from onefunnel.measures.incentives.records import Employee, Records
from onefunnel.pay.periods import DAY, Period, months
from onefunnel.vocabulary import Note, Question


@dataclass(frozen=True, slots=True)
class Available:
    """The hours, None where unknown; what of it was typed; and remarks."""

    hours: Quantity | None
    typed: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def available(ranges: Ranges, records: Records, question: Question) -> Available:
    """The hours of the period as far as it has gone by; an open one begins with its first lead.

    Those typed; else the weekly hours of the employees of sales on the days they were there (of
    those who sell by the records, or of all where these name nobody), those without taken to have
    the typed ``weekly_hours``; else ``sellers`` x ``weekly_hours``. The last two are multiplied by
    the share of time that there is for leads.
    """
    days = period_days(records, question)
    if days is None:
        return Available(None)
    if ranges.hours is not None:
        amount = product(
            ranges.hours.amount, Quantity.exact(_times(ranges.hours.per, days, question))
        )
        return Available(amount, ("hours",))
    share = ("share_of_time",) if ranges.share_of_time.low < 1.0 else ()
    if records.employees:
        return _of_employees(ranges, records.employees, days, share)
    if ranges.sellers is None or ranges.weekly_hours is None:
        return Available(None)
    weeks = Quantity.exact(days.days / 7)
    hours = product(ranges.sellers, ranges.weekly_hours, weeks, ranges.share_of_time)
    return Available(hours, ("sellers", "weekly_hours", *share))


def of_each(ranges: Ranges, records: Records, question: Question) -> Mapping[str, Quantity] | None:
    """The hours of each employee who is there, by their id; None where they are not known.

    They sum to those of :func:`available`: hours that are typed as a whole are divided by weekly
    hours, and those of a headcount are nobody's.
    """
    days = period_days(records, question)
    if days is None:
        return None
    there = _there(records.employees, days)
    if not there or any(_weekly(each, ranges.weekly_hours) is None for each in there):
        return None
    own = _hours_of(there, days, ranges.weekly_hours)
    if ranges.hours is None:
        return {name: product(each, ranges.share_of_time) for name, each in own.items()}
    whole, summed = available(ranges, records, question).hours, sum(h.best for h in own.values())
    if whole is None or summed <= 0.0:
        return None
    return {name: product(whole, Quantity.exact(each.best / summed)) for name, each in own.items()}


def period_days(records: Records, question: Question) -> Period | None:
    """The local days of the period that have begun by now; None where there are none."""
    start = question.start or records.first_at
    if start is None:
        return None
    first, after = question.calendar.local_day(start), last_day(question) + DAY
    return Period("", first, after) if first < after else None


def _of_employees(
    ranges: Ranges, employees: Sequence[Employee], days: Period, share: tuple[str, ...]
) -> Available:
    there = _there(employees, days)
    without = sum(each.weekly_hours is None for each in there)
    notes: tuple[Note, ...] = ()
    if without:
        instead = "the hours are unknown" if ranges.weekly_hours is None else "typed ones stand in"
        notes = (note("hours_of_some", employees=without, instead=instead),)
        if ranges.weekly_hours is None:
            return Available(None, notes=notes)
    parts = _hours_of(there, days, ranges.weekly_hours)
    hours = product(total(Quantity.exact(0.0), *parts.values()), ranges.share_of_time)
    return Available(hours, (*(("weekly_hours",) if without else ()), *share), notes)


def _there(employees: Sequence[Employee], days: Period) -> list[Employee]:
    """Those who sell by the records, else all, and were there for a day."""
    selling = [each for each in employees if each.sells] or employees
    return [each for each in selling if _days_there(each, days)]


def _hours_of(
    employees: Sequence[Employee], days: Period, usual: Quantity | None
) -> dict[str, Quantity]:
    """The hours of each at work; who has no weekly hours, and no usual ones, is left out."""
    weekly = {each: _weekly(each, usual) for each in employees}
    return {
        each.employee_id: product(hours, Quantity.exact(_days_there(each, days) / 7))
        for each, hours in weekly.items()
        if hours is not None
    }


def _weekly(employee: Employee, usual: Quantity | None) -> Quantity | None:
    if employee.weekly_hours is None:
        return usual
    return Quantity.exact(max(employee.weekly_hours, 0.0))


def _days_there(employee: Employee, days: Period) -> int:
    first = employee.active_from or date.min
    after = date.max if employee.active_to is None else employee.active_to + DAY
    return days.days_within(first, after)


def _times(per: Per, days: Period, question: Question) -> float:
    """How many weeks, or months of the calendar, the days are."""
    if per is Per.PERIOD:
        return 1.0
    if per is Per.WEEK:
        return days.days / 7
    held = months(question.calendar, days.first, days.after - DAY)
    return sum(each.days_within(days.first, days.after) / each.days for each in held)
