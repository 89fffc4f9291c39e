"""What the navigation offers: what the person may see, and what the firm uses."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission
from onefunnel.web.locale.translations import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation; ``current`` while it, or a page beneath it, is shown."""

    title: str
    address: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    title: str
    asks: Permission


GROUPS: Sequence[Sequence[_Entry]] = (
    (
        _Entry("today", N_("Today"), Permission.OWN_ACCOUNT),
        _Entry("funnel", N_("Funnel"), Permission.FIGURES),
        _Entry("leads", N_("Desk"), Permission.RECORDS),
        _Entry("imports", N_("Imports"), Permission.IMPORT),
    ),
    (
        _Entry("campaigns", N_("Campaigns"), Permission.FIGURES),
        _Entry("attribution", N_("Attribution"), Permission.FIGURES),
        _Entry("experiments", N_("Experiments"), Permission.FIGURES),
    ),
    (
        _Entry("incentives", N_("Incentives"), Permission.FIGURES),
        _Entry("bridge", N_("Bridge"), Permission.FIGURES),
        _Entry("statements", N_("Statements"), Permission.OWN_PAY),
        _Entry("scorecards", N_("Scorecards"), Permission.OWN_PAY),
        _Entry("months", N_("Months"), Permission.FIGURES),
        _Entry("terms", N_("Terms"), Permission.OWN_PAY),
    ),
    (
        _Entry("definitions", N_("Definitions"), Permission.FIGURES),
        _Entry("settings", N_("Settings"), Permission.RULES_PREVIEW),
        _Entry("people", N_("People"), Permission.PEOPLE),
        _Entry("audit", N_("Audit log"), Permission.AUDIT),
        _Entry("backups", N_("Backups"), Permission.KEEP),
    ),
)


def navigation(person: Person, path: str) -> tuple[tuple[Place, ...], ...]:
    """The groups of places for a person, empty groups left out."""
    groups = (
        tuple(_place(each, path) for each in group if person.may(each.asks)) for group in GROUPS
    )
    return tuple(group for group in groups if group)


def _place(entry: _Entry, path: str) -> Place:
    address = reverse(entry.name)
    within = path == address or (address != "/" and path.startswith(address))
    return Place(entry.title, address, within)
