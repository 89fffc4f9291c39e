"""Comparing instants and measuring time between them, the same on every engine."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.vocabulary import Question

INSTANT = "timestamp('UTC')"
SECONDS_A_DAY = 86_400


def literal(instant: datetime) -> ir.TimestampScalar:
    """An instant as an expression, in UTC."""
    return ibis.literal(instant, type=INSTANT)


def never() -> ir.TimestampScalar:
    """An unknown instant: NULL, typed."""
    return ibis.null(INSTANT)


def seconds(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Whole seconds since 1970, rounded down; NULL stays NULL.

    Engines round the fraction of a second differently, so it is cut off before.
    """
    return instant.truncate("s").epoch_seconds().cast("int64")


def seconds_between(earlier: ir.TimestampValue, later: ir.TimestampValue) -> ir.IntegerValue:
    """The duration in whole seconds: the difference of the two instants, each rounded down."""
    return seconds(later) - seconds(earlier)


def days(duration: ir.IntegerValue) -> ir.FloatingValue:
    """Seconds as days with their fraction."""
    return duration.cast("float64") / ibis.literal(float(SECONDS_A_DAY))


def in_period(instant: ir.TimestampValue, question: Question) -> ir.BooleanValue:
    """Whether an instant is in the question's period: start inclusive, end not; NULL is not."""
    within = instant.notnull()
    if question.start is not None:
        within = within & (instant >= literal(question.start))
    if question.end is not None:
        within = within & (instant < literal(question.end))
    return within.fill_null(False)
