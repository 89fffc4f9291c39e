"""Who may sign in, in which role; links that let people in."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from onefunnel.store.models import Invitation, Person
from onefunnel.vocabulary import Permission, Role
from onefunnel.web.pages.first import links
from onefunnel.web.pages.people import changes
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.people.forms import Change, Invite
from onefunnel.web.pages.people.mailing import has_server, send_link
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_in


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made just now; ``mailed`` is None where there is no mail server."""

    address: str
    name: str
    mailed: bool | None


@page(Permission.PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and the invitations that are open."""
    return _shown(request)


@page(Permission.PEOPLE)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; an earlier invitation to the same address stops working."""
    words = request.words  # type: ignore[attr-defined]
    form = Invite(request.POST, words=words)
    if not form.is_valid():
        return _shown(request, invite=form)
    found = form.cleaned_data
    Invitation.objects.filter(email=found["email"], person=None, used_at=None).delete()
    secret = links.make(
        Role(found["role"]),
        email=found["email"],
        name=found["name"],
        employee_id=found["employee_id"].strip(),
        made_by=person_of(request),
    )
    note(request, "invited", "invitation", found["email"], role=found["role"])
    return _shown(request, link=_link(request, secret, found["email"], found["name"], new=True))


@page(Permission.PEOPLE)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """An open link no longer works."""
    invitation = get_object_or_404(Invitation, pk=number, used_at=None)
    note(request, "invitation_withdrawn", "invitation", invitation.email)
    invitation.delete()
    return _done(request, request.words.say("The link no longer works."))  # type: ignore[attr-defined]


@page(Permission.PEOPLE)
@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Give somebody another role, or name who they are in the records."""
    person = get_object_or_404(Person, pk=number)
    words = request.words  # type: ignore[attr-defined]
    form = Change(request.POST, words=words, person=person)
    if not form.is_valid():
        return _shown(request, change=form, changed=person)
    role, employee_id = Role(form.cleaned_data["role"]), form.cleaned_data["employee_id"].strip()
    if role is not person.in_role:
        try:
            changes.give_role(person, role)
        except changes.Refused as error:
            form.add_error("role", words.say(error.message))
            return _shown(request, change=form, changed=person)
        detail = {"before": person.role, "after": role.value}
        note(request, "role_changed", "person", str(person.pk), **detail)
    if employee_id != person.employee_id:
        Person.objects.filter(pk=person.pk).update(employee_id=employee_id)
        note(request, "employee_named", "person", str(person.pk), employee=employee_id)
    return _done(request, words.say("Saved."))


@page(Permission.PEOPLE)
@require_POST
def new_password(request: HttpRequest, number: int) -> HttpResponse:
    """A link by which somebody sets a new password; earlier ones stop working."""
    person = get_object_or_404(Person, pk=number, is_active=True)
    Invitation.objects.filter(person=person, used_at=None).delete()
    secret = links.make(
        person.in_role, email=person.email, person=person, made_by=person_of(request)
    )
    note(request, "password_link_made", "person", str(person.pk))
    return _shown(request, link=_link(request, secret, person.email, person.name, new=False))


@page(Permission.PEOPLE)
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Make somebody inactive."""
    person = get_object_or_404(Person, pk=number)
    words = request.words  # type: ignore[attr-defined]
    try:
        changes.close(person, person_of(request))
    except changes.Refused as error:
        return _shown(request, refused=words.say(error.message))
    note(request, "account_closed", "person", str(person.pk))
    return _done(request, words.say("{name} is signed out, and can't sign in.", name=person.name))


@page(Permission.PEOPLE)
@require_POST
def open_again(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody in again."""
    person = get_object_or_404(Person, pk=number)
    changes.open_again(person)
    note(request, "account_opened", "person", str(person.pk))
    words = request.words  # type: ignore[attr-defined]
    return _done(request, words.say("{name} can sign in again.", name=person.name))


@page(Permission.PEOPLE)
@require_POST
def forget_second_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Turn off the second factor of somebody who lost phone and codes."""
    person = get_object_or_404(Person, pk=number)
    if changes.forget_second_factor(person):
        note(request, "second_factor_off", "person", str(person.pk))
    words = request.words  # type: ignore[attr-defined]
    return _done(request, words.say("The second factor of {name} is off.", name=person.name))


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("people")


def _link(request: HttpRequest, secret: str, email: str, name: str, *, new: bool) -> Link:
    path = reverse("join", kwargs={"secret": secret})
    base = current.workspace().settings.server.url.rstrip("/")
    address = f"{base}{path}" if base else request.build_absolute_uri(path)
    words = words_in(current.workspace().settings.language)
    mailed = send_link(email, name, address, words, new=new) if has_server() else None
    return Link(address, name, mailed)


def _shown(
    request: HttpRequest,
    *,
    invite: Invite | None = None,
    change: Change | None = None,
    changed: Person | None = None,
    link: Link | None = None,
    refused: str = "",
) -> HttpResponse:
    words = request.words  # type: ignore[attr-defined]
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = Person.objects.annotate(second_factor=Exists(factors)).order_by("-is_active", "name")
    known = employees()
    listed = [
        {
            "person": each,
            "employee": known[each.employee_id].name if each.employee_id in known else "",
            "form": change if changed == each else Change(words=words, person=each),
            "open": changed == each,
        }
        for each in found
    ]
    open_links = Invitation.objects.filter(used_at=None).select_related("person", "made_by")
    about: dict[str, Any] = {
        "listed": listed,
        "invite": invite or Invite(words=words),
        "invitations": open_links.order_by("-made_at"),
        "employees": sorted(known.items(), key=lambda each: each[1].name.casefold()),
        "link": link,
        "refused": refused,
        "now": timezone.now(),
        "has_mail": has_server(),
    }
    wrong = bool(refused or invite or change)
    return render(request, "people/people.html", about, status=422 if wrong else 200)
