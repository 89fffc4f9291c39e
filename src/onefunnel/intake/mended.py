"""Files that come out of the quarantine and go back in, mended.

``onefunnel quarantine --export`` writes the columns that a row had, and beside them
``quarantine_id``, which tells which row it is. What else stands there is ours as well: what a
broken row had too much (``_more``), or all of it where nothing could be made out (``_record``). A
row in which one of these two is still filled is not mended yet, and stays where it is.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.raw import LINE, Raw, column
from onefunnel.vocabulary.cells import STARTS_A_FORMULA

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

ID = "quarantine_id"
BROKEN = ("_more", "_record")
_UNNAMED = re.compile(r"_column_\d+")
_GUARDED = f"^'[{re.escape(''.join(STARTS_A_FORMULA))}]"


def looks_mended(path: Path) -> bool:
    """Whether a text file's header names :data:`ID`: then its rows say which table is theirs."""
    with path.open("rb") as stream:
        return ID.encode() in stream.readline(65_536)


def taken_out(raw: Raw, con: "Backend") -> tuple[Raw, frozenset[str]]:
    """The records as their file had them, and the rows of the quarantine that they mend.

    A row that is not mended yet comes back empty, and empty rows are passed over.
    """
    if ID not in raw.header:
        return raw, frozenset()
    kept = [at for at, name in enumerate(raw.header) if not _is_ours(name)]
    broken = [raw.value(name).notnull() for name in BROKEN if name in raw.header]
    waits = ibis.or_(*broken) if broken else ibis.literal(False)
    cells = [ibis.ifelse(waits, ibis.null("string"), _bare(raw.table[column(at)])) for at in kept]
    line = {LINE: raw.table[LINE]} if raw.lines is None else {}
    table = raw.table.select(**{column(to): cell for to, cell in enumerate(cells)}, **line)
    header = tuple(raw.header[at] for at in kept)
    last = raw.last and (raw.last[0], tuple(raw.last[1][at] for at in kept))
    ids = raw.table.filter(~waits, ibis.coalesce(*cells).notnull())
    found = con.to_pyarrow(ids.select(id=raw.value(ID)).distinct())["id"].to_pylist()
    mended = frozenset(each for each in found if each)
    return replace(raw, table=table, header=header, last=last), mended


def one_table(tables: frozenset[str], file: str) -> str:
    """The table that mended rows belong to. Raises InputError ``unknown_table``."""
    if len(tables) == 1:
        return next(iter(tables))
    said = f"of several tables: {', '.join(sorted(tables))}" if tables else "not in the quarantine"
    raise InputError(
        Place(file, 1, ID),
        "unknown_table",
        f"The rows that it mends are {said}.",
        remedy="Name the file after the table of its rows.",
    )


def _is_ours(name: str) -> bool:
    return name in (ID, *BROKEN) or _UNNAMED.fullmatch(name) is not None


def _bare(cell: ir.StringValue) -> ir.StringValue:
    """A cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return ibis.ifelse(cell.re_search(_GUARDED), cell.substr(1), cell)
