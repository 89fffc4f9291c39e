"""What a reader of files is asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import ibis

from onefunnel.intake.mapping.model import Source
from onefunnel.intake.staged import Options, Progress


@dataclass(frozen=True)
class Request:
    """A file at ``path``, called ``file`` in messages, to be read as ``source`` says.

    ``expected`` are column names that it may have; ``scratch`` is a folder for copies.
    """

    path: Path
    file: str
    source: Source
    expected: Collection[str]
    scratch: Path
    options: Options
    progress: Progress

    def readable(self, path: Path) -> Path:
        """The path under a name in which DuckDB sees no pattern."""
        if not set("*?[") & set(str(path)):
            return path
        link = self.scratch / f"{ibis.util.gen_name('link')}{path.suffix}"
        link.symlink_to(path.absolute())
        return link
