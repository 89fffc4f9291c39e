"""Reading the small tables that the engine hands back."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.incidence import Incidence, Ints

Collected: TypeAlias = Mapping[str, pa.Table]
"""The answers of a measure's queries, by their names."""
Codes: TypeAlias = npt.NDArray[np.int32]
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
    codes, values = [codes for codes, _ in encoded], [values for _, values in encoded]
    starts = _starts(codes)
    if _any_twice([each[starts] for each in codes]):  # some group's rows stand apart
        order = np.lexsort(codes[::-1])
        table, codes = table.take(pa.array(order)), [each[order] for each in codes]
        starts = _starts(codes)
    found = {}
    for start, end in pairwise([*starts.tolist(), table.num_rows]):
        key = tuple(own[each[start]] for own, each in zip(values, codes, strict=True))
        found[key] = table.slice(start, end - start)
    return found


def _starts(columns: Sequence[Codes]) -> Ints:
    """Where some column has another code than the row before."""
    changed = np.zeros(len(columns[0]), bool)
    changed[0] = True
    for codes in columns:
        changed[1:] |= codes[1:] != codes[:-1]
    return np.flatnonzero(changed)


def _any_twice(columns: Sequence[Codes]) -> bool:
    """Whether two rows have the same codes."""
    codes = np.ravel_multi_index(columns, [int(each.max()) + 1 for each in columns])
    return len(np.unique(codes)) < len(codes)


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


def _encoded(column: pa.ChunkedArray) -> tuple[Codes, list[Any]]:
    """Codes of a column's values and the values; NULL has a code of its own."""
    if pa.types.is_dictionary(column.type) and column.null_count:
        column = column.cast(column.type.value_type)
    encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return np.asarray(encoded.indices.to_numpy(), np.int32), encoded.dictionary.to_pylist()
