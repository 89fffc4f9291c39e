"""The rules that were in force, version by version, and who put them into force."""

from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.store.models import AuditLine
from onefunnel.web.locale import Words
from onefunnel.workflows.rules import InForce, in_force
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class VersionView:
    """Rules over some ledger versions; ``by`` is empty where they came from elsewhere."""

    rules: str
    first: int
    last: int
    since: Markup
    by: str
    now: bool


def versions(workspace: Workspace, words: Words) -> tuple[VersionView, ...]:
    """All rules that were in force, the latest first."""
    lines = AuditLine.objects.filter(action="rules_applied").select_related("person")
    people = {line.detail.get("version"): line.person.name for line in lines if line.person}
    found = in_force(workspace)
    return tuple(_view(each, people, words, at == 0) for at, each in enumerate(found))


def _view(found: InForce, people: dict[object, str], words: Words, now: bool) -> VersionView:
    return VersionView(
        found.rules[:12],
        found.first,
        found.last,
        words.instant(found.since),
        people.get(found.first, ""),
        now,
    )
