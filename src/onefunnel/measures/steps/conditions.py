"""What a step asks of a touch: read from a text or a mapping, checked against the table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from onefunnel.errors import UnknownName, UsageError
from onefunnel.ledger.schema import TABLES, Kind
from onefunnel.vocabulary import Step

Values: TypeAlias = str | Sequence[str | None] | None
Given: TypeAlias = str | Mapping[str, Values] | Step

COLUMNS = tuple(
    column.name
    for column in TABLES["touch"].columns
    if column.kind is Kind.TEXT
    and column.name != TABLES["touch"].key
    and column.references is None
    and not column.identifying
)
"""The columns of a touch that a step can ask about."""

_VALUE = r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>[^",|]*))\s*(?P<after>[,|]|$)'
_COLUMN = r"\s*(?P<column>[^=,|\"]*)="


def step_of(given: Given) -> Step:
    """The step that a text or a mapping describes.

    A text is ``column=value``, several values parted by ``|``, several columns by ``,``; the word
    ``unknown`` is what is not on record, and a value in double quotes is taken as it stands. A
    mapping has a value, or a sequence of them, for each column; None is what is not on record.

    Raises UnknownName for a column that is none of ``COLUMNS`` and for a value that its column can
    not have, UsageError for a text that can't be read.

    >>> step_of("kind=visit, channel=search|unknown") == step_of(
    ...     {"kind": "visit", "channel": ["search", None]}
    ... )
    True
    >>> step_of("kind=clik")
    Traceback (most recent call last):
    ...
    onefunnel.errors.UnknownName: There is no kind 'clik'. Did you mean 'click'? Valid: call, ...
    """
    if isinstance(given, Step):
        pairs = dict(given.where)
    elif isinstance(given, str):
        pairs = _read(given)
    else:
        pairs = {name: _tuple(values) for name, values in given.items()}
    if not pairs or not all(pairs.values()):
        raise UsageError(f"The step {given!r} asks for nothing.", remedy=_HOW)
    for name, values in pairs.items():
        _check(name, values)
    return Step(tuple(pairs.items()))


_HOW = 'Write it as kind=click, or as kind=visit|call, channel="my channel".'


def _tuple(values: Values) -> tuple[str | None, ...]:
    return (values,) if values is None or isinstance(values, str) else tuple(values)


def _check(name: str, values: tuple[str | None, ...]) -> None:
    if name not in COLUMNS:
        raise UnknownName("column of a touch for steps", name, COLUMNS)
    choices = TABLES["touch"].by_name[name].choices
    for value in values:
        if value is not None and choices and value not in choices:
            raise UnknownName(name, value, choices)


def _read(text: str) -> dict[str, tuple[str | None, ...]]:
    pairs: dict[str, tuple[str | None, ...]] = {}
    for name, values in _parts(text):
        if name in pairs:
            raise UsageError(
                f"The step {text!r} names {name!r} twice.",
                remedy=f"Put its values together: {name}=one|other.",
            )
        pairs[name] = values
    return pairs


def _parts(text: str) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """The columns of a text with their values."""
    place, more = 0, True
    while more:
        found = re.compile(_COLUMN).match(text, place)
        if found is None:
            raise UsageError(f"The step {text!r} can't be read.", remedy=_HOW)
        column, place, values, after = found["column"].strip(), found.end(), [], "|"
        while after == "|":
            value = re.compile(_VALUE).match(text, place)
            if value is None or not (value["quoted"] or (value["bare"] or "").strip()):
                raise UsageError(f"The step {text!r} can't be read.", remedy=_HOW)
            values.append(_value(value))
            place, after = value.end(), value["after"]
        yield column, tuple(values)
        more = after == ","


def _value(found: re.Match[str]) -> str | None:
    if found["quoted"] is not None:
        return found["quoted"].replace('""', '"')
    bare = found["bare"].strip()
    return None if bare == "unknown" else bare
