"""The answer of the measure ``behaviour``: shares worked in time, and what they go along with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.incidence import wilson
from onefunnel.funnel.rules import Rules
from onefunnel.measures.behaviour.asked import SECONDS_AN_HOUR, LookedAt, looked_at
from onefunnel.measures.behaviour.cells import Cell, cells_of, named_enough
from onefunnel.measures.behaviour.notes import note
from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.incentives.assemble import drawn_of, sheet_of
from onefunnel.measures.incentives.behaviour import Behaviour, Choices, behaviour
from onefunnel.measures.incentives.concordance import dissimilarity, shares
from onefunnel.measures.incentives.leads import UNKNOWN
from onefunnel.measures.incentives.quantities import Figure, figure
from onefunnel.measures.incentives.result import money
from onefunnel.measures.incentives.segments import Draws
from onefunnel.measures.incentives.sheet import Filled
from onefunnel.vocabulary import Note, Question

ENOUGH_SEGMENTS = 5
"""With fewer pairs of rates than these a note says that little can be told from them."""
OF_RATES = frozenset(
    {
        "few_wins",
        "gates_taken_open",
        "margin_typed",
        "plan_began_within",
        "refused_other_currency",
        "refused_plan_quota",
        "refused_win_probability",
        "sellers_averaged",
        "typed_inputs",
    }
)
"""The notes of the measure ``incentives`` that say something of the rates."""

Answered = tuple[tuple[BehaviourRow, ...], tuple[Note, ...]]


def assemble(collected: Collected, rules: Rules, question: Question) -> Answered:
    """A row per segment with leads in the history, unknown last, and one for the whole.

    Raises InputError where ``incentives.toml`` or a plan file can't be read.
    """
    asked, cells = looked_at(question), cells_of(collected["choices"])
    filled = sheet_of(collected, question)
    rates = _Rates(filled)
    names = sorted({each.segment for each in cells}, key=lambda name: (name == UNKNOWN, name))
    rows = [
        replace(_counted([each for each in cells if each.segment == name], name), **rates.of(name))
        for name in names
    ]
    whole = replace(_counted(cells, None), within_hours=asked.hours, **rates.misplaced())
    notes = [*_left_out(collected, asked), *_of_rates(filled)]
    if not cells:
        return (whole,), (*notes, note("refused_no_choices"))
    if not collected["traces"].to_pylist()[0]["traces"]:
        return _unworked([*rows, whole]), (*notes, note("refused_work_unknown"))
    found, said = _modelled(cells, rates)
    return (*rows, replace(whole, **found)), (*notes, *said)


class _Rates:
    """What an hour of each segment pays and brings, as the measure ``incentives`` has it."""

    def __init__(self, filled: Filled | None) -> None:
        self.drawn: Draws | None = None if filled is None else drawn_of(filled)
        segments = () if filled is None else filled.sheet.segments
        self.places = {each.name: place for place, each in enumerate(segments)}

    def of(self, name: str) -> dict[str, Any]:
        """The fields of a segment's row."""
        if self.drawn is None or name not in self.places:
            return {}
        place, drawn = self.places[name], self.drawn
        rates = ("pay_per_hour", "contribution_per_hour")
        found = {each: _ends(figure(getattr(drawn, each)[:, place])) for each in rates}
        parts = {"effort_share": _effort(drawn), "potential_share": _potential(drawn)}
        values: dict[str, Any] = {}
        for stem, ends in found.items():
            values |= {stem + end: money(value) for end, value in ends.items()}
        for stem, amounts in parts.items():
            ends = _ends(figure(shares(amounts)[:, place]))
            values |= {stem + end: value for end, value in ends.items()}
        return values

    def misplaced(self) -> dict[str, Any]:
        """The fields of the whole."""
        if self.drawn is None:
            return {}
        found = figure(dissimilarity(_effort(self.drawn), _potential(self.drawn)))
        return {"misplaced" + end: value for end, value in _ends(found).items()}

    def known(self) -> Mapping[str, tuple[float, float]]:
        """Both rates of the segments of which they are known and above zero."""
        if self.drawn is None:
            return {}
        both = np.stack([self.drawn.pay_per_hour[0], self.drawn.contribution_per_hour[0]], axis=1)
        return {
            name: (float(both[place, 0]), float(both[place, 1]))
            for name, place in self.places.items()
            if (both[place] > 0.0).all()
        }


def _effort(drawn: Draws) -> Any:
    return drawn.worked * drawn.hours_per_lead


def _potential(drawn: Draws) -> Any:
    return drawn.leads * np.maximum(drawn.gain, 0.0)


def _ends(found: Figure | None) -> dict[str, float]:
    if found is None:
        return {}
    return {"": found.value, "_low": found.low, "_high": found.high}


def _counted(cells: Sequence[Cell], name: str | None) -> BehaviourRow:
    leads = sum(each.leads for each in cells)
    in_time = sum(each.leads for each in cells if each.in_time)
    if not leads:
        return BehaviourRow(name)
    low, high = wilson(in_time / leads, leads)
    return BehaviourRow(name, leads, in_time, in_time / leads, low, high)


def _unworked(rows: Sequence[BehaviourRow]) -> tuple[BehaviourRow, ...]:
    """The rows without what needs to know who was worked."""
    unknown: dict[str, Any] = {f"share_in_time{end}": None for end in ("", "_low", "_high")}
    return tuple(replace(row, **unknown) for row in rows)


def _modelled(cells: Sequence[Cell], rates: _Rates) -> tuple[dict[str, Any], list[Note]]:
    """The fields of the model, and what is to be said of it."""
    known, notes = rates.known(), list[Note]()
    if not known or not any(each.segment in known for each in cells):
        return {}, [note("refused_rates")]
    compared = [each for each in cells if each.segment in known]
    lost = sorted({each.segment for each in cells} - set(known))
    if lost:
        leads = sum(each.leads for each in cells if each.segment in lost)
        notes.append(note("rates_unknown", segments=", ".join(lost), leads=leads))
    apart = named_enough(compared)
    found = behaviour(_choices(compared, known, apart=apart))
    named = {each.salesperson for each in compared} - {None}
    values = _fields(found) | {"salespeople": len(named) if apart else None}
    if found.sentence is None:
        return values, [*notes, *found.notes]
    if not apart:
        notes.append(_nameless(compared))
    notes += [each for each in found.notes if apart]
    pairs = len({known[each.segment] for each in compared})
    if pairs < ENOUGH_SEGMENTS:
        notes.append(note("few_segments", segments=pairs))
    return values, notes


def _choices(
    cells: Sequence[Cell], known: Mapping[str, tuple[float, float]], *, apart: bool
) -> Choices:
    """The leads of each cell as equal ones of its average age and workload."""
    counted = np.asarray([each.leads for each in cells], dtype=np.float64)
    pay, contribution = np.asarray([known[each.segment] for each in cells]).T
    age = np.asarray([each.age_seconds for each in cells]) / counted / SECONDS_AN_HOUR
    workload = np.asarray([each.workloads for each in cells]) / counted
    return Choices(
        np.asarray([each.in_time for each in cells], dtype=np.bool_),
        pay,
        contribution,
        age,
        workload if apart else np.zeros_like(workload),
        [(each.salesperson or "") if apart else "" for each in cells],
        counted,
    )


def _fields(found: Behaviour) -> dict[str, Any]:
    values: dict[str, Any] = {
        "sentence": found.sentence,
        "pull": found.pull,
        "compared": found.leads,
    }
    for stem, each in (("by_pay", found.by_pay), ("by_contribution", found.by_contribution)):
        values |= {stem + end: value for end, value in _ends(each).items()}
    return values


def _nameless(cells: Sequence[Cell]) -> Note:
    named = sum(each.leads for each in cells if each.salesperson is not None)
    return note("salespeople_unknown", leads=sum(each.leads for each in cells), named=named)


def _left_out(collected: Collected, asked: LookedAt) -> Iterator[Note]:
    if not asked.agreed:
        yield note("time_not_agreed", hours=asked.hours)
    if asked.plan is not None:
        yield note("leads_before_plan", day=asked.plan.first.isoformat(), plan=asked.plan.name)
    counts = collected["left_out"].to_pylist()[0]
    for code, name in (("time_not_over", "not_over"), ("work_undated", "undated")):
        if counts[name]:
            yield note(code, leads=int(counts[name]))


def _of_rates(filled: Filled | None) -> list[Note]:
    return [] if filled is None else [each for each in filled.notes if each.code in OF_RATES]
