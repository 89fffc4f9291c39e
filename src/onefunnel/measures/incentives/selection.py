"""What leads that nobody worked would have won: bounds, and weighting where it can be defended.

Salespeople pick; so the rate of winning among worked leads need not be that of the others. Within
a stratum, such as a band of the lead's score, the picking may be as good as blind, or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import wilson
from onefunnel.measures.incentives.quantities import Figure
from onefunnel.vocabulary import Note

LEAST_CHANCE = 0.05
"""A stratum in which fewer are worked says too little about those who are not."""
FEWEST_EFFECTIVE = 30.0


@dataclass(frozen=True, slots=True)
class Stratum:
    """Leads that look alike: those worked, and of them won; those left, and of them won anyhow.

    Raises UsageError where more are won than there are, or a number is negative.
    """

    worked: int
    won: int
    left: int
    left_won: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.won <= self.worked and 0 <= self.left_won <= self.left):
            raise UsageError(
                f"A stratum has {self.won} won of {self.worked}, {self.left_won} of {self.left}.",
                remedy="Count at most as many won as there are.",
            )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The rate at which the leads that were left would be won if worked: from ``low`` to ``high``.

    They are bounds, not an interval: within them the records don't say more. ``assumed`` are the
    codes of what they rest on.
    """

    low: float
    high: float
    assumed: tuple[str, ...]


def bounds(
    strata: Sequence[Stratum], *, work_never_hurts: bool = False, better_were_picked: bool = False
) -> Bounds | None:
    """Bounds for the leads that were left, in the manner of Manski (1990); None if none was.

    With no assumption they are 0 and 1. ``work_never_hurts``: a lead that is worked is won at least
    as often as one that is not. ``better_were_picked``: within a stratum those worked are at least
    as good as those left; where nobody was worked it says nothing. Where both contradict each other
    the rate at which leads were won anyhow is both bounds.

    >>> bounds([Stratum(50, 20, 100, 5)], work_never_hurts=True, better_were_picked=True)
    Bounds(low=0.05, high=0.4, assumed=('work_never_hurts', 'better_were_picked'))
    """
    left = sum(each.left for each in strata)
    if not left:
        return None
    low = high = 0.0
    for each in strata:
        least = each.left_won / each.left if work_never_hurts and each.left else 0.0
        most = each.won / each.worked if better_were_picked and each.worked else 1.0
        low += each.left / left * least
        high += each.left / left * max(least, most)
    given = {"work_never_hurts": work_never_hurts, "better_were_picked": better_were_picked}
    return Bounds(low, high, tuple(name for name, holds in given.items() if holds))


@dataclass(frozen=True, slots=True)
class Weighted:
    """The rate at which the leads that were left would be won if worked; None where refused.

    ``effective`` is the number of worked leads that the weights leave.
    """

    rate: Figure | None
    effective: float
    notes: tuple[Note, ...]


def weighted(strata: Sequence[Stratum]) -> Weighted:
    """The rate of worked leads, weighted by (1 - e) / e to be like those left; e is worked / all.

    It supposes that within a stratum nothing that salespeople saw told winners from others, and
    says so in the note ``no_hidden_choice``. Refused where a stratum with leads left has fewer
    than 5 % worked, or the effective number of worked leads is below 30. The interval is Wilson's
    with that number.
    """
    left = sum(each.left for each in strata)
    if not left:
        return Weighted(None, 0.0, (Note("refused_none_left", "Every lead was worked."),))
    thin = [each.left for each in strata if each.left and _chance(each) < LEAST_CHANCE]
    if thin:
        share = sum(thin) / left
        text = f"Of the leads that were left, {share:.0%} are of a kind that is hardly ever worked."
        return Weighted(None, 0.0, (Note("refused_no_overlap", text, {"share": share}),))
    used = [each for each in strata if each.left]
    per_lead = np.array([each.left / each.worked for each in used])
    worked = np.array([each.worked for each in used])
    won = np.array([each.won for each in used])
    effective = float((per_lead * worked).sum() ** 2 / (per_lead**2 * worked).sum())
    if effective < FEWEST_EFFECTIVE:
        text = f"The worked leads that resemble those left count as {effective:.1f} only."
        needed = FEWEST_EFFECTIVE
        note = Note("refused_few_effective", text, {"effective": effective, "needed": needed})
        return Weighted(None, effective, (note,))
    rate = float((per_lead * won).sum() / (per_lead * worked).sum())
    text = "Supposes that, among leads that look alike, salespeople did not pick the better ones."
    return Weighted(
        Figure(rate, *wilson(rate, effective)), effective, (Note("no_hidden_choice", text),)
    )


def _chance(stratum: Stratum) -> float:
    return stratum.worked / (stratum.worked + stratum.left)
