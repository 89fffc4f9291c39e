"""Money per stage: what those who entered it have brought, and what the open ones are worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefunnel.funnel.collected import (
    Collected,
    Values,
    cohort_of,
    groups,
    integers,
    left_out_of,
)
from onefunnel.funnel.estimates import estimate
from onefunnel.funnel.incidence import Incidence, Ints
from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.funnel.notes import note
from onefunnel.funnel.progress import OPEN_STAGES
from onefunnel.funnel.transitions import TO_PURCHASE
from onefunnel.vocabulary import Note, Question, Stage, round_money

CHANCE_PLACES = Decimal("0.000000000001")
"""Chances are cut to twelve places before they meet money, so that sums don't depend on order."""
HALF = 1_000_000
"""Half of the digits of a chance: a sum of so many of each fits into 64 bits."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outlook:
    """What an open case is worth: the curves to purchase that are usable, and a buyer's worth.

    The worth is ``total`` / ``buyers``; ``refusal`` is why nothing can be expected, or None.
    """

    curves: Mapping[int, Incidence]
    buyers: int
    total: Decimal
    horizon: int
    refusal: str | None
    chances: dict[tuple[int, int], Decimal] = field(default_factory=dict)

    def chance(self, position: int, age_days: int) -> Decimal:
        """p(age) = [F(H) - F(age)] / S(age): the chance to buy in what is left of the horizon.

        Zero at and after the horizon, and where nobody was left at that age.
        """
        key = (position, age_days)
        if key not in self.chances:
            self.chances[key] = _chance(self.curves[position], age_days, self.horizon)
        return self.chances[key]


def outlook(collected: Collected, question: Question) -> Outlook:
    """From the queries ``curves`` and ``buyers``, pooled over the whole ledger."""
    parts = groups(collected["curves"], ["pair"])
    usable = {}
    for pair in TO_PURCHASE:
        part = parts.get((pair.code,))
        cohort = cohort_of(part)
        if estimate(cohort, question.horizon_days, left_out_of(part)).refusal is None:
            usable[pair.start.position] = cohort
    (row,) = collected["buyers"].to_pylist()
    buyers = row["buyers"] or 0
    refusal = None if usable and buyers else ("no_curve" if buyers else "no_contribution")
    horizon = question.horizon_days * SECONDS_A_DAY
    return Outlook(usable, buyers, row["total"] or Decimal(0), horizon, refusal)


@dataclass(frozen=True)
class Waiting:
    """The open cases of one row: cells of position and age, and how many of each entered a stage.

    ``entered`` has a row per open stage.
    """

    position: Ints
    age_days: Ints
    entered: Ints

    @staticmethod
    def of(table: pa.Table) -> "Waiting":
        """From rows of the query ``waiting``."""
        names = [f"entered_{stage.position}" for stage in OPEN_STAGES]
        entered = np.array([integers(table[name]) for name in names], dtype=np.int64)
        return Waiting(integers(table["position"]), integers(table["age_days"]), entered)

    def judged(self, view: Outlook) -> Flags:
        """The cells whose chance is known."""
        return np.isin(self.position, list(view.curves))


NOBODY = Waiting(*(np.empty(0, np.int64),) * 2, np.empty((len(OPEN_STAGES), 0), np.int64))
"""No open cases."""


def expected(view: Outlook, waiting: Waiting, stage: Stage) -> tuple[Decimal | None, int]:
    """What the open cases of one row are still worth, and how many of them can't be judged.

    Customers count nothing here: their repeat business is a measure of its own. None where
    refused, or where no open case can be judged though there are some.
    """
    if stage not in OPEN_STAGES:
        return (None, 0) if view.refusal else (Decimal("0.0000"), 0)
    entered, judged = waiting.entered[stage.position], waiting.judged(view)
    unjudged = int(entered[~judged].sum())
    if view.refusal or (unjudged and not entered[judged].sum()):
        return None, unjudged
    cells = np.flatnonzero(judged & (entered > 0))
    chances = _weighted(view, waiting.position[cells], waiting.age_days[cells], entered[cells])
    with localcontext() as context:
        context.prec = 50
        return round_money(chances * view.total / view.buyers), unjudged


def _weighted(view: Outlook, position: Ints, age_days: Ints, entities: Ints) -> Decimal:
    """The sum of entities x chance, exactly: in units of the last place, half the digits each."""
    units = [
        int(view.chance(p, a) / CHANCE_PLACES)
        for p, a in zip(position.tolist(), age_days.tolist(), strict=True)
    ]
    high, low = np.divmod(np.array(units, dtype=np.int64), HALF)
    total = int((high * entities).sum()) * HALF + int((low * entities).sum())
    return Decimal(total) * CHANCE_PLACES


def outlook_notes(view: Outlook, waiting: Iterable[Waiting]) -> list[Note]:
    """Why nothing can be expected, or how many open cases (of the period) can't be judged."""
    if view.refusal:
        return [note("refused_expected_contribution", reason=view.refusal)]
    unjudged = sum(
        int(each.entered[:, ~each.judged(view)].max(axis=0, initial=0).sum()) for each in waiting
    )
    return [note("expected_contribution_left_out", entities=unjudged)] if unjudged else []


def known_sum(total: Decimal | None, known: int, lines: int) -> Decimal | None:
    """A sum over lines: 0.0000 of no lines at all, None if there are lines but none is known.

    >>> known_sum(None, 0, 0), known_sum(None, 0, 2), known_sum(Decimal("1.00005"), 1, 2)
    (Decimal('0.0000'), None, Decimal('1.0001'))
    """
    if lines and not known:
        return None
    return round_money(total or Decimal(0))


def waiting_by_values(collected: Collected, by: tuple[str, ...]) -> dict[Values, Waiting]:
    """The rows of the query ``waiting`` by dimension values."""
    parts = groups(collected["waiting"], by)
    return {values: Waiting.of(part) for values, part in parts.items()}


def _chance(curve: Incidence, age_days: int, horizon: int) -> Decimal:
    age = age_days * SECONDS_A_DAY
    left = curve.surviving_at(age)
    if age >= horizon or left <= 0.0:
        return Decimal(0)
    chance = (curve.moved_by(horizon) - curve.moved_by(age)) / left
    return Decimal(chance).quantize(CHANCE_PLACES, rounding=ROUND_HALF_EVEN)
