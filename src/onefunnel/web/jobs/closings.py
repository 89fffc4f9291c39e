"""The job that looks which months are closed, so that a page can say so without an engine."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from onefunnel.intake import Progress
from onefunnel.ledger.disk.head import replace_file
from onefunnel.store.models import Job, Person
from onefunnel.version import RELEASE
from onefunnel.web.jobs.queue import ask_for
from onefunnel.workflows.closed import Closed, closed_months
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.kept import FOLDER
from onefunnel.workflows.workspace import Workspace


def look(workspace: Workspace, person: Person | None = None) -> tuple[Closed, ...] | Job:
    """The closed months, latest first, where they are worked out already, else the job for it."""
    version = ledger_version(workspace)
    try:
        found = json.loads(_path(workspace, version).read_text("utf-8"))
    except FileNotFoundError:
        return ask_for("closings", {"version": version}, person)
    return tuple(_closed(each) for each in found)


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Look which months are closed, and keep it."""
    progress.step("closings", 0, None)
    version = ledger_version(workspace)
    found = [asdict(each) for each in closed_months(workspace)]
    path = _path(workspace, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(found, default=lambda each: each.isoformat()))
    return {"version": version, "months": len(found)}


def _path(workspace: Workspace, version: int) -> Path:
    return workspace.path / FOLDER / str(version) / f"closings-{RELEASE}.json"


def _closed(found: Mapping[str, Any]) -> Closed:
    since = found["terms_since"]
    return Closed(
        found["month"],
        date.fromisoformat(found["first_day"]),
        date.fromisoformat(found["after_day"]),
        datetime.fromisoformat(found["closed_at"]),
        found["closed_by"],
        found["version"],
        tuple(found["measures"]),
        datetime.fromisoformat(since) if since else None,
    )
