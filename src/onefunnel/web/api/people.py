"""Who may sign in, in which role."""

from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Path, Schema, Status
from pydantic import AfterValidator, Field

from onefunnel.errors import UsageError
from onefunnel.store.models import Invitation, Person
from onefunnel.vocabulary import Permission, Role
from onefunnel.web.api.rooms import Room
from onefunnel.web.api.shapes import Closed, Text
from onefunnel.web.pages.first import links
from onefunnel.web.pages.people import changes
from onefunnel.web.site import audit, current
from onefunnel.web.site.access import person_of

room = Room("People")
PersonId = Annotated[int, Path(ge=1, le=2**53)]


def _address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValueError("write it as name@firm.example") from error
    return value.strip().lower()


Address = Annotated[
    Text, AfterValidator(_address), Field(max_length=254, json_schema_extra={"format": "email"})
]


class PersonOut(Schema):
    """Somebody who may sign in."""

    id: int
    name: str
    email: str
    role: Role
    employee_id: str = Field(description="Who they are in the records; empty: nobody.")
    active: bool
    joined_at: datetime


class Invite(Closed):
    """Somebody to come in."""

    name: Text = Field(min_length=1, max_length=200)
    email: Address
    role: Role
    employee_id: Text = Field("", max_length=200)


class Invited(Schema):
    """An invitation; its link is known only now."""

    email: str
    link: str = Field(description="Lets them in once, within a week.")


class Change(Closed):
    """What is to be another; what is left out stays."""

    role: Role | None = None
    employee_id: Text | None = Field(None, max_length=200)
    active: bool | None = Field(None, description="False closes the account: nobody is deleted.")


@room.call("GET", "/people", Permission.PEOPLE, {200: list[PersonOut]})
def people(request: HttpRequest) -> list[dict[str, Any]]:
    """Everybody who may sign in, and who could before."""
    return [_said(each) for each in Person.objects.order_by("-is_active", "name", "pk")]


@room.call("POST", "/people", Permission.PEOPLE, {201: Invited}, 413)
def invite(request: HttpRequest, given: Invite) -> Any:
    """Invite somebody.

    Give them the link of the answer. An earlier link to the same address ends.
    """
    if Person.objects.filter(email=given.email).exists():
        raise UsageError("Somebody signs in with this address already.")
    Invitation.objects.filter(email=given.email, person=None, used_at=None).delete()
    secret = links.make(
        given.role,
        email=given.email,
        name=given.name,
        employee_id=given.employee_id.strip(),
        made_by=person_of(request),
    )
    audit.note(request, "invited", "invitation", given.email, role=given.role.value)
    path = reverse("join", kwargs={"secret": secret})
    base = current.workspace().settings.server.url.rstrip("/")
    link = f"{base}{path}" if base else request.build_absolute_uri(path)
    return Status(201, {"email": given.email, "link": link})


@room.call("PATCH", "/people/{person_id}", Permission.PEOPLE, {200: PersonOut}, 404, 413)
def change_person(request: HttpRequest, person_id: PersonId, given: Change) -> dict[str, Any]:
    """Change what somebody may do.

    Give another role, name who they are in the records, close the account or open it again.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404("There is no such person.")
    if given.role is not None and given.role is not person.in_role:
        changes.give_role(person, given.role)
        said = {"before": person.role, "after": given.role.value}
        audit.note(request, "role_changed", "person", str(person.pk), **said)
    if given.employee_id is not None and given.employee_id != person.employee_id:
        Person.objects.filter(pk=person.pk).update(employee_id=given.employee_id.strip())
        audit.note(request, "employee_named", "person", str(person.pk))
    if given.active is not None and given.active != person.is_active:
        _open_or_close(request, person, given.active)
    person.refresh_from_db()
    return _said(person)


def _open_or_close(request: HttpRequest, person: Person, active: bool) -> None:
    if active:
        changes.open_again(person)
    else:
        changes.close(person, person_of(request))
    action = "account_opened" if active else "account_closed"
    audit.note(request, action, "person", str(person.pk))


def _said(person: Person) -> dict[str, Any]:
    names = ("name", "email", "role", "employee_id", "joined_at")
    known = {name: getattr(person, name) for name in names}
    return {"id": person.pk, "active": person.is_active, **known}
