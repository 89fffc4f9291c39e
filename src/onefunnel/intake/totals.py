"""Rows of totals, which reports put under their records."""

import re
from collections.abc import Sequence

import ibis.expr.types as ir

from onefunnel.intake.cells import plain_text_of
from onefunnel.intake.files.raw import Raw, Rejects, named
from onefunnel.intake.mapping.model import Cell

_WORDS = (
    r"(grand |sub)?totals?( general)?|sum|итого|всего|общий итог|итог"
    r"|sum[aăe]|total general|مجموع( کل)?|جمع( کل)?|tổng( cộng)?|cộng|summe|gesamt"
)
_TOTALS = re.compile(rf"\s*(?:{_WORDS})\s*[:.]?\s*", re.IGNORECASE)
REASON = "This is a row of totals, not a record."


def last_is_totals(raw: Raw, key: Cell) -> bool:
    """Whether the last record is a row of totals.

    Its key is such a word; or it has no key, and one of its cells is such a word. Only the last
    record is looked at, for a company may be called Total.
    """
    if raw.last is None:
        return False
    _, cells = raw.last
    text = plain_text_of(key, raw.header, cells)
    if text is not None and len(key.columns) == 1:
        return _TOTALS.fullmatch(text) is not None
    if text is not None and any(
        cells[raw.header.index(name)] and not _says_total(cells[raw.header.index(name)])
        for name in key.columns
    ):
        return False
    return any(_says_total(cell) for cell in cells)


def _says_total(cell: str | None) -> bool:
    return cell is not None and _TOTALS.fullmatch(cell) is not None


def reject_last(raw: Raw, rejects: Rejects) -> int:
    """Put the last record among the rejected; its line."""
    assert raw.last is not None
    line, cells = raw.last
    rejects.add(line, "totals_row", REASON, named(raw.header, cells))
    return line


def matches_totals(
    pattern: str, key: ir.StringValue, cells: Sequence[ir.StringValue]
) -> ir.BooleanValue:
    """Whether a declared pattern is found in the key, or in a cell of a row without key."""
    in_cells = cells[0].re_search(pattern).fill_null(False)
    for cell in cells[1:]:
        in_cells = in_cells | cell.re_search(pattern).fill_null(False)
    return key.re_search(pattern).fill_null(False) | (key.isnull() & in_cells)
