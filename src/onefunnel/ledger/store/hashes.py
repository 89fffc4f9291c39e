"""Which keys may have come twice: by their hashes, which are cheap to sort.

Keys that are equal have equal hashes, so that keys whose hash comes once come once themselves.
Only those of the others need to be compared.
"""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
from ibis.backends.duckdb import Backend

Hashes = npt.NDArray[np.uint64]
AT_ONCE = 2**26
"""Hashes that are held in memory at once (512 MiB); more are looked at in several rounds."""


@ibis.udf.scalar.builtin(name="hash", signature=((dt.string,), dt.uint64))
def hash_of(text):  # type: ignore[no-untyped-def]
    """DuckDB's hash of a text, of 64 bits; the same for as long as the connection lives."""


def repeated_hashes(backend: Backend, rows: ir.Table, key: str, at_once: int = AT_ONCE) -> Hashes:
    """The hashes that several of the keys have, sorted; none where every key comes once.

    Reads ``key`` only, once for each ``at_once`` rows.

    >>> backend = ibis.duckdb.connect()
    >>> keys = backend.create_table("keys", {"key": ["a", "b", "a", "c"]})
    >>> [len(repeated_hashes(backend, rows, "key")) for rows in (keys, keys.limit(2))]
    [1, 0]
    """
    count = backend.to_pyarrow(rows.count()).as_py()
    rounds = -(-count // at_once)
    hashed = rows.select(hash=hash_of(rows[key]))
    return np.concatenate(
        [_round(backend, hashed, each, rounds, count) for each in range(rounds)]
        or [np.empty(0, np.uint64)]
    )


def _round(backend: Backend, hashed: ir.Table, number: int, rounds: int, count: int) -> Hashes:
    """The hashes that come several times, among those that leave a remainder."""
    mine = hashed.filter(hashed.hash % rounds == number) if rounds > 1 else hashed
    held, found = 0, np.empty(count, np.uint64)
    for batch in backend.con.sql(backend.compile(mine)).to_arrow_reader(2**20):
        found[held : held + batch.num_rows] = batch.column(0).to_numpy()
        held += batch.num_rows
    found = found[:held]
    found.sort()
    return np.unique(found[1:][found[1:] == found[:-1]])
