"""Progress of long work, on standard error; nothing where that is not a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


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


class Steps:
    """One line that says what is being done: for work that can't tell how far it is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def step(self, what: str, done: int, total: int | None) -> None:
        """What is being done now."""
        self._progress.update(self._task, description=what)


@contextmanager
def shown_progress() -> Iterator[Bars]:
    """Bars that are shown while the block runs."""
    with _shown(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as progress:
        yield Bars(progress)


@contextmanager
def shown_steps() -> Iterator[Steps]:
    """The step that is being done, shown while the block runs."""
    with _shown(SpinnerColumn(), TextColumn("{task.description}")) as progress:
        yield Steps(progress)


def _shown(*columns: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
