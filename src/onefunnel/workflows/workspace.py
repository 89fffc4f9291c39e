"""A workspace: a folder, its settings, and a clock. Opened by bootstrap, handed to workflows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from onefunnel.ledger.engines.duckdb import Reader, read_with_retry, reader_at
from onefunnel.ledger.store.batch import Batch, writing
from onefunnel.ledger.store.journal import FILE_NAME as JOURNAL_NAME
from onefunnel.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Workspace:
    """A workspace as workflows see it; ``clock`` says what time it is, in UTC."""

    path: Path
    settings: Settings
    clock: Callable[[], datetime]

    @property
    def ledger(self) -> Path:
        """Folder of the ledger."""
        return self.path / "ledger"

    @property
    def scratch(self) -> Path:
        """Folder of what is gone when its owner is."""
        return self.path / "scratch"

    @property
    def rules(self) -> Path:
        """Folder of the funnel rules that a ledger version names, by content hash."""
        return self.path / "rules"

    @property
    def terms(self) -> Path:
        """Folder of the terms that a ledger version names, by content hash."""
        return self.path / "terms"

    @property
    def journal(self) -> Path:
        """File of the journal."""
        return self.path / JOURNAL_NAME

    @property
    def name(self) -> str:
        """The name to show."""
        return self.settings.name or self.path.name

    @contextmanager
    def writing(self) -> Iterator[Batch]:
        """Hold the writer's lock and fill a batch; nothing stays unless it is committed."""
        limit = self.settings.limits.lock_seconds
        with writing(self.ledger, self.scratch, self.settings.engine, limit) as batch:
            yield batch

    def reading(self, work: Callable[[Reader], T]) -> T:
        """Do ``work`` with a reader of the last complete batch."""
        return read_with_retry(self.ledger, self.settings.engine, self.scratch, work)

    @contextmanager
    def beside(self, reader: Reader) -> Iterator[Reader]:
        """Another reader of the same: what it holds is given back when it closes."""
        with reader_at(self.ledger, self.settings.engine, self.scratch, reader.head) as other:
            yield other
