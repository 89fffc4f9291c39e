"""The funnel rules: as they are, what others would change, others put into force."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from onefunnel.funnel.rules import load
from onefunnel.vocabulary import Permission
from onefunnel.web.api.jobs import Later, later
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed, Text
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.rules import current_rules, text_of

room = Room("Rules")
LONGEST = 1_000_000


class RulesOut(Schema):
    """The rules in force."""

    rules: str = Field(description="Content hash of what they say.")
    text: str = Field(description="The file funnel.toml; empty where the default rules stand.")
    ledger_version: int


class Proposed(Closed):
    """A whole file of rules."""

    text: Text = Field(max_length=LONGEST, description="funnel.toml, as it would be.")


class Wanted(Proposed):
    """A whole file of rules, and the rules that it is to replace."""

    instead_of: Text = Field(description="The hash of the rules that it was made from.")


@room.call("GET", "/rules", Permission.RULES_PREVIEW, {200: RulesOut})
def rules(request: HttpRequest) -> dict[str, Any]:
    """The funnel rules in force."""
    workspace = current.workspace()
    return {
        "rules": current_rules(workspace).content_hash,
        "text": text_of(workspace),
        "ledger_version": ledger_version(workspace),
    }


@room.call("POST", "/rules/preview", Permission.RULES_PREVIEW, {202: Later}, 413)
def preview(request: HttpRequest, response: HttpResponse, given: Proposed) -> Any:
    """What other rules would change.

    The job's result has each stage, before and after.
    """
    workspace, wanted = current.workspace(), load(given.text)
    about = {
        "text": given.text,
        "rules": wanted.content_hash,
        "instead_of": current_rules(workspace).content_hash,
        "version": ledger_version(workspace),
        "anew": False,
    }
    audit.note(request, "rules_previewed", "rules", wanted.content_hash)
    return later(response, enqueue("preview", about, person_of(request)))


@room.call("PUT", "/rules", Permission.RULES, {202: Later}, 409, 413, 503)
def put_rules(request: HttpRequest, response: HttpResponse, given: Wanted) -> Any:
    """Put rules into force: the job makes a ledger version of them."""
    person = person_of(request)
    load(given.text)
    about = {"text": given.text, "instead_of": given.instead_of, "person": person.pk}
    return later(response, enqueue("rules", about, person))
