"""Named expressions, each built when it is first asked for: building takes longer than asking."""

from collections.abc import Callable, Iterator, Mapping

import ibis.expr.types as ir


class Lazily(Mapping[str, ir.Table]):
    """A mapping whose values are made when they are asked for, and then kept.

    >>> import ibis
    >>> tables = Lazily({"rows": lambda: ibis.table({"n": "int64"}, name="t")})
    >>> list(tables), tables["rows"].columns
    (['rows'], ('n',))
    >>> "rows" in Lazily({"rows": lambda: 1 / 0})
    True
    """

    def __init__(self, makers: Mapping[str, Callable[[], ir.Table]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        # A mapping would look by asking for the value, which makes it.
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __or__(self, more: Mapping[str, Callable[[], ir.Table]]) -> "Lazily":
        """These and more makers."""
        return Lazily({**self._makers, **more})


def over(tables: Mapping[str, ir.Table], more: Mapping[str, ir.Table]) -> Lazily:
    """Tables, with others in place of those of the same names; none is made before its time.

    >>> import ibis
    >>> rows = ibis.table({"n": "int64"}, name="t")
    >>> over({"a": rows, "b": rows}, {"b": rows.filter(rows.n > 0)})["a"].equals(rows)
    True
    """

    def maker(source: Mapping[str, ir.Table], name: str) -> Callable[[], ir.Table]:
        return lambda: source[name]

    names = dict.fromkeys((*tables, *more))
    return Lazily({name: maker(more if name in more else tables, name) for name in names})


def each(tables: Mapping[str, ir.Table], change: Callable[[str, ir.Table], ir.Table]) -> Lazily:
    """Every table changed by a function of its name and itself, when it is asked for."""

    def maker(name: str) -> Callable[[], ir.Table]:
        return lambda: change(name, tables[name])

    return Lazily({name: maker(name) for name in tables})
