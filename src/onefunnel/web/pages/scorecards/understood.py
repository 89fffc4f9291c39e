"""The check of understanding: three questions, who has answered them rightly, who still waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.measures.scorecard.understanding import (
    Answers,
    Question,
    Standing,
    questions,
    right,
    standing,
)
from onefunnel.store.models import Person, Understanding
from onefunnel.web.jobs.roster import Worker
from onefunnel.web.locale import Words
from onefunnel.web.pages.scorecards.terms import QUESTIONS, in_unit, share, source_name
from onefunnel.web.pages.scorecards.whose import people_of

NOMINAL = Decimal(1000)
"""The target pay that questions speak of where no pay plan names one."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as a person is asked it: the field of its answer, the options in words."""

    field: str
    text: Markup
    options: tuple[Markup, ...]


def target_of(targets: Mapping[str, Decimal], employee: str) -> Decimal:
    """Somebody's target pay, a thousand where none is known."""
    return targets.get(employee, NOMINAL)


def standings(
    cards: Sequence[Scorecard],
    workers: Sequence[Worker],
    targets: Mapping[str, Decimal],
    day: date,
) -> dict[str, Standing]:
    """By file: whether a scorecard is in effect, and who still has to answer, by employee.

    ``cards`` are all there are, whoever looks: what is to be shared out among them must be.
    """
    given: dict[str, list[Answers]] = {}
    named = [card.file for card in cards]
    for each in Understanding.objects.filter(scorecard__in=named).select_related("person"):
        chosen = tuple(int(place) for place in each.chosen)
        who = each.person.employee_id
        answers = Answers(who, each.digest, each.attempt, chosen, each.answered_at)
        given.setdefault(each.scorecard, []).append(answers)
    found = {}
    for card in cards:
        people = people_of(card, workers, day)
        pays = {each.employee_id: target_of(targets, each.employee_id) for each in people}
        found[card.file] = standing(card, pays, given.get(card.file, ()), cards)
    return found


def next_attempt(card: Scorecard, person: Person) -> int:
    """The number of somebody's next attempt at a scorecard as it stands."""
    given = Understanding.objects.filter(
        scorecard=card.file, digest=card.digest, person=person
    ).order_by("-attempt")
    last = given.first()
    return 1 if last is None else last.attempt + 1


def asked_of(
    card: Scorecard, person: Person, targets: Mapping[str, Decimal], attempt: int
) -> tuple[Question, ...]:
    """The questions of an attempt; the right answers in them stay on the server."""
    target = target_of(targets, person.employee_id)
    return questions(card, person.employee_id, attempt, target)


def answered(
    card: Scorecard,
    person: Person,
    targets: Mapping[str, Decimal],
    attempt: int,
    chosen: Sequence[int],
) -> int:
    """Keep somebody's answers to an attempt; how many of them were right."""
    Understanding.objects.create(
        scorecard=card.file,
        digest=card.digest,
        person=person,
        attempt=attempt,
        chosen=list(chosen),
    )
    return sum(right(asked_of(card, person, targets, attempt), chosen))


def question_views(asked: Sequence[Question], words: Words) -> tuple[QuestionView, ...]:
    """Questions in words, without a trace of which option is right."""
    return tuple(
        QuestionView(f"answer_{place}", _text(each, words), tuple(_options(each, words)))
        for place, each in enumerate(asked)
    )


def _text(asked: Question, words: Words) -> Markup:
    params = dict(asked.params)
    told: dict[str, object] = {}
    if "measure" in params:
        told["measure"] = source_name(params["measure"], words)
    if "gate" in params:
        told["gate"] = source_name(params["gate"], words)
    if "value" in params:
        told["value"] = in_unit(Decimal(params["value"]), params["measure"], words)
    if "pay" in params:
        told["pay"] = words.figures.paid(Decimal(params["pay"]))
    return words.say(QUESTIONS[asked.code], **told)


def _options(asked: Question, words: Words) -> list[Markup]:
    return [Markup("{}").format(_option(asked, each, words)) for each in asked.options]


def _option(asked: Question, option: str, words: Words) -> object:
    if asked.code == "weighs_most":
        return source_name(option, words)
    if asked.code == "money_at":
        return words.figures.paid(Decimal(option))
    if asked.code in ("payout_at", "gate_shut"):
        return share(Decimal(option), words)
    return in_unit(Decimal(option), asked.params["measure"], words)
