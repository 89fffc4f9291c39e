"""The command about people: who may sign in, and a link for somebody who can't."""

from typing import Annotated

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli.options import WorkspacePath
from onefunnel.errors import UnknownName, UsageError
from onefunnel.vocabulary import Role

errors = Console(stderr=True, highlight=False, soft_wrap=True)
ACTIONS = ("list", "invite")
ROLES = tuple(each.value for each in Role)


def people_command(
    workspace: WorkspacePath,
    action: Annotated[str, typer.Argument(help="list, or invite: make a link that opens once.")],
    role: Annotated[str, typer.Option(help="The role of who is invited.")] = Role.DIRECTOR.value,
    email: Annotated[
        str, typer.Option(help="Whom it is for; who signs in already sets a new password by it.")
    ] = "",
    port: Annotated[
        int, typer.Option(help="Port that is served, where the settings have no url.", min=1)
    ] = 8000,
) -> None:
    """List who may sign in, or make a link to come in by: the way back when all are locked out."""
    if action not in ACTIONS:
        raise UnknownName("action", action, ACTIONS)
    if role not in ROLES:
        raise UnknownName("role", role, ROLES)
    opened = bootstrap.open_workspace(workspace)
    from onefunnel.web.site.setup import configure, migrate

    configure(opened.path.resolve())
    migrate()
    if action == "list":
        _list()
        return
    base = opened.settings.server.url.rstrip("/") or f"http://127.0.0.1:{port}"
    print(f"{base}/enter/link/{_invite(Role(role), email.strip().lower())}/")
    errors.print("It opens once, within seven days. Whoever holds it comes in.", style="dim")


def _list() -> None:
    """A line per person: address, role, whether they may sign in, name."""
    from onefunnel.store.models import Person

    for each in Person.objects.order_by("email"):
        state = "active" if each.is_active else "left"
        print(f"{each.email}\t{each.role}\t{state}\t{each.name}")
    if not Person.objects.exists():
        errors.print("Nobody signs in yet.")


def _invite(role: Role, email: str) -> str:
    from onefunnel.store.models import Person
    from onefunnel.web.pages.first import links
    from onefunnel.web.site.audit import write

    person = Person.objects.filter(email=email).first() if email else None
    if person is not None and not person.is_active:
        raise UsageError(f"{email} has left.", remedy="A director can take them back, on People.")
    given = person.in_role if person else role
    secret = links.make(given, email=email, person=person)
    write(None, "invited", "person", str(person.pk) if person else "", role=given.value)
    return secret
