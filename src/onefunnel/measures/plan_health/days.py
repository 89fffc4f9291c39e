"""Local days as whole numbers, counted by the engine without knowing a time zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import SECONDS_A_DAY, literal, seconds
from onefunnel.pay.periods import DAY
from onefunnel.vocabulary import Calendar

EPOCH = date(1970, 1, 1)
WHOLE_DAY = timedelta(seconds=SECONDS_A_DAY)


def day_number(
    instant: ir.TimestampValue, first: date, after: date, calendar: Calendar
) -> ir.IntegerValue:
    """The local day of an instant in days since 1970; NULL outside the days from one to another.

    Days of the usual length are counted through; one on which clocks change stands for itself.
    """
    branches = []
    for begins, ends, day, counted in _runs(first, after, calendar):
        inside = (instant >= literal(begins)) & (instant < literal(ends))
        number = ibis.literal((day - EPOCH).days, type="int64")
        if counted:
            past = seconds(instant) - int(begins.timestamp())
            number = (number + past // SECONDS_A_DAY).cast("int64")
        branches.append((inside, number))
    return ibis.cases(*branches, else_=ibis.null("int64"))


def _runs(
    first: date, after: date, calendar: Calendar
) -> Iterator[tuple[datetime, datetime, date, bool]]:
    """Runs of days of one length: their instants, their first day, whether it is the usual one."""
    begun, at = first, first
    while at < after:
        begins, ends = (calendar.start_of_day(each) for each in (at, at + DAY))
        if ends - begins != WHOLE_DAY:
            if begun < at:
                yield calendar.start_of_day(begun), begins, begun, True
            yield begins, ends, at, False
            begun = at + DAY
        at += DAY
    if begun < after:
        yield calendar.start_of_day(begun), calendar.start_of_day(after), begun, True
