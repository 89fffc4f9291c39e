"""What a case is: tables, a question, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onefunnel.vocabulary import Calendar, Question
from tests.spec.tables import instant

NOW = instant("2024-07-01")


@dataclass(frozen=True)
class Case:
    """What is on record, what is asked, the expected table, and codes of notes that must stand.

    ``long``: it takes engines so long that it is for the long run. ``everywhere``: PostgreSQL and
    Spark are asked it in every check, because engines differ in what it is about, or because the
    measure has no other case; they are asked the rest, at some seconds each, in the long run.
    """

    name: str
    tables: dict[str, list[dict[str, Any]]]
    measure: str
    expected: str
    question: Question = field(default_factory=lambda: Question(now=NOW))
    notes: tuple[str, ...] = ()
    long: bool = False
    everywhere: bool = False


def months(calendar: Calendar) -> Question:
    """A question by cohort month, over half a year."""
    spanned = tuple(calendar.months(instant("2024-01-01"), NOW))
    return Question(now=NOW, by=("cohort_month",), months=spanned)
