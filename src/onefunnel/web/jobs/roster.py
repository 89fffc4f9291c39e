"""The job that reads who works in the company: for whom scorecards are, without an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onefunnel.intake import Progress
from onefunnel.ledger.schema.facts import EMPLOYEE
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs.queue import ask_for
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.kept import kept, peek
from onefunnel.workflows.workspace import Workspace

ASKED = {"roster": None}
COLUMNS = ("employee_id", "name", "department", "role", "manager", "active_from", "active_to")


@dataclass(frozen=True, slots=True)
class Worker:
    """An employee as the records know them; empty where they say nothing."""

    employee_id: str
    name: str
    department: str
    role: str
    manager: str
    active_from: date | None
    active_to: date | None

    def works_on(self, day: date) -> bool:
        """Whether they are there on a day; open ends are."""
        begun = self.active_from is None or self.active_from <= day
        return begun and (self.active_to is None or day <= self.active_to)


def look(workspace: Workspace, person: Person | None = None) -> tuple[Worker, ...] | Job:
    """The employees where they are read already, else the job that reads them."""
    version = ledger_version(workspace)
    found = peek(workspace.path, version, ASKED)
    if found is None:
        return ask_for("roster", {"version": version}, person)
    return tuple(_worker(row) for row in found["roster"].to_pylist())


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Read the employees, and keep them."""
    progress.step("roster", 0, None)
    version = ledger_version(workspace)
    read = workspace.reading
    table = kept(
        workspace.path,
        version,
        ASKED,
        lambda: {
            "roster": read(
                lambda reader: reader.fetch(reader.table(EMPLOYEE.name, version).select(*COLUMNS))
            )
        },
    )["roster"]
    return {"version": version, "employees": len(table)}


def _worker(row: Mapping[str, Any]) -> Worker:
    told = {name: row[name] or "" for name in ("name", "department", "role", "manager")}
    told["name"] = told["name"] or row["employee_id"]
    return Worker(
        row["employee_id"], **told, active_from=row["active_from"], active_to=row["active_to"]
    )
