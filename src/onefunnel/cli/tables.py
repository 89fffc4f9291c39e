"""Answers as tables in a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from onefunnel.vocabulary import Answer, Note

KEYS = (
    *("stage", "from_stage", "to_stage", "reason", "source", "step", "segment"),
    *("model", "tracked", "said", "before", "after", "platform", "of"),
)
"""The fields that say what a row is about; they are repeated where a table is cut."""

NO_SHARES = frozenset(
    (
        *("leads", "worked_actual", "worked_plan", "worked_best"),
        *("hours", "hours_per_lead", "hours_worth_adding", "tau", "tau_by_hours"),
        *("by_pay", "by_contribution", "within_hours"),
        *("credit", "kappa"),
    )
)
"""Numbers that are no shares even where they lie from 0 to 1."""

PADDING = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its heading, its cells, and whether it says what a row is about."""

    heading: str
    cells: tuple[Text, ...]
    key: bool
    figures: bool

    @property
    def least(self) -> int:
        """The least width at which nothing is broken: headings may wrap at spaces."""
        words = [len(word) for word in self.heading.split()]
        return max([*words, *(cell.cell_len for cell in self.cells)], default=0)

    @property
    def natural(self) -> int:
        """The width at which the heading stands on one line."""
        return max(len(self.heading), self.least)


def print_answer(answer: Answer[Any], console: Console) -> None:
    """Print the rows of an answer; its notes are left to the caller.

    Fields stand in their order, intervals beside their shares. A table wider than the terminal is
    cut into several, each with the columns that say what a row is about. What is unknown reads
    "unknown"; what the data can't support reads "refused"; what a row does not have, as those
    named in its ``not_of_row``, is left empty.

    >>> print_answer(Answer("deals", ()), Console(width=40))
    deals: no rows
    """
    if not answer.rows:
        console.print(f"{answer.measure}: no rows", highlight=False)
        return
    _print(tuple(_columns(answer)), console)


def print_rows(rows: pa.Table, console: Console) -> None:
    """Print the rows behind a figure, cut like an answer where they are wider than the terminal."""
    listed = rows.to_pylist()
    columns = tuple(
        Column(
            name.replace("_", " "),
            tuple(_cell(name, row, ()) for row in listed),
            number == 0,
            any(isinstance(row[name], int | float | Decimal) for row in listed),
        )
        for number, name in enumerate(rows.column_names)
    )
    _print(columns, console)


def _print(columns: Sequence[Column], console: Console) -> None:
    for at, part in enumerate(_parts(columns, console.width)):
        if at:
            console.print()
        console.print(_table(part, console.width))


def _table(columns: Sequence[Column], width: int) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, PADDING, 0, 0))
    for column in columns:
        justify = "right" if column.figures else "left"
        fold = "fold" if column.key else "ellipsis"
        table.add_column(
            Text(column.heading),
            width=_width(column, columns, width),
            justify=justify,  # type: ignore[arg-type]
            overflow=fold,  # type: ignore[arg-type]
            vertical="top",
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*cells)
    return table


def _width(column: Column, columns: Sequence[Column], width: int) -> int | None:
    """The width of a column; None leaves it to Rich, where even the least is too wide."""
    between = PADDING * (len(columns) - 1)
    if sum(each.natural for each in columns) + between <= width:
        return column.natural
    return column.least if sum(each.least for each in columns) + between <= width else None


def _parts(columns: Sequence[Column], width: int) -> Iterator[tuple[Column, ...]]:
    """The columns in groups that fit; the keys stand in each group, and one more at least."""
    keys = tuple(column for column in columns if column.key)
    free = width - sum(column.least + PADDING for column in keys) + PADDING
    part: list[Column] = []
    for column in (each for each in columns if not each.key):
        if part and sum(each.least + PADDING for each in (*part, column)) > free:
            yield (*keys, *part)
            part = []
        part.append(column)
    yield (*keys, *part)


def _columns(answer: Answer[Any]) -> Iterator[Column]:
    rows = answer.to_dicts()
    currency = answer.parameters.get("currency")
    dimensions = tuple(answer.rows[0].dimensions)
    blanks: list[frozenset[str]] = [getattr(row, "not_of_row", frozenset()) for row in answer.rows]
    for name in rows[0]:
        values = [row[name] for row in rows]
        if _is_bound(name, rows[0]) or (name == "population_value" and not any(values)):
            continue
        money = any(isinstance(value, Decimal) for value in values)
        heading = name.replace("_", " ") + (f" {currency}" if money and currency else "")
        yield Column(
            heading,
            tuple(
                Text() if name in blank else _cell(name, row, answer.notes)
                for row, blank in zip(rows, blanks, strict=True)
            ),
            name in dimensions or name in KEYS,
            any(isinstance(value, int | float | Decimal) for value in values),
        )


def _bounds(name: str) -> tuple[str, str]:
    """The fields that hold the interval of a field, if it has one."""
    stem = name.removesuffix("_value")
    return f"{stem}_low", f"{stem}_high"


def _is_bound(name: str, row: Mapping[str, Any]) -> bool:
    """Whether a field is a bound of another one, beside which it is shown."""
    return any(name in _bounds(other) for other in row)


def _cell(name: str, row: Mapping[str, Any], notes: Sequence[Note]) -> Text:
    value = row[name]
    if value is None:
        return Text("refused" if _is_refused(name, row, notes) else "unknown", style="dim")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, int):
        return Text(f"{value:,}")
    if isinstance(value, Decimal):
        return Text(f"{value:,.2f}")
    if isinstance(value, float):
        return Text(_number(name, value, row))
    if isinstance(value, datetime):
        return Text(value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))
    return Text(_printable(str(value)))


def _printable(text: str) -> str:
    """Text without control characters: a name from the records must not steer the terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _number(name: str, value: float, row: Mapping[str, Any]) -> str:
    """A share as a percentage with its interval; any other number with three digits or more."""
    if name.endswith("days") or name in NO_SHARES or abs(value) > 1:
        return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"
    low, high = (row.get(bound) for bound in _bounds(name))
    if low is None or high is None:
        return f"{100 * value:.1f}%"
    return f"{100 * value:.1f}% [{100 * low:.1f}–{100 * high:.1f}]"


def _is_refused(name: str, row: Mapping[str, Any], notes: Sequence[Note]) -> bool:
    """Whether a note refuses this figure: it names the field, and the row where it names one."""
    return any(
        note.code == f"refused_{name}"
        and all(row[key] == value for key, value in note.params.items() if key in row)
        for note in notes
    )
