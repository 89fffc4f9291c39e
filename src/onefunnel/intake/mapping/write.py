"""A mapping written out as the TOML that a person can read, change, and give back."""

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from typing import Any

from onefunnel.intake.mapping.model import Cell, Into, Mapping, Part, Reading, Source, Where

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def mapping_text(mapping: Mapping) -> str:
    """The mapping as TOML; :func:`parse_mapping` reads it back as it was.

    >>> from onefunnel.intake.mapping.parse import parse_mapping
    >>> text = '''[[source]]
    ... file = "people.csv"
    ...
    ... [[source.into]]
    ... table = "party"
    ... [source.into.columns]
    ... party_id = "No."
    ... kind = { value = "person" }
    ... '''
    >>> mapping_text(parse_mapping(text)) == text
    True
    """
    return "\n".join("\n".join(_source(source)) + "\n" for source in mapping.sources)


def _source(source: Source) -> Iterator[str]:
    yield "[[source]]"
    yield f"file = {_text(source.file)}"
    for name in ("sheet", "records", "encoding", "delimiter", "totals"):
        value = getattr(source, name)
        if value is not None:
            yield f"{name} = {_text(value)}"
    if source.skip:
        yield f"skip = {source.skip}"
    if source.optional:
        yield "optional = true"
    if source.known_by:
        yield f"known_by = [{', '.join(map(_text, source.known_by))}]"
    yield from (f"{name} = {value}" for name, value in _reading(source.reading))
    for into in source.into:
        yield ""
        yield from _into(into)


def _into(into: Into) -> Iterator[str]:
    yield "[[source.into]]"
    yield f"table = {_text(into.table)}"
    if into.where:
        yield f"where = [{', '.join(_where(each) for each in into.where)}]"
    yield "[source.into.columns]"
    for name, cell in into.cells.items():
        yield f"{name} = {_cell(cell)}"


def _where(condition: Where) -> str:
    said: dict[str, Any] = {"column": _text(condition.column)}
    if condition.known is not None:
        said["known"] = str(condition.known).lower()
    elif condition.among:
        said["is"] = _texts(condition.among)
    else:
        said["is_not"] = _texts(condition.not_among)
    return _table(said)


def _cell(cell: Cell) -> str:
    said: dict[str, str] = {}
    if len(cell.parts) > 1:
        said["join"] = f"[{', '.join(_part(part) for part in cell.parts)}]"
    elif cell.constant is not None:
        said["value"] = _text(cell.constant)
    else:
        said["column"] = _text(cell.columns[0])
    if cell.separator:
        said["with"] = _text(cell.separator)
    if cell.first is not None:
        said["first"] = _text(cell.first)
    if cell.values:
        said["map"] = _table({_key(name): _text(to) for name, to in cell.values.items()})
    for name in ("other", "default"):
        value = getattr(cell, name)
        if value is not None:
            said[name] = _text(value)
    said |= dict(_reading(cell.reading))
    return said["column"] if list(said) == ["column"] else _table(said)


def _part(part: Part) -> str:
    return _text(part.column) if part.column is not None else f"{{ value = {_text(part.value)} }}"


def _reading(reading: Reading) -> Iterator[tuple[str, str]]:
    for name in ("decimal", "date_order", "calendar", "zone"):
        value = getattr(reading, name)
        if value is not None:
            yield name, _text(value)
    for name in ("format", "null_values", "strip"):
        texts = getattr(reading, name)
        if texts:
            yield name, _texts(texts)
    for name in ("percent", "round"):
        if getattr(reading, name):
            yield name, "true"


def _table(entries: MappingType[str, str]) -> str:
    return f"{{ {', '.join(f'{name} = {value}' for name, value in entries.items())} }}"


def _texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str | None) -> str:
    """A text as TOML writes it; JSON's escapes are among TOML's, but for DEL."""
    return json.dumps(text or "", ensure_ascii=False).replace("\x7f", "\\u007f")
