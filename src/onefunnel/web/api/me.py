"""Who the caller is."""

from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from onefunnel.vocabulary import Department, Permission, Role
from onefunnel.web.api.rooms import Room
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of

room = Room("You")


class Me(Schema):
    """A person, and what they may do."""

    name: str = Field(description="The name.")
    email: str = Field(description="The address they sign in with.")
    role: Role = Field(description="The role; each person has one.")
    department: Department = Field(description="The department of the role.")
    permissions: list[Permission] = Field(description="What the role may do.")
    firm: str = Field(description="The firm whose workspace this is.")


@room.call("GET", "/me", Permission.OWN_ACCOUNT, {200: Me})
def me(request: HttpRequest) -> dict[str, Any]:
    """Who you are, and what you may do."""
    person = person_of(request)
    return {
        "name": person.name,
        "email": person.email,
        "role": person.in_role,
        "department": person.in_role.department,
        "permissions": [each for each in Permission if person.may(each)],
        "firm": current.workspace().name,
    }
