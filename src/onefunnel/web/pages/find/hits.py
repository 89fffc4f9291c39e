"""What a few letters may mean: pages, customers, leads, campaigns, definitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from onefunnel.store.models import Person
from onefunnel.vocabulary import STAGES, Permission
from onefunnel.web.jobs.directory import look
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.definitions.terms import MEASURES
from onefunnel.web.pages.leads.journey import bdi
from onefunnel.web.pages.leads.terms import STATES
from onefunnel.web.report.context import DEFINITIONS
from onefunnel.web.site import current
from onefunnel.web.site.navigation import navigation
from onefunnel.workflows.directory.folding import fold
from onefunnel.workflows.directory.reading import Directory, Wanted

MOST = 6

PAGES = (("account", N_("Your account")), ("remarks", N_("Comments that mention you")))
ASKS = {"account": Permission.OWN_ACCOUNT, "remarks": Permission.FIGURES}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its name, what it is, where it is."""

    name: Markup
    kind: Markup
    address: str


def hits(query: str, person: Person, words: Words) -> list[Hit]:
    """What a query may mean to a person, by the beginnings of words; empty: the pages."""
    asked = fold(query).split()
    found = [each for each in _pages(person, words) if _begins(str(each.name), asked)]
    if not asked:
        return found
    if person.may(Permission.RECORDS):
        with look(current.workspace(), person) as standing:
            if standing.directory is not None:
                found += _records(standing.directory, query, words)
    if person.may(Permission.FIGURES):
        named = [each for each in _definitions(words) if _begins(str(each.name), asked)]
        found += named[:MOST]
    return found


def _begins(name: str, asked: list[str]) -> bool:
    """Whether every word that is asked for begins some word of a name.

    >>> _begins("Earned so far", ["ear"]), _begins("Earned so far", ["arned"])
    (True, False)
    """
    words = fold(name).split()
    return all(any(word.startswith(each) for word in words) for each in asked)


def _pages(person: Person, words: Words) -> Iterator[Hit]:
    kind = words.say("page")
    for group in navigation(person, ""):
        for place in group:
            yield Hit(words.say(place.title), kind, place.address)
    for name, title in PAGES:
        if person.may(ASKS[name]):
            yield Hit(words.say(title), kind, reverse(name))


def _records(directory: Directory, query: str, words: Words) -> list[Hit]:
    return [
        *_exact(directory, query, words),
        *_customers(directory, query, words),
        *_leads(directory, query, words),
        *_campaigns(directory, query, words),
    ]


def _exact(directory: Directory, query: str, words: Words) -> Iterator[Hit]:
    """A customer whose key was typed."""
    code = directory.entity_of(query)
    if code is not None:
        known = directory.customer(code)
        name = known.name if known and known.name else query
        address = reverse("customer", kwargs={"party": query})
        yield Hit(bdi(name), words.say("customer {key}", key=bdi(query)), address)


def _customers(directory: Directory, query: str, words: Words) -> Iterator[Hit]:
    for each in directory.find_customers(query, MOST):
        address = reverse("customer", kwargs={"party": each.party_id})
        name = each.name or each.organisation or each.party_id
        kind = words.say("customer")
        if each.organisation and each.name:
            kind = Markup("{}, {}").format(kind, bdi(each.organisation))
        yield Hit(bdi(name), kind, address)


def _leads(directory: Directory, query: str, words: Words) -> Iterator[Hit]:
    exact = directory.lead(query)
    found = [exact] if exact else directory.leads(Wanted(of=query), 0, MOST) if query else []
    for each in found:
        name = bdi(each.name or each.lead_id)
        kind = words.say("lead, {state}", state=words.say(STATES[each.state][1]))
        yield Hit(name, kind, reverse("lead", kwargs={"lead": each.lead_id}))


def _campaigns(directory: Directory, query: str, words: Words) -> Iterator[Hit]:
    for each in directory.find_campaigns(query, MOST):
        address = f"{reverse('remarks')}?{urlencode({'kind': 'campaign', 'id': each.name})}"
        kind = words.count("campaign, {n} lead", "campaign, {n} leads", each.leads)
        yield Hit(bdi(each.name), kind, address)


def _definitions(words: Words) -> Iterator[Hit]:
    page = reverse("definitions")
    kind = words.say("definition")
    for key, name, _ in DEFINITIONS:
        yield Hit(words.say(name), kind, f"{page}#{key}")
    for stage in STAGES:
        yield Hit(words.stage(stage), kind, f"{page}#stage-{stage.value}")
    for key, (name, _) in MEASURES.items():
        yield Hit(words.say(name), kind, f"{page}#measure-{key}")
