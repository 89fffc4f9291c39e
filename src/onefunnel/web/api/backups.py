"""Backups of the workspace."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, later
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of
from onefunnel.workflows import backups as folder

room = Room("Backups")


class BackupOut(Schema):
    """A backup in the folder beside the workspace."""

    name: str
    bytes: int
    made_at: datetime | None
    version: int | None = Field(description="The ledger version that it holds.")
    has_people: bool = Field(description="Whether accounts and comments are in it.")
    same_workspace: bool
    verified_at: str = Field(description="When it was read back; empty: it was not.")
    wrong: str = Field(description="Why it is no backup; empty: it is one.")


@room.call("GET", "/backups", Permission.KEEP, {200: list[BackupOut]})
def backups(request: HttpRequest) -> list[dict[str, Any]]:
    """The backups, the latest first."""
    found = folder.listed(current.workspace())
    return [{name: getattr(each, name) for name in BackupOut.model_fields} for each in found]


@room.call("POST", "/backups", Permission.KEEP, {202: Later}, 409, 503)
def make_backup(request: HttpRequest, response: HttpResponse) -> Any:
    """Make a backup and read it back; its job names it."""
    person = person_of(request)
    return later(response, enqueue("backup", {"person": person.pk}, person))
