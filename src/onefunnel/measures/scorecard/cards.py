"""The scorecards of a question: those that can be read, whose figures they read, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from onefunnel.errors import InputError
from onefunnel.measures.periods import Period, asked_period, months_before, whole_months
from onefunnel.measures.scorecard.catalogue import FIGURES
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.reading import load
from onefunnel.vocabulary import Calendar, Department, Month, Question, Terms
from onefunnel.vocabulary.terms import SCORECARDS

HISTORY = 24
"""So many months before the period are read too: what repeats itself shows only then."""

WHOLE = ""
"""The scope of the whole company."""

OF_SOME = (Level.PERSON, Level.ROLE, Level.TEAM)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no scorecard, and why."""

    file: str
    error: InputError


@lru_cache(maxsize=32)
def cards_of(terms: Terms) -> tuple[tuple[Scorecard, ...], tuple[Unreadable, ...]]:
    """The scorecards of the files in ``scorecards/``, and the files that can't be read."""
    cards, bad = [], []
    for path, text in terms.under(SCORECARDS):
        try:
            cards.append(load(text, path))
        except InputError as error:
            bad.append(Unreadable(path, error))
    return tuple(cards), tuple(bad)


def scope(card: Scorecard, source: str = "revenue") -> str:
    """Whose figure a scorecard reads: that of its sellers, or the company's.

    The records say who sold and who accepted a lead. So the scorecard of a person, a role or a team
    of sales reads their own figures where there are such, and everybody else the company's.

    >>> from datetime import date
    >>> ann = Scorecard(Level.PERSON, "ann", Department.SALES, (), date(2024, 1, 1))
    >>> scope(ann, "arpu"), scope(ann, "profit")
    ('person:ann', '')
    """
    known = FIGURES.get(source)
    own = card.level in OF_SOME and card.department is Department.SALES
    return f"{card.level}:{card.of}" if own and known is not None and known.own else WHOLE


def scopes(cards: tuple[Scorecard, ...]) -> dict[str, Scorecard]:
    """The scopes other than the whole, each with a scorecard of it."""
    return {scope(card): card for card in cards if scope(card) != WHOLE}


def asked_months(question: Question) -> tuple[Month, ...]:
    """The whole months of the question's period."""
    return whole_months(asked_period(question), question.calendar)


def all_months(question: Question) -> tuple[Month, ...]:
    """The same, and those before it whose history is looked at."""
    asked = asked_months(question)
    return (*months_before(asked[0].start, HISTORY, question.calendar), *asked) if asked else ()


def spans(question: Question) -> dict[str, Period]:
    """The months by their labels, the asked ones first."""
    months = all_months(question)
    return {each.label: Period(each.start, each.end) for each in reversed(months)}


def in_force(card: Scorecard, month: Month, calendar: Calendar) -> bool:
    """Whether a scorecard holds on the first day of a month, and so for all of it."""
    return card.holds_on(calendar.local_day(month.start))


def sources(cards: tuple[Scorecard, ...]) -> frozenset[str]:
    """All figures that scorecards read, and those that are named beside them.

    Contribution is always among them: signs of gaming hold other figures against it.
    """
    return frozenset({"contribution", *(name for card in cards for name in _named(card))})


def _named(card: Scorecard) -> Iterator[str]:
    yield from card.sources
    yield from (each.counter for each in card.measures if each.counter is not None)
