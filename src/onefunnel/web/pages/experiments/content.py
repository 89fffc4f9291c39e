"""What experiments showed, with what a model says of the same, as the page shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.attribution.calibrated import CALIBRATED, PEOPLE
from onefunnel.measures.attribution.evidence import Estimate, Grade
from onefunnel.measures.attribution.recorded import Effect, Experiment, Kind, effect
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Answer, Crediting, Department, Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES, VALUE_NAMES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.attribution.players import amount_of
from onefunnel.web.pages.terms.experiments import days_of, experiment_in_words, tried
from onefunnel.web.pages.terms.plans import held
from onefunnel.web.report.notes import view as in_words
from onefunnel.workflows.asked import Asked

MEASURE = "attribution"
GRADES: Mapping[Grade, str] = {
    Grade.EXPERIMENT: N_("An experiment whose groups chance made."),
    Grade.QUASI_EXPERIMENT: N_(
        "Groups that chance did not make: it holds if both would have gone alike."
    ),
}
ROOM = 0.06
"""Of the width of a picture beyond the outermost end."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval drawn, each place in percent of the width; ``zero`` is where no effect is."""

    low: float
    high: float
    at: float
    zero: float
    label: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its interval, and the picture of it where there is one."""

    name: Markup
    value: str
    interval: str = ""
    bar: Bar | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """An experiment: what it was, what it showed, and what is told of it."""

    name: str
    file: str
    what: Markup
    days: Markup
    lines: tuple[Markup, ...]
    grade: str
    grade_said: Markup
    verdict: Markup
    figures: tuple[Shown, ...]
    notes: tuple[Markup, ...]


Answers = Mapping[str, Answer[AttributionRow]]
Figure = Callable[[float], str]


def question_of(experiment: Experiment) -> tuple[str, Asked]:
    """The name of the answer whose model the experiment corrects, and what is asked: all there is.

    >>> from datetime import date
    >>> from onefunnel.measures.attribution.family import Value
    >>> from onefunnel.measures.attribution.recorded import Groups, Of
    >>> day, groups = date(2024, 3, 1), Groups(10, 3, 10, 2)
    >>> question_of(Experiment("a", Of.PAGE, "/a", Value.LEADS, day, day, groups))[0]
    'page leads'
    """
    asked = Asked(by=(experiment.dimension.value,), crediting=Crediting(experiment.counts.value))
    return f"{experiment.dimension} {experiment.counts}", asked


def content(
    experiments: Sequence[Experiment], answers: Answers, model: str, words: Words
) -> tuple[ExperimentView, ...]:
    """A view for each experiment, in the order of their files; ``model`` is the one in force."""
    return tuple(
        _view(each, answers.get(question_of(each)[0]), model, words) for each in experiments
    )


def untried(
    experiments: Sequence[Experiment], answers: Answers, model: str, words: Words
) -> Markup:
    """Channels, campaigns or pages that have credit and no experiment, those with most first."""
    found: dict[tuple[str, str], Decimal] = {}
    for name, answer in answers.items():
        dimension = name.split(" ")[0]
        done = {each.of for each in experiments if each.dimension == dimension}
        for row in answer.rows:
            of = row.dimensions[dimension]
            ours = row.model == model and row.department == Department.MARKETING
            if ours and of is not None and of not in done and row.share > 0:
                found[dimension, of] = max(row.share, found.get((dimension, of), row.share))
    order = sorted(found, key=lambda each: (-found[each], each))
    return words.listed(held(of) for _, of in order) if order else Markup("")


def _view(
    experiment: Experiment, answer: Answer[AttributionRow] | None, model: str, words: Words
) -> ExperimentView:
    shown = effect(experiment)
    notes = [*shown.notes, *(_about(experiment, answer.notes) if answer else ())]
    return ExperimentView(
        experiment.name,
        f"experiments/{experiment.name}.toml",
        tried(experiment, words),
        days_of(experiment, words),
        experiment_in_words(experiment, words),
        shown.grade.value,
        words.say(GRADES[shown.grade]),
        _verdict(shown, words),
        (*_effects(experiment, shown, words), *_models(experiment, answer, model, words)),
        tuple(dict.fromkeys(in_words(each, words).text for each in notes)),
    )


def _about(experiment: Experiment, notes: Sequence[Note]) -> list[Note]:
    """The notes of an answer that name the experiment."""
    return [
        each
        for each in notes
        if experiment.name in str(each.params.get("experiment", "")).split(", ")
    ]


def _verdict(shown: Effect, words: Words) -> Markup:
    if shown.change.low > 0:
        return words.say("It brought some that would not have come otherwise.")
    if shown.change.high < 0:
        return words.say("There were fewer with it than without it.")
    return words.say("No effect is shown, and none is ruled out: the interval holds 0.")


def _effects(experiment: Experiment, shown: Effect, words: Words) -> list[Shown]:
    """What was shown: for each thousand people, by region, and in all."""
    value, figure = words.say(VALUE_NAMES[experiment.counts]), _written(experiment, words)
    found = []
    if shown.per_person is not None:
        people = words.figures.count(PEOPLE)
        name = words.say("{value}, for each {n} people", value=value, n=people)
        found.append(_shown(name, _times(shown.per_person, PEOPLE), figure, words))
    if experiment.kind is Kind.GEOGRAPHIC:
        name = words.say("{value}, for each region and period", value=value)
        found.append(_shown(name, shown.change, figure, words))
    name = words.say("{value}, in all", value=value)
    return [*found, _shown(name, shown.conversions, figure, words, drawn=not found)]


def _written(experiment: Experiment, words: Words) -> Figure:
    """How an estimate of what was measured is written: a number, or money."""
    amount = amount_of(experiment.counts.value, words)
    return lambda value: amount(Decimal(str(value)))


def _times(estimate: Estimate, by: float) -> Estimate:
    return Estimate(estimate.value * by, estimate.error * by)


def _shown(
    name: Markup, estimate: Estimate, figure: Figure, words: Words, *, drawn: bool = True
) -> Shown:
    value = words.figures.plus(figure(estimate.value), estimate.value)
    low, high = (words.figures.plus(figure(each), each) for each in (estimate.low, estimate.high))
    interval = words.say("{low} to {high}", low=low, high=high)
    bar = _bar(estimate, words.say("{name}: {low} to {high}", name=name, low=low, high=high))
    return Shown(name, value, str(interval), bar if drawn else None)


def _bar(estimate: Estimate, label: Markup) -> Bar:
    least, most = min(estimate.low, 0.0), max(estimate.high, 0.0)
    room = ROOM * (most - least)
    least, width = least - room, most - least + 2 * room

    def place(value: float) -> float:
        return 100 * (value - least) / width

    low, high = place(estimate.low), place(estimate.high)
    return Bar(low, high, place(estimate.value), place(0.0), label)


def _models(
    experiment: Experiment, answer: Answer[AttributionRow] | None, model: str, words: Words
) -> list[Shown]:
    """What the model in force credits to the same over all records, and with the experiment."""
    if answer is None:
        return []
    rows = {row.model: row for row in answer.rows if _is_of(row, experiment)}
    names = (
        (model, words.say("By the model {name}", name=words.say(MODEL_NAMES[model]))),
        (CALIBRATED, words.say("With the experiment")),
    )
    return [_credited(rows[key], experiment, name, words) for key, name in names if key in rows]


def _is_of(row: AttributionRow, experiment: Experiment) -> bool:
    ours = row.department == Department.MARKETING
    return ours and row.dimensions.get(experiment.dimension) == experiment.of


def _credited(row: AttributionRow, experiment: Experiment, name: Markup, words: Words) -> Shown:
    share = words.figures.share(float(row.share))
    interval = share
    if row.share_low is not None and row.share_high is not None:
        ends = words.figures.interval(float(row.share_low), float(row.share_high), float(row.share))
        interval = f"{share} {ends}"
    about = words.say(
        "{value}; grade {grade}, over all records",
        value=words.say(VALUE_NAMES[experiment.counts]),
        grade=row.grade,
    )
    credit = amount_of(experiment.counts.value, words)(row.credit)
    return Shown(name, credit, interval, None, str(about))
