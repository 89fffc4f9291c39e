"""The job that looks what a ledger version holds, and how late it is."""

from collections.abc import Mapping
from typing import Any

from onefunnel.intake import Progress
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs.queue import ask_for
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.freshness import Freshness, compute_freshness, kept_freshness
from onefunnel.workflows.workspace import Workspace


def look(workspace: Workspace, person: Person | None = None) -> Freshness | Job:
    """What the last version holds where it is worked out already, else the job that does it.

    A job that has just failed is given as it is: it is not asked for again at once.
    """
    found = kept_freshness(workspace)
    if found is not None:
        return found
    about = {"version": ledger_version(workspace)}
    return ask_for("freshness", about, person)


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Look what the ledger holds."""
    progress.step("freshness", 0, None)
    return {"version": compute_freshness(workspace).version}
