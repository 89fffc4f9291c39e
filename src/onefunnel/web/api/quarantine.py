"""The rows that could not be read: looked at, mended, let go."""

import json
from typing import Annotated, Any
from uuid import uuid4

import pyarrow.compute as pc
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.errors import UnknownName
from onefunnel.ledger.schema import TABLES
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, later
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed, Text
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.imports.quarantined import kept_rows, typed_path
from onefunnel.web.pages.imports.seen import write_private
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.workspace import Workspace

room = Room("Quarantine")
MOST_ROWS = 1000
PLACE = ("file", "line", "column", "file_column")


class Refused(Schema):
    """A row that could not be read, whole, with the reason."""

    id: str
    table: str | None = Field(description="The table it was meant for.")
    file: str | None
    line: int | None
    column: str | None = Field(description="The column that can't be read, as the ledger calls it.")
    file_column: str | None = Field(description="The same, as the file calls it, where known.")
    value: str | None
    code: str | None = Field(description="Stable code of the reason.")
    reason: str | None
    record: dict[str, Any] = Field(description="The whole row as it was read.")


class Quarantine(Schema):
    """A page of the quarantine."""

    total: int
    offset: int
    rows: list[Refused]


class Mend(Closed):
    """A row as it should be, in the columns of its own file."""

    record: dict[Text, Text | None] = Field(min_length=1, max_length=1000)


@room.call("GET", "/quarantine", Permission.IMPORT, {200: Quarantine}, 503)
def quarantine(
    request: HttpRequest,
    table: Annotated[str, Query(description="Only rows that were meant for this table.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> dict[str, Any]:
    """The rows that could not be read, by file and line."""
    if table and table not in TABLES:
        raise UnknownName("table", table, TABLES)
    rows = kept_rows(current.workspace())
    if table:
        rows = rows.filter(pc.equal(rows["fact"], table))
    audit.note(request, "seen", "quarantine", table, rows=len(rows))
    page = rows.slice(offset, limit).to_pylist()
    return {"total": len(rows), "offset": offset, "rows": [_said(row) for row in page]}


@room.call("POST", "/quarantine/{row_id}", Permission.IMPORT, {202: Later}, 404, 409, 413, 503)
def mend_row(request: HttpRequest, response: HttpResponse, row_id: str, given: Mend) -> Any:
    """Mend a row.

    It is read again, as its file was, and leaves the quarantine where it can be read.
    """
    workspace, person = current.workspace(), person_of(request)
    _check(workspace, row_id)
    name = uuid4().hex
    write_private(typed_path(workspace, name), {row_id: given.record})
    job = enqueue("mend", {"typed": name}, person)
    audit.note(request, "mended", "quarantine", row_id)
    return later(response, job)


@room.call("DELETE", "/quarantine/{row_id}", Permission.IMPORT, {202: Later}, 404, 409, 503)
def let_go(request: HttpRequest, response: HttpResponse, row_id: str) -> Any:
    """Take a row out of the quarantine for good; it is in no figure."""
    workspace, person = current.workspace(), person_of(request)
    _check(workspace, row_id)
    job = enqueue("discard", {"rows": [row_id]}, person)
    audit.note(request, "discarded", "quarantine", row_id)
    return later(response, job)


def _check(workspace: Workspace, row_id: str) -> None:
    rows = kept_rows(workspace)
    if not pc.any(pc.equal(rows["quarantine_id"], row_id)).as_py():
        raise Http404("There is no such row in the quarantine.")


def _said(row: dict[str, Any]) -> dict[str, Any]:
    named = {name: row[name] for name in (*PLACE, "value", "code", "reason")}
    record = json.loads(row["record"] or "{}")
    return {"id": row["quarantine_id"], "table": row["fact"], **named, "record": record}
