"""The employees of the records, as a form offers them and an account names them."""

from collections.abc import Mapping

from onefunnel.web.site import current
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.staff import Employee, keep_staff, kept_staff


def employees() -> Mapping[str, Employee]:
    """All employees by their id. The records are read for it once in each ledger version."""
    workspace = current.workspace()
    version = ledger_version(workspace)
    keep_staff(workspace, version)
    return kept_staff(workspace, version)


def named(employee_id: str) -> str:
    """The name of an employee; the id where nobody is known by it, empty where there is none."""
    if not employee_id:
        return ""
    found = employees().get(employee_id)
    return found.name if found else employee_id
