"""What reading a value gives: the value, and the checks that refuse its row."""

from dataclasses import dataclass

import ibis.expr.types as ir

OUTSIDE = (
    " \t\r\n\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u202f\u205f\u3000\ufeff"
)
"""Space, seen or not, that may stand around a value."""

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
