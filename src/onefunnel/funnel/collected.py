"""Reading the small tables that the engine hands back."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.incidence import Incidence, Ints

Collected: TypeAlias = Mapping[str, pa.Table]
"""The answers of a measure's queries, by their names."""
Values: TypeAlias = tuple[Any, ...]
"""The values of the dimensions, in the order of ``question.by``; None is unknown."""


def rows_of(table: pa.Table, keys: Sequence[str]) -> dict[Values, dict[str, Any]]:
    """The rows of a table by their keys, which must be unique; counts that are NULL are 0.

    Spark counts what meets a condition among no rows at all as NULL.
    """
    counts = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    rows = [{**row, **{name: row[name] or 0 for name in counts}} for row in table.to_pylist()]
    return {tuple(row[name] for name in keys): row for row in rows}


def groups(table: pa.Table, keys: Sequence[str]) -> dict[Values, pa.Table]:
    """The rows of a table by the values of its keys, NULL being a value.

    >>> table = pa.table({"channel": ["web", None, "web"], "n": [1, 2, 3]})
    >>> {key: part["n"].to_pylist() for key, part in groups(table, ["channel"]).items()}
    {('web',): [1, 3], (None,): [2]}
    """
    if not table.num_rows:
        return {}
    if not keys:
        return {(): table}
    encoded = [_encoded(table[name]) for name in keys]
    sizes = [len(values) for _, values in encoded]
    codes = np.ravel_multi_index([codes for codes, _ in encoded], sizes)
    order = np.argsort(codes, kind="stable")
    distinct, starts = np.unique(codes[order], return_index=True)
    found = {}
    for code, part in zip(distinct, np.split(order, starts[1:]), strict=True):
        places = np.unravel_index(code, sizes)
        key = tuple(values[place] for (_, values), place in zip(encoded, places, strict=True))
        found[key] = _picked(table, part)
    return found


def _picked(table: pa.Table, places: Ints) -> pa.Table:
    """Rows of a table in increasing places; rows that stand together are not copied."""
    if places[-1] - places[0] + 1 == len(places):
        return table.slice(places[0], len(places))
    return table.take(pa.array(places))


def cohort_of(table: pa.Table | None) -> Incidence:
    """The cohort of a group of ``durations``; those left out (seconds NULL) are not in it."""
    if table is None:
        return Incidence.of([], [], [], [])
    timed = table.filter(pc.is_valid(table["seconds"]))
    names = ("seconds", "moved", "lost", "censored")
    return Incidence.of(*[integers(timed[name]) for name in names])


def left_out_of(table: pa.Table | None) -> int:
    """How many of a group of ``durations`` were left out."""
    return 0 if table is None else int(integers(table["left_out"]).sum())


def integers(column: pa.ChunkedArray) -> Ints:
    """A column of counts or codes as 64-bit integers; NULL is 0."""
    return np.asarray(pc.fill_null(column.cast(pa.int64()), 0).to_numpy(), dtype=np.int64)


def in_order(values: Values) -> tuple[tuple[bool, str], ...]:
    """The key that puts values of dimensions in order: by code points, unknown last."""
    return tuple((value is None, value or "") for value in values)


def _encoded(column: pa.ChunkedArray) -> tuple[Ints, list[Any]]:
    """Codes of a column's values and the values; NULL has a code of its own."""
    encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return integers(pa.chunked_array([encoded.indices])), encoded.dictionary.to_pylist()
