"""Reference values that are probably one and the same, written in two ways."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from onefunnel.intake.staged import Staged
from onefunnel.vocabulary import Note

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

COLUMNS = ("sku", "segment", "channel", "campaign")
"""The columns of facts whose values name something that has one spelling."""

MOST_VALUES = 100_000
"""More distinct values than this are not names that people write; they are not looked at."""

_IGNORED = re.compile(r"[\W_]+")


def fold(value: str) -> str:
    """What is left of a spelling without case, spaces, punctuation and variants of letters.

    >>> fold("GTX Pro") == fold("GTXPro") == fold("ＧＴＸ-pro")
    True
    """
    folded = unicodedata.normalize("NFKC", value).casefold()
    return _IGNORED.sub("", folded)


def lookalikes(values: Mapping[str, Sequence[str]]) -> list[Note]:
    """A note (code ``lookalike``) for each group of values that differ only in spelling.

    ``values`` are the distinct values of each column; numbers that differ in punctuation only
    (1.5 and 15) are not alike.

    >>> [note] = lookalikes({"segment": ["GTX Pro", "GTXPro", "MG Special"]})
    >>> note.text
    "segment: 'GTX Pro' and 'GTXPro' are probably the same."
    """
    notes = []
    for column, found in values.items():
        groups: dict[str, list[str]] = {}
        for value in dict.fromkeys(found):
            folded = fold(value)
            if folded and not folded.isdigit():
                groups.setdefault(folded, []).append(value)
        for group in groups.values():
            if len(group) > 1:
                notes.append(_note(column, sorted(group)))
    return notes


def _note(column: str, group: list[str]) -> Note:
    shown = " and ".join(repr(value) for value in group)
    params: dict[str, str | int | float] = {"column": column, "values": "\n".join(group)}
    return Note("lookalike", f"{column}: {shown} are probably the same.", params)


def reference_values(staged: Iterable[Staged], con: "Backend") -> dict[str, list[str]]:
    """The distinct values of the columns in :data:`COLUMNS` over all parts, sorted.

    A product's ``sku`` and ``name`` stand with ``sku`` and ``segment`` too: facts name products in
    either. Columns with more than :data:`MOST_VALUES` distinct values are left out.
    """
    collected: dict[str, set[str]] = {}
    for part in staged:
        for column, group in _groups(part):
            values = part.rows.select(value=part.rows[column]).distinct()
            values = values.filter(values.value.notnull()).limit(MOST_VALUES + 1)
            arrow = con.to_pyarrow(values)["value"].to_pylist()
            collected.setdefault(group, set()).update(arrow)
    return {
        group: sorted(values) for group, values in collected.items() if len(values) <= MOST_VALUES
    }


def _groups(part: Staged) -> Iterable[tuple[str, str]]:
    for column in part.columns:
        if column in COLUMNS:
            yield column, column
        if part.table == "product" and column in ("sku", "name"):
            yield column, "sku"
            yield column, "segment"


__all__ = ["COLUMNS", "MOST_VALUES", "fold", "lookalikes", "reference_values"]
