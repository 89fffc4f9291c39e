"""The check before a campaign: who will not call its leads, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.incentives.between import Marketed
from onefunnel.measures.incentives.campaign import Forecast, Planned, Reason, check_campaign
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.incentives.inputs import missing_in_words
from onefunnel.web.pages.incentives.said import plain, segment_name
from onefunnel.web.pages.incentives.typed import number

MESSAGES = {
    Reason.CALLED: N_("The leads of {segment} will be called."),
    Reason.NOT_WORTH_AN_HOUR: N_(
        "The leads of {segment} should not be bought: an hour on them brings {brings}, less than "
        "it costs."
    ),
    Reason.PAYS_MORE_ELSEWHERE: N_(
        "{called} of {leads} leads of {segment} will be called: an hour on them pays {pays}, and "
        "{others} pay more and fill the hours. The company would have {best} called."
    ),
    Reason.NO_HOURS: N_(
        "{called} of {leads} leads of {segment} will be called, and the company would not have "
        "more of them called: leads that bring more an hour ({others}) need the hours."
    ),
}
ALONE = N_(
    "{called} of {leads} leads of {segment} will be called: the hours do not suffice for more."
)
"""Where no other segment stands before it."""
STATUS = {
    Reason.CALLED: "good",
    Reason.NOT_WORTH_AN_HOUR: "bad",
    Reason.PAYS_MORE_ELSEWHERE: "bad",
    Reason.NO_HOURS: "risk",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A segment of the form: the leads and the spend that were typed."""

    place: int
    name: Markup
    leads: str
    spend: str


@dataclass(frozen=True, slots=True)
class Line:
    """What will come of a segment's leads: a mark, a sentence, what would be wasted."""

    status: str
    text: Markup
    wasted: str


@dataclass(frozen=True, slots=True)
class View:
    """The form and what the check says; ``refused`` says why there is none."""

    refused: Markup
    fields: tuple[Field, ...]
    hour_cost: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the campaign is to bring, and what an hour costs (0: not said)."""

    planned: tuple[Planned, ...] = ()
    hour_cost: float = 0.0


def read(
    given: Mapping[str, str], names: Sequence[str], typed: float | None, words: Words
) -> Asked:
    """What an address asks for; segments by their places. UsageError."""
    planned = []
    for place, name in enumerate(names, 1):
        leads = number(given, f"leads_{place}", words.say("Leads"), words)
        spend = number(given, f"spend_{place}", words.say("Spend"), words)
        if leads:
            planned.append(Planned(name, leads, spend))
    cost = number(given, "hour_cost", words.say("Cost of an hour"), words)
    return Asked(tuple(planned), (typed or 0.0) if cost is None else cost)


def view(marketed: Marketed, asked: Asked, words: Words) -> View:
    """The check in words."""
    if marketed.market is None:
        said = words.say("No segment has leads that are won.")
        if marketed.missing:
            missing = missing_in_words(marketed.missing, words)
            said = words.say("Nothing can be said before a campaign ({missing}).", missing=missing)
        return View(said, (), "", ())
    typed = {each.segment: each for each in asked.planned}
    fields = tuple(
        _field(place, each.segment, typed.get(each.segment), words)
        for place, each in enumerate(marketed.market.segments, 1)
    )
    found = check_campaign(marketed.market, asked.planned, hour_cost=asked.hour_cost)
    lines = tuple(_line(each, words) for each in found)
    return View(Markup(""), fields, f"{asked.hour_cost:g}" if asked.hour_cost else "", lines)


def _field(place: int, name: str, planned: Planned | None, words: Words) -> Field:
    leads = "" if planned is None else f"{planned.leads:g}"
    spend = "" if planned is None or planned.spend is None else f"{planned.spend:g}"
    return Field(place, segment_name(name, words), leads, spend)


def _line(found: Forecast, words: Words) -> Line:
    others = found.brings_more if found.reason is Reason.NO_HOURS else found.pays_more
    named = found.reason in (Reason.NO_HOURS, Reason.PAYS_MORE_ELSEWHERE)
    text = words.say(
        ALONE if named and not others else MESSAGES[found.reason],
        segment=segment_name(found.segment, words),
        called=plain(found.called, words),
        leads=plain(found.leads, words),
        best=plain(found.called_best, words),
        pays=words.figures.money(found.pay_per_hour),
        brings=words.figures.money(found.contribution_per_hour),
        others=words.listed(segment_name(each, words) for each in others),
    )
    wasted = found.wasted or Decimal(0)
    return Line(STATUS[found.reason], text, words.figures.money(wasted) if wasted > 0 else "")
