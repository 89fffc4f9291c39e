"""How far work of several parts is, as one number that never goes back."""

from collections.abc import Mapping

from onefunnel.intake import Progress

FINE = 1000


class Whole:
    """Progress over parts that follow one another; ``parts`` says about how long each takes.

    What is told of anything that is no part is how far the step is that is under way.

    >>> class Told:
    ...     def step(self, what, done, total):
    ...         print(what, round(100 * done / total))
    >>> whole = Whole(Told(), {"files": 3, "tables": 1})
    >>> whole.step("files", 1, 2)
    files 38
    >>> whole.step("lead.csv", 10, 20)
    lead.csv 56
    >>> whole.step("tables", 0, None)
    tables 75
    """

    def __init__(self, progress: Progress, parts: Mapping[str, float]) -> None:
        self._progress = progress
        self._parts = parts
        self._part = next(iter(parts))
        self._done, self._total = 0, 1
        self._reached = 0.0

    def step(self, what: str, done: int, total: int | None) -> None:
        """A part, or something within the step that is under way, is at ``done`` of ``total``."""
        within = 0.0
        if what in self._parts:
            self._part, self._done, self._total = what, done, total or 1
        elif total:
            within = done / total
        share = min((self._done + within) / self._total, 1.0)
        at = self._before + self._parts[self._part] * share
        self._reached = max(self._reached, at)
        every = sum(self._parts.values())
        self._progress.step(what, round(FINE * self._reached / every), FINE)

    @property
    def _before(self) -> float:
        names = list(self._parts)
        return sum(self._parts[name] for name in names[: names.index(self._part)])
