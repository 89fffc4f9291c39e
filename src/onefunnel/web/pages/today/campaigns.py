"""The lines of Today on campaigns that deserve attention, for those who spend on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.acquisition.attention import Attention, Matter, Silence, attention
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.campaigns.asking import USUAL
from onefunnel.web.pages.campaigns.table import anchor
from onefunnel.web.pages.today.periods import Spoken
from onefunnel.web.pages.today.spent import BY, WHOLE, period, wanted
from onefunnel.web.pages.today.warnings import Line

SHOWN = 3
"""So many lines; the page of campaigns has the others."""
SAID: Mapping[Matter, tuple[str, str]] = {
    Matter.LOSES: (
        "bad",
        N_("{campaign} loses money: {spent} was spent, and its customers have brought {brought}."),
    ),
    Matter.LOSES_CHEAP: (
        "bad",
        N_(
            "{campaign} brings cheap leads and loses money: {spent} was spent, and its customers "
            "have brought {brought}."
        ),
    ),
    Matter.NOBODY: (
        "risk",
        N_("{campaign}: {spent} was spent, and neither a lead nor a customer came."),
    ),
    Matter.REJECTED: (
        "risk",
        N_(
            "{campaign}: sales rejected {rejected} of the {answered} leads that it answered; "
            "{spent} was spent."
        ),
    ),
}
WHY: Mapping[Silence, str] = {
    Silence.NO_SPEND: N_(
        "Whether campaigns pay can't be said: nothing is on record as spent in {period}."
    ),
    Silence.NO_CONTRIBUTION: N_(
        "Whether campaigns pay can't be said: what those who came in {period} have brought is "
        "unknown."
    ),
    Silence.UNDIVIDED: N_(
        "Whether campaigns pay can't be said: the spend of {period} does not say which campaign it "
        "was for."
    ),
}
NOTHING = N_("No campaign loses money beyond chance.")


@dataclass(frozen=True, slots=True)
class Campaigns:
    """What is said of campaigns: lines, or in ``said`` why there is none.

    ``others`` counts what is on the page of campaigns only, whose address is ``address``.
    """

    lines: tuple[Line, ...]
    said: Markup
    period: Markup
    others: int
    address: str


def campaigns(answers: Answers, spoken: Spoken, words: Words) -> Campaigns | None:
    """The campaigns that deserve attention; None where that is not worked out yet."""
    if not answers.has(BY, WHOLE):
        return None
    looked_at, address = period(spoken), wanted(spoken).address()
    days = words.days(looked_at.since, looked_at.until)
    rows = answers.found[BY].answer.rows
    whole = next(iter(answers.found[WHOLE].answer.rows), None)
    found = Silence.NO_SPEND if whole is None else attention(rows, whole)
    if isinstance(found, Silence):
        return Campaigns((), words.say(WHY[found], period=days), days, 0, address)
    lines = tuple(_line(each, address, words) for each in found[:SHOWN])
    said = Markup("") if lines else words.say(NOTHING)
    return Campaigns(lines, said, days, len(found) - len(lines), address)


def _line(found: Attention, address: str, words: Words) -> Line:
    kind, text = SAID[found.matter]
    row = found.row
    name = row.dimensions[USUAL] or ""
    said = words.say(text, campaign=Markup("<bdi>{}</bdi>").format(name), **_figures(row, words))
    return Line(
        kind,
        said,
        words.figures.money(found.stake),
        words.say("See the row"),
        f"{address}#{anchor(row.dimensions)}",
    )


def _figures(row: AcquisitionRow, words: Words) -> dict[str, str]:
    count, money = words.figures.count, words.figures.money
    return {
        "spent": money(row.spend or Decimal()),
        "brought": money(row.contribution or Decimal()),
        "rejected": count(row.rejected),
        "answered": count(row.accepted + row.rejected),
    }
