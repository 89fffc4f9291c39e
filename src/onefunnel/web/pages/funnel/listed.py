"""How each row behind a figure is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from markupsafe import Markup

from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import REASON_SOURCES
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel import acquired, bridged, credited
from onefunnel.workflows.computed import Rows

OUTCOMES = {
    "observed": N_("on record"),
    "implied": N_("implied"),
    "moved": N_("reached"),
    "lost": N_("lost"),
    "censored": N_("still open"),
    "open": N_("still open"),
    "stalled": N_("no next stage"),
    "won": N_("won"),
    "in_time": N_("worked in time"),
    "late": N_("worked late"),
    "not_worked": N_("not worked"),
}
COHORTS = ("conversion", "lost")
"""Figures of the funnel whose rows are those that entered the stage before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown; what there is nothing of is empty. ``what`` is an outcome or money."""

    name: str
    address: str
    under: Markup | str
    day: str
    time: str
    what: Markup | str
    beneath: Markup | str


def lines(rows: Rows, found: list[dict[str, Any]], words: Words) -> tuple[Line, ...]:
    """Rows as they are shown."""
    return tuple(_line(rows, each, words) for each in found)


def _line(rows: Rows, row: Mapping[str, Any], words: Words) -> Line:
    if rows.measure == "bridge" and rows.figure != "lines":
        return Line(*bridged.parts(rows.figure, row, _address(row.get("party_id")), words))
    if rows.measure == acquired.MEASURE and "line_id" not in row:
        address = _address(row.get("party_id"))
        return Line(*acquired.parts(rows.figure, row, address, words))
    if rows.measure in credited.MEASURES:
        return Line(*credited.parts(rows.measure, row, _address(row.get("party_id")), words))
    cohort = rows.measure in ("funnel", "conversion") and rows.figure in COHORTS
    at: datetime | None = row.get("previous_at") if cohort else row["at"]
    at = at or row.get("previous_at")
    what, beneath = _money(row, words) if "amount" in row else _outcome(row, words)
    return Line(
        row["name"] or row["party_id"] or "",
        _address(row["party_id"]),
        _under(row, words),
        words.day(words.calendar.local_day(at)) if at else "",
        words.figures.time(at) if at else "",
        what,
        beneath,
    )


def _outcome(row: Mapping[str, Any], words: Words) -> tuple[Markup | str, Markup | str]:
    known = OUTCOMES.get(row["outcome"])
    said = words.say(known) if known else Markup("<bdi>{}</bdi>").format(row["outcome"])
    days = row.get("days")
    if days is None:
        return said, ""
    return said, words.say("after {days}", days=words.figures.days(days))


def _money(row: Mapping[str, Any], words: Words) -> tuple[Markup | str, Markup | str]:
    def shown(sum_: Decimal | None) -> Markup | str:
        return words.say("unknown") if sum_ is None else words.figures.money(sum_)

    earned = words.say("contribution {amount}", amount=shown(row["contribution"]))
    return shown(row["amount"]), earned


def _under(row: Mapping[str, Any], words: Words) -> Markup | str:
    """What tells the record: a deal, a line, the reason of a loss."""
    for name in ("deal_id", "line_id"):
        if row.get(name):
            return Markup('<code dir="ltr">{}</code>').format(row[name])
    if "reason" in row:
        reason = row["reason"] or words.say("unknown")
        source = source_name(row["source"], words)
        return Markup("<bdi>{}</bdi>").format(reason) + (Markup(" · ") + source if source else "")
    return ""


def source_name(source: str | None, words: Words) -> Markup:
    """Who gave a reason; empty where it is unknown."""
    return words.say(REASON_SOURCES.get(source, source)) if source else Markup("")


def _address(party: str | None) -> str:
    if not party:
        return ""
    try:
        return reverse("customer", kwargs={"party": party})
    except NoReverseMatch:  # an id that an address can't hold
        return ""
