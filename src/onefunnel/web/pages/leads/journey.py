"""The journey: lines of the directory as sentences, each with its department's mark."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from onefunnel.vocabulary import Department, round_money
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import REASON_SOURCES
from onefunnel.web.pages.leads.terms import INTENTS, KINDS, OTHERS
from onefunnel.web.report.cells import Mark, mark

TURNS = {("lead", None), ("deal", "won"), ("deal", "lost"), ("order", None)}
"""Lines that change everything: they stand out."""

Who = Callable[[str, str], Markup]
"""How an employee is called before somebody: by name, or by the department."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a journey. ``day`` is empty where the record says no instant.

    ``again``: it is of the same day as the line before.
    """

    day: str
    again: bool
    time: str
    iso: str
    mark: Mark
    title: Markup
    small: Markup
    turn: bool


def journey(lines: Iterable[Mapping[str, Any]], who: Who, words: Words) -> list[Line]:
    """Lines as a page shows them, in their order; ``lines`` are of the directory."""
    shown: list[Line] = []
    for each in lines:
        shown.append(_line(each, who, words, shown[-1].day if shown else ""))
    return shown


def department_of(line: Mapping[str, Any]) -> Department:
    """Whose a line is; of those that say nothing, nobody's."""
    try:
        return Department(line["department"])
    except ValueError:
        return Department.OTHER


def bdi(value: object) -> Markup:
    """A name from the records, held apart from the sentence around it."""
    return Markup("<bdi>{}</bdi>").format(value)


def _line(line: Mapping[str, Any], who: Who, words: Words, before: str) -> Line:
    at = line["at"]
    day = words.day(words.calendar.local_day(at)) if at else ""
    intent = INTENTS.get(line["intent"])
    kind = line["kind"] if line["source"] == "deal" else None
    return Line(
        day=day,
        again=bool(day) and day == before,
        time=words.figures.time(at) if at else "",
        iso=at.isoformat() if at else "",
        mark=mark(department_of(line), words),
        title=words.say(intent or _title(line)),
        small=Markup(" · ").join(_details(line, who, words)),
        turn=intent is not None or (line["source"], kind) in TURNS,
    )


def _title(line: Mapping[str, Any]) -> str:
    known = KINDS.get(line["source"], {})
    return known.get(line["kind"]) or OTHERS[line["source"]]


def _details(line: Mapping[str, Any], who: Who, words: Words) -> list[Markup]:
    names = (*_ORIGIN, "text") if line["source"] != "lead" else _ORIGIN
    found = [bdi(line[name]) for name in names if line[name]]
    if line["source"] in ("touch", "lead"):
        found = found or [words.say("unknown")]
    if source := REASON_SOURCES.get(line["reason_source"]):
        found.append(words.say(source))
    if line["source"] == "quote" and line["kind"]:
        found.append(bdi(line["kind"]))
    found += _figures(line, words)
    if line["actor"]:
        named = who(line["actor"], line["department"] or "")
        if named != words.department(department_of(line)):  # the mark says that already
            found.append(named)
    return found


_ORIGIN = ("page", "campaign", "channel", "term")


def _figures(line: Mapping[str, Any], words: Words) -> list[Markup]:
    figures, found = words.figures, []
    if line["source"] in ("deal", "quote", "order") and line["amount"] is not None:
        found.append(Markup(figures.money(_money(line["amount"]))))
    if line["source"] == "order":
        found.insert(0, words.count("{n} line", "{n} lines", int(line["number"] or 0)))
        if line["contribution"] is not None:
            earned = figures.money(_money(line["contribution"]))
            found.append(words.say("contribution {amount}", amount=earned))
    if line["source"] == "advocacy" and line["number"] is not None:
        found.append(words.say("score {number}", number=figures.number(line["number"])))
    if line["source"] == "handoff" and line["number"]:
        minutes = figures.number(line["number"])
        found.append(words.say("{minutes} minutes", minutes=minutes))
    if line["source"] == "commitment":
        found += _kept(line, words)
    return found


def _kept(line: Mapping[str, Any], words: Words) -> list[Markup]:
    day = words.calendar.local_day
    found = []
    if line["due_at"]:
        found.append(words.say("due {day}", day=words.day(day(line["due_at"]))))
    if line["kept_at"]:
        found.append(words.say("kept {day}", day=words.day(day(line["kept_at"]))))
    return found


def _money(amount: Decimal) -> Decimal:
    return round_money(amount)
