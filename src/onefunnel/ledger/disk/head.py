"""The head: the one record that says which batch was the last complete one, across all tables.

It is one small file, replaced atomically. A reader takes the head, and from it the exact version
of each Delta table: what a killed batch left behind is in no head, and so invisible.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from onefunnel.errors import Damaged
from onefunnel.ledger.disk import faults

FILE_NAME = "head.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a table stands: its folder under ``ledger/`` and its Delta version."""

    folder: str
    delta_version: int


@dataclass(frozen=True, slots=True)
class Head:
    """The last complete batch: its number (the ledger version) and where each table stands.

    ``journal`` is the last journal entry that is in the ledger, ``rules`` the content hash of the
    funnel rules in force, ``terms`` that of pay plans, ranges and scorecards, ``next_code`` the
    next entity code, ``generation`` counts rewrites.
    """

    version: int = 0
    schema_version: int = 1
    tables: Mapping[str, Stored] = field(default_factory=dict)
    rules: str = ""
    terms: str = ""
    journal: int = 0
    next_code: int = 0
    generation: int = 0

    def with_table(self, name: str, stored: Stored) -> "Head":
        """This head with one table standing elsewhere."""
        return replace(self, tables={**self.tables, name: stored})


def read_head(ledger: Path) -> Head:
    """The head of a ledger; of one without batches, the head of version 0."""
    path = ledger / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["tables"] = {name: Stored(**where) for name, where in found["tables"].items()}
        return Head(**found)
    except FileNotFoundError:
        return Head()
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged(
            f"{path} can't be read: {error}.", remedy="Restore the workspace from a backup."
        ) from error


def write_head(ledger: Path, head: Head) -> None:
    """Replace the head: after this returns, the batch is complete and on disk."""
    text = json.dumps(asdict(head), indent=1, sort_keys=True)
    replace_file(ledger / FILE_NAME, text, before_replacing=lambda: faults.reached("head_written"))
    faults.reached("head_replaced")


def replace_file(
    path: Path, text: str, before_replacing: Callable[[], None] = lambda: None
) -> None:
    """Replace a file as a whole and durably: a reader sees the old text or the new one."""
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    before_replacing()
    temporary.replace(path)
    sync_path(path.parent)


def sync_path(path: Path) -> None:
    """Make what a file holds, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
