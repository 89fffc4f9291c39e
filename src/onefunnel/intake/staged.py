"""What intake hands to the ledger's writer, and what it is told beforehand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import ibis.expr.types as ir

from onefunnel.errors import InputError, Place
from onefunnel.intake.parted import RowsFile, plain_file
from onefunnel.vocabulary import Note
from onefunnel.vocabulary.cells import column_named

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

    from onefunnel.intake.mapping import Mapping

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold, in bytes; ``max_unpack_ratio`` is unpacked to packed size.

    ``max_whole_bytes`` bounds what must be read at once: a JSON document that is not JSON lines.
    """

    max_field_bytes: int = 16 * MEBIBYTE
    max_file_bytes: int = 64 * GIBIBYTE
    max_unpacked_bytes: int = 64 * GIBIBYTE
    max_unpack_ratio: int = 200
    max_whole_bytes: int = 512 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Options:
    """What a file does not say about itself.

    ``mapping`` is None for the canonical import. ``zone`` (IANA name) is where a date or a time
    without zone is local. ``currency`` is the workspace's: it decides which currency sign may
    stand in an amount. ``country`` is the default region of telephone numbers, for identity.
    ``strict`` is for the workflow, which asks :func:`first_rejection`. ``tables_of_mended`` says
    to which tables rows of the quarantine belong. ``scratch`` is where unpacked and transcoded
    copies lie meanwhile, and the rows that are staged (None: the system's own place), so that
    whoever sweeps it sweeps them. ``open_rows`` opens the file into which good rows are written.
    """

    mapping: "Mapping | None" = None
    zone: str = "UTC"
    country: str | None = None
    currency: str = "EUR"
    strict: bool = False
    limits: Limits = field(default_factory=Limits)
    scratch: Path | None = None
    open_rows: RowsFile = plain_file
    tables_of_mended: Callable[[frozenset[str]], frozenset[str]] = lambda ids: frozenset()


class Progress(Protocol):
    """Told how far a long reading is; ``total`` is None where it is not known."""

    def step(self, what: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` bytes (or rows) of ``what`` are read."""


class _Silent:
    def step(self, what: str, done: int, total: int | None) -> None:
        pass


silent: Progress = _Silent()
"""A progress that tells nobody."""


@dataclass(frozen=True)
class Staged:
    """Rows for one table of the ledger, typed, and the rows that could not be.

    ``rows`` has the columns named in ``columns``, typed as ``ledger.schema`` says, then ``file``
    (string), ``line`` (int64; the header is line 1) and ``deleted`` (boolean, never NULL). A
    column that is not in ``columns`` was not in the source: the stored value stays. NULL in a
    column that is: the cell was empty. Keys are never NULL; they may repeat.

    ``rejected`` has ``file``, ``line``, ``column``, ``value``, ``code``, ``reason``, ``record``
    (JSON text of the whole raw row as read), ``table`` and ``file_column``; ``column`` is the
    ledger's, ``file_column`` what the file calls it (several are joined by " + "). These and
    ``value`` are NULL where the row itself is broken. A broken row of a file that feeds several
    tables stands once, with the first of them.

    Both are backed by files in the scratch folder and live as long as it (without one, as long as
    the connection). One table of the ledger can come in several parts, one for each set of
    columns. ``notes`` say what a person should know of the reading: columns nobody used, an
    encoding that was guessed. ``mended`` are the rows of the quarantine that came again with
    these. ``files`` are the files that ``open_rows`` opened, with all of ``rows`` and nothing
    else; there are none where rows say ``deleted``.
    """

    table: str
    rows: ir.Table
    columns: tuple[str, ...]
    rejected: ir.Table
    notes: tuple[Note, ...] = ()
    mended: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()


def first_rejection(staged: Iterable[Staged], con: "Backend") -> InputError | None:
    """The first rejected row (in the order of the parts, then by file and line) as an error.

    None when every row was read. For ``--strict``: raise it, and nothing is imported.
    """
    for part in staged:
        first = part.rejected.order_by("file", "line").limit(1)
        for row in con.to_pyarrow(first).to_pylist():
            column = column_named(row["column"], row["file_column"])
            place = Place(row["file"], row["line"], column, row["value"])
            return InputError(place, row["code"], row["reason"], remedy="Mend the row.")
    return None
