"""The tiles of the hand-off and of the deals: a number and the parts it is made of."""

from collections.abc import Sequence

from markupsafe import Markup

from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import Note, Stage
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.today import links
from onefunnel.web.pages.today.answers import questions
from onefunnel.web.pages.today.periods import Spoken
from onefunnel.web.pages.today.tiles import Foot, Part, Tile, judged_month, so_far
from onefunnel.web.report.notes import refusal

HANDED_OVER = Stage.PURCHASE_INTENTION
"""Whoever enters this stage asks for sales: marketing's part ends here."""


def handoff(answers: Answers, spoken: Spoken, words: Words) -> Tile | None:
    """Who entered purchase intention and went no further; None where only surveys measure it."""
    leaks = (row for row in answers.found["leaks"].answer.rows if not row.dimensions)
    leak = next((row for row in leaks if row.stage is HANDED_OVER), None)
    rows = (row for row in answers.found["funnel"].answer.rows if not row.dimensions)
    entered = next((row.entered for row in rows if row.stage is HANDED_OVER), None)
    if leak is None or entered is None:
        return None
    asked = questions(spoken)["leaks"][1]
    of = words.count(
        "{n} of {entered} went no further",
        "{n} of {entered} went no further",
        leak.left,
        entered=words.figures.count(entered),
    )

    days = words.figures.days(leak.horizon_days)

    def part(style: str, name: Markup, number: int, figure: str = "") -> Part:
        address = links.rows("leaks", figure, asked, stage=HANDED_OVER) if figure else ""
        return Part(style, name, Markup(words.figures.count(number)), number, address)

    left = links.rows("leaks", "left", asked, stage=HANDED_OVER)
    rows_text = words.count("{n} row", "{n} rows", leak.left)
    return Tile(
        "handoff",
        words.say("Leak at the hand-off"),
        of if leak.amount is None else words.figures.money(leak.amount),
        words.say("cost unknown") if leak.amount is None else of,
        (
            words.say("They showed that they want to buy, and reached no purchase."),
            *_worth(leak.value_per_entry is not None, words),
        ),
        judged_month(spoken, words),
        (
            Foot(words.say("Definition"), links.definition("definition-left")),
            *([Foot(rows_text, left, True)] if leak.left else []),
        ),
        (
            part("went", words.say("Bought, or still open"), max(entered - leak.left, 0)),
            part("lost", words.say("Lost, and the loss stands"), leak.lost, "lost"),
            part("stalled", words.say("No purchase in {days}", days=days), leak.stalled, "stalled"),
        ),
    )


def _worth(known: bool, words: Words) -> tuple[Markup, ...]:
    if known:
        return ()
    return (words.say("The records do not say what the sales contributed."),)


def deals(answers: Answers, spoken: Spoken, words: Words) -> Tile | None:
    """The deals opened in the month: won, lost, open; None where none was opened."""
    computed = answers.found["deals"]
    rows: tuple[DealsRow, ...] = computed.answer.rows
    row = next((each for each in rows if not each.dimensions), None)
    opened = row.won + row.lost + row.open if row else 0
    if row is None or not opened:
        return None
    asked = questions(spoken)["deals"][1]

    def part(name: str, label: Markup, number: int) -> Part:
        shown = Markup(words.figures.count(number))
        return Part(name, label, shown, number, links.rows("deals", name, asked) if number else "")

    return Tile(
        "deals",
        words.say("Deals won"),
        words.figures.count(row.won),
        words.count("of {n} deal opened", "of {n} deals opened", opened),
        (_rate(row, computed.answer.notes, words),),
        so_far(spoken, words),
        (Foot(words.say("Definition"), links.definition("measure-deals")),),
        (
            part("won", words.say("Won"), row.won),
            part("lost", words.say("Lost"), row.lost),
            part("open", words.say("Open"), row.open),
        ),
    )


def _rate(row: DealsRow, notes: Sequence[Note], words: Words) -> Markup:
    days = words.figures.days(row.horizon_days)
    share, low, high = row.win_incidence, row.win_incidence_low, row.win_incidence_high
    if share is not None and low is not None and high is not None:
        return words.say(
            "{share} {interval} are won within {days}.",
            share=words.figures.share(share),
            interval=words.figures.interval(low, high, share),
            days=days,
        )
    why = refusal(notes, "refused_win_incidence", words)
    refused = words.say("The share won within {days} is refused", days=days)
    return Markup("{}{}{}.").format(refused, ": " if why else "", why or "")
