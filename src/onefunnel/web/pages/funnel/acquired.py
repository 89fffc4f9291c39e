"""The rows behind a figure of acquisition: spend, touches, leads, customers, sales."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

MEASURE = "acquisition"
MEANING = "acquisition"
SAID = ("channel", "campaign", "page", "segment")
HEADS = {"spend": N_("Amount"), "touches": N_("Channel")}
"""The head of the last column, where it is neither an outcome nor told by the columns."""
ANSWERS = {"accepted": N_("accepted"), "rejected": N_("rejected"), None: N_("no answer")}


def parts(figure: str, row: Mapping[str, Any], address: str, words: Words) -> tuple[Any, ...]:
    """A record as the parts of a line."""
    if figure == "spend":
        return _spend(row, words)
    if figure == "touches":
        return _touch(row, address, words)
    if figure == "customers":
        return _customer(row, address, words)
    return _lead(row, address, words)


def _spend(row: Mapping[str, Any], words: Words) -> tuple[Any, ...]:
    """What spend says of itself; where that is too little, only a part may belong here."""
    said = [row[name] for name in SAID if row[name] is not None]
    name = Markup(" · ").join(map(_held, said)) if said else words.say("unknown")
    amount = row["amount"]
    shown = words.say("unknown") if amount is None else words.figures.money(amount)
    beneath = "" if row["recorded"] else words.say("says too little: a part of it is shared out")
    return (name, "", _code(row["spend_id"]), words.day(row["day"]), "", shown, beneath)


def _touch(row: Mapping[str, Any], address: str, words: Words) -> tuple[Any, ...]:
    under = [row[name] for name in ("kind", "campaign", "page") if row[name] is not None]
    channel = words.say("unknown") if row["channel"] is None else _held(row["channel"])
    name = row["party_id"] or words.say("unknown visitor")
    return (name, address, Markup(" · ").join(map(_held, under)), *_when(row, words), channel, "")


def _customer(row: Mapping[str, Any], address: str, words: Words) -> tuple[Any, ...]:
    """A customer: when they came, and when they bought first."""
    bought = row["bought_at"]
    said = words.say("bought on {day}", day=words.day(words.calendar.local_day(bought)))
    return (row["name"] or row["party_id"] or "", address, "", *_when(row, words), said, "")


def _lead(row: Mapping[str, Any], address: str, words: Words) -> tuple[Any, ...]:
    name = row["name"] or row["party_id"] or ""
    outcome = row["outcome"]
    answer = words.say(ANSWERS[outcome])
    reason = "" if row["reason"] is None else _held(row["reason"])
    return (name, address, _code(row["lead_id"]), *_when(row, words), answer, reason)


def _when(row: Mapping[str, Any], words: Words) -> tuple[str, str]:
    at = row["at"]
    return (words.day(words.calendar.local_day(at)), words.figures.time(at)) if at else ("", "")


def _held(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def _code(text: str) -> Markup:
    return Markup('<code dir="ltr">{}</code>').format(text)
