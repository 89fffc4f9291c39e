"""The bridge signed off by both heads."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from onefunnel.errors import UsageError
from onefunnel.vocabulary import Answer, Permission, Role
from onefunnel.web.api.jobs import Later, Wait
from onefunnel.web.api.patience import patient, ready
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed, Text
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import look
from onefunnel.web.pages.bridge import signing
from onefunnel.web.pages.months.offered import LookedAt, named, offered
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.web.site.language import words_in

room = Room("Bridge")
PATH = "/bridge/{month}/signatures"


class Signature(Schema):
    """A head's name under a bridge, or the place for it."""

    role: Role
    state: str = Field(description="signed, void (other figures were signed) or open.")
    name: str = Field(description="Who signed last; empty: nobody.")


class Signatures(Schema):
    """The bridge of a month, signed off or not."""

    month: str
    digest: str = Field(description="Hash of the figures as they stand now.")
    signatures: list[Signature]


class Signing(Closed):
    """The figures that one puts one's name to."""

    digest: Text = Field(max_length=64, description="The hash as it was shown.")


@room.call("GET", PATH, Permission.FIGURES, {200: Signatures, 202: Later}, 404, 409, 503)
@patient
def signatures(request: HttpRequest, response: HttpResponse, month: str, wait: Wait = 0) -> Any:
    """Who signed the bridge of a month off."""
    return _said(request, month, _answer(request, _month(request, month, wait), wait))


@room.call("POST", PATH, Permission.FIGURES, {200: Signatures, 202: Later}, 404, 409, 503)
@patient
def sign_bridge(
    request: HttpRequest, response: HttpResponse, month: str, given: Signing, wait: Wait = 0
) -> Any:
    """Sign the bridge of a month off, as a head of marketing or of sales.

    The month must be over, its figures known, and those of the hash that is sent.
    """
    person = person_of(request)
    if not person.in_role.leads:
        raise PermissionDenied
    bridged = _month(request, month, wait)
    answer = _answer(request, bridged, wait)
    if not (bridged.is_over and signing.can_be_signed(answer)):
        raise UsageError("This bridge can't be signed.", remedy="Wait until it is whole.")
    if given.digest != signing.digest(answer):
        raise UsageError("The figures have changed since.", remedy="Look at them once more.")
    made = signing.sign(month, answer, person)
    audit.note(request, "signed_off", "bridge", month, version=made.ledger_version)
    return _said(request, month, answer)


def _month(request: HttpRequest, month: str, wait: int) -> LookedAt:
    workspace, person = current.workspace(), person_of(request)
    fresh = ready(lambda: freshness.look(workspace, person), wait)
    kept = workspace.settings
    now, days = workspace.clock(), kept.server.stale_days
    return named(month, offered(fresh, now, kept.calendar, days, after_another=True))


def _answer(request: HttpRequest, month: LookedAt, wait: int) -> Answer[Any]:
    workspace, person = current.workspace(), person_of(request)
    return ready(lambda: look(workspace, "bridge", month.asked(), person), wait).answer


def _said(request: HttpRequest, month: str, answer: Answer[Any]) -> dict[str, Any]:
    places = signing.signatures(month, answer, person_of(request), words_in("en"))
    shown = [{"role": each.role, "state": each.state, "name": each.name} for each in places]
    return {"month": month, "digest": signing.digest(answer), "signatures": shown}
