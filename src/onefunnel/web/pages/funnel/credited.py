"""The touches behind a figure of attribution: who was credited, and how paths went on."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.rules import RULES
from onefunnel.measures.attribution.touches import shown
from onefunnel.measures.transitions.behind import KINDS
from onefunnel.vocabulary import Crediting, Department
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES, VALUE_NAMES
from onefunnel.web.locale.translations import N_

MEASURES = ("attribution", "transitions")
PLAIN = ("model", "value", "department", "kind")
"""What an address names in words of ours, and not as the records do."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "attribution": ("model", "department", "value"),
    "transitions": ("kind", "before", "after", "value"),
}
NEEDED = {"attribution": "model", "transitions": "kind"}
"""What an address must name."""
HEADS = {"attribution": N_("Credit"), "transitions": N_("Paths")}
DEPARTMENTS = tuple(each.value for each in Department)
VALID: Mapping[str, tuple[str, ...]] = {
    "model": tuple(RULES),
    "value": tuple(each.value for each in Value),
    "department": DEPARTMENTS,
    "kind": KINDS,
}


def named(measure: str, given: Mapping[str, str], words: Words) -> dict[str, str]:
    """What an address names, besides dimensions and the value. UsageError for what can't be."""
    found = {name: given[name] for name in PLAIN if given.get(name)}
    found.setdefault(NEEDED[measure], "")
    for name, text in found.items():
        if text not in VALID[name]:
            raise UsageError(
                words.say("“{given}” can't be asked.", given=text[:80]),
                remedy=words.say("What can be asked: {valid}.", valid=words.listed(VALID[name])),
            )
    return {name: text for name, text in found.items() if name != "value"}


def crediting(given: Mapping[str, str]) -> Crediting:
    """What credit is given for, as an address says it."""
    return Crediting(given.get("value") or None)


def narrowed_to(given: Mapping[str, str], words: Words) -> list[Markup]:
    """The model and the value, in words."""
    found = []
    model, value = MODEL_NAMES.get(given.get("model", "")), VALUE_NAMES.get(given.get("value", ""))
    if model:
        told = words.say(model)
        found.append(words.say("{name}: {value}", name=words.say("Model"), value=told))
    if value:
        told = words.say(value)
        found.append(words.say("{name}: {value}", name=words.say("Credit for"), value=told))
    return found


def parts(measure: str, row: Mapping[str, Any], address: str, words: Words) -> tuple[Any, ...]:
    """A touch as the parts of a line: whose, which, when, what it got."""
    figures = words.figures
    place = words.say(
        "touch {place} of {size}",
        place=figures.count(row["place"]),
        size=figures.count(row["size"]),
    )
    under = Markup(" · ").join([_player(row["player"], words), place])
    at = row["at"]
    when = (words.day(words.calendar.local_day(at)), figures.time(at)) if at else ("", "")
    name = row["name"] or row["party_id"] or ""
    if measure == "transitions":
        return (name, address, under, *when, figures.count(row["paths"]), "")
    share = words.say("{share} of it", share=figures.share(row["share"]))
    return (name, address, under, *when, figures.number(row["credit"]), share)


def _player(label: str, words: Words) -> Markup:
    department, name = shown(None if label == "unknown" else label)
    if name is None:
        return words.say("unknown")
    if department is None:
        return words.say("the small ones together")
    held = Markup("<bdi>{}</bdi>").format(name.removeprefix(f"{department}:"))
    if department == Department.MARKETING:
        return held
    return Markup("{}: {}").format(words.department(Department(department)), held)
