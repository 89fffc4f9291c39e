"""Jobs about terms: put files into force, and which terms stood from which ledger version on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from onefunnel.intake import Progress
from onefunnel.ledger.disk.head import replace_file
from onefunnel.ledger.disk.system import BATCH
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.store.models import Job, Person
from onefunnel.version import RELEASE
from onefunnel.web.jobs.queue import ask_for
from onefunnel.web.site.audit import write
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.kept import FOLDER
from onefunnel.workflows.terms import adopt, terms_at
from onefunnel.workflows.terms_files import put_terms
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Stood:
    """Terms over some ledger versions, from ``first`` to ``last``, since an instant (ISO 8601).

    ``files`` are their names, each with a hash of what it says.
    """

    first: int
    last: int
    since: str
    digest: str
    files: Mapping[str, str]

    @property
    def begun(self) -> datetime:
        """The instant since when."""
        return datetime.fromisoformat(self.since)


def apply(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Put files into force (a text of None removes one): a ledger version of their own."""
    progress.step("terms", 0, None)
    files = parameters["files"]
    head = put_terms(workspace, files, parameters["instead_of"])
    person = Person.objects.filter(pk=parameters["person"]).first()
    removed = sorted(name for name, text in files.items() if text is None)
    names = ", ".join(sorted(files))
    write(person, "terms_applied", "terms", names, version=head.version, removed=removed)
    return {"version": head.version, "terms": head.terms, "files": sorted(files)}


def look(workspace: Workspace, person: Person | None = None) -> tuple[Stood, ...] | Job:
    """Which terms stood when, the latest first, else the job that works it out."""
    version = ledger_version(workspace)
    try:
        found = json.loads(_path(workspace, version).read_text("utf-8"))
    except FileNotFoundError:
        return ask_for("terms_history", {"version": version}, person)
    return tuple(Stood(**each) for each in found)


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Work out which terms stood when, and keep it."""
    progress.step("terms", 0, None)
    version = adopt(workspace).version
    found = workspace.reading(lambda reader: _stood(workspace, reader))
    path = _path(workspace, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps([asdict(each) for each in found], ensure_ascii=False))
    return {"version": version, "times": len(found)}


def _stood(workspace: Workspace, reader: Reader) -> list[Stood]:
    batches = reader.rows(BATCH.name)
    asked = batches.select("since", "terms", "committed_at").order_by("since")
    found: list[Stood] = []
    for row in reader.fetch(asked).to_pylist():
        digest, version = row["terms"] or "", row["since"]
        if (found and found[-1].digest == digest) or not (found or digest):
            found = [*found[:-1], *(replace(each, last=version) for each in found[-1:])]
            continue
        files = {name: _hash(text) for name, text in terms_at(workspace, reader, version).files}
        found.append(Stood(version, version, row["committed_at"].isoformat(), digest, files))
    return found[::-1]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _path(workspace: Workspace, version: int) -> Path:
    return workspace.path / FOLDER / str(version) / f"terms-{RELEASE}.json"
