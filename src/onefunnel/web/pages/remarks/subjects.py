"""What comments are about, and who may read them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, PermissionDenied
from django.urls import reverse
from markupsafe import Markup

from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission, Role
from onefunnel.web.jobs.directory import look
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.funnel.asking import written
from onefunnel.web.pages.leads.missing import NotOnRecord
from onefunnel.web.pages.remarks.figures import figure_name, funnel_address
from onefunnel.web.site import current
from onefunnel.workflows.directory.reading import Directory

ASKS = {
    "figure": Permission.FIGURES,
    "campaign": Permission.FIGURES,
    "lead": Permission.RECORDS,
    "customer": Permission.RECORDS,
}
"""Kinds of subjects, and what one must be allowed to read and write about them."""

KIND_NAMES = {
    "figure": N_("Figure"),
    "campaign": N_("Campaign"),
    "lead": N_("Lead"),
    "customer": N_("Customer"),
}
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What a thread is about. ``same`` are all keys of it: of a customer, every party."""

    kind: str
    key: str
    same: tuple[str, ...]
    name: str = ""

    @property
    def thread_address(self) -> str:
        """The thread by itself."""
        return f"{reverse('remarks')}?{urlencode({'kind': self.kind, 'id': self.key})}"

    @property
    def address(self) -> str:
        """The page of what it is about; where it has none of its own, the thread."""
        if self.kind == "lead":
            return reverse("lead", kwargs={"lead": self.key})
        if self.kind == "customer":
            return reverse("customer", kwargs={"party": self.key})
        return self.thread_address

    @property
    def seen_at(self) -> str:
        """Where people look at it; the page as it was asked, of a figure."""
        if self.kind == "figure":
            return funnel_address(self.key)
        if self.kind == "campaign":
            return f"{reverse('campaigns')}?{urlencode({'campaign': written(self.key)})}"
        return self.address

    def title(self, words: Words) -> Markup:
        """What it is, in words."""
        if self.kind == "figure":
            return figure_name(self.key, words)
        named = Markup("<bdi>{}</bdi>").format(self.name or self.key)
        return words.say("{kind} {name}", kind=words.say(KIND_NAMES[self.kind]), name=named)


def subject(kind: str, key: str, person: Person, words: Words) -> Subject:
    """The subject of a thread, as asked for.

    BadRequest for what can't be one, PermissionDenied for who may not see it, NotOnRecord for a
    lead or customer that the ledger does not know.
    """
    if kind not in ASKS or not key or len(key) > LONGEST:
        raise BadRequest
    if not person.may(ASKS[kind]):
        raise PermissionDenied
    if kind == "figure":
        return Subject(kind, key, (key,))
    with look(current.workspace(), person) as found:
        if found.directory is None:
            return Subject(kind, key, (key,))
        known = _known(found.directory, kind, key)
        if known is None and found.current:
            raise NotOnRecord(words.say("{key} is not on record.", key=key))
        return known or Subject(kind, key, (key,))


def readers(kind: str) -> list[Person]:
    """Everybody who may read the threads of a kind, by name."""
    roles = [role.value for role in Role if role.may(ASKS[kind])]
    return list(Person.objects.filter(is_active=True, role__in=roles).order_by("name", "pk"))


def _known(directory: Directory, kind: str, key: str) -> Subject | None:
    if kind == "campaign":
        return Subject(kind, key, (key,)) if directory.has_campaign(key) else None
    if kind == "lead":
        lead = directory.lead(key)
        return Subject(kind, key, (key,), lead.name or "") if lead else None
    code = directory.entity_of(key)
    if code is None:
        return None
    customer = directory.customer(code)
    parties = tuple(dict.fromkeys(each["party_id"] for each in directory.contacts(code)))
    return Subject(kind, key, parties or (key,), (customer.name or "") if customer else "")
