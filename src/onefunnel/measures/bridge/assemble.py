"""From sums by segment to the rows of the measure ``bridge``, by both methods."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from onefunnel.funnel.collected import Collected, rows_of
from onefunnel.funnel.notes import note as funnel_note
from onefunnel.funnel.rules import Rules
from onefunnel.measures.bridge.bridging import bridge
from onefunnel.measures.bridge.factors import PeriodFigures, Segment, SegmentFigures
from onefunnel.measures.bridge.notes import note
from onefunnel.measures.bridge.options import Options
from onefunnel.measures.bridge.query import AFTER, BEFORE, periods
from onefunnel.measures.bridge.result import Bridge, BridgeRow, Method
from onefunnel.measures.bridge.spread import Spread
from onefunnel.vocabulary import Department, Note, Question

Row = Mapping[str, Any]
WHY_UNKNOWN = ("without_price", "without_rate", "without_cost", "deals")


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[BridgeRow, ...], tuple[Note, ...]]:
    """The rows by Shapley, then those by LMDI where it is defined; each are a whole bridge.

    A bridge is a row ``before`` (the contribution of the period before), a row per factor, one for
    what stands outside them where there is any, one per department that brought something else,
    ``change``, and ``after``: ``before`` and the rows between make ``after``. By segment there is a
    row per factor and segment, and none of the whole. ``before`` and ``after`` are what was, and
    have no band.
    """
    by_segment, joint = "segment" in question.by, question.joint
    old, new = (figures(collected, name) for name in (BEFORE, AFTER))
    said = bridge(old, new, Options(joint=joint, by_segment=by_segment))
    rows, notes = _rows(said, Method.SHAPLEY, by_segment), [*said.notes]
    if not any(each.code == "refused_bridge" for each in notes):
        other = bridge(old, new, Options(Method.LMDI, joint=joint, by_segment=by_segment))
        undefined = [each for each in other.notes if each.code == "refused_bridge"]
        rows += () if undefined else _rows(other, Method.LMDI, by_segment)
        notes += [note("lmdi_undefined", segments=each.params["segments"]) for each in undefined]
        notes += [each for each in other.notes if each.code == "refused_bands"]
    return rows, (*dict.fromkeys(notes), *_notes(collected, question))


def figures(collected: Collected, period: str) -> PeriodFigures:
    """The figures of one of the two periods."""
    leads = _of(collected["leads"].to_pylist(), period)
    sums = _of(rows_of(collected["customers"], ("segment", "period")).values(), period)
    segments = {
        name: _segment(leads[name]["leads"] if name in leads else 0, sums.get(name))
        for name in {**leads, **sums}
    }
    booked: dict[Department | None, Decimal | None] = {}
    for row in collected["contributed"].to_pylist():
        if row["period"] == period:
            owner = department(row["department"])
            before = booked.get(owner, Decimal(0))
            known = before is not None and not row["unknown"]
            booked[owner] = before + row["amount"] if known else None
    return PeriodFigures(segments, booked)


def department(text: str | None) -> Department | None:
    """The department that a text names: ``other`` for a function that is none of ours.

    >>> department(" Support "), department("procurement"), department(None)
    (<Department.SUPPORT: 'support'>, <Department.OTHER: 'other'>, None)
    """
    if text is None or not text.strip():
        return None
    name = text.strip().lower()
    return Department(name) if name in set(Department) else Department.OTHER


def _of(rows: Iterable[Row], period: str) -> dict[Segment, Row]:
    return {row["segment"]: row for row in rows if row["period"] == period}


def _segment(leads: int, row: Row | None) -> SegmentFigures:
    if row is None:
        return SegmentFigures(leads, 0, Decimal(0), Decimal(0))
    unpriced = row["without_price"] + row["without_rate"]
    count = row["customers"]
    squares = (row[f"{name}"] for name in ("revenue_squares", "contribution_squares", "products"))
    spread = None if row["unknown"] else Spread(*(each / count for each in squares))
    return SegmentFigures(
        leads,
        count,
        None if unpriced else row["revenue"],
        None if row["unknown"] else row["contribution"],
        spread,
    )


def _rows(said: Bridge, method: Method, by_segment: bool) -> tuple[BridgeRow, ...]:
    if by_segment:
        return tuple(_in_a_segment(row) for row in said.rows)
    first, last = (
        BridgeRow(name, Department.BOTH, amount, None, None, method.value)
        for name, amount in ((BEFORE, said.before), (AFTER, said.after))
    )
    return (first, *said.rows, said.change, last)


def _in_a_segment(row: BridgeRow) -> BridgeRow:
    """A refused bridge knows no segments: its rows are of the unknown one."""
    where = row.dimensions or {"segment": None}
    return BridgeRow(row.factor, row.owner, row.amount, row.low, row.high, row.method, where)


def _notes(collected: Collected, question: Question) -> list[Note]:
    """What the reader must be told of the records."""
    rows = list(rows_of(collected["customers"], ("segment", "period")).values())
    unknown = sum(row["unknown"] for row in rows)
    notes = []
    if unknown:
        why = {name: sum(row[name] for row in rows) for name in WHY_UNKNOWN}
        notes.append(note("lines_without_contribution", lines=unknown, **why))
    (unpriced,) = collected["unpriced"].to_pylist()
    if unpriced["deals"]:
        notes.append(funnel_note("lines_without_amount", lines=unpriced["deals"]))
    notes += [
        funnel_note("rows_without_instant", table=row["table"], rows=row["rows"])
        for row in sorted(collected["undated"].to_pylist(), key=lambda row: str(row["table"]))
        if row["rows"]
    ]
    end = periods(question)[AFTER].end
    if end > question.now:
        days = (question.calendar.local_day(each).isoformat() for each in (end, question.now))
        notes.append(note("period_not_over", **dict(zip(("end", "now"), days, strict=True))))
    return notes
