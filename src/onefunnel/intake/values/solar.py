"""Solar Hijri dates (the calendar of Iran and Afghanistan) as days, within the engine."""

from datetime import date
from functools import cache

import ibis
import ibis.expr.types as ir
import jdatetime

from onefunnel.intake.values.builtins import element

FIRST_YEAR, LAST_YEAR = 1279, 1578
"""The years that begin within 1900 to 2199."""


@cache
def _new_years() -> tuple[int, ...]:
    """The day (since 1970) on which each year begins, and the one after the last."""
    epoch = date(1970, 1, 1)
    return tuple(
        (jdatetime.date(year, 1, 1).togregorian() - epoch).days
        for year in range(FIRST_YEAR, LAST_YEAR + 2)
    )


def day_number(
    year: ir.IntegerValue, month: ir.IntegerValue, day: ir.IntegerValue
) -> ir.IntegerValue:
    """Days since 1970 of a date; NULL where there is no such date.

    Six months of 31 days, five of 30, and one of 29, or 30 in leap years.
    """
    starts = ibis.literal(list(_new_years()), type="array<int32>")
    position = (year - FIRST_YEAR + 1).cast("int64")
    begin, after = element(starts, position), element(starts, position + 1)
    passed = ibis.ifelse(month <= 6, (month - 1) * 31, 186 + (month - 7) * 30)
    length = ibis.cases((month <= 6, 31), (month <= 11, 30), else_=after - begin - 336)
    valid = ibis.and_(
        year.between(FIRST_YEAR, LAST_YEAR), month.between(1, 12), day >= 1, day <= length
    )
    number = begin + passed + day - 1
    return ibis.ifelse(valid, number, ibis.null("int32"))
