"""Jobs about closed months: close one, and what the records now say otherwise of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from onefunnel.intake import Progress
from onefunnel.ledger.disk.head import replace_file
from onefunnel.store.models import Job, Person
from onefunnel.version import RELEASE
from onefunnel.web.jobs.queue import ask_for
from onefunnel.web.site.audit import write
from onefunnel.workflows.closed import Restated
from onefunnel.workflows.closing import close_month, restated
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.kept import FOLDER
from onefunnel.workflows.workspace import Workspace


def close(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Close a month in the name of who asked for it."""
    person = Person.objects.filter(pk=parameters["person"]).first()
    made = close_month(workspace, parameters["month"], person.name if person else "", progress)
    write(person, "month_closed", "month", made.month, version=made.version)
    return {"month": made.month, "version": made.version}


def look_restated(
    workspace: Workspace, month: str, person: Person | None = None
) -> tuple[Restated, ...] | Job:
    """What the last version says otherwise of a closed month, else the job that works it out."""
    version = ledger_version(workspace)
    try:
        found = json.loads(_path(workspace, version, month).read_text("utf-8"))
    except FileNotFoundError:
        return ask_for("restated", {"month": month, "version": version}, person)
    return tuple(_restated(each) for each in found)


def work_restated(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Work out what the records say otherwise of a closed month, and keep it."""
    month = parameters["month"]
    progress.step("restated", 0, None)
    version = ledger_version(workspace)
    found = [asdict(each) for each in restated(workspace, month)]
    path = _path(workspace, version, month)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(found, default=_plain, ensure_ascii=False))
    return {"month": month, "version": version, "figures": len(found)}


def _path(workspace: Workspace, version: int, month: str) -> Path:
    return workspace.path / FOLDER / str(version) / f"restated-{month}-{RELEASE}.json"


def _plain(value: object) -> dict[str, str]:
    """A decimal, told apart from a float."""
    return {"decimal": str(value)}


def _restated(found: Mapping[str, Any]) -> Restated:
    return Restated(**{**found, "was": _figure(found["was"]), "now": _figure(found["now"])})


def _figure(value: Any) -> Decimal | float | None:
    return Decimal(value["decimal"]) if isinstance(value, dict) else value
