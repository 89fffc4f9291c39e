"""How a file that is known is read: what becomes of each of its columns."""

from dataclasses import dataclass

from onefunnel.intake.mapping.fitting import fitted
from onefunnel.intake.mapping.model import Into, Source
from onefunnel.intake.samples import Sample
from onefunnel.web.locale import Words
from onefunnel.web.pages.imports.column_form import SHOWN
from onefunnel.web.pages.imports.terms import table_name


@dataclass(frozen=True, slots=True)
class Used:
    """A column of the file, its first values, and the columns of tables that it feeds."""

    name: str
    values: tuple[str, ...]
    feeds: tuple[tuple[str, tuple[str, ...]], ...]


def used(source: Source, looked: Sample, words: Words) -> tuple[Used, ...]:
    """Every column of a file as the source reads it, in the order of the file."""
    into = fitted(source, looked.header).into
    return tuple(
        Used(
            name,
            tuple(dict.fromkeys(value for value in looked.column(name) if value))[:SHOWN],
            tuple(_feeds(into, name, words).items()),
        )
        for name in looked.header
        if name
    )


def _feeds(into: tuple[Into, ...], name: str, words: Words) -> dict[str, tuple[str, ...]]:
    """The columns that a column of the file feeds, by the name of their table."""
    found: dict[str, tuple[str, ...]] = {}
    for each in into:
        fed = tuple(column for column, cell in each.cells.items() if name in cell.columns)
        chooses = any(condition.column == name for condition in each.where)
        if fed or chooses:
            table = table_name(each.table, words)
            found[table] = tuple(dict.fromkeys((*found.get(table, ()), *fed)))
    return found
