"""One column of the ledger from its text: which rule reads it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.intake.mapping.model import Cell, Reading
from onefunnel.intake.values.builtins import among, json_valid
from onefunnel.intake.values.instants import read_day, read_instant
from onefunnel.intake.values.numbers import Amount, read_number
from onefunnel.intake.values.typed import Check, Typed, trimmed
from onefunnel.ledger.schema import Column, Kind

_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")
NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.RATE, Kind.COUNT, Kind.RATIO)
Keep = Callable[[ir.Value], Any]
_CURRENCIES = ("currency", "base")
_BOUNDS = {"probability": (0.0, 1.0)}


@dataclass(frozen=True)
class Surroundings:
    """What a value's reading depends on besides its text and its declaration."""

    zone: str
    excel: bool = False
    currency: ir.StringValue | None = None


def read_value(
    column: Column,
    text: ir.StringValue,
    reading: Reading,
    around: Surroundings,
    keep: Keep,
    *,
    key: bool,
) -> Typed:
    """The text (NULL for an empty cell) as a value of the column, with its checks."""
    if column.kind in (Kind.TEXT, Kind.JSON):
        return _read_text(column, text, keep, key=key)
    if column.kind is Kind.INSTANT:
        return read_instant(text, reading, around.zone, keep, excel=around.excel)
    if column.kind is Kind.DAY:
        return read_day(text, reading, around.zone, keep, excel=around.excel)
    tidy = keep(trimmed(text))
    if column.kind is Kind.FLAG:
        return read_flag(tidy, keep)
    currency = around.currency if column.kind is Kind.MONEY else None
    bounds = _BOUNDS.get(column.name)
    return read_number(tidy, Amount(column.kind, reading, currency, bounds), keep)


def read_flag(text: ir.StringValue, keep: Keep) -> Typed:
    """True or false. Code: ``bad_flag``."""
    small = text.lower()
    value = keep(ibis.cases((among(small, _TRUE), True), (among(small, _FALSE), False), else_=None))
    reason = f"Expected one of: {', '.join((*_TRUE, *_FALSE))}."
    return Typed(value, (Check(text.notnull() & value.isnull(), "bad_flag", reason),))


def _read_text(column: Column, text: ir.StringValue, keep: Keep, *, key: bool) -> Typed:
    if column.kind is Kind.JSON:
        bad = Check(~json_valid(text), "bad_json", "This is not JSON.")
        return Typed(text, (bad,))
    if key or column.references:
        value = keep(trimmed(text))
        reason = f"{column.name} identifies the record and is empty."
        return Typed(value, (Check(value.isnull(), "missing_key", reason),) if key else ())
    if column.choices:
        plain = keep(among(text, column.choices))
        value = keep(ibis.ifelse(plain, text, trimmed(text)))
        reason = f"Expected one of: {', '.join(column.choices)}."
        bad = ~ibis.ifelse(plain, True, among(value, column.choices))
        return Typed(value, (Check(bad, "bad_choice", reason),))
    if column.name in _CURRENCIES:
        value = keep(trimmed(text))
        reason = "Expected three capital letters, as in EUR (ISO 4217)."
        return Typed(value, (Check(~value.re_search("^[A-Z]{3}$"), "bad_currency", reason),))
    return Typed(text)


def merged(own: Reading, general: Reading) -> Reading:
    """A column's declarations, and those of its source where it has none."""
    return replace(
        own,
        decimal=own.decimal or general.decimal,
        date_order=own.date_order or general.date_order,
        calendar=own.calendar or general.calendar,
        zone=own.zone or general.zone,
        null_values=own.null_values or general.null_values,
    )


def mapped(cell: Cell, text: ir.StringValue, reason: str) -> Typed:
    """The text after the cell's ``map``, ``other`` and ``default``. Code: ``bad_choice``."""
    checks: tuple[Check, ...] = ()
    if cell.values:
        found = trimmed(text)
        known = ibis.cases(
            *((found == key, value) for key, value in cell.values.items()), else_=None
        )
        if cell.other is None:
            checks = (Check(text.notnull() & known.isnull(), "bad_choice", reason),)
            text = known
        else:
            text = ibis.ifelse(text.isnull(), text, ibis.coalesce(known, cell.other))
    if cell.default is not None:
        text = ibis.coalesce(text, cell.default)
    return Typed(text, checks)
