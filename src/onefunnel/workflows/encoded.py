"""Answers as JSON: how they are kept, and how they come back with their types."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args, get_type_hints

from onefunnel.measures.registry import measure as measure_named
from onefunnel.vocabulary import Answer, Note, Question


@dataclass(frozen=True, slots=True)
class Computed:
    """An answer with the question as it was put, both as they were worked out."""

    answer: Answer[Any]
    question: Question


def encoded(computed: Computed) -> dict[str, Any]:
    """The answer and its question as JSON takes them; :func:`decoded` gives them back."""
    answer, question = computed.answer, computed.question
    return {
        "measure": answer.measure,
        "rows": [_plain(row) for row in answer.rows],
        "notes": [_plain(note) for note in answer.notes],
        "version": answer.ledger_version,
        "now": _plain(answer.now),
        "parameters": dict(answer.parameters),
        "question": {name: _plain(getattr(question, name)) for name in _OF_QUESTION},
    }


_OF_QUESTION = ("now", "start", "end", "by", "horizon_days", "currency", "within_days")
"""What pages say of a question; steps and months are in the answer's parameters and rows."""


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def decoded(found: Mapping[str, Any]) -> Computed:
    """What :func:`encoded` gave."""
    row_type = measure_named(found["measure"]).row_type
    answer = Answer(
        found["measure"],
        tuple(_typed(row_type, row) for row in found["rows"]),
        tuple(Note(**note) for note in found["notes"]),
        found["version"],
        _instant(found["now"]),
        found["parameters"],
    )
    question = dict(found["question"])
    question |= {name: _instant(question[name]) for name in ("now", "start", "end")}
    return Computed(answer, Question(**{**question, "by": tuple(question["by"])}))


def _typed(kind: type, found: Mapping[str, Any]) -> Any:
    """A row; what a later or an earlier release also said of it is left out."""
    hints = _hints(kind)
    said = {name: value for name, value in found.items() if name in hints}
    return kind(**{name: _valued(hints[name], value) for name, value in said.items()})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _valued(hint: Any, value: Any) -> Any:
    if value is None or isinstance(value, Mapping):
        return value
    options = get_args(hint) or (hint,)
    for each in options:
        if each is Decimal:
            return Decimal(value)
        if isinstance(each, type) and issubclass(each, Enum):
            return each(value)
        if each is datetime:
            return _instant(value)
        if each is date:
            return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
