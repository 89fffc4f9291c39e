"""What reading a value gives: the value, and the checks that refuse its row."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from onefunnel.intake.values.builtins import matches, trim

OUTSIDE = (
    " \t\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u202f\u205f\u3000\ufeff"
)
"""Space, seen or not, that may stand around a value."""

# Looking is five times faster than trimming, and most values need none.
_TIDY = r"[!-~](?:[ -~]*[!-~])?"

PERSIAN_DIGITS, ARABIC_DIGITS, DIGITS = "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "0123456789"


@dataclass(frozen=True)
class Check:
    """A row is refused with ``code`` and ``reason`` where ``bad`` is true (not where NULL)."""

    bad: ir.BooleanValue
    code: str
    reason: str


@dataclass(frozen=True)
class Typed:
    """A typed value and its checks, in the order in which they are to be told."""

    value: ir.Value
    checks: tuple[Check, ...] = ()


def trimmed(text: ir.StringValue) -> ir.StringValue:
    """The text without space around it; NULL where nothing is left."""
    return ibis.ifelse(matches(text, _TIDY), text, trim(text, OUTSIDE).nullif(""))
