"""Which leads are worked in time, and whether the plan explains it: in words and figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from onefunnel.measures.behaviour.notes import NOTES
from onefunnel.measures.behaviour.result import BehaviourRow, response
from onefunnel.vocabulary import Answer, Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel.asking import written
from onefunnel.web.pages.incentives.said import Known, Said, ends, known, money, segment_name, share
from onefunnel.web.pages.months.offered import LookedAt
from onefunnel.web.pages.today import links
from onefunnel.web.report.notes import REFUSED, NoteView, view

MEASURE = "behaviour"
SENTENCES: dict[str, tuple[str, str]] = {
    "plan_explains": (
        N_("The plan explains it, not the people."),
        N_(
            "Leads that pay more an hour are worked in time more often; what they bring the "
            "company an hour adds nothing that can be seen, or less than a quarter as much."
        ),
    ),
    "company_rate_explains": (
        N_("What leads bring the company explains it, not the plan."),
        N_(
            "Leads that bring more an hour are worked in time more often; what they pay an hour "
            "adds nothing that can be seen, or less than a quarter as much."
        ),
    ),
    "capacity_or_process": (
        N_("Neither the plan nor what leads bring explains it: look at hours and process."),
        N_("Doubling either would move the odds of being worked in time by less than a quarter."),
    ),
    "undecided": (
        N_("The records do not decide between the plan and what leads bring."),
        N_("Both may matter, or chance is too large; more leads or more segments would tell."),
    ),
}
"""What each code of a sentence says, and what it means."""
STRENGTHS = {
    "by_pay": N_("Doubled pay per hour"),
    "by_contribution": N_("Doubled contribution per hour"),
}
LEAST_AXIS = 1.0
"""The drawn axis goes from half the odds to double, or farther."""
OF_MODEL = frozenset(
    {
        *NOTES,
        "few_salespeople",
        "refused_collinear",
        "refused_few_leads",
        "refused_few_segments",
    }
)
"""The notes that the page does not show already with the figures of the incentives."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval as it is drawn: where it begins, ends, and where the value stands, in percent.

    ``label`` says it in words.
    """

    low: float
    high: float
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Strength:
    """By what a doubled rate multiplies the odds of being worked in time."""

    name: Markup
    said: Said
    bar: Bar


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment, or all: its leads, those worked in time, its rates and its parts of both."""

    name: Markup
    is_total: bool
    leads: Said
    leads_rows: str
    in_time: Said
    in_time_rows: str
    bar: Bar | None
    pay_per_hour: Said | None
    contribution_per_hour: Said | None
    effort: Said | None
    potential: Said | None


@dataclass(frozen=True, slots=True)
class View:
    """The section; where the sentence is refused, ``meaning`` says why."""

    sentence: Markup
    meaning: Markup
    is_refused: bool
    strengths: tuple[Strength, ...]
    about: Markup
    segments: tuple[SegmentView, ...]
    notes: tuple[NoteView, ...]
    definition: str


def behaviour_view(answer: Answer[BehaviourRow], month: LookedAt, words: Words) -> View:
    """The section of a month's answer."""
    rows = answer.rows
    whole = whole_of(rows)
    notes = [view(each, words) for each in answer.notes if each.code in OF_MODEL]
    sentence, meaning = _sentence(whole, answer.notes, words)
    return View(
        sentence,
        meaning,
        whole.sentence is None,
        _strengths(whole, words),
        _about(whole, words),
        tuple(_segment(row, month, words) for row in rows if row.leads),
        tuple(each for each in notes if not each.refused),
        links.definition("definition-in_time"),
    )


def whole_of(rows: Sequence[BehaviourRow]) -> BehaviourRow:
    """The row of the whole."""
    return next((row for row in rows if row.segment is None), BehaviourRow(None))


def measured(rows: Sequence[BehaviourRow]) -> int | None:
    """How far salespeople follow pay by the records, in percent; None where it is unknown."""
    found = response(whole_of(rows))
    return None if found is None else round(100 * found)


def _sentence(whole: BehaviourRow, notes: Sequence[Note], words: Words) -> tuple[Markup, Markup]:
    if whole.sentence is not None:
        heading, meaning = SENTENCES[whole.sentence]
        return words.say(heading), words.say(meaning)
    said = words.say("What explains which leads are worked in time can't be said yet.")
    refused = [
        view(each, words).text
        for each in notes
        if each.code in OF_MODEL and each.code.startswith(REFUSED)
    ]
    return said, Markup(" ").join(refused)


def _strengths(whole: BehaviourRow, words: Words) -> tuple[Strength, ...]:
    found = {name: known(whole, name) for name in STRENGTHS}
    shown = {name: each for name, each in found.items() if each is not None}
    far = [abs(end) for each in shown.values() for end in (each.low, each.high)]
    axis = max([LEAST_AXIS, *far])
    return tuple(
        _strength(words.say(STRENGTHS[name]), each, axis, words) for name, each in shown.items()
    )


def _strength(name: Markup, found: Known, axis: float, words: Words) -> Strength:
    """The odds of a doubled rate are two to the power of the strength; drawn is the strength."""

    def times(strength: float) -> str:
        return words.say("× {factor}", factor=words.figures.number(2.0**strength)).unescape()

    said = Said(times(found.value), ends(times(found.low), times(found.high), words))
    low, at, high = (50.0 + 50.0 * each / axis for each in (found.low, found.value, found.high))
    label = f"{name.unescape()}: {said.value} {said.interval}"
    return Strength(name, said, Bar(low, high, at, label))


def _about(whole: BehaviourRow, words: Words) -> Markup:
    """In what time leads had to be worked, and who could have."""
    if whole.within_hours is None:
        return Markup("")
    parts = [
        words.say(
            "Worked in time means within {time} after sales got the lead.",
            time=words.figures.days(whole.within_hours / 24),
        )
    ]
    if whole.sentence is not None and whole.compared is not None:
        parts.append(
            words.count("{n} lead is compared.", "{n} leads are compared.", whole.compared)
        )
        if whole.salespeople is not None:
            said = words.count(
                "{n} salesperson could have worked them.",
                "{n} salespeople could have worked them.",
                whole.salespeople,
            )
            parts.append(said)
    return Markup(" ").join(parts)


def _segment(row: BehaviourRow, month: LookedAt, words: Words) -> SegmentView:
    one = row.segment is not None
    where = {"segment": written(row.segment)} if row.segment is not None else {}
    until = replace(month.asked(), since=None)  # the rows are those of the history
    return SegmentView(
        segment_name(row.segment, words) if one else words.say("All leads"),
        not one,
        Said(words.figures.count(row.leads)),
        links.rows(MEASURE, "leads", until, **where),
        share(row, "share_in_time", words),
        links.rows(MEASURE, "in_time", until, **where) if row.in_time else "",
        _bar(row, words),
        money(row, "pay_per_hour", words) if one else None,
        money(row, "contribution_per_hour", words) if one else None,
        share(row, "effort_share", words) if one else None,
        share(row, "potential_share", words) if one else None,
    )


def _bar(row: BehaviourRow, words: Words) -> Bar | None:
    found, said = known(row, "share_in_time"), share(row, "share_in_time", words)
    if found is None:
        return None
    label = words.say("Worked in time").unescape() + f": {said.value} {said.interval}"
    return Bar(100.0 * found.low, 100.0 * found.high, 100.0 * found.value, label)
