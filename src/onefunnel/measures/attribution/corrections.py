"""What experiments say of the channels of a model, in the unit in which both can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from onefunnel.measures.attribution.buckets import replicates
from onefunnel.measures.attribution.counts import Counts, members
from onefunnel.measures.attribution.evidence import Combined, Estimate, Grade, combined
from onefunnel.measures.attribution.family import Player, Worth
from onefunnel.measures.attribution.models import Draws, Shares
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.recorded import Effect, Experiment, effect, together
from onefunnel.measures.attribution.touches import shown
from onefunnel.vocabulary import Department, Note

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Correction:
    """A player's conversions or money per person met: by the model, and with experiments.

    ``place`` is that of the player among those of the model, ``met`` the paths through it.
    """

    place: int
    name: str
    experiments: str
    met: float
    model: float
    found: Combined
    grade: Grade


class Units:
    """Conversions, or money, per person met of each player of a model: figure and standard error.

    ``total`` is all that the model shares out, in the same unit.
    """

    def __init__(
        self,
        model: Shares,
        counts: Counts,
        draws: Draws | None,
        worth: Worth = Worth.CONVERSIONS,
    ) -> None:
        weights = np.ones((1, counts.buckets))
        if draws is not None and len(model.drawn):
            drawn = replicates(counts.buckets, draws.size, draws.seed)
            weights = np.concatenate([weights, drawn])
        sets = counts.sets
        keys = np.union1d(sets.conversions.keys, sets.nulls.keys)
        made = sets.conversions.along(keys)
        places = {player: at for at, player in enumerate(counts.players)}
        through = members(keys, len(counts.players))
        met = np.asarray(weights @ (made + sets.nulls.along(keys)) @ through)
        given = sets.conversions if worth is Worth.CONVERSIONS else sets.value
        scale = 1 if worth is Worth.CONVERSIONS else sets.value_scale
        totals = np.asarray(weights @ given.counts.sum(axis=1)).ravel() / scale
        self.total = float(totals[0])
        self._met = {player: met[:, at] for player, at in places.items()}
        self._totals, self._model = totals, model

    def met(self, player: Player) -> float:
        """The paths of the period that go through a player."""
        return float(self._met[player][0])

    def of(self, place: int) -> tuple[float, float]:
        """The figure of a player, and the standard deviation of its replicates, 0 without any."""
        met = self._met[self._model.players[place]]
        value = float(self._model.parts[place]) * self.total / met[0]
        if len(self._model.drawn) < 2:
            return value, 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = self._model.drawn[:, place] * self._totals[1:] / met[1:]
        held = drawn[np.isfinite(drawn)]
        return value, float(held.std(ddof=1)) if len(held) > 1 else 0.0


def corrections(
    model: Shares, units: Units, experiments: Sequence[Experiment], bias: float
) -> tuple[list[Correction], list[Note]]:
    """What experiments correct, in the order of the model's players; notes on the others."""
    names = {_name(player): at for at, player in enumerate(model.players) if _name(player)}
    notes, usable = [], []
    for each in experiments:
        found, place = effect(each), names.get(each.of)
        if place is None or not units.met(model.players[place]):
            notes.append(note("experiment_unmet", experiment=each.name, player=each.of))
        elif found.per_person is None:
            notes.append(note("experiment_unreached", experiment=each.name))
        else:
            notes += found.notes
            usable.append((place, each, found))
    corrections = []
    for place in sorted({each[0] for each in usable}):
        mine = [(each, found) for at, each, found in usable if at == place]
        corrections.append(_correction(place, mine, model, units, bias))
    return corrections, notes


def _name(player: Player) -> str | None:
    """The name by which an experiment knows a player: marketing's only."""
    department, name = shown(player)
    return name if department == Department.MARKETING else None


def _correction(
    place: int,
    recorded: Sequence[tuple[Experiment, Effect]],
    model: Shares,
    units: Units,
    bias: float,
) -> Correction:
    overriding = [each for each in recorded if each[0].overrides]
    counted = overriding or recorded
    shown_by = together([each.per_person for _, each in counted if each.per_person is not None])
    value, error = units.of(place)
    error = hypot(error, bias * value)
    if overriding or not error:
        apart = abs(value - shown_by.value) / hypot(error, shown_by.error)
        found = Combined(shown_by, 1.0, apart)
    else:
        found = combined(Estimate(value, error), shown_by)
    weakest = max(each.grade for _, each in counted)
    return Correction(
        place,
        str(_name(model.players[place])),
        ", ".join(each.name for each, _ in counted),
        units.met(model.players[place]),
        value,
        found,
        weakest if found.weight >= HALF else Grade.MODEL,
    )
