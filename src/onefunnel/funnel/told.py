"""Notes from what the engine counted: remarks, and records that begin too late."""

from math import fsum
from typing import Any

import pyarrow as pa

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.incidence import Incidence
from onefunnel.funnel.notes import NOTES, note
from onefunnel.funnel.truncation import LATER, first
from onefunnel.vocabulary import STAGES, Note, Stage

FIGURES = {
    "advocacy_without_purchase": "entities",
    "lines_without_amount": "lines",
    "losses_without_entry": "entities",
    "possible_double_count": "entities",
    "unconvertible_lines": "lines",
    "unknown_visitors": "touches",
}
"""What a remark that is only a number counts."""

MISSING_BY_CHANCE = 5.0
"""Fewer missing entries than this are no evidence that the records begin too late."""


def remark_notes(remarks: pa.Table) -> list[Note]:
    """The notes of the query ``remarks``, in the order of their codes."""
    rows = [row for row in remarks.to_pylist() if row["counted"]]
    order = list(NOTES)
    rows.sort(key=lambda row: (order.index(row["code"]), row["place"]))
    return [_remark(row["code"], row["place"], row["counted"]) for row in rows]


def _remark(code: str, place: str, counted: int) -> Note:
    if code == "rows_without_instant":
        return note(code, rows=counted, table=place)
    if code == "fallback_used":
        stage, _, fact = place.partition(":")
        return note(code, stage=stage, fact=fact, entities=counted)
    return note(code, **{FIGURES[code]: counted})


def truncation_notes(collected: Collected) -> list[Note]:
    """A note for each stage whose entries are missing before its first record.

    The expected number of entries before it comes from those who entered the earlier stage since
    then (whose entries are all on record): the sum of their incidence at the time that each
    exposed entity had. Five or more are not missing by chance.
    """
    (firsts,) = collected["first_observed"].to_pylist()
    rows = collected["exposure"].to_pylist()
    notes = (
        _truncation(stage, firsts, [row for row in rows if row["position"] == stage.position])
        for stage in LATER
    )
    return [each for each in notes if each is not None]


def _truncation(stage: Stage, firsts: dict[str, Any], rows: list[dict[str, Any]]) -> Note | None:
    exposed = [row for row in rows if row["outcome"] == "exposed"]
    followed = [row for row in rows if row["outcome"] != "exposed"]
    if not exposed or not followed:
        return None
    counts = [
        [row["entities"] if row["outcome"] == outcome else 0 for row in followed]
        for outcome in ("moved", "lost", "censored")
    ]
    curve = Incidence.of([row["days"] for row in followed], *counts)
    # Rounded once: engines give the rows in any order.
    missing = fsum(row["entities"] * curve.moved_by(row["days"]) for row in exposed)
    if missing < MISSING_BY_CHANCE:
        return None
    earlier = [s for s in STAGES[: stage.position] if firsts[first(s)] is not None][-1]
    return note(
        "left_truncation",
        stage=stage.value,
        date=firsts[first(stage)].date().isoformat(),
        from_stage=earlier.value,
        exposed=sum(row["entities"] for row in exposed),
        expected=round(missing),
    )
