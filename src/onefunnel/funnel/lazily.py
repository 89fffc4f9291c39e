"""Named expressions, each built when it is asked for: to build one takes longer than to keep it."""

from collections.abc import Callable, Iterator, Mapping

import ibis.expr.types as ir


class Lazily(Mapping[str, ir.Table]):
    """A mapping whose values are made when they are asked for.

    >>> import ibis
    >>> queries = Lazily({"rows": lambda: ibis.table({"n": "int64"}, name="t")})
    >>> list(queries), queries["rows"].columns
    (['rows'], ('n',))
    """

    def __init__(self, makers: Mapping[str, Callable[[], ir.Table]]) -> None:
        self._makers = dict(makers)

    def __getitem__(self, name: str) -> ir.Table:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __or__(self, more: Mapping[str, Callable[[], ir.Table]]) -> "Lazily":
        """These and more makers."""
        return Lazily({**self._makers, **more})
