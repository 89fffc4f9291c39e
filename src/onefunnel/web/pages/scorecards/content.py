"""A scorecard as the pages show it: its measures with results, its months, its faults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.scorecard.notes import OPPOSED
from onefunnel.measures.scorecard.plan import Gate, Level, Measure, Scorecard
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.measures.scorecard.results import Values
from onefunnel.measures.scorecard.what_if import jumps, what_if
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DEPARTMENT_NAMES
from onefunnel.web.pages.scorecards.picture import picture
from onefunnel.web.pages.scorecards.reach import ReachView, reach_view
from onefunnel.web.pages.scorecards.terms import LACKS, LEVELS, in_unit, share, source_name
from onefunnel.web.pages.scorecards.whose import key_of
from onefunnel.web.pages.statements.amounts import month_name
from onefunnel.web.report.cells import Mark, mark
from onefunnel.web.report.notes import view


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure in the last month: what was agreed, what came of it, and its picture.

    ``lacks`` says why there are no points; ``jumps`` where pay jumps, in words.
    """

    name: Markup
    owner: Mark
    weight: str
    threshold: str
    target: str
    cap: str
    value: str
    attainment: str
    payout: str
    points: str
    gate: Markup
    counter: Markup
    lacks: Markup
    whose: Markup
    curve: Markup
    ends: tuple[str, str]
    jumps: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class MonthView:
    """What a scorecard pays for a month, as a share of the target pay."""

    name: Markup
    pays: str
    known: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """A scorecard: its name, its address, its days, its measures, its months, the newest last."""

    name: Markup
    address: str
    days: Markup
    measures: tuple[MeasureView, ...]
    months: tuple[MonthView, ...]
    month: Markup
    gates: tuple[Markup, ...]
    reaches: tuple[ReachView, ...]
    findings: tuple[Markup, ...]


def card_view(
    card: Scorecard,
    rows: tuple[ScorecardRow, ...],
    notes: Iterable[Note],
    names: Mapping[str, str],
    words: Words,
) -> CardView:
    """A scorecard with the results of its rows; ``names`` are those of employees."""
    last = max((row.period for row in rows), default="")
    now = {row.measure: row for row in rows if row.period == last and row.measure is not None}
    values = values_of(card, rows)
    return CardView(
        name_of(card, names, words),
        reverse("scorecard", kwargs={"name": key_of(card)}),
        words.days(card.valid_from, card.valid_to),
        tuple(_measure(card, each, now.get(each.source), values, words) for each in card.measures),
        tuple(_month(row, words) for row in rows if row.measure is None),
        month_name(last, words) if last else Markup(""),
        tuple(gate_in_words(gate, words) for gate in card.gates),
        tuple(each for row in now.values() if (each := reach_view(row, words))),
        tuple(view(note, words).text for note in notes if is_about(note, card)),
    )


def name_of(card: Scorecard, names: Mapping[str, str], words: Words) -> Markup:
    """Whose scorecard it is."""
    if card.level is Level.DEPARTMENT and card.department is not None:
        return words.say(DEPARTMENT_NAMES[card.department])
    name = Markup("<bdi>{}</bdi>").format(names.get(card.of, card.of))
    return words.say(LEVELS[card.level.value], name=name)


def values_of(card: Scorecard, rows: Iterable[ScorecardRow]) -> dict[str, Decimal | None]:
    """The figures of the last month, by source.

    Rows don't tell what only a gate reads: where gates were open it is put at its bound, where one
    was shut just short of it.
    """
    kept = tuple(rows)
    last = max((row.period for row in kept), default="")
    found: dict[str, Decimal | None] = {}
    for row in (each for each in kept if each.period == last):
        if row.measure is not None:
            found[row.measure] = _decimal(row.value)
        if row.counter is not None and row.counter_value is not None:
            found.setdefault(row.counter, _decimal(row.counter_value))
    for row in (each for each in kept if each.period == last):
        owned = {each.source: (each.gate,) if each.gate else () for each in card.measures}
        for gate in card.gates if row.measure is None else owned.get(row.measure, ()):
            if gate.source not in found and row.gate is not None:
                found[gate.source] = gate.bound if row.gate == 1 else _short_of(gate)
    return found


def _decimal(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _short_of(gate: Gate) -> Decimal:
    less = abs(gate.bound) / 100 or Decimal(1)
    return gate.bound - less if gate.floor is not None else gate.bound + less


def gate_in_words(gate: Gate, words: Words) -> Markup:
    """What a gate asks, and what is left where it is missed."""
    bound = in_unit(gate.bound, gate.source, words)
    about = {
        "measure": source_name(gate.source, words),
        "bound": bound,
        "shut": share(gate.shut, words),
    }
    if gate.floor is not None:
        return words.say(
            "{measure} must be {bound} or more; else {shut} of the pay is left", **about
        )
    return words.say("{measure} must be {bound} or less; else {shut} of the pay is left", **about)


def _measure(
    card: Scorecard, measure: Measure, row: ScorecardRow | None, values: Values, words: Words
) -> MeasureView:
    source, curve = measure.source, measure.curve
    points = what_if(card, values, source)
    ends = (in_unit(points[0].value, source, words), in_unit(points[-1].value, source, words))
    return MeasureView(
        source_name(source, words),
        mark(measure.owner, words),
        words.figures.rate(measure.weight),
        in_unit(curve.threshold, source, words),
        in_unit(curve.target, source, words),
        in_unit(curve.cap, source, words),
        in_unit(row.value if row else None, source, words),
        share(row.attainment, words) if row and row.attainment is not None else "",
        share(row.payout, words) if row and row.payout is not None else "",
        share(row.points, words) if row and row.points is not None else "",
        gate_in_words(measure.gate, words) if measure.gate else Markup(""),
        _counter(measure, row, words),
        _lacks(row, words),
        _whose(card, row, words),
        picture(points, values.get(source), better=curve.better),
        ends if curve.better > 0 else (ends[1], ends[0]),
        tuple(_jump(source, *each, words) for each in jumps(points)),
    )


def _counter(measure: Measure, row: ScorecardRow | None, words: Words) -> Markup:
    if measure.counter is None:
        return Markup("")
    value = in_unit(row.counter_value if row else None, measure.counter, words)
    return words.say("{name}: {value}", name=source_name(measure.counter, words), value=value)


def _lacks(row: ScorecardRow | None, words: Words) -> Markup:
    if row is None:
        return words.say("no month was in force yet")
    if row.reason is None:
        return Markup("")
    return words.say(LACKS.get(row.reason, LACKS["unknown_value"]))


def _whose(card: Scorecard, row: ScorecardRow | None, words: Words) -> Markup:
    shared = card.level in (Level.PERSON, Level.ROLE, Level.TEAM)
    if row is not None and shared and row.whose == "company":
        return words.say("the company's figure, which one person can't move alone")
    return Markup("")


def _jump(source: str, at: Decimal, by: Decimal, words: Words) -> Markup:
    figures = words.figures
    return words.say(
        "At {at} pay jumps by {jump} of the target pay.",
        at=in_unit(at, source, words),
        jump=figures.rate(abs(by)),
    )


def _month(row: ScorecardRow, words: Words) -> MonthView:
    if row.points is not None:
        return MonthView(month_name(row.period, words), share(row.points, words), known=True)
    between = words.say("{low} to {high}", low=share(row.low, words), high=share(row.high, words))
    return MonthView(month_name(row.period, words), str(between), known=False)


def is_about(note: Note, card: Scorecard) -> bool:
    """Whether a note is about a scorecard, or about roles of its department that oppose."""
    if note.code in OPPOSED:
        named = {note.params.get("one"), note.params.get("other")}
        own = note.params.get("department") == card.department
        return own and any(each.source in named for each in card.measures)
    return note.params.get("scorecard") == card.file and note.code != "scorecard_unknown"
