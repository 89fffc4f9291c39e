"""A question to a measure: everything its answer depends on besides the ledger."""

from dataclasses import dataclass
from datetime import datetime

from onefunnel.errors import UsageError
from onefunnel.vocabulary.calendars import GREGORIAN, Calendar, Month
from onefunnel.vocabulary.terms import NO_TERMS, Terms

DIMENSIONS = ("channel", "campaign", "page", "segment", "owner", "cohort_month")
"""The names that ``--by`` takes."""

WITHIN_DAYS = 30
"""The window of ordered steps where none is asked for."""
MOST_STEPS = 32
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the measure ``steps``: the columns of a touch and the values each may have.

    All columns must agree; None among the values is unknown.

    >>> print(Step((("kind", ("visit",)), ("channel", ("search", None)))))
    kind=visit, channel=search|unknown
    """

    where: tuple[tuple[str, tuple[str | None, ...]], ...]

    def __str__(self) -> str:
        """The step as ``--step`` takes it."""
        return ", ".join(f"{name}={'|'.join(map(_written, each))}" for name, each in self.where)


def _written(value: str | None) -> str:
    """A value as a step writes it: in double quotes where it would be read as something else."""
    if value is None:
        return "unknown"
    plain = value and value != "unknown" and value == value.strip() and not set(value) & set(',|"')
    return value if plain else '"{}"'.format(value.replace('"', '""'))


@dataclass(frozen=True, slots=True)
class Crediting:
    """How the measure ``attribution`` is asked other than as agreed.

    None, and no models, stand for what is agreed: what credit is given for, which models, how many
    days a conversion looks back, and the half-life of ``time_decay``.
    """

    value: str | None = None
    models: tuple[str, ...] = ()
    window_days: float | None = None
    half_life_days: float | None = None

    def __post_init__(self) -> None:
        """Raises UsageError where a number of days can't be."""
        for days in (self.window_days, self.half_life_days):
            if days is not None and not 0 < days <= MOST_DAYS:
                raise UsageError(
                    f"{days} days can't be.", remedy=f"Give more than 0 and at most {MOST_DAYS}."
                )


AS_AGREED = Crediting()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: instants in UTC, ``start`` inclusive and ``end`` exclusive, None for open.

    ``now`` bounds the facts: later ones are ignored. ``months`` are those in which entities can
    fall; they are needed where ``by`` names ``cohort_month``, and where spend is shared out.
    ``currency`` is the currency of every amount in the answer. Only the measure ``steps`` reads
    ``steps`` and ``within_days``, and only ``bridge`` reads ``joint``: leads and conversion as one
    factor, and only ``attribution`` reads ``crediting``. Only what pay or a verdict rests on reads
    the ``terms`` as they stood, and the ``calendar`` by which months are closed.
    """

    now: datetime
    start: datetime | None = None
    end: datetime | None = None
    by: tuple[str, ...] = ()
    horizon_days: int = 90
    currency: str = "EUR"
    months: tuple[Month, ...] = ()
    steps: tuple[Step, ...] = ()
    within_days: int = WITHIN_DAYS
    terms: Terms = NO_TERMS
    calendar: Calendar = GREGORIAN
    joint: bool = False
    crediting: Crediting = AS_AGREED
