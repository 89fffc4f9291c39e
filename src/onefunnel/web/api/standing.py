"""What the ledger holds, how late it is, and the batches that brought it."""

import json
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, Wait, failed, later, wait_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs.freshness import look
from onefunnel.web.pages.imports.quarantined import batches
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.freshness import Freshness

room = Room("The ledger")
MOST_VERSIONS = 1000


class HeldOut(Schema):
    """What a table holds."""

    records: int
    first: str | None = Field(description="The first instant, or local day; null: none is dated.")
    last: str | None = Field(description="The last.")


class BatchOut(Schema):
    """A batch."""

    version: int = Field(description="The ledger version that it made.")
    at: datetime | None
    kind: str = Field(examples=["import"])
    source: str | None = Field(description="The files, or where else it is from.")


class Standing(Schema):
    """What a ledger version holds."""

    ledger_version: int
    tables: dict[str, HeldOut]
    quarantined: int = Field(description="Rows that could not be read.")
    unworked: int = Field(description="Leads that were offered and that nobody took up.")
    batches: list[BatchOut] = Field(description="The newest fifty, newest first.")


@room.call("GET", "/freshness", Permission.FIGURES, {200: Standing, 202: Later}, 409, 503)
def freshness(request: HttpRequest, response: HttpResponse, wait: Wait = 0) -> Any:
    """What the ledger holds, how late it is, and which batches brought it."""
    workspace, person = current.workspace(), person_of(request)
    found = look(workspace, person)
    if isinstance(found, Job):
        ended = wait_for(found, wait)
        if (failure := failed(ended)) is not None:
            return failure
        found = look(workspace, person) if ended.ended else ended
    return said(found) if isinstance(found, Freshness) else later(response, found)


class VersionOut(Schema):
    """A ledger version: the batch that made it."""

    version: int
    at: datetime | None
    kind: str | None = Field(examples=["import"])
    source: str | None
    rules: str | None = Field(description="Content hash of the funnel rules in force.")
    counts: dict[str, dict[str, int]] = Field(description="Records by table and outcome.")


@room.call("GET", "/versions", Permission.FIGURES, {200: list[VersionOut]}, 503)
def versions(
    request: HttpRequest, limit: Annotated[int, Query(ge=1, le=MOST_VERSIONS)] = 100
) -> list[dict[str, Any]]:
    """The versions of the ledger, newest first."""
    found = batches(current.workspace())[:limit]
    return [
        {
            "version": int(each["batch_id"]),
            "at": each["committed_at"],
            **{name: each[name] for name in ("kind", "source", "rules")},
            "counts": json.loads(each["counts"] or "{}"),
        }
        for each in found
    ]


def said(found: Freshness) -> dict[str, Any]:
    """What is held, as the API shows it."""
    return {
        "ledger_version": found.version,
        "tables": {
            name: {"records": held.records, "first": held.first, "last": held.last}
            for name, held in found.tables.items()
        },
        "quarantined": found.quarantined,
        "unworked": found.unworked,
        "batches": [
            {
                "version": each.version,
                "at": each.at or None,
                "kind": each.kind,
                "source": each.source,
            }
            for each in found.batches
        ],
    }
