"""What the page shows of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.vocabulary import Answer
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.allocations import SegmentView, segment_views
from onefunnel.web.pages.incentives.cost import Cause, causes, sentence, total, waterfall
from onefunnel.web.pages.incentives.notes import can_be_typed, note_views
from onefunnel.web.pages.incentives.quadrant import Quadrant, quadrant
from onefunnel.web.pages.incentives.said import Said, money, number, share
from onefunnel.web.pages.months.offered import LookedAt
from onefunnel.web.pages.today import links
from onefunnel.web.pages.today.tiles import Bridge
from onefunnel.web.report.notes import NoteView


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the whole: its label, itself, and what it means in a few words."""

    label: Markup
    said: Said
    about: Markup


@dataclass(frozen=True, slots=True)
class View:
    """The page of a month.

    ``cost`` is empty where it is unknown, ``waterfall`` None where a part of it is.
    """

    lede: tuple[Markup, Markup]
    has_leads: bool
    cost: str
    waterfall: Bridge | None
    causes: tuple[Cause, ...]
    apart: Said
    quadrant: Quadrant | None
    segments: tuple[SegmentView, ...]
    figures: tuple[Figure, ...]
    notes: tuple[NoteView, ...]
    can_be_typed: bool
    leads_rows: str
    definition: str


def content(answer: Answer[IncentivesRow], month: LookedAt, words: Words) -> View:
    """The page of a month's answer."""
    rows = answer.rows
    whole = whole_of(rows)
    segments = [row for row in rows if row.segment is not None]
    named = words.days(month.period.since, month.period.until)
    cost = total(whole)
    return View(
        sentence(whole, named, words),
        bool(segments),
        "" if cost is None else words.figures.money(cost),
        waterfall(whole, words),
        causes(whole, words),
        money(whole, "not_worth_an_hour", words),
        quadrant(segments, words),
        segment_views(rows, month.asked(), words),
        tuple(_figures(whole, words)),
        note_views(answer.notes, words),
        can_be_typed(answer.notes),
        links.rows("incentives", "leads", month.asked()),
        links.definition("definition-ignored"),
    )


def whole_of(rows: Sequence[IncentivesRow]) -> IncentivesRow:
    """The row of the whole."""
    return next((row for row in rows if row.segment is None), IncentivesRow(None))


def _figures(whole: IncentivesRow, words: Words) -> list[Figure]:
    found = [
        Figure(
            words.say("Incentive alignment"),
            number(whole, "alignment", words),
            words.say("1 is full alignment: what pays most is what brings most"),
        ),
        Figure(
            words.say("Value of an hour"),
            money(whole, "value_of_hour", words),
            words.say("what one more hour at its best use would bring"),
        ),
        Figure(
            words.say("Hours for leads"),
            number(whole, "hours", words),
            words.say("of all salespeople in the month"),
        ),
        Figure(
            words.say("Payroll by the plan"),
            money(whole, "payroll_plan", words),
            words.say(
                "for the leads that pay most; for those that bring most {amount}",
                amount=money(whole, "payroll_best", words).value,
            ),
        ),
    ]
    if whole.hours_worth_adding is not None:
        found.append(
            Figure(
                words.say("Hours worth adding"),
                number(whole, "hours_worth_adding", words),
                words.say(
                    "they would bring {amount} above what they cost",
                    amount=money(whole, "worth_of_hours", words).value,
                ),
            )
        )
    if whole.misplaced is not None:
        found.append(
            Figure(
                words.say("Misplaced effort"),
                share(whole, "misplaced", words),
                words.say("of the worked hours lie elsewhere than what all leads could bring"),
            )
        )
    if whole.tau is not None:
        found.append(
            Figure(
                words.say("Agreement of both rates"),
                number(whole, "tau", words),
                words.say(
                    "Kendall's tau: 1 where the leads that pay more an hour also bring more, "
                    "−1 where they bring less"
                ),
            )
        )
    return found
