"""Who works in the company: kept beside the answers that name them, for pages to read."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from onefunnel.ledger.disk.head import read_head
from onefunnel.ledger.schema.facts import EMPLOYEE
from onefunnel.workflows.kept import kept, peek
from onefunnel.workflows.workspace import Workspace

ASKED = {"staff": None}


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee: the name as it is on record (the id where there is none), the department."""

    name: str
    department: str


def keep_staff(workspace: Workspace, version: int) -> None:
    """Read the employees of a ledger version and keep them."""

    def read() -> Mapping[str, pa.Table]:
        columns = ("employee_id", "name", "department")
        return {
            "staff": workspace.reading(
                lambda reader: reader.fetch(reader.table(EMPLOYEE.name, version).select(*columns))
            )
        }

    kept(workspace.path, version, ASKED, read)


def kept_staff(workspace: Workspace, version: int | None = None) -> Mapping[str, Employee]:
    """The employees by their id; none where nothing was asked by owner of the version yet."""
    at = read_head(workspace.ledger).version if version is None else version
    found = peek(workspace.path, at, ASKED)
    rows = found["staff"].to_pylist() if found else []
    return {
        row["employee_id"]: Employee(row["name"] or row["employee_id"], row["department"] or "")
        for row in rows
    }
