"""A mapping file (TOML) as a person writes it, checked word by word."""

import tomllib
from collections.abc import Mapping as MappingType
from pathlib import Path
from typing import Any

from onefunnel.errors import InputError, Place
from onefunnel.intake.mapping.complaints import Complaints
from onefunnel.intake.mapping.model import (
    CALENDARS,
    DATE_ORDERS,
    DECIMALS,
    DELETED,
    Cell,
    Into,
    Mapping,
    Part,
    Reading,
    Source,
    Where,
)
from onefunnel.ledger.schema import TABLES

_READING = ("decimal", "date_order", "calendar", "zone", "null_values")
_SOURCE = (
    *(
        "file",
        "sheet",
        "records",
        "encoding",
        "delimiter",
        "skip",
        "totals",
        "optional",
        "known_by",
        "into",
    ),
    *_READING,
)
_CELL = (
    *("column", "value", "join", "with", "first", "map", "other", "default"),
    *(*_READING, "format", "strip", "percent", "round"),
)
_WHERE = ("column", "known", "is", "is_not")


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises InputError: ``not_found``, or ``bad_mapping`` with line, name, and the nearest valid.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise InputError(Place(str(path)), "not_found", "There is no such file.") from None
    except (UnicodeDecodeError, OSError) as error:
        raise InputError(
            Place(str(path)),
            "bad_mapping",
            f"The mapping can't be read ({error}).",
            remedy="Save it as UTF-8.",
        ) from error
    return parse_mapping(text, path.name)


def parse_mapping(text: str, name: str = "mapping") -> Mapping:
    """The mapping in a text of TOML; ``name`` is used in messages.

    Raises InputError ``bad_mapping``.

    >>> mapping = parse_mapping('''
    ... [[source]]
    ... file = "people.csv"
    ... [[source.into]]
    ... table = "party"
    ... columns = { party_id = "id", kind = { value = "person" } }
    ... ''')
    >>> mapping.sources[0].into[0].cells["kind"].constant
    'person'
    """
    complaints = Complaints(text, name)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise complaints.syntax(str(error)) from error
    complaints.names(document, ("source",), "mapping")
    sources = complaints.tables(document.get("source"), "source")
    if not sources:
        raise complaints.about("source", "The mapping has no [[source]].")
    return Mapping(name, tuple(_source(each, complaints) for each in sources))


def _source(given: dict[str, Any], complaints: Complaints) -> Source:
    complaints.enter("[[source]]")
    complaints.names(given, _SOURCE, "source")
    reading = _reading(given, complaints)
    intos = complaints.tables(given.get("into"), "into")
    if not intos:
        raise complaints.about("into", "The source feeds no table: add [[source.into]].")
    skip = given.get("skip", 0)
    if not isinstance(skip, int) or isinstance(skip, bool) or skip < 0:
        raise complaints.about("skip", "skip is the number of lines before the header.")
    totals = complaints.text(given, "totals")
    complaints.pattern(totals)
    return Source(
        file=complaints.needed_text(given, "file"),
        into=tuple(_into(each, complaints) for each in intos),
        sheet=complaints.text(given, "sheet"),
        records=complaints.text(given, "records"),
        encoding=complaints.encoding(given),
        delimiter=complaints.delimiter(given),
        skip=skip,
        totals=totals,
        optional=complaints.flag(given, "optional"),
        known_by=complaints.texts(given, "known_by"),
        reading=reading,
    )


def _reading(given: MappingType[str, Any], complaints: Complaints) -> Reading:
    return Reading(
        decimal=complaints.choice(given, "decimal", DECIMALS),
        date_order=complaints.choice(given, "date_order", DATE_ORDERS),
        calendar=complaints.choice(given, "calendar", CALENDARS),
        zone=complaints.zone(given),
        format=complaints.texts(given, "format"),
        null_values=complaints.texts(given, "null_values"),
        strip=complaints.texts(given, "strip"),
        percent=complaints.flag(given, "percent"),
        round=complaints.flag(given, "round"),
    )


def _into(given: dict[str, Any], complaints: Complaints) -> Into:
    complaints.enter("[[source.into]]")
    complaints.names(given, ("table", "columns", "where"), "into")
    name = complaints.needed_text(given, "table")
    if name not in TABLES:
        raise complaints.unknown("table", name, TABLES)
    table = TABLES[name]
    columns = given.get("columns")
    if not isinstance(columns, dict):
        raise complaints.about("columns", f"Say which columns of {name!r} come from where.")
    valid = (*table.column_names, DELETED)
    for column in columns:
        if column not in valid:
            raise complaints.unknown(f"column in {name!r}", column, valid)
    if table.key not in columns:
        message = f"{table.key!r} identifies a {name}: map it."
        raise complaints.about("columns", message)
    where = given.get("where", [])
    conditions = complaints.tables([where] if isinstance(where, dict) else where, "where")
    return Into(
        name,
        {column: _cell(column, rule, complaints) for column, rule in columns.items()},
        tuple(_where(each, complaints) for each in conditions),
    )


def _cell(name: str, rule: object, complaints: Complaints) -> Cell:
    if isinstance(rule, str):
        return Cell((Part(column=rule),))
    if not isinstance(rule, dict):
        raise complaints.about(name, f"{name!r} needs a column name or a table.")
    complaints.names(rule, _CELL, "column")
    if sum(key in rule for key in ("column", "value", "join")) != 1:
        raise complaints.about(name, f"{name!r} needs one of column, value, join.")
    values = rule.get("map", {})
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise complaints.about("map", f"map of {name!r} turns texts into texts.")
    if "other" in rule and not values:
        raise complaints.about("other", "other goes with map.")
    return Cell(
        _parts(name, rule, complaints),
        separator=complaints.text(rule, "with") or "",
        first=complaints.text(rule, "first") or None,
        values=values,
        other=complaints.text(rule, "other"),
        default=complaints.text(rule, "default"),
        reading=_reading(rule, complaints),
    )


def _parts(name: str, rule: MappingType[str, Any], complaints: Complaints) -> tuple[Part, ...]:
    if "value" in rule:
        return (Part(value=_constant(rule["value"])),)
    if "column" in rule:
        return (Part(column=complaints.needed_text(rule, "column")),)
    parts = []
    given = rule["join"]
    for part in given if isinstance(given, list) else []:
        if isinstance(part, str):
            parts.append(Part(column=part))
        elif isinstance(part, dict) and set(part) == {"value"}:
            parts.append(Part(value=_constant(part["value"])))
    if not parts or len(parts) != len(given):
        message = f'join of {name!r} is a list of column names and {{ value = "…" }}.'
        raise complaints.about("join", message)
    return tuple(parts)


def _constant(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _where(given: dict[str, Any], complaints: Complaints) -> Where:
    complaints.names(given, _WHERE, "where")
    known = given.get("known")
    if known is not None and not isinstance(known, bool):
        raise complaints.about("known", "known is true or false.")
    if sum(key in given for key in ("known", "is", "is_not")) != 1:
        raise complaints.about("where", "where needs one of known, is, is_not.")
    return Where(
        complaints.needed_text(given, "column"),
        known,
        complaints.texts(given, "is"),
        complaints.texts(given, "is_not"),
    )
