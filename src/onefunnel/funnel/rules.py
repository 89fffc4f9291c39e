"""The rules by which a stage is entered, and who owns it: ``funnel.toml`` and its default."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from onefunnel.vocabulary import STAGES, Department, Stage

FACTS = ("touch", "lead", "handoff", "deal_event", "order_line", "advocacy")
"""The tables that a rule can read: those whose rows have an instant and a subject."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way into a stage: which rows of which table, and which of them counts.

    ``where`` gives the values a column may have; ``known`` the columns that must not be NULL;
    ``at_least`` and ``above`` numeric bounds, inclusive and exclusive. Of the rows that match, the
    ``nth`` counts, in order of time; with ``distinct`` the nth distinct value of that column
    (NULL is no value); with ``within_days`` the first row that is the nth within so many days.
    ``after`` names an earlier stage: only rows at or after the entity's own observed entry into it
    count. ``observed = false``: the row proves the entry but not its time. ``fallback``: used only
    where the ledger holds no row at all that the stage's other rules could match.
    """

    fact: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    known: tuple[str, ...] = ()
    at_least: tuple[tuple[str, float], ...] = ()
    above: tuple[tuple[str, float], ...] = ()
    nth: int = 1
    distinct: str | None = None
    within_days: int | None = None
    after: Stage | None = None
    observed: bool = True
    fallback: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that the rule reads."""
        compared = (*self.where, *self.at_least, *self.above)
        distinct = () if self.distinct is None else (self.distinct,)
        return (*(name for name, _ in compared), *self.known, *distinct)

    @property
    def simple(self) -> bool:
        """Whether the entry is just the earliest row that matches."""
        return self.nth == 1 and self.after is None and not self.fallback and not self.distinct


@dataclass(frozen=True, slots=True)
class Ownership:
    """A stage's owner since a day (None: from the beginning)."""

    since: date | None
    department: Department


@dataclass(frozen=True, slots=True)
class StageRules:
    """A stage: its owners in order of time, and the rules that enter it."""

    stage: Stage
    owners: tuple[Ownership, ...]
    rules: tuple[Rule, ...]

    def owner_on(self, day: date) -> Department:
        """Who owns the stage on a day; before the first date, the first owner."""
        standing = [each for each in self.owners if each.since is None or each.since <= day]
        return (standing or self.owners[:1])[-1].department


@dataclass(frozen=True, slots=True)
class Rules:
    """The eight stages, in order, and the horizon used where none is asked for."""

    stages: tuple[StageRules, ...]
    horizon_days: int = 90

    def of(self, stage: Stage) -> StageRules:
        """The rules of one stage."""
        return self.stages[stage.position]

    @property
    def content_hash(self) -> str:
        """SHA-256 of what the rules say: comments, order of keys and layout don't change it.

        >>> len(default_rules().content_hash)
        64
        """
        text = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def load(text: str, file: str = "funnel.toml", default: Rules | None = None) -> Rules:
    """Read ``funnel.toml``; stages that it does not name keep the default rules (None: ours).

    Raises InputError that names the file, the line, the key, the value and the nearest valid name.

    >>> text = '[stage.purchase]' + chr(10) + 'owner = "both"'
    >>> load(text).of(Stage.PURCHASE).owners[0].department
    <Department.BOTH: 'both'>
    >>> load("[stage.purchace]")
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: funnel.toml, line 1, column 'stage', value 'purchace': There ...
    """
    from onefunnel.funnel.rules_file import read

    return read(text, file, default or default_rules())


@cache
def default_rules() -> Rules:
    """The bundled rules."""
    return load_default(default_text())


def default_text() -> str:
    """The bundled file of rules (``default.toml``)."""
    return files("onefunnel.funnel").joinpath("default.toml").read_text("utf-8")


def load_default(text: str) -> Rules:
    """Read a file of rules that stands on no other: a stage it does not name is never entered."""
    from onefunnel.funnel.rules_file import read

    empty = Rules(tuple(StageRules(stage, (), ()) for stage in STAGES))
    return read(text, "default.toml", empty)


def as_items(values: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """A mapping as sorted pairs, so that equal rules are equal whatever order they are written in.

    >>> as_items({"kind": ["visit"], "channel": ["direct", "brand"]})
    (('channel', ('direct', 'brand')), ('kind', ('visit',)))
    """
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in sorted(values.items())
    )
