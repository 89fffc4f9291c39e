"""What waits for a person: mentions, failed jobs, rows to mend, leads, a second factor."""

from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup

from onefunnel.store.models import Job, Mention, Person
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Department, Permission, Role
from onefunnel.web.jobs.kinds import WRITES
from onefunnel.web.locale import Words
from onefunnel.workflows.freshness import LOOKED_BACK_DAYS, UNWORKED_HOURS, Freshness

SHOWN = 5
FAILED_WITHIN = timedelta(days=7)
TEXT_SHOWN = 140


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: what, a sentence, and the button that leads there."""

    title: Markup
    text: Markup
    button: Markup
    address: str


def waits(person: Person, fresh: Freshness | None, words: Words) -> tuple[Wait, ...]:
    """Everything that waits for a person; what needs the ledger is left out until it is known."""
    found = [*_mentions(person, words), *_failed(person, words)]
    if fresh is not None:
        found += _of_ledger(person, fresh, words)
    return (*found, *_second_factor(person, words))


def _mentions(person: Person, words: Words) -> list[Wait]:
    unread = Mention.objects.filter(
        person=person, read_at=None, remark__withdrawn_at=None
    ).select_related("remark__author")
    return [
        Wait(
            words.say("{name} mentions you", name=_name(each.remark.author.name)),
            Markup("<bdi>{}</bdi>").format(_short(each.remark.text)),
            words.say("Read"),
            f"{reverse('remarks')}#remark-{each.remark.pk}",
        )
        for each in unread.order_by("-remark__written_at")[:SHOWN]
    ]


def _name(name: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= TEXT_SHOWN else plain[: TEXT_SHOWN - 1].rstrip() + "…"


def _failed(person: Person, words: Words) -> list[Wait]:
    """Imports and other writes that failed, unless one of the kind has gone well since."""
    ended = Job.objects.filter(
        asked_by=person, lane=WRITES, ended_at__gte=timezone.now() - FAILED_WITHIN
    )
    last = {job.kind: job for job in ended.order_by("ended_at")}
    return [
        Wait(
            words.say("A job of yours failed"),
            Markup('<span lang="en" dir="ltr">{}</span>').format(job.error.get("message", "")),
            words.say("See what failed"),
            reverse("imports" if person.may(Permission.IMPORT) else "account"),
        )
        for job in last.values()
        if job.state == State.FAILED
    ]


def _of_ledger(person: Person, fresh: Freshness, words: Words) -> list[Wait]:
    found = []
    if fresh.unworked and _works_leads(person):
        found.append(
            Wait(
                words.count("{n} lead waits", "{n} leads wait", fresh.unworked),
                words.say(
                    "Offered in the last {days} of the records, not taken up {hours} later",
                    days=words.figures.days(LOOKED_BACK_DAYS),
                    hours=words.figures.days(UNWORKED_HOURS / 24),
                ),
                words.say("Open the desk"),
                reverse("leads"),
            )
        )
    if fresh.quarantined and person.may(Permission.IMPORT):
        found.append(
            Wait(
                words.count(
                    "{n} row in the quarantine", "{n} rows in the quarantine", fresh.quarantined
                ),
                words.say("They could not be read and count in no figure"),
                words.say("Mend"),
                reverse("quarantine"),
            )
        )
    return found


def _works_leads(person: Person) -> bool:
    """Sales works the leads; the director sees that they wait."""
    role = person.in_role
    return role is Role.DIRECTOR or role.department is Department.SALES


def _second_factor(person: Person, words: Words) -> list[Wait]:
    """Who can see and change most should not be let in by a password alone."""
    if not (person.in_role.leads or person.in_role is Role.DIRECTOR):
        return []
    if Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).exists():
        return []
    return [
        Wait(
            words.say("A second factor for your account"),
            words.say("Your role sees and changes much: a password alone is little"),
            words.say("Set up"),
            reverse("mfa_index"),
        )
    ]
