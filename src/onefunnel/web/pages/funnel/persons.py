"""Figures by owner show persons: only heads see them, and only those of the own team."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from onefunnel.errors import OnefunnelError
from onefunnel.store.models import Person
from onefunnel.vocabulary.answers import Row
from onefunnel.web.locale import Words
from onefunnel.workflows.staff import kept_staff
from onefunnel.workflows.workspace import Workspace

OWNER = "owner"
R = TypeVar("R", bound=Row)


class NotShown(OnefunnelError):
    """What was asked shows persons, and who asked sees teams."""

    code = "not_shown"
    exit_status = 2
    http_status = 403


def check(person: Person, names: Iterable[str], words: Words) -> None:
    """Raise NotShown where a dimension shows persons to somebody who sees teams."""
    if OWNER in names and not person.in_role.leads:
        raise _not_shown(words)


def check_one(
    workspace: Workspace, version: int, person: Person, owner: str | None, words: Words
) -> None:
    """Raise NotShown where an owner is of another team; unknown owners are nobody's."""
    if shown(workspace, version, person)(owner) is None:
        raise _not_shown(words)


def _not_shown(words: Words) -> NotShown:
    return NotShown(
        words.say("Figures by owner show persons."),
        remedy=words.say("Heads see those of the own team; everybody else sees teams."),
    )


def shown(workspace: Workspace, version: int, person: Person) -> Callable[[str | None], str | None]:
    """How an owner is called; None where the person may not be shown. Unknown is shown as such."""
    staff = kept_staff(workspace, version)

    def name(owner: str | None) -> str | None:
        if owner is None:
            return ""
        found = staff.get(owner)
        if found is None or not person.sees_person(owner, found.department):
            return None
        return found.name

    return name


def own(rows: Iterable[R], name: Callable[[str | None], str | None]) -> tuple[R, ...]:
    """The rows of owners who may be shown; rows without an owner are all kept."""
    return tuple(
        row
        for row in rows
        if OWNER not in row.dimensions or name(row.dimensions[OWNER]) is not None
    )
