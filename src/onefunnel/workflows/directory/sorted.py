"""Files of rows in the order of a key, in which the rows of one key are found without reading on.

The rows lie in small blocks; beside the file stand the first keys of all blocks. To find a key is
to look it up among those and read one block, however long the file is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather, ipc

BLOCK = 4_096
"""Rows in a block, all of which are read for one of them."""


def write_sorted(rows: pa.RecordBatchReader, path: Path) -> None:
    """Write rows that come in the order of their first column, which is never NULL."""
    firsts: list[Any] = []
    options = ipc.IpcWriteOptions(compression="zstd")
    with ipc.new_file(str(path), rows.schema, options=options) as file:
        for batch in rows:
            for start in range(0, len(batch), BLOCK):
                block = batch.slice(start, BLOCK)
                firsts.append(block.column(0)[0].as_py())
                file.write_batch(block)
    keys = pa.table({"first": pa.array(firsts, rows.schema.field(0).type)})
    feather.write_feather(keys, _index(path), compression="uncompressed")


def find_sorted(path: Path, key: int | str, most: int = 64) -> pa.Table:
    """The rows with a key, in the file's order; no rows where there is none.

    Of a key with very many rows those of the first block are read, and of the last ``most``.
    FileNotFoundError where the file was thrown away meanwhile. A text is looked up by code points,
    which is the order of its bytes.

    >>> import tempfile
    >>> rows = pa.table({"code": [1, 2, 2, 5], "what": ["a", "b", "c", "d"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows"
    ...     write_sorted(rows.to_reader(), path)
    ...     find_sorted(path, 2)["what"].to_pylist(), len(find_sorted(path, 3))
    (['b', 'c'], 0)
    """
    firsts = feather.read_table(_index(path))["first"].to_pylist()
    # What begins with the key may begin in the block before.
    start, end = max(bisect_left(firsts, key) - 1, 0), bisect_right(firsts, key)
    wanted = [at for at in range(start, end) if at <= start + 1 or at >= end - most]
    with pa.memory_map(str(path)) as mapped:
        file = ipc.open_file(mapped)
        blocks: Iterable[pa.RecordBatch] = [file.get_batch(at) for at in wanted]
        found = [_only(block, key) for block in blocks]
        return pa.Table.from_batches([each for each in found if len(each)], file.schema)


def _only(block: pa.RecordBatch, key: int | str) -> pa.RecordBatch:
    return block.filter(pc.equal(block.column(0), key))


def _index(path: Path) -> Path:
    return path.with_name(f"{path.name}.first")
