"""From the answers of the queries of spend to what each row cost."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from onefunnel.funnel.collected import Collected, Values
from onefunnel.measures.acquisition.contacts import COLUMNS
from onefunnel.measures.acquisition.query import weighed
from onefunnel.measures.acquisition.sharing import (
    MONTH,
    NOTHING,
    Charged,
    Said,
    Spent,
    Weights,
    charged,
)
from onefunnel.measures.acquisition.spent import PATTERN
from onefunnel.vocabulary import Question


def charges(collected: Collected, question: Question) -> Charged:
    """What each combination of dimension values cost, shared out by the convention in force."""
    tables = [collected.get(name) for name in weighed(question)]
    rules = [
        _weights(table.to_pylist() if table is not None else [], question.by) for table in tables
    ]
    return charged(_spent(collected), question.by, rules)


def _spent(collected: Collected) -> Iterator[Spent]:
    for row in collected["spent"].to_pylist():
        if row["rows"]:
            yield Spent(
                tuple(row.get(name) for name in (*COLUMNS, MONTH)),
                Fraction(row["amount"] or NOTHING),
                (row["without_amount"] or 0) + (row["without_rate"] or 0),
            )


def _weights(rows: list[dict[str, Any]], by: tuple[str, ...]) -> Weights:
    found: dict[Said, dict[Values, int]] = defaultdict(dict)
    for row in rows:
        found[tuple(row[name] for name in PATTERN)][tuple(row[name] for name in by)] = int(row["n"])
    return found
