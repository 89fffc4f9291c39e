"""The form that says what the columns of a list are: as it is shown, and as it comes back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.intake.guessing import Draft, Recipe, recipe, suggest
from onefunnel.intake.guessing.suggest import sure
from onefunnel.intake.mapping.model import CALENDARS, DATE_ORDERS, DECIMALS
from onefunnel.intake.recognise import first_draft, likely_meanings, profiles_of
from onefunnel.intake.samples import Sample
from onefunnel.ledger.schema.facts import STATUSES
from onefunnel.web.locale import Words
from onefunnel.web.pages.imports.terms import STATUS_NAMES, field_name, list_name, lists

SHOWN = 3
"""Values of a column that are shown beside it."""

_COMMAS = re.compile("[,،]")
_LONGEST = 40


@dataclass(frozen=True)
class Column:
    """A column of the file: its first values, its field, whether that was only guessed."""

    number: int
    name: str
    values: tuple[str, ...]
    field: str
    look: bool


@dataclass(frozen=True)
class Asked:
    """A field whose values must be given a meaning: its column, and each value with what it means.

    ``choices`` are (value, name) pairs.
    """

    field: str
    name: str
    column: str
    values: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, Markup | str], ...]


@dataclass(frozen=True)
class Form:
    """The form as the page shows it."""

    recipe: Recipe
    columns: tuple[Column, ...]
    fields: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...]
    constants: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    common: tuple[tuple[str, str], ...]
    plain: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def form(draft: Draft, looked: Sample, words: Words) -> Form:
    """The form of a draft."""
    kind = recipe(draft.recipe)
    guessed = suggest(kind, profiles_of(looked))
    common, plain = lists()
    return Form(
        kind,
        tuple(_columns(draft, looked, guessed)),
        tuple((field.name, field_name(field.name, kind, words)) for field in kind.fields),
        tuple(_asked(draft, kind, looked, words)),
        tuple(_constants(draft, kind, words)),
        tuple((each.name, list_name(each, words)) for each in common),
        tuple((each.name, list_name(each, words)) for each in plain),
        tuple(missing(draft, words)),
    )


def missing(draft: Draft, words: Words) -> list[str]:
    """What the list still needs, in words: of each group one."""
    kind = recipe(draft.recipe)
    mapped = set(draft.columns.values()) | set(draft.constants)
    return [
        " / ".join(field_name(name, kind, words) for name in group)
        for group in kind.missing(mapped)
    ]


def _columns(
    draft: Draft, looked: Sample, guessed: Mapping[str, tuple[str, float]]
) -> list[Column]:
    columns = []
    for number, name in enumerate(looked.header):
        if not name:
            continue
        values = tuple(dict.fromkeys(text[:_LONGEST] for text in looked.column(name)))[:SHOWN]
        field = draft.columns.get(name, "")
        found = guessed.get(name)
        look = found is not None and found[0] == field and not sure(found[1])
        columns.append(Column(number, name, values, field, look))
    return columns


def _asked(draft: Draft, kind: Recipe, looked: Sample, words: Words) -> list[Asked]:
    by_field = {field: column for column, field in draft.columns.items()}
    asked = []
    for name in draft.asked():
        column = by_field[name]
        values = looked.values.get(column, ())
        said = draft.meanings.get(name, {})
        state = kind.name == "deals" and name == draft.state
        choices = STATUSES if state else kind.by_name[name].choices
        named = tuple((each, words.say(STATUS_NAMES.get(each, each))) for each in choices)
        pairs = tuple((value, said.get(value, "")) for value in values)
        asked.append(Asked(name, field_name(name, kind, words), column, pairs, named))
    return asked


def _constants(
    draft: Draft, kind: Recipe, words: Words
) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Fields with few valid values that no column has: one value may stand for all rows."""
    mapped = set(draft.columns.values())
    return [
        (f.name, field_name(f.name, kind, words), draft.constants.get(f.name, ""), f.choices)
        for f in kind.fields
        if f.choices and f.name not in mapped and not (kind.name == "deals" and f.name == "status")
    ]


def draft_for(kind: str, looked: Sample, kept: Draft | None) -> Draft:
    """The draft that the page begins with: what was said, else what is likely."""
    if kept is not None and kind in ("", kept.recipe):
        return kept
    return first_draft(looked, kind) or Draft("contacts")


def read(given: Mapping[str, str], looked: Sample, kept: Draft, words: Words) -> Draft:
    """The draft as a person sent it. Raises UsageError for what can't be."""
    kind = recipe(given.get("kind") or kept.recipe)
    columns: dict[str, str] = {}
    for number, name in enumerate(looked.header):
        field = given.get(f"c{number}", "")
        if not field:
            continue
        if field not in kind.by_name:
            raise UsageError(f"There is no field {field!r}.")
        if field in columns.values():
            raise UsageError(
                words.say(
                    "Two columns say the same: {field}.", field=field_name(field, kind, words)
                ),
                remedy=words.say("Choose one of them."),
            )
        columns[name] = field
    profiles = profiles_of(looked)
    draft = Draft(
        kind.name,
        columns,
        constants=_said_constants(given, kind, columns),
        formats={name: profiles[name].format for name in columns if profiles[name].format},
        percents=tuple(name for name in columns if profiles[name].percent),
        date_order=_among(given, "date_order", DATE_ORDERS),
        calendar=_among(given, "calendar", CALENDARS),
        decimal=_among(given, "decimal", DECIMALS),
        zone=_zone(given.get("zone", "").strip(), words),
        currency=given.get("currency", "").strip().upper(),
        null_values=tuple(
            text for each in _COMMAS.split(given.get("null_values", "")) if (text := each.strip())
        ),
    )
    return replace(draft, meanings=_meanings(given, draft, looked))


def _said_constants(
    given: Mapping[str, str], kind: Recipe, columns: Mapping[str, str]
) -> dict[str, str]:
    said = {f.name: given.get(f"k:{f.name}", "") for f in kind.fields if f.choices}
    return {
        name: value
        for name, value in said.items()
        if value in kind.by_name[name].choices and name not in columns.values()
    }


def _meanings(given: Mapping[str, str], draft: Draft, looked: Sample) -> dict[str, dict[str, str]]:
    """What was said of each value; what was not asked yet is guessed."""
    likely = likely_meanings(draft, looked)
    by_field = {field: column for column, field in draft.columns.items()}
    for name, values in likely.items():
        if given.get(f"of:{name}") != by_field[name]:
            continue
        for number, value in enumerate(values):
            values[value] = given.get(f"m:{name}:{number}", values[value])
    return likely


def unasked(given: Mapping[str, str], draft: Draft) -> bool:
    """Whether values must be given a meaning that the form that came did not ask for."""
    by_field = {field: column for column, field in draft.columns.items()}
    return any(given.get(f"of:{name}") != by_field[name] for name in draft.meanings)


def _among(given: Mapping[str, str], name: str, valid: tuple[str, ...]) -> str:
    value = given.get(name, "")
    return value if value in valid else ""


def _zone(name: str, words: Words) -> str:
    if name and name not in available_timezones():
        raise UsageError(
            words.say("There is no time zone {name}.", name=name),
            remedy=words.say("Write it as in Europe/Bucharest."),
        )
    return name
