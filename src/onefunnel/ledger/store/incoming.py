"""Rows on their way into one table: from several files, each key once, conflicts set apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.util import gen_name

from onefunnel.ledger.schema.tables import Table
from onefunnel.ledger.store.hashes import hash_of, repeated_hashes
from onefunnel.ledger.store.merge import GIVEN_PREFIX
from onefunnel.ledger.store.quarantine import contradictions


@dataclass(frozen=True)
class Part:
    """Rows of one table that bring the same columns: those, ``deleted``, ``file`` and ``line``.

    ``files`` hold just these rows, as the table stores them, where there are such files.
    """

    table: Table
    rows: ir.Table
    present: tuple[str, ...]
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """Rows of one table, each key once, and the refused ones: those that contradict each other.

    ``refused`` has the columns of the quarantine, or is None where nothing is contradictory.
    ``files`` hold just the rows, as the table stores them, where there are such files.
    """

    table: Table
    rows: ir.Table
    present: tuple[str, ...]
    refused: ir.Table | None = None
    files: tuple[Path, ...] = ()


def gather(backend: Backend, parts: Sequence[Part]) -> list[Incoming]:
    """One Incoming per table, in the order of the parts.

    Within parts that bring the same columns, identical rows collapse and rows that differ under
    one key are set apart. Across parts with other columns, the later part's value stands.
    """
    by_table: dict[str, dict[tuple[str, ...], list[Part]]] = {}
    for part in parts:
        by_table.setdefault(part.table.name, {}).setdefault(part.present, []).append(part)
    return [
        reduce(partial(_over, backend), [_united(backend, each) for each in groups.values()])
        for groups in by_table.values()
    ]


def _united(backend: Backend, group: Sequence[Part]) -> Incoming:
    table, present = group[0].table, group[0].present
    rows = ibis.union(*[part.rows for part in group]) if len(group) > 1 else group[0].rows
    suspects = repeated_hashes(backend, rows, table.key)
    if not len(suspects):
        files = tuple(path for part in group for path in part.files)
        whole = all(part.files for part in group)
        every = rows.select(*present, "deleted")
        return Incoming(table, every, present, files=files if whole else ())
    repeated = backend.create_table(
        gen_name("repeated"),
        _repeated(_with(backend, rows, table.key, suspects), table.key),
        temp=True,
    )
    doubtful = rows.semi_join(repeated, table.key)
    distinct = doubtful.select(*present, "deleted").distinct()
    contradicting = _repeated(distinct, table.key)
    clear = rows.anti_join(repeated, table.key).select(*present, "deleted")
    once = distinct.anti_join(contradicting, table.key)
    refused = contradictions(doubtful.semi_join(contradicting, table.key), table, present)
    return Incoming(table, clear.union(once), present, refused)


def _with(backend: Backend, rows: ir.Table, key: str, hashes: npt.NDArray[np.uint64]) -> ir.Table:
    """The keys whose hash is one of some."""
    wanted = backend.create_table(gen_name("hashes"), pa.table({"hash": hashes}), temp=True)
    return rows.select(key, hash=hash_of(rows[key])).semi_join(wanted, "hash").select(key)


def _repeated(rows: ir.Table, key: str) -> ir.Table:
    times = rows.group_by(key).aggregate(times=rows.count())
    return times.filter(times.times > 1).select(key)


def _over(backend: Backend, earlier: Incoming, later: Incoming) -> Incoming:
    """Earlier and later rows under their keys; where both bring a column, the later's stands."""
    table = earlier.table
    first = earlier.rows.rename({f"e_{name}": name for name in earlier.rows.columns})
    second = later.rows.rename({f"l_{name}": name for name in later.rows.columns})
    both = first.outer_join(second, [(f"e_{table.key}", f"l_{table.key}")])
    present = tuple(n for n in table.column_names if n in {*earlier.present, *later.present})
    columns: dict[str, ir.Value] = {
        name: _value(both, table, name, earlier.present, later.present) for name in present
    }
    for name in present:
        if name != table.key:
            columns[f"{GIVEN_PREFIX}{name}"] = _brings(both, table, name, "e") | _brings(
                both, table, name, "l"
            )
    columns["deleted"] = ibis.coalesce(both.l_deleted, both.e_deleted)
    refused = [each.refused for each in (earlier, later) if each.refused is not None]
    rows = backend.create_table(gen_name("incoming"), both.select(**columns), temp=True)
    return Incoming(table, rows, present, reduce_union(refused))


def _value(
    both: ir.Table, table: Table, name: str, earlier: Sequence[str], later: Sequence[str]
) -> ir.Value:
    if name == table.key:
        return ibis.coalesce(both[f"l_{name}"], both[f"e_{name}"])
    if name not in later:
        return both[f"e_{name}"]
    if name not in earlier:
        return both[f"l_{name}"]
    return _brings(both, table, name, "l").ifelse(both[f"l_{name}"], both[f"e_{name}"])


def _brings(both: ir.Table, table: Table, name: str, side: str) -> ir.BooleanValue:
    """Whether a row of one side is there and brings a column."""
    if f"{side}_{name}" not in both.columns:
        return ibis.literal(False)
    there = both[f"{side}_{table.key}"].notnull()
    flag = f"{side}_{GIVEN_PREFIX}{name}"
    return there & both[flag].fill_null(False) if flag in both.columns else there


def reduce_union(tables: Sequence[ir.Table]) -> ir.Table | None:
    """All rows of several tables; None where there is no table."""
    if not tables:
        return None
    return ibis.union(*tables) if len(tables) > 1 else tables[0]
