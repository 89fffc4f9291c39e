"""The journal's two sides: take a request in at once, drain what waits into the ledger."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from onefunnel.intake import Progress, read
from onefunnel.ledger.disk import faults
from onefunnel.ledger.disk.rows_file import rows_file
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.store import journal
from onefunnel.workflows.importing import options_of
from onefunnel.workflows.taking_in import Taken, Taking
from onefunnel.workflows.terms import name_in_force
from onefunnel.workflows.workspace import Workspace

AT_ONCE = 10_000
"""Requests that one batch drains at most."""


def record(workspace: Workspace, requests: Sequence[journal.Rows]) -> int:
    """Write requests (rows per table) to the journal; on disk when this returns."""
    most = workspace.settings.limits.max_body_bytes
    return journal.record(workspace.journal, requests, workspace.clock(), most)


def drain(workspace: Workspace, progress: Progress) -> Taken | None:
    """Move what waits in the journal into the ledger, repeats removed by key; None: nothing waits.

    Rows that can't be read go to the quarantine, as those of a file do.
    """
    with workspace.writing() as batch, scratch_folder(workspace.scratch) as folder:
        entries = journal.waiting(workspace.journal, batch.head.journal, AT_ONCE)
        faults.reached("drain_read")
        if not entries:
            journal.trim(workspace.journal, batch.head.journal)
            return None
        taking = Taking(workspace, batch)
        writer = partial(rows_file, batch.version)
        options = replace(options_of(workspace), scratch=folder, open_rows=writer)
        lines = _written(entries, folder / "entries")
        taking.take(read([lines], batch.reader.backend, options, progress))
        taking.link()
        name_in_force(workspace, batch)
        last = entries[-1].number
        batch.next_head = replace(batch.next_head, journal=last)
        taken = taking.complete("journal", f"entries to {last}")
        faults.reached("drain_committed")
        journal.trim(workspace.journal, last)
    return taken


def _written(entries: Sequence[journal.Entry], folder: Path) -> Path:
    """The rows of the entries as canonical files, each key once: what any import reads."""
    folder.mkdir()
    for name, rows in journal.latest_rows(entries).items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder
