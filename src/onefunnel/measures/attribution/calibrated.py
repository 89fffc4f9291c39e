"""A model corrected by experiments: its credit where none was made, theirs and its where one was.

A model is compared with an experiment in conversions per person who met the channel, or in money
where both are in money: the model's credit over the paths of the period that go through it, and the
experiment's over the people it reached. Times those paths, what both say together is the channel's
credit. What that takes away is unknown: it would have come anyhow, or by ways that nobody recorded.

Nothing is turned from one value into another: what a customer more is worth, an experiment that
counted customers does not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import Floats
from onefunnel.measures.attribution.corrections import Correction, Units, corrections
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.departments import by_department
from onefunnel.measures.attribution.evidence import Grade, grade_of_model
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.models import Draws, Shares
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.recorded import Experiment
from onefunnel.measures.attribution.recording import experiments_of
from onefunnel.measures.attribution.rows import CreditRow, rows
from onefunnel.vocabulary import Note, Terms

CALIBRATED = "calibrated"
"""The name of the model."""
APART = 2.0
PEOPLE = 1_000
_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The experiments on what is asked, the model that they correct, and how far it may be off.

    ``otherwise`` are those on the same dimension that measured another ``value``, where none
    measured this one.
    """

    model: str = ""
    experiments: tuple[Experiment, ...] = ()
    bias: float = 1.0
    value: Value = Value.CUSTOMERS
    otherwise: tuple[Experiment, ...] = ()


NO_EVIDENCE = Evidence()


def evidence_of(terms: Terms, asked: Asked) -> Evidence:
    """What the terms hold on a question: experiments of its dimension that measured its value."""
    agreed, of = agreed_of(terms), asked.dimension
    on_it = [each for each in experiments_of(terms) if each.dimension == of]
    found = tuple(each for each in on_it if each.counts.value == asked.value.value)
    otherwise = () if found else tuple(on_it)
    return Evidence(agreed.model, found, agreed.bias, asked.value, otherwise)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The rows of the corrected model, the grade of each, and what must be told of it.

    ``departments`` are its sums by department. There are no rows where nothing is corrected.
    """

    rows: tuple[CreditRow, ...] = ()
    grades: tuple[Grade, ...] = ()
    notes: tuple[Note, ...] = ()
    departments: tuple[CreditRow, ...] = ()


UNCORRECTED = Calibrated()


def corrected(
    models: Sequence[Shares],
    counts: Counts,
    evidence: Evidence,
    total: Decimal,
    draws: Draws | None = None,
) -> Calibrated:
    """The model in force corrected by the experiments, where it is among those that are given."""
    if evidence.otherwise:
        return Calibrated(notes=(_otherwise(evidence),))
    for model in models:
        if model.model == evidence.model and evidence.experiments:
            tried, bias = evidence.experiments, evidence.bias
            return calibrated(model, counts, tried, total, bias=bias, draws=draws)
    return UNCORRECTED


def _otherwise(evidence: Evidence) -> Note:
    """Which experiments there are, and what they measured instead."""
    names = ", ".join(each.name for each in evidence.otherwise)
    measured = ", ".join(dict.fromkeys(each.counts.value for each in evidence.otherwise))
    about = {"experiment": names, "measured": measured, "value": evidence.value.value}
    return note("experiments_measure_otherwise", **about)


def calibrated(
    model: Shares,
    counts: Counts,
    experiments: Sequence[Experiment],
    total: Decimal,
    *,
    bias: float = 1.0,
    draws: Draws | None = None,
) -> Calibrated:
    """A model corrected by experiments.

    ``experiments`` are of the dimension and the value of the model's shares; ``draws`` are those
    that these were drawn with. The standard error of a model's figure is that of its replicates
    and ``bias`` times the figure together; a model that gives nothing has no say. Several
    experiments on one channel count by their precision, and have the grade of the weakest; where
    some override, only those count, and the model does not.

    Credit below 0 becomes 0; the interval tells. The credit of all sums to the total: what
    experiments take goes to unknown, what they add comes from there, and where that is not enough
    from those without an experiment, in proportion. The grade is that of the experiments where they
    carry half of the weight or more, C where they carry less, and the model's for all others.
    """
    if not experiments:
        return UNCORRECTED
    units = Units(model, counts, draws, experiments[0].counts.worth)
    found, notes = corrections(model, units, experiments, bias)
    if not found or units.total <= 0:
        return Calibrated(notes=tuple(notes))
    places = [each.place for each in found]
    scale = np.array([each.met for each in found]) / units.total
    values = np.array([each.found.estimate.value for each in found])
    parts, exceeded = _settled(model.parts[None], places, values[None] * scale)
    random = np.random.default_rng(draws.seed if draws else 0)
    errors = np.array([each.found.estimate.error for each in found])
    several = random.normal(values, errors, (len(model.drawn), len(found)))
    drawn, _ = _settled(model.drawn, places, several * scale)
    new = replace(model, model=CALIBRATED, parts=parts[0], drawn=drawn, effects=None)
    made = _with_intervals(rows(new, total), found, units.total)
    before = rows(model, total)
    value = experiments[0].counts.value
    notes += [each for one in found for each in _said(one, before, made, value)]
    notes += [note("experiments_exceed")] if exceeded else []
    return Calibrated(made, _grades(model, found), tuple(notes), by_department(new, made))


def _settled(parts: Floats, places: Sequence[int], wanted: Floats) -> tuple[Floats, bool]:
    """Parts (n, players) with those of ``places`` as wanted, none below 0; they sum to 1 again.

    The last player is who is unknown. Also whether the others had to give.
    """
    new = parts.copy()
    last = parts.shape[1] - 1
    others = [at for at in range(last) if at not in places]
    kept = np.clip(wanted, 0.0, None)
    kept = kept / np.maximum(kept.sum(axis=1), 1.0)[:, None]
    room, rest = 1.0 - kept.sum(axis=1), new[:, others].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        smaller = np.where(rest > room, room / rest, 1.0)
    new[:, places] = kept
    new[:, others] *= smaller[:, None]
    new[:, last] = room - rest * smaller
    return new, bool((smaller < 1.0).any())


def _with_intervals(
    made: tuple[CreditRow, ...], found: Sequence[Correction], total: float
) -> tuple[CreditRow, ...]:
    """The rows, those corrected with the interval of what corrects them, which holds the share."""
    changed = list(made)
    for each in found:
        row, scale = made[each.place], each.met / total
        low, high = each.found.estimate.low * scale, each.found.estimate.high * scale
        changed[each.place] = replace(
            row,
            share_low=min(row.share, Decimal(low).quantize(_STEP, ROUND_FLOOR)),
            share_high=max(row.share, Decimal(high).quantize(_STEP, ROUND_CEILING)),
        )
    return tuple(changed)


def _grades(model: Shares, found: Sequence[Correction]) -> tuple[Grade, ...]:
    grades = [grade_of_model(model.model)] * len(model.players)
    for each in found:
        grades[each.place] = each.grade
    return tuple(grades)


def _said(
    one: Correction, before: Sequence[CreditRow], after: Sequence[CreditRow], value: str
) -> list[Note]:
    """From what to what by which experiment, and whether the two are too far apart."""
    of = {"experiment": one.experiments, "player": one.name}
    was, now = (round(float(rows[one.place].credit), 2) for rows in (before, after))
    per = {"before": PEOPLE * one.model, "after": PEOPLE * one.found.estimate.value}
    numbers = {name: round(value, 1) for name, value in per.items()}
    rest = {"people": PEOPLE, "weight": round(one.found.weight, 6), **numbers}
    notes = [note("experiment_corrects", **of, value=value, was=was, now=now, **rest)]
    if one.found.apart > APART:
        apart = round(one.found.apart, 1)
        model = before[one.place].model
        notes.append(note("experiment_apart", **of, model=model, apart=apart))
    return notes
