"""How records look in the API, and whose names are in them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onefunnel.store.models import Person
from onefunnel.vocabulary import Answer
from onefunnel.web.pages.funnel import persons
from onefunnel.web.site.language import words_in
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.workspace import Workspace

Cell = str | int | float | bool | None
"""A value of a row."""


def check_owners(person: Person, asked: Asked) -> None:
    """Refuse figures by owner to who sees teams."""
    persons.check(person, asked.by, words_in("en"))


def check_owner(
    workspace: Workspace, person: Person, version: int, where: Mapping[str, str | None]
) -> None:
    """Refuse the rows of an owner who is of another team, once the staff is known."""
    owner = where.get(persons.OWNER)
    if owner in (None, "unknown"):
        return
    named = persons.shown(workspace, version, person)
    if named(str(owner).strip('"')) is None:
        raise persons.NotShown(
            "Figures by owner show persons.", remedy="Heads see those of the own team."
        )


def own(workspace: Workspace, person: Person, answer: Answer[Any]) -> Answer[Any]:
    """An answer without the rows of owners who are of another team."""
    if not any(persons.OWNER in row.dimensions for row in answer.rows):
        return answer
    named = persons.shown(workspace, answer.ledger_version, person)
    return replace(answer, rows=persons.own(answer.rows, named))
