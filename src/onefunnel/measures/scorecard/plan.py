"""A scorecard: measures with owner, weight, curve, gate and counter-metric, and since when."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.curve import Curve, reaches
from onefunnel.vocabulary import Department

COMMON_SHARE = Decimal("0.30")
"""The weight that measures in common must have where nothing else was agreed."""


class Level(StrEnum):
    """For whom a scorecard is."""

    PERSON = "person"
    ROLE = "role"
    TEAM = "team"
    DEPARTMENT = "department"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Gate:
    """A measure that must reach a floor, or stay within a ceiling; else pay is times ``shut``.

    Exactly one of ``floor`` and ``ceiling`` is given, and ``shut`` is from 0 to below 1; UsageError
    if not.
    """

    source: str
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    shut: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if (self.floor is None) == (self.ceiling is None):
            raise UsageError(
                f"The gate on {self.source!r} needs either a floor or a ceiling.",
                remedy="Give one of the two.",
            )
        if not 0 <= self.shut < 1:
            raise UsageError(
                f"A shut gate can't multiply pay by {self.shut}.",
                remedy="Give a number from 0 to below 1.",
            )

    @property
    def bound(self) -> Decimal:
        """The floor or the ceiling."""
        return self.floor if self.floor is not None else self.ceiling or Decimal(0)

    def factor(self, value: Decimal, side: int = 0) -> Decimal:
        """What pay is multiplied by: 1 where the gate is open, ``shut`` where it is not.

        >>> gate = Gate("margin", floor=Decimal("0.25"))
        >>> str(gate.factor(Decimal("0.25"))), str(gate.factor(Decimal("0.24")))
        ('1', '0')
        """
        better = -1 if self.floor is None else 1
        return Decimal(1) if reaches(value, self.bound, better, side) else self.shut


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a scorecard. ``source`` names the figure that it reads, once per scorecard.

    ``owner`` ``both`` makes it a measure in common. ``counter`` names the figure that would show
    if this one were reached at the cost of another. ``additive``: targets of teams sum to that of
    the company, as money and counts do and ratios do not. ``line`` is where it stands in its file.
    """

    source: str
    owner: Department
    weight: Decimal
    curve: Curve
    counter: str | None = None
    gate: Gate | None = None
    additive: bool = False
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What somebody is measured by, from a day on, to a day that is not in it any more (or None).

    ``of`` names the person, role, team, department or company; ``department`` is None for a
    company. ``gates`` multiply the pay as a whole. ``file`` is where it was read from.
    """

    level: Level
    of: str
    department: Department | None
    measures: tuple[Measure, ...]
    valid_from: date
    valid_to: date | None = None
    gates: tuple[Gate, ...] = ()
    common_share: Decimal = COMMON_SHARE
    file: str = field(default="scorecard.toml", compare=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """All the figures that it reads, gates included, each once."""
        named = [measure.source for measure in self.measures]
        return tuple(dict.fromkeys([*named, *(gate.source for gate in self.all_gates())]))

    def all_gates(self) -> Iterator[Gate]:
        """The gates of the whole, then those of single measures."""
        yield from self.gates
        yield from (measure.gate for measure in self.measures if measure.gate)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def overlaps(self, other: "Scorecard") -> bool:
        """Whether there is a day on which both are in force."""
        return self.holds_on(other.valid_from) or other.holds_on(self.valid_from)

    @property
    def digest(self) -> str:
        """SHA-256 of what it says: its file, comments, layout and 0.30 for 0.3 don't change it."""
        said = asdict(self)
        said.pop("file")
        for measure in said["measures"]:
            measure.pop("line")
        text = json.dumps(said, sort_keys=True, default=_plain, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
