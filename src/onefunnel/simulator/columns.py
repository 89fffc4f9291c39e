"""Arrow columns from whole numbers: identifiers, texts by code, instants, days, money."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.ledger.schema import TABLES
from onefunnel.simulator.delays import DAY, Flags, Floats, Integers
from onefunnel.simulator.setting import Setting


def identifiers(prefix: str, numbers: Integers, known: Flags | None = None) -> pa.Array:
    """``prefix`` and the number; NULL where not ``known``.

    >>> identifiers("p", np.array([7, 12])).to_pylist()
    ['p7', 'p12']
    """
    texts = pc.cast(pa.array(numbers, mask=None if known is None else ~known), pa.string())
    return pc.binary_join_element_wise(pa.scalar(prefix), texts, "")


def prefixed(prefixes: Sequence[str], codes: Integers, numbers: Integers) -> pa.Array:
    """The prefix of each code, and the number.

    >>> prefixed(["p", "v"], np.array([1, 0]), np.array([7, 12])).to_pylist()
    ['v7', 'p12']
    """
    texts = pc.cast(pa.array(numbers), pa.string())
    return pc.binary_join_element_wise(pc.cast(coded(prefixes, codes), pa.string()), texts, "")


def coded(values: Sequence[str], codes: Integers, known: Flags | None = None) -> pa.Array:
    """The value of each code, as a dictionary array; NULL where the code is below zero.

    A value that is given twice stands once in the dictionary: Parquet keeps room for both and
    leaves it as it finds it, so that the same rows would be other bytes.

    >>> coded(["a", "b"], np.array([1, -1])).to_pylist()
    ['b', None]
    >>> coded(["a", "a", "b"], np.array([0, 1, 2])).dictionary.to_pylist()
    ['a', 'b']
    """
    missing = codes < 0 if known is None else (codes < 0) | ~known
    dictionary = pa.array(list(values), pa.string())
    if len(set(values)) < len(values):
        distinct = dictionary.dictionary_encode()
        codes = np.where(missing, 0, distinct.indices.to_numpy()[codes])
        dictionary = distinct.dictionary
    indices = pa.array(codes.astype(np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, dictionary)


def constant(value: str | None, size: int) -> pa.Array:
    """The same value in every row."""
    return coded([value or ""], np.full(size, 0 if value is not None else -1))


def instants(setting: Setting, at: Integers, known: Flags | None = None) -> pa.Array:
    """Instants from seconds since the company's first."""
    begins = round(setting.scenario.begins.timestamp())
    micros = np.where(np.ones(len(at), bool) if known is None else known, at + begins, 0)
    mask = None if known is None else ~known
    return pa.array(micros * 1_000_000, mask=mask).cast(pa.timestamp("us", tz="UTC"))


def days(setting: Setting, numbers: Integers, known: Flags | None = None) -> pa.Array:
    """Local days from their number since the company's first day."""
    first = setting.scenario.start.toordinal() - 719_163  # 1970-01-01
    shifted = np.where(np.ones(len(numbers), bool) if known is None else known, numbers, 0) + first
    mask = None if known is None else ~known
    return pa.array(shifted.astype(np.int32), mask=mask).cast(pa.date32())


def day_of(at: Integers) -> Integers:
    """The number of the day of each instant, leaving changes of the clock aside."""
    return at // DAY


def money(units: Integers, known: Flags | None = None) -> pa.Array:
    """Amounts from ten-thousandths, exactly.

    >>> money(np.array([15_000])).to_pylist()
    [Decimal('1.5000')]
    """
    return _decimal(units, known, pa.decimal128(19, 4))


def quantities(numbers: Integers) -> pa.Array:
    """Whole quantities."""
    return _decimal(numbers * 10_000, None, pa.decimal128(18, 4))


def ratios(values: Floats, known: Flags | None = None) -> pa.Array:
    """Floating numbers."""
    return pa.array(values, mask=None if known is None else ~known)


def _decimal(units: Integers, known: Flags | None, kind: pa.DataType) -> pa.Array:
    # A decimal is sixteen bytes, low half first: the number, and its sign all over the high half.
    halves = np.empty((len(units), 2), np.int64)
    halves[:, 0], halves[:, 1] = units, units >> 63
    valid = None if known is None else pa.array(known).buffers()[1]
    return pa.Array.from_buffers(kind, len(units), [valid, pa.py_buffer(halves)])


def rows(name: str, columns: Mapping[str, Any]) -> pa.Table:
    """A table of the ledger's columns in their order; columns not given are all NULL.

    Texts may stay coded by a dictionary: :func:`plain` turns them into the ledger's own types.
    """
    fields = TABLES[name].arrow_schema
    size = len(next(iter(columns.values())))
    arrays = [
        columns[field.name] if field.name in columns else pa.nulls(size, field.type)
        for field in fields
    ]
    return pa.Table.from_arrays(arrays, names=fields.names)


def plain(name: str, table: pa.Table) -> pa.Table:
    """The table in the types of the ledger."""
    return table.cast(TABLES[name].arrow_schema)
