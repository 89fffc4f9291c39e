"""What waits for somebody's word: questions on scorecards, the bridge to be signed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.scorecard.cards import cards_of
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import roster
from onefunnel.web.jobs.questions import look
from onefunnel.web.jobs.roster import Worker
from onefunnel.web.locale import Words
from onefunnel.web.pages.bridge import links
from onefunnel.web.pages.bridge.signing import HEADS, can_be_signed, signatures
from onefunnel.web.pages.months.offered import chosen, offered
from onefunnel.web.pages.scorecards.answers import target_pays
from onefunnel.web.pages.scorecards.content import name_of
from onefunnel.web.pages.scorecards.understood import standings
from onefunnel.web.pages.scorecards.whose import key_of
from onefunnel.web.pages.statements.amounts import month_name
from onefunnel.web.pages.today.waits import SHOWN, Wait
from onefunnel.workflows.freshness import Freshness, kept_freshness
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace


def awaited(
    workspace: Workspace, person: Person, fresh: Freshness | None, words: Words
) -> tuple[Wait, ...]:
    """What waits for a person's word; what is not worked out yet is left out until it is."""
    found = [*_questions(workspace, person, words)]
    if fresh is not None and person.in_role in HEADS:
        found += _bridge(workspace, person, fresh, words)
    return tuple(found)


def _questions(workspace: Workspace, person: Person, words: Words) -> Iterator[Wait]:
    """Scorecards on which somebody has not answered; who sees pay is told who has not."""
    sees_all = person.may(Permission.PAY)
    terms, day = current_terms(workspace), _day(workspace)
    cards, _ = cards_of(terms)
    asked = [each for each in cards if each.valid_to is None or day < each.valid_to]
    if not asked or not (person.employee_id or sees_all):
        return
    workers = roster.look(workspace, person)
    if isinstance(workers, Job):
        return
    known = standings(cards, workers, target_pays(terms, day), day)
    waiting = {each.file: known[each.file].waiting for each in asked}
    names = {each.employee_id: each.name for each in workers}
    own = [each for each in asked if person.employee_id in waiting[each.file]]
    yield from (_asked(card, names, words) for card in own[:SHOWN])
    others = {who for each in waiting.values() for who in each} - {person.employee_id}
    if sees_all and others:
        yield _unanswered([each for each in workers if each.employee_id in others], words)


def _day(workspace: Workspace) -> date:
    """The day that scorecards are judged on: that of the last record, as on their page."""
    fresh = kept_freshness(workspace)
    last = datetime.fromisoformat(fresh.latest) if fresh and fresh.latest else workspace.clock()
    return workspace.settings.calendar.local_day(last)


def _asked(card: Scorecard, names: dict[str, str], words: Words) -> Wait:
    return Wait(
        words.say("Three questions on a scorecard of yours"),
        words.say(
            "{scorecard}. It takes effect once everybody has answered rightly.",
            scorecard=name_of(card, names, words),
        ),
        words.say("Answer"),
        reverse("scorecard_questions", kwargs={"name": key_of(card)}),
    )


def _unanswered(people: Sequence[Worker], words: Words) -> Wait:
    shown = [Markup("<bdi>{}</bdi>").format(each.name) for each in people[:SHOWN]]
    if len(people) > SHOWN:
        shown.append(words.count("{n} more", "{n} more", len(people) - SHOWN))
    return Wait(
        words.count(
            "{n} person has not answered the questions on a scorecard",
            "{n} people have not answered the questions on a scorecard",
            len(people),
        ),
        words.listed(shown),
        words.say("Open the scorecards"),
        reverse("scorecards"),
    )


def _bridge(workspace: Workspace, person: Person, fresh: Freshness, words: Words) -> Iterator[Wait]:
    """The bridge of the last month that is over, where a head has not signed it as it is."""
    kept = workspace.settings
    months = offered(
        fresh, workspace.clock(), kept.calendar, kept.server.stale_days, after_another=True
    )
    month = chosen("", months)
    if month is None or not month.is_over:
        return
    found = look(workspace, "bridge", month.asked(), person)
    if isinstance(found, Job) or not can_be_signed(found.answer):
        return
    for place in signatures(month.label, found.answer, person, words):
        if place.mine:
            yield Wait(
                words.say(
                    "The bridge of {month} is not signed", month=month_name(month.label, words)
                ),
                words.say("Its figures have changed since you signed")
                if place.state == "void"
                else words.say("Both heads sign who moved the number"),
                words.say("Look and sign"),
                links.bridge(month),
            )
