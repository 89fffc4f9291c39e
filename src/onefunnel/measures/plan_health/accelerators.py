"""How far each member has to go to the next rate that rises: as the plan states it, by period."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from onefunnel.measures.plan_health.attainment import is_there, rows_by_employee
from onefunnel.measures.plan_health.periods import periods_of
from onefunnel.pay.families import Family, Span
from onefunnel.pay.periods import DAY, Period, month_of
from onefunnel.pay.plan import Component, Member, Plan, Whose
from onefunnel.pay.quotas import begun, for_member
from onefunnel.pay.schedule import Schedule, schedule_of
from onefunnel.vocabulary import Question

HUNDREDTHS = 100


class Reach(NamedTuple):
    """A stretch of a component's base that ends where its rate rises, for a member in a period.

    ``since`` is the day from which the base is counted, ``first`` and ``after`` bound the period;
    ``low`` and ``high`` are in hundredths of the base.
    """

    plan: str
    component: str
    employee: str
    since: date
    first: date
    after: date
    low: int
    high: int


def reaches(family: Family, members: tuple[Member, ...], question: Question) -> tuple[Reach, ...]:
    """The stretches of every component that pays for one's own sales and has a rate that rises."""
    periods = periods_of(family, question)
    if not periods:
        return ()
    spans = tuple(family.spans(question.calendar, periods[-1].after))
    rows = rows_by_employee(family.name, members)
    return tuple(
        each
        for period in periods
        for component, plan, span in _components(family, spans, period)
        for employee, own in rows.items()
        if is_there(own, period)
        for each in _reaches((plan, component, employee), own, (period, span), question)
    )


def rising(schedule: Schedule) -> tuple[Fraction, ...]:
    """The points from which a schedule pays a higher rate than just before.

    >>> from onefunnel.pay.schedule import Band
    >>> two, one = Band(Fraction(0), Fraction(2)), Band(Fraction(50), Fraction(1))
    >>> rising(Schedule((two, one, Band(Fraction(80), Fraction(3)))))
    (Fraction(80, 1),)
    """
    found, rate = [], schedule.bands[0].rate
    for band in schedule.bands[1:]:
        if band.rate > rate:
            found.append(band.start)
        rate = band.rate
    return tuple(found)


def _components(
    family: Family, spans: tuple[Span, ...], period: Period
) -> Iterator[tuple[Component, Plan, Span]]:
    last = period.after - DAY
    place = family.at(last)
    if place is None:
        return
    span = next(each for each in spans if each.first <= last < each.after)
    for component in family.versions[place].components:
        if component.whose is Whose.OWN and len(component.tiers) > 1:
            yield component, family.versions[place], span


def _reaches(
    what: tuple[Plan, Component, str],
    rows: list[Member],
    when: tuple[Period, Span],
    question: Question,
) -> Iterator[Reach]:
    plan, component, employee = what
    period, span = when
    month = month_of(question.calendar, period.after - DAY)
    held = tuple(begun(question.calendar, plan.period, span, month))
    quota = for_member(rows, lambda row: row.quota_of(component.name), held, span)
    target = for_member(rows, lambda row: row.target, held, span)
    schedule = schedule_of(component, quota, target)
    low = 0
    for point in () if schedule is None else rising(schedule):
        high = int(point * HUNDREDTHS)
        if high > low:
            since = max(span.first, min(row.first for row in rows))
            days = (since, period.first, period.after)
            yield Reach(plan.name, component.name, employee, *days, low, high)
            low = high
