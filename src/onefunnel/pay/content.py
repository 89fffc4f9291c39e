"""What a plan says, as text and as a digest: a plan is versioned by its content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from onefunnel.pay.plan import Plan, PlanFile


def digest(content: Plan | PlanFile) -> str:
    """SHA-256 of what a plan says; comments, order of keys and ways to write a number don't count.

    >>> from onefunnel.pay.plan import Event, Unit
    >>> plan = Plan("sales", "EUR", date(2024, 1, 1), Event.INVOICE, Unit.MONTH)
    >>> len(digest(plan))
    64
    """
    text = json.dumps(_plain(asdict(content)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def number(value: Decimal) -> str:
    """A number as it is written by hand: no exponent, no zeros at the end.

    >>> number(Decimal("5E+4")), number(Decimal("0.050"))
    ('50000', '0.05')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
