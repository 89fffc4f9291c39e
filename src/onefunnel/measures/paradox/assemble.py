"""The answer of the measure ``paradox``: a verdict on each segment."""

from collections.abc import Iterator, Mapping
from math import isnan, sqrt
from typing import Any

import numpy as np

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.rules import Rules
from onefunnel.measures.incentives.alarm import Measured, Standing, Target, Verdict, verdict
from onefunnel.measures.incentives.allocations import BEST, allocations
from onefunnel.measures.incentives.assemble import sheet_of
from onefunnel.measures.incentives.result import money
from onefunnel.measures.incentives.segments import Sheet, draw, missing
from onefunnel.measures.paradox.notes import note, unknown_inputs
from onefunnel.measures.paradox.query import month_of, pace, within
from onefunnel.measures.paradox.result import ParadoxRow
from onefunnel.measures.paradox.targets import Reached, department_targets, reached_of
from onefunnel.vocabulary import Note, Question

MATERIAL = 0.1
"""A segment must miss this part of what could be reached, or of last month's, to be red."""

Answered = tuple[tuple[ParadoxRow, ...], tuple[Note, ...]]


def assemble(collected: Collected, rules: Rules, question: Question) -> Answered:
    """A row per segment with leads in the period; those that raise an alarm first, dearest first.

    The contribution of a segment is that of the leads worked, at the chances and amounts of the
    measure ``incentives``: what could be reached differs from it in which leads are worked only, so
    the noise is that of this difference. The month before is taken for as many days as this one
    has, else every February would look poor; its noise is that of the two counts of leads worked.
    """
    question = within(question)
    filled = sheet_of(collected, question)
    if filled is None:
        return (), ()
    reached = reached_of(collected)
    found = _Verdicts(filled.sheet, collected, reached, pace(question)).rows()
    ordered = sorted(found, key=lambda row: (not row.alarm, -(row.missed or 0), row.segment))
    return tuple(ordered), tuple(_notes(collected, question, filled.sheet, reached))


class _Verdicts:
    """The verdicts on the segments of a sheet."""

    def __init__(self, sheet: Sheet, collected: Collected, reached: Reached, pace: float) -> None:
        self.sheet, self.reached, self.pace = sheet, reached, pace
        self.before = {row["segment"]: row for row in collected["before"].to_pylist()}
        drawn = draw(sheet)
        found = allocations(drawn, ())
        self.gain, self.actual = drawn.gain, found.actual
        told = not BEST & {name for name, _ in missing(sheet)}
        self.gap = ((found.best if told else np.nan) - found.actual) * drawn.gain

    def rows(self) -> list[ParadoxRow]:
        return [self.row(place) for place in range(len(self.sheet.segments))]

    def row(self, place: int) -> ParadoxRow:
        segment = self.sheet.segments[place]
        found = self.verdict(place, segment.name)
        leads = round(segment.leads.best) if segment.leads else 0
        worked = segment.worked
        certain = worked is not None and worked.low == worked.high
        standing, missed = found.standing, found.missed
        return ParadoxRow(
            segment.name,
            found.marketing,
            found.sales,
            found.company,
            found.alarm,
            found.kind,
            _amount(standing.contribution),
            _amount(standing.reachable),
            _amount(standing.last),
            missed.value if missed else None,
            missed.low if missed else None,
            missed.high if missed else None,
            leads,
            leads - round(worked.best) if worked is not None and certain else None,
        )

    def verdict(self, place: int, name: str) -> Verdict:
        targets: Mapping[str, tuple[Target, ...]] = department_targets(self.reached, name)
        gain, worked = float(self.gain[0, place]), float(self.actual[0, place])
        gap, last = self.gap[:, place], self.before.get(name, {}).get("worked") or 0
        known = not isnan(gain * worked)
        against_best = Standing(
            name,
            targets["marketing"],
            targets["sales"],
            Measured(gain * worked) if known else None,
            _measured(gain * worked + gap),
        )
        found = verdict(against_best, material=MATERIAL)
        if not known or not last:
            return found
        both = Standing(
            name,
            targets["marketing"],
            targets["sales"],
            against_best.contribution,
            against_best.reachable,
            Measured(gain * last * self.pace, abs(gain) * sqrt(worked + last * self.pace**2)),
        )
        return verdict(both, material=MATERIAL)


def _measured(column: Any) -> Measured | None:
    """The best value of a column of draws, and their spread."""
    if np.isnan(column).any():
        return None
    return Measured(float(column[0]), float(column[1:].std()) if len(column) > 1 else 0.0)


def _amount(found: Measured | None) -> Any:
    return None if found is None else money(found.amount)


def _notes(
    collected: Collected, question: Question, sheet: Sheet, reached: Reached
) -> Iterator[Note]:
    if month_of(question) is None:
        yield note("refused_not_a_month")
    elif reached.without:
        yield note("no_targets", departments=", ".join(reached.without))
    if reached.unknown:
        yield note("unknown_targets", measures=", ".join(reached.unknown))
    if lacking := [each for each in missing(sheet) if each[0] in BEST]:
        yield unknown_inputs(lacking)
