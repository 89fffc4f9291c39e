"""A lead or a customer as a page shows them: where from, what is known, the whole journey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.urls import reverse
from markupsafe import Markup

from onefunnel.funnel.contacts import NO_CONTACT
from onefunnel.store.models import Person
from onefunnel.vocabulary import STAGES, Department, round_money
from onefunnel.web.locale import Words
from onefunnel.web.pages.leads.desk import LeadView, told, view
from onefunnel.web.pages.leads.journey import Line, Who, bdi, journey
from onefunnel.workflows.directory.reading import Directory, Employee, Lead

LINES = 200
MOST_LINES = 5_000
LEADS = 20
NAMES = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the head: what, how much, what is beneath it."""

    name: Markup
    value: str | Markup
    small: str | Markup = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A named value; a list of them is a table of what is known."""

    name: Markup
    value: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a page says of somebody. ``parties`` are all that are held to be them.

    What they said of how they came stands among the ``lines``, and is neither among the ``touches``
    nor the ``origin``.
    """

    entity_code: int
    party_id: str
    parties: tuple[str, ...]
    name: str
    facts: Sequence[Fact]
    origin: Sequence[Known]
    contacts: Sequence[Known]
    stages: Sequence[Known]
    leads: Sequence[LeadView]
    lines: Sequence[Line]
    touches: int
    earlier: int
    earlier_address: str


def card(
    directory: Directory, code: int, party: str, wanted: int, person: Person, words: Words
) -> Card:
    """The card of an entity, with the latest lines of its journey, so many."""
    contacts = directory.contacts(code)
    progress = directory.progress(code) or {}
    whole = directory.journey(code)
    shown = min(max(wanted, LINES), MOST_LINES)
    lines = whole.slice(max(len(whole) - shown, 0)).to_pylist()
    happened = _happened(whole)
    first = happened.slice(0, 1).to_pylist()
    customer = directory.customer(code)
    earlier = len(whole) - len(lines)
    return Card(
        entity_code=code,
        party_id=party,
        parties=tuple(dict.fromkeys(each["party_id"] for each in contacts)) or (party,),
        name=(customer.name or customer.organisation or "") if customer else "",
        facts=_facts(progress, whole.num_rows, words),
        origin=_origin(first[0] if first else {}, words),
        contacts=_contacts(contacts, words),
        stages=_stages(progress, words),
        leads=[view(each, directory, words) for each in directory.leads_of(code, LEADS)],
        lines=journey(lines, who(directory, lines, person, words), words),
        touches=happened["source"].to_pylist().count("touch"),
        earlier=earlier if shown < MOST_LINES else 0,
        earlier_address=f"?lines={min(5 * shown, MOST_LINES)}",
    )


def _happened(lines: pa.Table) -> pa.Table:
    """The lines of a journey without what somebody only said of it."""
    return lines.filter(pc.not_equal(pc.fill_null(lines["kind"], ""), NO_CONTACT))


def who(
    directory: Directory, lines: Sequence[Mapping[str, Any]], person: Person, words: Words
) -> Who:
    """How the employees of some lines are called before a person: see the rule on persons."""
    employees = directory.employees({each["actor"] for each in lines if each["actor"]})

    def named(employee_id: str, department: str) -> Markup:
        return called(employees[employee_id], department, person, words)

    return named


def called(employee: Employee, department: str, person: Person, words: Words) -> Markup:
    """An employee by name, to whom may see it; to everybody else the department.

    An employee whom no table knows is nobody's, whatever a record says: only their own account
    sees the name.
    """
    if person.sees_person(employee.employee_id, employee.department or ""):
        return bdi(employee.name or employee.employee_id)
    name = employee.department or department
    known = name in {each.value for each in Department}
    return words.department(Department(name) if known else Department.OTHER)


def owner(directory: Directory, lead: Lead, person: Person, words: Words) -> Markup | None:
    """Who has a lead in hand, as the person may see them; None where nobody has."""
    if lead.owner is None:
        return None
    employee = directory.employees({lead.owner})[lead.owner]
    return called(employee, Department.SALES.value, person, words)


def of_lead(lead: Lead, words: Words) -> list[Known]:
    """Where a lead came from."""
    names = ("Page", "Campaign", "Channel", "Segment")
    values = (lead.page, lead.campaign, lead.channel, lead.segment)
    return [Known(words.say(n), told(v, words)) for n, v in zip(names, values, strict=True)]


def _facts(progress: Mapping[str, Any], lines: int, words: Words) -> list[Fact]:
    figures = words.figures
    opened = progress.get("open_deals") or 0
    return [
        _contribution(progress, words),
        Fact(
            words.say("Open deals"),
            figures.count(opened),
            words.say(
                "{won} won, {lost} lost",
                won=figures.count(progress.get("won_deals") or 0),
                lost=figures.count(progress.get("lost_deals") or 0),
            ),
        ),
        _furthest(progress, words),
        Fact(words.say("On record"), words.count("{n} line", "{n} lines", lines)),
    ]


def _contribution(progress: Mapping[str, Any], words: Words) -> Fact:
    name, money = words.say("Earned so far"), words.figures.money
    sales, known = progress.get("lines") or 0, progress.get("told") or 0
    if not sales:
        return Fact(name, words.say("nothing yet"), words.say("no sale on record"))
    revenue = progress.get("revenue")
    small = (
        words.say("revenue unknown")
        if revenue is None
        else words.say("of {revenue} revenue", revenue=money(round_money(revenue)))
    )
    if not known:
        return Fact(name, words.say("unknown"), small)
    return Fact(name, money(round_money(progress["contribution"])), small)


def _furthest(progress: Mapping[str, Any], words: Words) -> Fact:
    entered = [stage for stage in STAGES if progress.get(f"at_{stage.position}")]
    name = words.say("Furthest stage")
    if not entered:
        return Fact(name, words.say("none yet"))
    at = progress[f"at_{entered[-1].position}"]
    return Fact(name, words.stage(entered[-1]), words.day(words.calendar.local_day(at)))


def _stages(progress: Mapping[str, Any], words: Words) -> list[Known]:
    found = []
    for stage in STAGES:
        at, own = progress.get(f"at_{stage.position}"), progress.get(f"own_{stage.position}")
        if at is None:
            continue
        day = Markup(words.day(words.calendar.local_day(at)))
        said = day if own == at else words.say("{day}, implied by a later stage", day=day)
        found.append(Known(words.stage(stage), said))
    if (lost := progress.get("loss_at")) is not None:
        day = Markup(words.day(words.calendar.local_day(lost)))
        reason = progress.get("loss_reason")
        said = Markup("{} · {}").format(day, bdi(reason)) if reason else day
        found.append(Known(words.say("Lost"), said))
    return found


def _origin(first: Mapping[str, Any], words: Words) -> list[Known]:
    if not first or first["at"] is None:
        return []
    names = {
        "page": words.say("Page"),
        "campaign": words.say("Campaign"),
        "channel": words.say("Channel"),
        "content": words.say("Advert"),
        "term": words.say("Search words"),
        "utm_source": words.say("Source"),
        "medium": words.say("Medium"),
    }
    day = words.day(words.calendar.local_day(first["at"]))
    found = [Known(words.say("First seen"), Markup(day))]
    always = ("page", "campaign", "channel")
    found += [
        Known(said, told(first[name], words))
        for name, said in names.items()
        if first[name] or name in always
    ]
    return found


def _contacts(contacts: Sequence[Mapping[str, Any]], words: Words) -> list[Known]:
    names = {
        "name": words.say("Name"),
        "organisation": words.say("Organisation"),
        "email": words.say("E-mail address"),
        "phone": words.say("Telephone"),
        "domain": words.say("Domain"),
        "country": words.say("Country"),
        "segment": words.say("Segment"),
        "party_id": words.say("In the records"),
    }
    found = []
    for name, said in names.items():
        values = dict.fromkeys(each[name] for each in contacts if each[name])
        if not values:
            continue
        form = Markup('<bdi dir="ltr">{}</bdi>' if name in _LATIN else "<bdi>{}</bdi>")
        listed = [form.format(each) for each in list(values)[:NAMES]]
        if len(values) > NAMES:
            rest = len(values) - NAMES
            listed.append(words.count("and {n} more", "and {n} more", rest))
        found.append(Known(said, words.listed(listed)))
    return found


_LATIN = ("email", "phone", "domain", "country", "party_id")


def address_of(card: Card) -> str:
    """The page of the customer."""
    return reverse("customer", kwargs={"party": card.party_id})


__all__ = ["Card", "Known", "address_of", "called", "card", "of_lead", "owner", "who"]
