"""What the quarrel costs: the tiles of ignored leads and of the pay plan, and the paradox alarm."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.incentives.alarm import Kind
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.paradox.result import ParadoxRow
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel.asking import written
from onefunnel.web.pages.incentives.content import whole_of
from onefunnel.web.pages.incentives.cost import parts, total
from onefunnel.web.pages.incentives.notes import note_views
from onefunnel.web.pages.incentives.plan import Chosen, plan_view
from onefunnel.web.pages.incentives.quadrant import small_quadrant
from onefunnel.web.pages.incentives.said import money, number, plain, segment_name
from onefunnel.web.pages.today import links
from onefunnel.web.pages.today.answers import questions
from onefunnel.web.pages.today.periods import Spoken
from onefunnel.web.pages.today.tiles import Foot, Tile, month, so_far
from onefunnel.web.pages.today.warnings import Line
from onefunnel.web.report.notes import REFUSED

INCENTIVES, PARADOX = "incentives", "paradox"
MESSAGES = {
    Kind.BELOW_REACHABLE: N_(
        "Both departments met their targets in {month}, and {segment} brought less than its leads "
        "could: {left} of {leads} were left."
    ),
    Kind.BELOW_LAST: N_(
        "Both departments met their targets in {month}, and {segment} brought less than the month "
        "before: {left} of {leads} were left."
    ),
    Kind.BELOW_BOTH: N_(
        "Both departments met their targets in {month}, and {segment} brought less than its leads "
        "could, and less than the month before: {left} of {leads} were left."
    ),
}


def ignored(answers: Answers, spoken: Spoken, words: Words) -> Tile | None:
    """What ignored leads cost, by cause; None where no lead came."""
    answer = answers.found[INCENTIVES].answer
    whole = whole_of(answer.rows)
    if not whole.leads:
        return None
    cost = total(whole)
    refused = [each for each in answer.notes if each.code.startswith(REFUSED)]
    why = [each.text for each in note_views(refused, words)][:1] if cost is None else []
    return Tile(
        "ignored",
        words.say("Cost of ignored leads"),
        words.say("unknown") if cost is None else words.figures.money(cost),
        _left(whole, words),
        (*why, *_of_hour(whole, words)),
        so_far(spoken, words),
        (
            Foot(words.say("Definition"), links.definition("definition-ignored")),
            Foot(words.say("Incentives"), _page(spoken, words)),
            _rows(whole, spoken, words),
        ),
        parts(whole, words) if cost is not None else (),
    )


def alignment(answers: Answers, spoken: Spoken, words: Words) -> Tile | None:
    """How far the pay plan and the company want the same; None where that is unknown."""
    rows: Sequence[IncentivesRow] = answers.found[INCENTIVES].answer.rows
    whole = whole_of(rows)
    if whole.alignment is None:
        return None
    said = number(whole, "alignment", words)
    segments = [row for row in rows if row.segment is not None]
    return Tile(
        "alignment",
        words.say("Incentive alignment"),
        said.value,
        words.listed(each for each in (said.interval, words.say("1 is full alignment")) if each),
        (plan_view(rows, Chosen(), words).sentence,),
        so_far(spoken, words),
        (
            Foot(words.say("Definition"), links.definition("definition-alignment")),
            Foot(words.say("Compare plans"), f"{_page(spoken, words)}#plan"),
            _leads(whole, spoken, words),
        ),
        quadrant=small_quadrant(segments, words),
    )


def paradox_lines(answers: Answers, spoken: Spoken, words: Words) -> tuple[Line, ...]:
    """The segments where both departments are green and the company is red, dearest first."""
    rows: Sequence[ParadoxRow] = answers.found[PARADOX].answer.rows
    return tuple(_line(row, spoken, words) for row in rows if row.alarm)


def _line(row: ParadoxRow, spoken: Spoken, words: Words) -> Line:
    assert row.kind is not None
    left = row.left or 0
    text = words.say(
        MESSAGES[row.kind],
        month=month(spoken.current, words),
        segment=segment_name(row.segment, words),
        left=words.figures.count(left),
        leads=words.figures.count(row.leads),
    )
    asked = questions(spoken)[PARADOX][1]
    figure, shown = ("left", left) if left else ("leads", row.leads)
    return Line(
        "bad",
        text,
        "" if row.missed is None else words.figures.money(row.missed),
        words.count("{n} row", "{n} rows", shown),
        links.rows(PARADOX, figure, asked, segment=written(row.segment)),
        True,
    )


def _page(spoken: Spoken, words: Words) -> str:
    """The page of the month."""
    label = words.calendar.month_of(spoken.current.since).label
    return f"{reverse('incentives')}?{urlencode({'month': label})}"


def _left(whole: IncentivesRow, words: Words) -> Markup:
    """How many leads nobody worked, where that is known."""
    leads, worked = whole.leads, whole.worked_actual
    if leads is None or worked is None or whole.worked_actual_low != whole.worked_actual_high:
        return words.say("who was worked is unknown")
    return words.say(
        "{left} of {leads} leads not worked",
        left=plain(leads - worked, words),
        leads=plain(leads, words),
    )


def _of_hour(whole: IncentivesRow, words: Words) -> Iterator[Markup]:
    """What one more hour would bring, and how many such hours the pay plan takes."""
    hour, cost = whole.value_of_hour, whole.incentive_cost
    if hour is None or hour <= 0:
        return
    amount = money(whole, "value_of_hour", words).value
    if cost is None or cost <= 0:
        yield words.say("One more hour would bring {amount}.", amount=amount)
        return
    yield words.count(
        "One more hour would bring {amount}; the pay plan alone takes {n} such hour.",
        "One more hour would bring {amount}; the pay plan alone takes {n} such hours.",
        round(cost / hour),
        amount=amount,
    )


def _rows(whole: IncentivesRow, spoken: Spoken, words: Words) -> Foot:
    """The rows of the leads that were left; of all leads where none was, or nobody knows."""
    leads, worked = whole.leads or 0, whole.worked_actual
    certain = worked is not None and whole.worked_actual_low == whole.worked_actual_high
    left = round(leads - worked) if worked is not None and certain else 0
    asked = questions(spoken)[PARADOX][1]
    text = words.count("{n} row", "{n} rows", left or round(leads))
    return Foot(text, links.rows(PARADOX, "left" if left else "leads", asked), True)


def _leads(whole: IncentivesRow, spoken: Spoken, words: Words) -> Foot:
    asked = questions(spoken)[INCENTIVES][1]
    text = words.count("{n} row", "{n} rows", round(whole.leads or 0))
    return Foot(text, links.rows(INCENTIVES, "leads", asked), True)
