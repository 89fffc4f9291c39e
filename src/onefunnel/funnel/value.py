"""Money per stage: what those who entered it have brought, and what the open ones are worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

from onefunnel.funnel.collected import Collected, Values, cohort_of, groups, left_out_of
from onefunnel.funnel.estimates import estimate
from onefunnel.funnel.incidence import Incidence
from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.funnel.notes import note
from onefunnel.funnel.progress import OPEN_STAGES
from onefunnel.funnel.transitions import TO_PURCHASE
from onefunnel.vocabulary import Note, Question, Stage, round_money

CHANCE_PLACES = Decimal("0.000000000001")
"""Chances are cut to twelve places before they meet money, so that sums don't depend on order."""


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


def expected(
    view: Outlook, waiting: list[dict[str, Any]], stage: Stage
) -> tuple[Decimal | None, int]:
    """What the open cases of one row are still worth, and how many of them can't be judged.

    ``waiting`` are the rows of that query for the row's dimension values. Customers count nothing
    here: their repeat business is a measure of its own. None where refused, or where no open case
    can be judged though there are some.
    """
    if stage not in OPEN_STAGES:
        return (None, 0) if view.refusal else (Decimal("0.0000"), 0)
    chances, judged, unjudged = Decimal(0), 0, 0
    for row in waiting:
        entities = row[f"entered_{stage.position}"]
        if row["position"] in view.curves:
            judged += entities
            chances += entities * view.chance(row["position"], row["age_days"])
        else:
            unjudged += entities
    if view.refusal or (unjudged and not judged):
        return None, unjudged
    with localcontext() as context:
        context.prec = 50
        return round_money(chances * view.total / view.buyers), unjudged


def outlook_notes(view: Outlook, waiting: list[dict[str, Any]]) -> list[Note]:
    """Why nothing can be expected, or how many open cases (of the period) can't be judged."""
    if view.refusal:
        return [note("refused_expected_contribution", reason=view.refusal)]
    unjudged = sum(
        max(row[f"entered_{stage.position}"] for stage in OPEN_STAGES)
        for row in waiting
        if row["position"] not in view.curves
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


def waiting_by_values(
    collected: Collected, by: tuple[str, ...]
) -> dict[Values, list[dict[str, Any]]]:
    """The rows of the query ``waiting`` by dimension values."""
    parts = groups(collected["waiting"], by)
    return {values: part.to_pylist() for values, part in parts.items()}


def _chance(curve: Incidence, age_days: int, horizon: int) -> Decimal:
    age = age_days * SECONDS_A_DAY
    left = curve.surviving_at(age)
    if age >= horizon or left <= 0.0:
        return Decimal(0)
    chance = (curve.moved_by(horizon) - curve.moved_by(age)) / left
    return Decimal(chance).quantize(CHANCE_PLACES, rounding=ROUND_HALF_EVEN)
