"""The desk's list, a lead, a customer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.directory import Found, ask_anew, look
from onefunnel.web.pages.leads import card as cards
from onefunnel.web.pages.leads.desk import Asked, listed, view
from onefunnel.web.pages.leads.journey import bdi
from onefunnel.web.pages.leads.missing import NotOnRecord
from onefunnel.web.pages.remarks.subjects import Subject
from onefunnel.web.pages.remarks.threads import thread
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note


@page(Permission.RECORDS)
def leads(request: HttpRequest) -> HttpResponse:
    """The leads, those that wait first."""
    asked, person = Asked.of(request.GET), person_of(request)
    with look(current.workspace(), person) as found:
        about = {"found": found, "asked": asked, "then": asked.address, "here": ""}
        if found.directory is None:
            return render(request, "leads/leads.html", about)
        shown = listed(found.directory, asked, request.words)  # type: ignore[attr-defined]
        if shown.leads:
            note(request, "seen", "leads", shown=len(shown.leads))
        return render(request, "leads/leads.html", {**about, "shown": shown})


@page(Permission.RECORDS)
def lead(request: HttpRequest, lead: str) -> HttpResponse:
    """A lead: where it came from, where it stands, the journey of whoever it is."""
    person, words = person_of(request), request.words  # type: ignore[attr-defined]
    with look(current.workspace(), person) as found:
        known = found.directory.lead(lead) if found.directory else None
        if found.directory is None or known is None:
            missing = words.say("No lead {key} is on record.", key=bdi(lead))
            return _not_here(request, found, person, missing)
        party = known.party_id or f"lead:{known.lead_id}"
        shown = _card(request, found, known.entity_code, party)
        note(request, "seen", "lead", lead)
        about = {
            "found": found,
            "card": shown,
            "customer": cards.address_of(shown),
            "lead": view(known, found.directory, words),
            "lead_id": lead,
            "origin": cards.of_lead(known, words),
            "owner": cards.owner(found.directory, known, person, words),
            "thread": thread(Subject("lead", lead, (lead,)), person, words),
        }
        return render(request, "leads/lead.html", about)


@page(Permission.RECORDS)
def customer(request: HttpRequest, party: str) -> HttpResponse:
    """A customer: everything on record of everybody held to be the same."""
    return shown_customer(request, party)


def shown_customer(request: HttpRequest, party: str, wrong: bool = False) -> HttpResponse:
    """The page; ``wrong``: the name that was to confirm an erasure was another one."""
    person, words = person_of(request), request.words  # type: ignore[attr-defined]
    with look(current.workspace(), person) as found:
        code = found.directory.entity_of(party) if found.directory else None
        if found.directory is None or code is None:
            missing = words.say("No customer {key} is on record.", key=bdi(party))
            return _not_here(request, found, person, missing)
        shown = _card(request, found, code, party)
        note(request, "seen", "customer", party)
        about = {
            "found": found,
            "card": shown,
            "erase_name": bdi(shown.name or party),
            "thread": thread(Subject("customer", party, shown.parties), person, words),
            "wrong": wrong,
        }
        status = 400 if wrong else 200
        return render(request, "leads/customer.html", about, status=status)


def _card(request: HttpRequest, found: Found, code: int, party: str) -> cards.Card:
    assert found.directory is not None
    lines = request.GET.get("lines", "")
    wanted = int(lines) if lines.isascii() and lines.isdigit() and len(lines) < 6 else 0
    words = request.words  # type: ignore[attr-defined]
    return cards.card(found.directory, code, party, wanted, person_of(request), words)


def _not_here(request: HttpRequest, found: Found, person: Person, missing: Markup) -> HttpResponse:
    """A page that waits where a newer directory may know it; else NotOnRecord."""
    anew = ask_anew(found, person)
    if anew.job is None or anew.version == 0:
        if request.headers.get("HX-Request"):  # the page that waited says so as a whole
            return HttpResponse(headers={"HX-Refresh": "true"})
        words = request.words  # type: ignore[attr-defined]
        raise NotOnRecord(missing, remedy=words.say("It may be mistyped, or was erased."))
    return render(request, "leads/soon.html", {"found": anew, "then": request.get_full_path()})
