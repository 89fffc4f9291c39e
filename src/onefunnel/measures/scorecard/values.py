"""From sums by month to the figures of scorecards, or why there are none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from onefunnel.funnel.collected import Collected, rows_of
from onefunnel.measures.scorecard.cards import WHOLE, cards_of, scopes, sources, spans
from onefunnel.measures.scorecard.catalogue import FIGURES, Figure
from onefunnel.vocabulary import Question

Row: TypeAlias = Mapping[str, Any]

UNKNOWN_BY = {
    "revenue": "without_amount",
    "contribution": "without_contribution",
    "listed": "without_list",
    "net": "without_list",
    "spend": "without_spend",
}
"""Which count of rows without an amount makes a sum unknown."""

BY_SCOPE = {"sales": ("customers", "repeated"), "accepted": ("accepted",)}
OF_ALL = {"leads": ("leads", "contacted", "response_seconds"), "new": ("new",), "spend": ()}


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in a month: its value, or None, the reason, and how many rows lack something."""

    value: Decimal | None
    reason: str | None = None
    lines: int = 0


Values: TypeAlias = Mapping[tuple[str, str, str], Told]
"""By scope, month and source. What no scorecard reads is not there."""


def values(collected: Collected, question: Question) -> dict[tuple[str, str, str], Told]:
    """Every figure that the scorecards read, in every month of the history."""
    cards, _ = cards_of(question.terms)
    held = {row["table"]: row["rows"] for row in collected["scorecard_held"].to_pylist()}
    people = {WHOLE, *collected["scorecard_people"]["scope"].to_pylist()}
    sums = _Sums(collected)
    found = {}
    for name in sources(cards):
        figure = FIGURES.get(name)
        if figure is None:
            continue
        for scope in (WHOLE, *(scopes(cards) if figure.own else ())):
            for month in spans(question):
                known = _held(figure, held)
                told = sums.told(figure, scope, month) if known else Told(None, "no_records")
                found[scope, month, name] = told if scope in people else Told(None, "nobody")
    return found


def _held(figure: Figure, held: Mapping[str, int]) -> bool:
    """Whether the ledger holds rows of each table that the figure needs; ``a|b``: of either."""
    return all(any(held[name] for name in each.split("|")) for each in figure.tables)


class _Sums:
    """The rows of the queries by scope and month."""

    def __init__(self, collected: Collected) -> None:
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        for name in (*BY_SCOPE, *OF_ALL):
            keys = ("scope", "month") if name in BY_SCOPE else ("month",)
            self.rows[name] = rows_of(collected[f"scorecard_{name}"], keys)

    def told(self, figure: Figure, scope: str, month: str) -> Told:
        row = {name: each for part in self._parts(scope, month) for name, each in part.items()}
        missing = [row.get(UNKNOWN_BY[name], 0) for name in figure.needs if name in UNKNOWN_BY]
        if any(missing):
            return Told(None, "unknown_parts", max(missing))
        row["net"] = row.get("revenue")
        sums = {name: Decimal(row.get(name) or 0) for name in figure.needs}
        value = figure.value(sums)
        return Told(value, None if value is not None else "nothing")

    def _parts(self, scope: str, month: str) -> Iterator[Row]:
        for name in BY_SCOPE:
            yield self.rows[name].get((scope, month), {})
        for name in OF_ALL:
            yield self.rows[name].get((month,), {})
