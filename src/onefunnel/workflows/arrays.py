"""Arrays that grow on disk while they are read: memory stays what a few batches take."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]


def written(
    batches: Iterable[pa.RecordBatch], folder: Path, kinds: Mapping[str, type]
) -> dict[str, Array]:
    """The named columns of batches as arrays of these types, each in a file of the folder.

    Instants become microseconds since 1970. The arrays are read from the files as they are used.
    """
    growing = {name: _Growing(folder / f"{name}.npy", kind) for name, kind in kinds.items()}
    for batch in batches:
        for name, array in growing.items():
            array.add(_numbers(batch.column(name)))
    return {name: array.whole() for name, array in growing.items()}


class _Growing:
    """One array in NumPy's own format; its length is put in when it is whole."""

    def __init__(self, path: Path, kind: type) -> None:
        self._path, self._kind, self._size = path, np.dtype(kind), 0
        self._file = path.open("wb")
        self._head(self._file)

    def add(self, values: Array) -> None:
        self._file.write(np.ascontiguousarray(values, self._kind).data)
        self._size += len(values)

    def whole(self) -> Array:
        self._file.seek(0)
        self._head(self._file)
        self._file.close()
        found: Array = np.load(self._path, mmap_mode="r" if self._size else None)
        return found

    def _head(self, file: IO[bytes]) -> None:
        # NumPy leaves room in the head for a first axis that grows, so its length stays the same.
        shape = {"descr": self._kind.str, "fortran_order": False, "shape": (self._size,)}
        np.lib.format.write_array_header_1_0(file, shape)


def _numbers(column: pa.Array) -> Array:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).view(pa.int64())
    found: Array = column.to_numpy(zero_copy_only=False)
    return found
