"""Progress of long work, on standard error; nothing where that is not a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Bars:
    """One bar per thing that is being read."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, int] = {}

    def step(self, what: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` of ``what`` are read; ``total`` None where it is not known."""
        if what not in self._tasks:
            self._tasks[what] = int(self._progress.add_task(what, total=total))
        self._progress.update(self._tasks[what], completed=done, total=total)  # type: ignore[arg-type]


@contextmanager
def shown_progress() -> Iterator[Bars]:
    """Bars that are shown while the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        yield Bars(progress)
