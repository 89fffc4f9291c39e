"""Leads and customers, with everything on record of them."""

from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Query

from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.api.cards import Customer, Leads, LeadWhole, Stands, customer_of, leads_of
from onefunnel.web.api.jobs import Later, Wait, failed, later, wait_for
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs.directory import Found, ask_anew, look
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of
from onefunnel.workflows.directory.reading import Directory, Wanted

room = Room("Leads and customers")
MOST_LEADS = 500
MOST_LINES = 5_000

Lines = Annotated[
    int, Query(ge=1, le=MOST_LINES, description="How many of the latest lines of the journey.")
]


@room.call("GET", "/leads", Permission.RECORDS, {200: Leads, 202: Later}, 503)
def leads(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[
        str, Query(max_length=200, description="Words of a name, or a lead's own key.")
    ] = "",
    stands: Annotated[Stands | None, Query(description="Only leads that stand so.")] = None,
    channel: Annotated[str, Query(description="Only of this channel; unknown: of none.")] = "",
    after: Annotated[int, Query(ge=0, le=2**53, description="A place in the list.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LEADS)] = 50,
    wait: Wait = 0,
) -> Any:
    """Leads, those that wait first, then the newest first."""
    person = person_of(request)
    if (not_yet := _not_yet(response, person, wait)) is not None:
        return not_yet
    with look(current.workspace(), person) as found:
        directory = _directory(found)
        wanted = Wanted(stands or "", _channel(channel), q.strip())
        exact = directory.lead(q.strip()) if q.strip() else None
        listed = [exact] if exact else directory.leads(wanted, after, limit + 1)
        page = listed[:limit]
        if page:
            audit.note(request, "seen", "leads", shown=len(page))
        return {
            "ledger_version": directory.about.version,
            "latest": found.current,
            "leads": leads_of(directory, page, person),
            "next": _next(request, page[-1].place) if len(listed) > limit else None,
        }


@room.call(
    "GET", "/leads/{path:lead_id}", Permission.RECORDS, {200: LeadWhole, 202: Later}, 404, 503
)
def lead(
    request: HttpRequest,
    response: HttpResponse,
    lead_id: Path[str],
    lines: Lines = 200,
    wait: Wait = 0,
) -> Any:
    """A lead: where it came from, where it stands, the journey of whoever it is."""
    person = person_of(request)
    if (not_yet := _not_yet(response, person, wait)) is not None:
        return not_yet
    with look(current.workspace(), person) as found:
        directory = _directory(found)
        known = directory.lead(lead_id)
        if known is None:
            return _unknown(response, found, person, "There is no such lead.")
        audit.note(request, "seen", "lead", lead_id)
        party = known.party_id or f"lead:{known.lead_id}"
        return {
            "lead": leads_of(directory, [known], person)[0],
            "customer": customer_of(directory, known.entity_code, party, lines, person),
        }


@room.call(
    "GET", "/customers/{path:party_id}", Permission.RECORDS, {200: Customer, 202: Later}, 404, 503
)
def customer(
    request: HttpRequest,
    response: HttpResponse,
    party_id: Path[str],
    lines: Lines = 200,
    wait: Wait = 0,
) -> Any:
    """A customer, by any party that is held to be them."""
    person = person_of(request)
    if (not_yet := _not_yet(response, person, wait)) is not None:
        return not_yet
    with look(current.workspace(), person) as found:
        directory = _directory(found)
        code = directory.entity_of(party_id)
        if code is None:
            return _unknown(response, found, person, "There is no such customer.")
        audit.note(request, "seen", "customer", party_id)
        return customer_of(directory, code, party_id, lines, person)


def _not_yet(response: HttpResponse, person: Person, wait: int) -> Any:
    """The answer while no directory stands at all; None where one does."""
    with look(current.workspace(), person) as found:
        if found.directory is not None or found.job is None:
            return None
        job = found.job
    return _waited(response, job, wait)


def _waited(response: HttpResponse, job: Job, wait: int) -> Any:
    ended = wait_for(job, wait)
    if (failure := failed(ended)) is not None:
        return failure
    return None if ended.ended else later(response, ended)


def _unknown(response: HttpResponse, found: Found, person: Person, missing: str) -> Any:
    """202 where a newer directory may know it, else 404."""
    anew = ask_anew(found, person)
    if anew.job is None or anew.failed:
        raise Http404(missing)
    return later(response, anew.job)


def _directory(found: Found) -> Directory:
    if found.directory is None:
        raise Http404("There are no leads yet.")
    return found.directory


def _channel(text: str) -> tuple[str | None, ...]:
    if not text:
        return ()
    return (None,) if text == "unknown" else (text,)


def _next(request: HttpRequest, after: int) -> str:
    again = {**request.GET.dict(), "after": str(after)}
    return f"{request.path}?{urlencode(again)}"
