"""The job that works out what other terms would have paid, and keeps it for who asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from onefunnel.errors import UsageError
from onefunnel.intake import Progress
from onefunnel.ledger.disk.head import replace_file
from onefunnel.store.models import Job, Person
from onefunnel.version import RELEASE
from onefunnel.vocabulary import Note
from onefunnel.web.jobs.queue import ask_for
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.kept import FOLDER
from onefunnel.workflows.pay_preview import PayDifference, PayOf, pay_difference
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace

KIND = "pay_preview"


def look(
    workspace: Workspace, files: Mapping[str, str | None], person: Person | None = None
) -> PayDifference | Job:
    """What the terms with these files would have paid, else the job that works it out."""
    about = {
        "files": dict(files),
        "terms": current_terms(workspace).digest,
        "version": ledger_version(workspace),
        "person": None if person is None else person.pk,
    }
    return kept(workspace, about) or ask_for(KIND, about, person)


def kept(workspace: Workspace, about: Mapping[str, Any]) -> PayDifference | None:
    """What is worked out already, by what a job is about."""
    try:
        found = json.loads(_path(workspace, about).read_text("utf-8"))
    except FileNotFoundError:
        return None
    begins = found["begins"]
    return PayDifference(
        found["version"],
        found["month"],
        date.fromisoformat(found["first"]),
        date.fromisoformat(found["after"]),
        date.fromisoformat(begins) if begins else None,
        tuple(_of(each) for each in found["people"]),
        tuple(Note(**each) for each in found["notes"]),
    )


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Work it out and keep it; the job itself tells nothing of it."""
    if current_terms(workspace).digest != parameters["terms"]:
        raise UsageError("The terms have changed since.", remedy="Look at them once more.")
    found = pay_difference(workspace, parameters["files"], progress)
    path = _path(workspace, parameters)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(asdict(found), default=str, ensure_ascii=False))
    return {"version": found.version, "rows": len(found.people)}


def _path(workspace: Workspace, about: Mapping[str, Any]) -> Path:
    kept = workspace.settings
    needed = [about["files"], about["terms"], kept.currency, kept.timezone, kept.calendar_name]
    digest = hashlib.sha256(json.dumps(needed, sort_keys=True).encode()).hexdigest()
    folder = workspace.path / FOLDER / str(about["version"])
    return folder / f"pay-preview-{digest}-{RELEASE}.json"


def _of(found: Mapping[str, Any]) -> PayOf:
    before, after = (
        None if found[name] is None else Decimal(found[name]) for name in ("before", "after")
    )
    return PayOf(found["employee_id"], found["currency"], before, after, found["state"])
