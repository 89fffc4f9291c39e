"""A source fitted to the columns that a file has."""

from collections.abc import Collection
from dataclasses import replace

from onefunnel.intake.mapping.model import Into, Source
from onefunnel.ledger.schema import TABLES


def fitted(source: Source, header: Collection[str]) -> Source:
    """An ``optional`` source without the columns that the file lacks; any other as it is.

    A table whose key, condition or instant needs such a column is left out. Where nothing would be
    left, the source is as it was: reading it says which column is missing.
    """
    if not source.optional:
        return source
    intos = tuple(into for each in source.into if (into := _fitted(each, header)) is not None)
    return replace(source, into=intos) if intos else source


def _fitted(into: Into, header: Collection[str]) -> Into | None:
    table = TABLES[into.table]
    cells = {
        name: cell
        for name, cell in into.cells.items()
        if all(column in header for column in cell.columns)
    }
    needed = {table.key, table.instant} & set(into.cells)
    if not needed <= set(cells):
        return None
    if not all(condition.column in header for condition in into.where):
        return None
    return replace(into, cells=cells)
