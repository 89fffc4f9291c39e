"""A mapping, parsed: frozen, and checked against the tables of the ledger."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

DATE_ORDERS = ("ymd", "dmy", "mdy")
CALENDARS = ("gregorian", "solar_hijri")
DECIMALS = (".", ",")
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a joined value: a column of the source, or a constant."""

    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How text is to be read; None asks the source, and then the text itself.

    ``decimal`` is the decimal mark, ``format`` one or more patterns of ``strptime``,
    ``strip`` texts to take off a number, ``percent`` whether 60 means 0.6.
    """

    decimal: str | None = None
    date_order: str | None = None
    calendar: str | None = None
    zone: str | None = None
    format: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    percent: bool = False
    round: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the value of one ledger column comes from.

    One part: that column or constant. Several: joined with ``separator``; NULL if one of them is.
    Of a list that is written into one cell, ``first`` takes what stands before that text.
    ``values`` translates what is found; what is not in it becomes ``other``, or is rejected when
    ``other`` is None. ``default`` stands for an empty cell.
    """

    parts: tuple[Part, ...]
    separator: str = ""
    first: str | None = None
    values: MappingType[str, str] = field(default_factory=dict)
    other: str | None = None
    default: str | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the source that it needs."""
        return tuple(part.column for part in self.parts if part.column is not None)

    @property
    def constant(self) -> str | None:
        """The value, where it is a constant."""
        return self.parts[0].value if len(self.parts) == 1 else None


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows to take: the column is known or not, is one of these, is none of those."""

    column: str
    known: bool | None = None
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Into:
    """One table that a source feeds: ledger column -> cell, and which rows."""

    table: str
    cells: MappingType[str, Cell]
    where: tuple[Where, ...] = ()

    @property
    def source_columns(self) -> frozenset[str]:
        """The columns of the source that it needs."""
        needed = {name for cell in self.cells.values() for name in cell.columns}
        return frozenset(needed | {condition.column for condition in self.where})


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of file: a name or a pattern, how it is written, and the tables it feeds.

    ``totals`` is a regular expression: a row is one of totals when it matches the key, or any
    cell of a row without key. ``optional``: columns that the file does not have are left out, and
    so is a table whose key or condition needs one. ``known_by``: a file of another name is only
    recognised as one of these where it has one of the columns.
    """

    file: str
    into: tuple[Into, ...]
    sheet: str | None = None
    records: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    skip: int = 0
    totals: str | None = None
    optional: bool = False
    known_by: tuple[str, ...] = ()
    reading: Reading = field(default_factory=Reading)

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the file that some table needs."""
        return frozenset().union(*(into.source_columns for into in self.into))


@dataclass(frozen=True, slots=True)
class Mapping:
    """The sources of a mapping file, and the name of the file, for messages."""

    name: str
    sources: tuple[Source, ...]
