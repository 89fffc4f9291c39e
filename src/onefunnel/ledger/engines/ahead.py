"""Queries that run while the next are being written."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType

import ibis.expr.types as ir
import pyarrow as pa

Run = Callable[[], pa.Table]
STOPPING_SECONDS = 0.01


class Ahead(Mapping[str, pa.Table]):
    """Answers by name; looking at one waits for it. To be used in a ``with``.

    Queries run one after another, in the order in which they are asked: the engine works without
    Python's lock, and Ibis, which takes about as long to write a query over a small ledger, with
    it. ``writing`` makes of an expression what runs it; ``stop`` ends what runs. At the end what
    nobody has waited for is stopped: most often because the caller failed.

    >>> import ibis
    >>> rows = ibis.table({"n": "int64"}, name="t")
    >>> with Ahead(lambda each: lambda: pa.table({"n": [1]}), lambda: None) as found:
    ...     found.ask("rows", rows)
    ...     found["rows"].to_pylist()
    [{'n': 1}]
    """

    def __init__(self, writing: Callable[[ir.Table], Run], stop: Callable[[], None]) -> None:
        self._writing, self._stop = writing, stop
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="query")
        self._asked: dict[str, Future[pa.Table]] = {}

    def ask(self, name: str, expression: ir.Table) -> None:
        """Write a query, and let it run when those before it have."""
        self._asked[name] = self._pool.submit(self._writing(expression))

    def __getitem__(self, name: str) -> pa.Table:
        return self._asked[name].result()

    def __contains__(self, name: object) -> bool:
        return name in self._asked  # A mapping would look by waiting for the value.

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        running = [each for each in self._asked.values() if not each.done()]
        while wait(running, STOPPING_SECONDS).not_done:
            self._stop()  # Again and again: what has not begun yet can't be stopped.
