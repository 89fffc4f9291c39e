"""What advertising platforms can be told of their clicks: the file of a platform."""

from dataclasses import replace
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.telling import LONGEST_NAME, ToldValue, told
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, Wait, failed, later, wait_for
from onefunnel.web.api.questions import Day, Instant, check
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs.questions import ask_rows
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.computed import kept_rows, ledger_version
from onefunnel.workflows.returning import MEASURE, File

room = Room("Offline conversions")


class OfflineConversionsAsked(Schema):
    """Which conversions, of which period, and how they are told."""

    platform: Platform = Field(description="Who is told.")
    of: Conversion = Field(Conversion.CUSTOMER, description="What of.")
    value: ToldValue = Field(ToldValue.CONTRIBUTION, description="The value of each.")
    name: str = Field(
        "", max_length=LONGEST_NAME, description="As the platform's account calls it."
    )
    adjustments: bool = Field(False, description="What was taken back or changed since instead.")
    since: Day | None = Field(None, alias="from", description="First local day of the period.")
    until: Day | None = Field(None, alias="to", description="Local day after the last.")
    now: Instant | None = Field(
        None, description="Later facts are ignored; local time where it has no zone."
    )
    as_of: int | None = Field(None, ge=0, le=2**53, description="What was known at this version.")


class FileOfPlatform(Schema):
    """The file for a platform."""

    platform: Platform
    of: Conversion
    ledger_version: int
    rows: int = Field(description="Conversions in the file.")
    left_out: int = Field(description="Those that the platform does not take as they are told.")
    name: str = Field(description="The ending of the name says what it is: csv or jsonl.")
    text: str = Field(description="What stands in it.")


@room.call(
    "GET",
    "/offline-conversions",
    Permission.RECORDS,
    {200: FileOfPlatform, 202: Later},
    404,
    409,
    503,
)
def offline_conversions(
    request: HttpRequest,
    response: HttpResponse,
    given: Annotated[OfflineConversionsAsked, Query()],
    wait: Wait = 0,
) -> Any:
    """The file by which a platform learns what became of its clicks.

    Conversions with a click of the platform, or with `adjustments` what changed of them. How many
    have none, and why, says `/measures/offline_conversions`. Meta takes no adjustments.
    """
    workspace, person = current.workspace(), person_of(request)
    how = told(given.of, given.name, given.value, workspace.settings.currency)
    file = File(given.platform, how, given.adjustments)
    asked = Asked(since=given.since, until=given.until, now=given.now, as_of=given.as_of)
    check(workspace, MEASURE, asked, person)
    version = ledger_version(workspace) if asked.as_of is None else asked.as_of
    wanted = file.rows(replace(asked, as_of=version))
    table = kept_rows(workspace, wanted)
    if table is None:
        ended: Job = wait_for(ask_rows(workspace, wanted, person), wait)
        if (failure := failed(ended)) is not None:
            return failure
        table = kept_rows(workspace, wanted) if ended.ended else None
        if table is None:
            return later(response, ended)
    rows = table.to_pylist()
    left_out = file.left_out(rows)
    audit.note(
        request, "exported", "conversions", request.GET.urlencode(), rows=len(rows) - left_out
    )
    return {
        "platform": given.platform,
        "of": given.of,
        "ledger_version": version,
        "rows": len(rows) - left_out,
        "left_out": left_out,
        "name": f"{given.platform}-{given.of}-{file.figure}-{version}.{file.ending}",
        "text": "".join(file.text(rows)),
    }
