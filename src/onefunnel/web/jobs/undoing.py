"""Jobs that take a whole import back: what it would change, and doing it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from onefunnel.errors import UsageError
from onefunnel.intake import Progress
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.imports import quarantined
from onefunnel.web.pages.imports.works import warm
from onefunnel.web.site import current
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.undoing import Undone, batches, check, told, undo
from onefunnel.workflows.workspace import Workspace


def begin_look(version: int, person: Person) -> Job:
    """The job that works out what taking a version's batch back would change.

    Raises UsageError where it can't be taken back.
    """
    workspace = current.workspace()
    check(told(quarantined.batches(workspace)), version)
    about = {"version": version, "ledger": ledger_version(workspace), "person": person.pk}
    return enqueue("undo_look", about, person)


def begin_undo(looked: Job, person: Person) -> Job:
    """The job that takes back what another one looked at.

    Raises UsageError where the records have changed since.
    """
    about = {name: looked.parameters[name] for name in ("version", "ledger")}
    if about["ledger"] != ledger_version(current.workspace()):
        raise changed_since()
    return enqueue("undo", {**about, "person": person.pk}, person)


def changed_since() -> UsageError:
    """What was previewed is no longer what would be done."""
    return UsageError("The records have changed since.", remedy="Preview it once more.")


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
    it could say so is not done again. Raises UsageError where others have changed the records.
    """
    version = parameters["version"]
    each = next((e for e in workspace.reading(batches) if e.version == version), None)
    if each is not None and (each.undone_by or 0) > parameters["ledger"]:
        return {"version": each.undone_by, "of": version, "changes": None}
    if ledger_version(workspace) != parameters["ledger"]:
        raise changed_since()
    undone = undo(workspace, version, progress)
    person = Person.objects.filter(pk=parameters["person"]).first()
    warm(workspace, person)
    return said(undone)


def said(undone: Undone) -> dict[str, Any]:
    """What taking a batch back does, as JSON."""
    return {**asdict(undone), "changes": undone.changes}
