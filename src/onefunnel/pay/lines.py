"""Payout lines: what is booked, for whom, for which month, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from onefunnel.pay.plan import ZERO
from onefunnel.vocabulary import Note

Value = str | int | Decimal | None


class Kind(StrEnum):
    """What a line pays."""

    EARNING = "earning"
    POOL = "pool"
    HOLDBACK = "holdback"
    RELEASE = "release"
    DRAW = "draw"
    GUARANTEE = "guarantee"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with the figures of its sentence; days are ISO text.

    >>> Reason("cap", {"cap": Decimal(500)}).code
    'cap'
    """

    code: str
    params: Mapping[str, Value] = field(default_factory=dict, hash=False)


class Key(NamedTuple):
    """What a line is about: lines of one key add up to what is due under it."""

    plan: str
    employee: str
    kind: Kind
    component: str
    of_month: str


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """An amount booked in ``month`` for ``of_month``; where they differ it is a restatement.

    ``base`` is the credited base that it pays, so that the bases of a key add up like the amounts;
    0 for what pays no base. ``component`` is the component or pool, empty where there is none.
    ``digest`` is the content of the plan version, empty where several versions or none stand
    behind the line.
    """

    month: str
    of_month: str
    plan: str
    employee: str
    kind: Kind
    component: str
    amount: Decimal
    base: Decimal
    why: Reason
    digest: str = ""

    @property
    def key(self) -> Key:
        """What the line is about."""
        return Key(self.plan, self.employee, self.kind, self.component, self.of_month)

    @property
    def line(self) -> str:
        """``restatement`` for a line about a closed month, else what it pays."""
        return self.kind.value if self.month == self.of_month else "restatement"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a month before it is known when it is booked."""

    amount: Decimal
    base: Decimal
    why: Reason
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A credit that could not be counted because ``what`` of its sale is unknown.

    ``lines`` is how many sales it stands for, ``sale_id`` the first of them.
    """

    plan: str
    component: str
    employee: str
    month: str
    sale_id: str
    what: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Payouts:
    """New lines, what was unknown, and what the reader must be told.

    A note that begins with ``refused_`` names a plan or a member for whom nothing was worked out.
    """

    lines: tuple[PayoutLine, ...]
    unknown: tuple[Unknown, ...] = ()
    notes: tuple[Note, ...] = ()


def booked(lines: Iterable[PayoutLine]) -> dict[Key, tuple[Decimal, Decimal]]:
    """Amount and base by key."""
    found: dict[Key, tuple[Decimal, Decimal]] = {}
    for line in lines:
        amount, base = found.get(line.key, (ZERO, ZERO))
        found[line.key] = (amount + line.amount, base + line.base)
    return found
