"""From figures by month to what scorecards pay, and what is to be said of them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.rules import Rules
from onefunnel.measures.scorecard.agreed import broken_rules
from onefunnel.measures.scorecard.cards import (
    WHOLE,
    asked_months,
    cards_of,
    in_force,
    scope,
)
from onefunnel.measures.scorecard.catalogue import FIGURES, Unit
from onefunnel.measures.scorecard.notes import note, of_unfair
from onefunnel.measures.scorecard.plan import Measure, Scorecard
from onefunnel.measures.scorecard.reach import Reach, Reaches
from onefunnel.measures.scorecard.result import Amount, ScorecardRow
from onefunnel.measures.scorecard.results import MeasureResult, evaluate
from onefunnel.measures.scorecard.signs import signs
from onefunnel.measures.scorecard.values import Told, Values, values
from onefunnel.vocabulary import Month, Note, Question

NO_FIGURE = Told(None, "no_such_figure")
NOT_ASKED = Reach(None, None, None, None, None, None)


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[ScorecardRow, ...], tuple[Note, ...]]:
    """Per scorecard in force and month a row for the whole, then one per measure in its order.

    Scorecards come by file, months in order. A scorecard is in force in a month if it is on the
    month's first day.
    """
    cards, bad = cards_of(question.terms)
    months = asked_months(question)
    notes = [
        note("scorecard_unreadable", scorecard=each.file, message=each.error.message)
        for each in bad
    ]
    if not cards or not months:
        return (), (*notes, *([] if cards else [note("scorecard_none")]))
    told = values(collected, question)
    held = [
        (card, month)
        for card in cards
        for month in months
        if in_force(card, month, question.calendar)
    ]
    reaches = Reaches(collected, told, question)
    reached = {
        file: reaches.of(card) for file, card in {card.file: card for card, _ in held}.items()
    }
    rows = tuple(
        row for card, month in held for row in _rows(card, month, told, reached[card.file])
    )
    notes += broken_rules(cards)
    notes += dict.fromkeys(each for card, _ in held for each in _unfair(card, reached[card.file]))
    notes += dict.fromkeys(each for card, month in held for each in _unknown(card, month, told))
    notes += _targets(collected, held)
    notes += signs(collected, told, question)
    notes += [
        note("scorecard_month_not_over", month=each.label)
        for each in months
        if each.end > question.now
    ]
    return rows, tuple(notes)


def read(card: Scorecard, month: str, told: Values, source: str) -> Told:
    """A figure as a scorecard reads it."""
    return told.get((scope(card, source), month, source), NO_FIGURE)


def _unfair(card: Scorecard, reached: Mapping[str, Reach]) -> Iterator[Note]:
    for source, each in reached.items():
        found = each.code and of_unfair(card, source, each.code, each.influence)
        if found:
            yield found


def _rows(
    card: Scorecard, month: Month, told: Values, reached: Mapping[str, Reach]
) -> Iterator[ScorecardRow]:
    read_here = {name: read(card, month.label, told, name).value for name in card.sources}
    result = evaluate(card, month.label, read_here)
    known = [each.points for each in result.measures if each.points is not None]
    whole = sum(known, Decimal()) if len(known) == len(card.measures) else None
    yield ScorecardRow(
        scorecard=card.file,
        level=card.level.value,
        of=card.of,
        department=card.department,
        period=month.label,
        measure=None,
        owner=card.department,
        weight=float(sum(each.weight for each in card.measures)),
        unit=None,
        whose=None,
        value=None,
        target=None,
        attainment=None,
        payout=_float(whole),
        gate=_float(result.gate),
        points=_float(result.payout),
        low=float(result.low),
        high=float(result.high),
        counter=None,
        counter_value=None,
        reason="unknown_figures" if result.payout is None else None,
    )
    for measure, each in zip(card.measures, result.measures, strict=True):
        yield _row(card, month, told, measure, each, reached.get(measure.source, NOT_ASKED))


def _row(
    card: Scorecard,
    month: Month,
    told: Values,
    measure: Measure,
    result: MeasureResult,
    reach: Reach,
) -> ScorecardRow:
    source, figure = measure.source, FIGURES.get(measure.source)
    counter = measure.counter
    against = read(card, month.label, told, counter).value if counter else None
    return ScorecardRow(
        scorecard=card.file,
        level=card.level.value,
        of=card.of,
        department=card.department,
        period=month.label,
        measure=source,
        owner=measure.owner,
        weight=float(measure.weight),
        unit=figure.unit.value if figure else None,
        whose=("company" if scope(card, source) == WHOLE else "own") if figure else None,
        value=_shown(source, result.value),
        target=_shown(source, measure.curve.target),
        attainment=_float(result.attainment),
        payout=_float(result.payout),
        gate=_float(result.gate),
        points=_float(result.points),
        low=float(result.low),
        high=float(result.high),
        counter=counter,
        counter_value=_shown(counter or "", against),
        reason=_reason(read(card, month.label, told, source), result),
        **_reached(reach),
    )


def _reached(reach: Reach) -> dict[str, Any]:
    said = reach.influence
    told = (None, None, None) if said is None else (said.elasticity, said.low, said.high)
    influence, low, high = map(_round, told)
    return {
        "influence": influence,
        "influence_low": low,
        "influence_high": high,
        "influence_by": reach.by,
        "influence_code": reach.code,
        "influence_reason": reach.reason,
        "moved_own": _round(reach.own),
        "moved_others": _round(reach.others),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _reason(told: Told, result: MeasureResult) -> str | None:
    return told.reason if result.value is None else result.reason


def _shown(source: str, value: Decimal | None) -> Amount | None:
    """A value in the kind of its unit; a target that is no whole count stays as it is."""
    unit = FIGURES[source].unit if source in FIGURES else None
    if value is None or unit is Unit.MONEY:
        return value if value is None else value.quantize(Decimal("0.0001"))
    return int(value) if unit is Unit.COUNT and value == int(value) else float(value)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _unknown(card: Scorecard, month: Month, told: Values) -> Iterator[Note]:
    for source in dict.fromkeys((*card.sources, *_counters(card))):
        found = read(card, month.label, told, source)
        if found.reason == "no_such_figure":
            yield note("scorecard_no_such_figure", scorecard=card.file, measure=source)
        elif found.reason is not None:
            where = {"scorecard": card.file, "measure": source, "month": month.label}
            yield note("scorecard_unknown", **where, reason=found.reason, lines=found.lines)
            if found.reason == "nobody":
                whom = {"level": card.level.value, "of": card.of}
                yield note("scorecard_of_nobody", scorecard=card.file, **whom)


def _counters(card: Scorecard) -> tuple[str, ...]:
    return tuple(each.counter for each in card.measures if each.counter is not None)


def _targets(collected: Collected, held: list[tuple[Scorecard, Month]]) -> Iterator[Note]:
    """Where the table of targets says something else of a department's measure."""
    rows = sorted(collected["scorecard_targets"].to_pylist(), key=lambda row: row["target_id"])
    for card, month in held:
        for measure in card.measures if card.level == "department" else ():
            for row in rows:
                about = (row["period"], row["department"], row["measure"])
                same = about == (month.label, card.department, measure.source)
                own = float(measure.curve.target)
                if same and row["value"] is not None and row["value"] != own:
                    where = {"scorecard": card.file, "measure": measure.source}
                    yield note(
                        "scorecard_target_differs",
                        **where,
                        month=month.label,
                        own=own,
                        other=row["value"],
                    )
