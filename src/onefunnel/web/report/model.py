"""What a report is made of: answers that are computed already, and what they were asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from onefunnel.funnel.result import FunnelRow, LeakRow, LostReasonRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import Answer, Calendar, Note, Question


@dataclass(frozen=True, slots=True)
class QuarantineCount:
    """Rows of one table that could not be read for one reason (``code``); they count in nothing."""

    table: str
    code: str
    rows: int


@dataclass(frozen=True)
class Report:
    """Everything on the page. Nothing is computed from the ledger while it is drawn.

    ``folder`` is the workspace as commands name it. ``totals`` are the current records per fact
    table, without the empty tables. ``by_dimension`` holds the funnel by one dimension each.
    ``notes`` are remarks that belong to no answer. ``made_at`` is an instant in UTC.
    """

    workspace: str
    folder: str
    calendar: Calendar
    ledger_version: int
    made_at: datetime
    question: Question
    funnel: Answer[FunnelRow]
    leaks: Answer[LeakRow]
    deals: Answer[DealsRow]
    lost_reasons: Answer[LostReasonRow]
    by_dimension: tuple[Answer[FunnelRow], ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    quarantine: tuple[QuarantineCount, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return self.question.currency

    @property
    def is_empty(self) -> bool:
        """Whether the ledger holds no record at all."""
        return not any(self.totals.values())

    def main_notes(self) -> tuple[Note, ...]:
        """The notes of the answers without dimensions and the report's own, each once."""
        answers = (self.funnel, self.leaks, self.deals, self.lost_reasons)
        return _once(*(answer.notes for answer in answers), self.notes)

    def notes_only_of(self, answer: Answer[FunnelRow]) -> tuple[Note, ...]:
        """The notes of an answer by a dimension that are not among the main ones."""
        main = {(note.code, note.text) for note in self.main_notes()}
        return tuple(note for note in _once(answer.notes) if (note.code, note.text) not in main)


def _once(*groups: Iterable[Note]) -> tuple[Note, ...]:
    return tuple({(note.code, note.text): note for group in groups for note in group}.values())
