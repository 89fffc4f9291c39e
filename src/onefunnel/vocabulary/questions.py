"""A question to a measure: everything its answer depends on besides the ledger."""

from dataclasses import dataclass
from datetime import datetime

from onefunnel.vocabulary.calendars import Month

DIMENSIONS = ("channel", "campaign", "page", "segment", "owner", "cohort_month")
"""The names that ``--by`` takes."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: instants in UTC, ``start`` inclusive and ``end`` exclusive, None for open.

    ``now`` bounds the facts: later ones are ignored. ``months`` are the cohort months in which
    entities can fall; they are needed only when ``by`` names ``cohort_month``.
    ``currency`` is the currency of every amount in the answer.
    """

    now: datetime
    start: datetime | None = None
    end: datetime | None = None
    by: tuple[str, ...] = ()
    horizon_days: int = 90
    currency: str = "EUR"
    months: tuple[Month, ...] = ()
