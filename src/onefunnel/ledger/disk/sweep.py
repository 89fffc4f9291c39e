"""Remove what no head names: the leftovers of a killed batch, and folders written anew since."""

import shutil
from pathlib import Path

from onefunnel.ledger.disk import delta
from onefunnel.ledger.disk.head import Head
from onefunnel.ledger.disk.scratch import sweep_scratch
from onefunnel.ledger.disk.system import STORED


def sweep(ledger: Path, scratch: Path, head: Head) -> None:
    """Make the ledger's folder hold just what the head names. Only under the writer's lock."""
    named = {stored.folder for stored in head.tables.values()}
    for folder in ledger.iterdir():
        if folder.is_dir() and folder.name not in named and _is_table_folder(folder.name):
            shutil.rmtree(folder)
    for stored in head.tables.values():
        delta.undo_unnamed(ledger, stored)
    (ledger / "head.json.new").unlink(missing_ok=True)
    sweep_scratch(scratch)


def _is_table_folder(name: str) -> bool:
    table, _, generation = name.rpartition("-")
    return table in STORED and generation.isdigit()
