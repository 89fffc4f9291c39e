r"""Instants and days from text.

ISO 8601 is read always: ``2024-03-01``, ``2024-03-01 09:30``, ``2024-03-01T09:30:00.5+02:00``.
Other orders, formats and the Solar Hijri calendar must be declared: ``03/04/2024`` has two
meanings. A date or a time without zone is local. A day given with a time is the local day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.intake.mapping.model import Reading
from onefunnel.intake.values import solar
from onefunnel.intake.values.builtins import (
    INSTANT,
    epoch_us,
    extract,
    instant_us,
    make_instant,
    make_timestamp,
    matches,
    parse_local,
    parse_zoned,
    replace,
    translate,
)
from onefunnel.intake.values.typed import (
    ARABIC_DIGITS,
    DIGITS,
    PERSIAN_DIGITS,
    Check,
    Typed,
    trimmed,
)
from onefunnel.intake.values.zones import FIRST_YEAR, LAST_YEAR, to_local, to_utc

Keep = Callable[[ir.Value], Any]
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
_ZONE = r" ?(?:Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
# As the engine's casts read it: capital letters, no space before the offset.
_CAST_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_CAST_ZONE = r"(?:Z| UTC| GMT|[+-]\d{2}(?::?\d{2})?)"
_CASTABLE = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}(?:[T ]{_CAST_TIME}{_CAST_ZONE}?)?"
_ISO = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}(?:[Tt ]{_TIME}(?:{_ZONE})?)?"
_ZONED = rf".*:\d{{2}}(?:[.,]\d+)?{_ZONE}"
_ORDERED = rf"(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}})(?:[T, ]+({_TIME}(?:{_ZONE})?))?"
_YEAR_FIRST = rf"(\d{{4}})[./-](\d{{1,2}})[./-](\d{{1,2}})(?:[T, ]+({_TIME}))?"
_SERIAL = r"\d{1,7}(?:\.\d+)?"
_DAY = 86_400_000_000
_MILLISECOND = 1000
_EXCEL_EPOCH = -25_569
_FAR_FUTURE = 9999

EPOCH_FORMATS = {"unix_seconds": 1_000_000, "unix_milliseconds": 1000}
"""What ``format`` may be besides a pattern of strptime: microseconds of one unit."""


@dataclass(frozen=True)
class _Moment:
    """Microseconds since 1970: of the instant where there was a zone, else of the local time."""

    microseconds: ir.IntegerValue
    zoned: ir.BooleanValue


def read_instant(
    text: ir.StringValue, reading: Reading, zone: str, keep: Keep, *, excel: bool
) -> Typed:
    """Text as an instant in UTC. Codes: ``bad_instant``, ``date_out_of_range``."""
    castable = keep(matches(text, _CASTABLE))
    text = keep(ibis.ifelse(castable, text, trimmed(text)))
    moment = _moment(text, castable, reading, keep, excel=excel)
    own_zone = reading.zone or zone
    micro = moment.microseconds
    if own_zone != "UTC":
        micro = ibis.ifelse(moment.zoned, micro, to_utc(micro, own_zone))
    value = keep(make_instant(micro))
    reason = f"This is not a date or a time. {_advice(reading)}"
    return Typed(value, _checks(text, value, "bad_instant", reason, reading))


def read_day(
    text: ir.StringValue, reading: Reading, zone: str, keep: Keep, *, excel: bool
) -> Typed:
    """Text as a local day. Codes: ``bad_day``, ``date_out_of_range``.

    The year 9999, which stands for "without end" in many systems, is allowed.
    """
    castable = keep(matches(text, _CASTABLE))
    text = keep(ibis.ifelse(castable, text, trimmed(text)))
    moment = _moment(text, castable, reading, keep, excel=excel)
    own_zone = reading.zone or zone
    micro = moment.microseconds
    if own_zone != "UTC":
        micro = ibis.ifelse(moment.zoned, to_local(micro, own_zone), micro)
    value = keep(make_timestamp(micro).cast("date"))
    reason = f"This is not a date. {_advice(reading)}"
    return Typed(value, _checks(text, value, "bad_day", reason, reading, far=True))


def _advice(reading: Reading) -> str:
    if reading.format:
        return f"Expected: {' or '.join(reading.format)}."
    if reading.calendar == "solar_hijri":
        return "Expected: 1402/12/29 or 1402-12-29 09:30."
    if reading.date_order in ("dmy", "mdy"):
        order = "31.12.2024" if reading.date_order == "dmy" else "12/31/2024"
        return f"Expected: {order}, or 2024-12-31."
    return (
        "Expected: 2024-12-31 or 2024-12-31T09:30:00+02:00; another order, format or calendar "
        "must be declared in a mapping (date_order, format, calendar)."
    )


def _checks(
    text: ir.StringValue,
    value: ir.Value,
    code: str,
    reason: str,
    reading: Reading,
    far: bool = False,
) -> tuple[Check, ...]:
    outside = ~_within(value, FIRST_YEAR, LAST_YEAR)
    if far:
        outside = outside & ~_within(value, _FAR_FUTURE, _FAR_FUTURE)
    hint = "" if reading.calendar else " If it is a Solar Hijri date, declare calendar."
    range_reason = f"The year is outside {FIRST_YEAR} to {LAST_YEAR}.{hint}"
    unread = text.notnull() & value.isnull()
    return (Check(unread, code, reason), Check(outside, "date_out_of_range", range_reason))


def _within(value: ir.Value, first: int, last: int) -> ir.BooleanValue:
    """Whether an instant or a day is in these years, in UTC: bounds, for to take the year is slow.

    Nothing after the last microsecond of a year is an instant of it.
    """
    if value.type().is_date():
        return value.between(ibis.literal(date(first, 1, 1)), ibis.literal(date(last, 12, 31)))
    end = datetime(last, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    begin = datetime(first, 1, 1, tzinfo=UTC)
    bounds = (ibis.literal(each, type="timestamp('UTC')") for each in (begin, end))
    return value.between(*bounds)


def latin_digits(text: ir.StringValue) -> ir.StringValue:
    """Persian and Arabic-Indic digits as the ones that machines count with."""
    return translate(text, PERSIAN_DIGITS + ARABIC_DIGITS, DIGITS * 2)


def _moment(
    text: ir.StringValue, castable: ir.BooleanValue, reading: Reading, keep: Keep, *, excel: bool
) -> _Moment:
    if reading.format:
        return _formatted(text, reading.format)
    if reading.calendar == "solar_hijri":
        return _Moment(keep(_solar(keep(latin_digits(text)))), ibis.literal(False))
    # What was castable but for the space around it is rewritten as itself.
    plain = keep(ibis.ifelse(castable, text, _rewritten(latin_digits(text), reading)))
    # Of what can be cast, only an instant ends with that letter; most that come have it.
    zoned = keep(ibis.ifelse(plain.endswith("Z"), True, matches(plain, _ZONED)))
    # A cast to a time without zone passes over the offset.
    instant, local = plain.try_cast(INSTANT), plain.try_cast("timestamp")
    micro = keep(ibis.ifelse(zoned, instant_us(instant), epoch_us(local)))
    if excel:
        number = ibis.ifelse(matches(text, _SERIAL), text, ibis.null("string"))
        micro = ibis.coalesce(micro, _serial(number.try_cast("float64")))
    return _Moment(micro, zoned)


def _rewritten(text: ir.StringValue, reading: Reading) -> ir.StringValue:
    """A date in a declared order as the engine casts it; NULL where the text is not one."""
    written = _in_order(text, reading).replace(",", ".").upper()
    return replace(written, r"(:\d{2}(?:\.\d+)?) ?(Z|[+-]\d{2}(?::?\d{2})?)$", r"\1\2", "")


def _in_order(text: ir.StringValue, reading: Reading) -> ir.StringValue:
    iso = ibis.ifelse(matches(text, _ISO), text, ibis.null("string"))
    form = {"dmy": r"\3-\2-\1 \4", "mdy": r"\3-\1-\2 \4"}.get(reading.date_order or "")
    pattern = _ORDERED
    if form is None:
        if reading.date_order is None:
            return iso
        pattern, form = _YEAR_FIRST, r"\1-\2-\3 \4"
    written = ibis.ifelse(
        matches(text, pattern), replace(text, pattern, form, "").rstrip(), ibis.null("string")
    )
    return ibis.coalesce(iso, written)


def _formatted(text: ir.StringValue, formats: tuple[str, ...]) -> _Moment:
    """The first of the formats that fits."""
    found: list[tuple[ir.IntegerValue, bool]] = []
    for each in formats:
        if each in EPOCH_FORMATS:
            number = ibis.ifelse(matches(text, r"-?\d{1,15}"), text, ibis.null("string"))
            found.append((number.try_cast("int64") * EPOCH_FORMATS[each], True))
        elif "%z" in each or "%Z" in each:
            found.append((instant_us(parse_zoned(latin_digits(text), each)), True))
        else:
            found.append((epoch_us(parse_local(latin_digits(text), each)), False))
    zoned = ibis.cases(*((micro.notnull(), known) for micro, known in found), else_=False)
    return _Moment(ibis.coalesce(*(micro for micro, _ in found)), zoned)


def _solar(text: ir.StringValue) -> ir.IntegerValue:
    """Microseconds of a Solar Hijri date, with or without time."""

    def part(group: int) -> ir.IntegerValue:
        return extract(text, _YEAR_FIRST, group).try_cast("int32")

    days = solar.day_number(part(1), part(2), part(3))
    time = extract(text, _YEAR_FIRST, 4)
    clock = epoch_us((ibis.literal("1970-01-01 ") + time).try_cast("timestamp"))
    within = ibis.ifelse(time == "", 0, clock)
    fits = matches(text, _YEAR_FIRST)
    return ibis.ifelse(fits, days.cast("int64") * _DAY + within, ibis.null("int64"))


def _serial(days: ir.FloatingValue) -> ir.IntegerValue:
    """Microseconds of a serial date of Excel: days since 1899-12-30, to the millisecond."""
    milliseconds = ((days + _EXCEL_EPOCH) * (_DAY // _MILLISECOND)).round(0).cast("int64")
    return milliseconds * _MILLISECOND
