"""Whether the engine's answer is the reference's: counts and money exactly, ratios to 1e-9."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from onefunnel.funnel.reference.stages import funnel
from onefunnel.funnel.rules import Rules, default_rules
from onefunnel.measures.conversion.reference import conversion
from onefunnel.measures.deals.reference import deals
from onefunnel.measures.leaks.reference import leaks
from onefunnel.measures.lost_reasons.reference import lost_reasons
from onefunnel.vocabulary import Question, flat
from tests.spec.engines import Records, complete

REFERENCES: dict[str, Callable[[Records, Rules, Question], tuple[Any, ...]]] = {
    "funnel": funnel,
    "deals": deals,
    "leaks": leaks,
    "lost_reasons": lost_reasons,
    "conversion": conversion,
}


def reference(
    name: str, records: Records, question: Question, rules: Rules | None = None
) -> list[dict[str, Any]]:
    """The reference's rows, flat."""
    rows = REFERENCES[name](complete(records), rules or default_rules(), question)
    return [flat(row) for row in rows]


def assert_same(found: Sequence[Any], wanted: list[dict[str, Any]]) -> None:
    """Rows of an answer against the reference's, field by field."""
    rows = [flat(row) for row in found]
    assert len(rows) == len(wanted)
    for row, other in zip(rows, wanted, strict=True):
        assert row.keys() == other.keys()
        for name, value in row.items():
            if isinstance(value, float):
                expected = pytest.approx(other[name], rel=1e-9, abs=1e-9)
                assert value == expected, (name, row, other)
            else:
                assert value == other[name], (name, row, other)
