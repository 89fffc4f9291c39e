"""Jobs that take a whole import back: what it would change, and doing it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from onefunnel.intake import Progress
from onefunnel.store.models import Person
from onefunnel.web.pages.imports.works import warm
from onefunnel.workflows.undoing import Undone, batches, undo
from onefunnel.workflows.workspace import Workspace


def look(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Do all of it but keep it."""
    return said(undo(workspace, parameters["version"], progress, dry_run=True))


def work(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Take the batch of a version back.

    ``ledger`` is the ledger version that was looked at. What a worker did after it that died before
    it could say so is not done again.
    """
    version = parameters["version"]
    each = next((e for e in workspace.reading(batches) if e.version == version), None)
    if each is not None and (each.undone_by or 0) > parameters["ledger"]:
        return {"version": each.undone_by, "of": version, "changes": None}
    undone = undo(workspace, version, progress)
    person = Person.objects.filter(pk=parameters["person"]).first()
    warm(workspace, person)
    return said(undone)


def said(undone: Undone) -> dict[str, Any]:
    """What taking a batch back does, as JSON."""
    return {**asdict(undone), "changes": undone.changes}
