"""Quota, target, hurdle: amounts that are for a full period, for the days that count of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.pay.families import Span
from onefunnel.pay.periods import DAY, Period, period_of
from onefunnel.pay.plan import Member, Unit
from onefunnel.vocabulary import Calendar


def begun(calendar: Calendar, unit: Unit, span: Span, month: Period) -> Iterator[Period]:
    """The measurement periods of a span that have begun by the end of a month."""
    at = span.first
    while at < min(span.after, month.after):
        period = period_of(calendar, unit, at)
        yield period
        at = period.after


def active_share(period: Period, span: Span, first: date, last: date | None) -> Fraction:
    """The share of a period's days that are in a span and from ``first`` to ``last``.

    >>> february = Period("2024-02", date(2024, 2, 1), date(2024, 3, 1))
    >>> year = Span((0,), date(2024, 1, 1), date(2025, 1, 1))
    >>> active_share(february, year, date(2024, 2, 20), None)
    Fraction(10, 29)
    """
    after = span.after if last is None else min(last + DAY, span.after)
    return Fraction(period.days_within(max(first, span.first), after), period.days)


def for_member(
    rows: Sequence[Member],
    stated: Callable[[Member], Decimal | None],
    periods: Iterable[Period],
    span: Span,
) -> Fraction | None:
    """What a member's rows state, over their days in the periods; None if a day has none."""
    total = Fraction()
    for period in periods:
        for row in rows:
            share = active_share(period, span, row.first, row.last)
            amount = stated(row)
            if share and amount is None:
                return None
            total += share * Fraction(amount or 0)
    return total
