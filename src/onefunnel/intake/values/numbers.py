"""Numbers from text: decimal marks, thousands, signs of currency, per cent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.intake.mapping.model import Reading
from onefunnel.intake.values.builtins import among, extract, matches, replace, translate
from onefunnel.intake.values.typed import ARABIC_DIGITS, DIGITS, PERSIAN_DIGITS, Check, Typed
from onefunnel.ledger.schema import Kind

Keep = Callable[[ir.Value], Any]
_PLAIN = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
_EXACT = "decimal(38, 12)"
_SPACES = " \u00a0\u2007\u2009\u202f'’"
_SIGNS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "£": ("GBP",),
    "₽": ("RUB",),
    "₫": ("VND",),
    "₴": ("UAH",),
    "₺": ("TRY",),
    "₹": ("INR",),
    "﷼": ("IRR", "SAR", "OMR", "YER"),
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "ARS", "CLP", "COP"),
    "R$": ("BRL",),
    "¥": ("JPY", "CNY"),
}
_SIGN = r"(R\$|[€£₽₫₴₺₹﷼$¥])"
# Grouped in threes with the thousands mark of a convention: 1,234,567.89 or 1.234.567,89.
_GROUPED = {
    ".": r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?",
    ",": r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?",
}
_UNGROUPED = {".": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", ",": r"[+-]?\d*,?\d+"}


@dataclass(frozen=True)
class Amount:
    """How one number is to be read: its kind, what is declared, and its currency if it has one."""

    kind: Kind
    reading: Reading
    currency: ir.StringValue | None = None
    bounds: tuple[float, float] | None = None


def read_number(text: ir.StringValue, amount: Amount, keep: Keep) -> Typed:
    """Text as a number of the given kind.

    Money and quantities are exact: what has more decimals than are stored is refused, unless
    ``round`` is declared (half away from zero); decimals beyond the twelfth are noise.
    Codes: ``bad_number``, ``number_out_of_range``, ``too_many_decimals``.
    """
    mark = amount.reading.decimal
    plain = keep(_plain(text, amount, mark))
    if amount.kind is Kind.RATIO:
        number: ir.Value = plain.try_cast("float64")
    else:
        number = plain.try_cast(_EXACT)
    number = keep(_scaled(number, text, amount))
    value = number
    if amount.kind is not Kind.RATIO:
        value = keep(number.try_cast(amount.kind.ibis_type))
    checks = [
        Check(text.notnull() & plain.isnull(), "bad_number", _reason(mark)),
        Check(plain.notnull() & value.isnull(), "number_out_of_range", "The number is too large."),
    ]
    if amount.kind is not Kind.RATIO and not amount.reading.round:
        reason = f"More decimals than are stored ({amount.kind.ibis_type}); declare round = true."
        checks.append(Check(value.cast(_EXACT) != number, "too_many_decimals", reason))
    if amount.bounds is not None:
        low, high = amount.bounds
        reason = f"The number must be from {low:g} to {high:g}."
        checks.append(Check(~value.between(low, high), "number_out_of_range", reason))
    return Typed(value, tuple(checks))


def _reason(mark: str | None) -> str:
    return (
        f"This is not a number with the decimal mark {mark or '.'!r}; declare decimal, or strip "
        "for what stands beside it."
    )


def _plain(text: ir.StringValue, amount: Amount, mark: str | None) -> ir.StringValue:
    """The number as engines write it; NULL where the text is no number."""
    if amount.reading.decimal == "," or amount.reading.strip:
        return _rewritten(text, amount, mark)
    return ibis.ifelse(matches(text, _PLAIN), text, _rewritten(text, amount, mark))


def _rewritten(text: ir.StringValue, amount: Amount, mark: str | None) -> ir.StringValue:
    bare = bare_number(_without_sign(text, amount), amount.reading.strip)
    if amount.kind is Kind.RATIO:
        bare = replace(bare, "%$", "", "")
    # The Arabic decimal mark leaves no doubt; a mark that was declared does not apply beside it.
    arabic = text.contains("٫")
    if mark is None:
        # What a comma means must be known first.
        return ibis.ifelse(matches(bare, _PLAIN), bare, ibis.null("string"))
    grouped = matches(bare, _GROUPED[mark])
    ungrouped = matches(bare, _UNGROUPED[mark])
    other = "," if mark == "." else "."
    written = bare.replace(other, "").replace(mark, ".")
    return ibis.cases(
        (arabic & matches(bare, _PLAIN), bare),
        (ibis.or_(grouped, ungrouped), written),
        else_=ibis.null("string"),
    )


def bare_number(text: ir.StringValue, strip: tuple[str, ...] = ()) -> ir.StringValue:
    """A number with Latin digits, without spaces, apostrophes and declared texts.

    The Arabic marks ٫ (decimal) and ٬ (thousands) become a point and nothing.
    """
    for each in strip:
        text = text.replace(each, "")
    characters = f"{PERSIAN_DIGITS}{ARABIC_DIGITS}٫−٪{_SPACES}٬"
    return translate(text, characters, f"{DIGITS * 2}.-%")


def _without_sign(text: ir.StringValue, amount: Amount) -> ir.StringValue:
    """Without the sign of the row's own currency; another sign stays, and spoils the number."""
    if amount.currency is None:
        return text
    found = extract(text, _SIGN, 1)
    own = ibis.cases(
        *((found == sign, among(amount.currency, codes)) for sign, codes in _SIGNS.items()),
        else_=False,
    )
    without = ibis.ifelse(own, text.replace(found, ""), text)
    return without.replace(amount.currency, "")


def _scaled(number: ir.Value, text: ir.StringValue, amount: Amount) -> ir.Value:
    if amount.kind is not Kind.RATIO:
        return number
    if amount.reading.percent:
        return number / 100
    return ibis.ifelse(matches(text, r".*[%٪]\s*"), number / 100, number)
