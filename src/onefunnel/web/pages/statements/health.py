"""Whether the pay plans work, for who may see everybody's pay: test by test, with two pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from onefunnel.measures.plan_health.periods import days_of
from onefunnel.measures.plan_health.result import PlanHealthRow, Verdict
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import look_up
from onefunnel.web.locale import Words
from onefunnel.web.pages.statements.health_pictures import Picture, attained, closing_days
from onefunnel.web.pages.statements.health_words import NAMES, VERDICTS, meaning, sentence
from onefunnel.web.pages.statements.notes import told
from onefunnel.web.pages.statements.waiting import waiting
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.encoded import Computed

MEASURE = "plan_health"
SHARES = ("at_quota", "under_threshold", "spread", "spike")
ATTAINED, CLOSING_DAY = "attained", "closing_day"


@dataclass(frozen=True, slots=True)
class Tested:
    """A test: of what, what it says, its value with the range, and the verdict with its mark."""

    name: Markup
    component: str
    sentence: Markup
    meaning: Markup
    value: str
    interval: str
    healthy: str
    mark: str
    verdict: Markup


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan: its tests, its pictures, and how many tests are to be looked at."""

    name: str
    tests: tuple[Tested, ...]
    pictures: tuple[tuple[str, Picture], ...]
    to_look_at: int


@page(Permission.PAY)
def health(request: HttpRequest) -> HttpResponse:
    """The tests of every plan over the last twelve months; that they were seen is written down."""
    workspace, person = current.workspace(), person_of(request)
    asked = look_up(workspace, {MEASURE: (MEASURE, Asked())}, person)
    if asked.missing:
        return waiting(request, asked.missing[0], "statements/health_waiting.html")
    computed = asked.found[MEASURE]
    note(request, "seen", "pay", MEASURE, rows=len(computed.answer.rows))
    return render(request, "statements/health.html", _content(computed, words_of(request)))


def _content(computed: Computed, words: Words) -> dict[str, Any]:
    answer = computed.answer
    question = replace(computed.question, calendar=current.workspace().settings.calendar)
    return {
        "plans": plan_views(answer.rows, words),
        "notes": [told(each, words, all_of_it=True) for each in answer.notes],
        "period": words.days(*days_of(question)),
        "version": words.figures.count(answer.ledger_version),
    }


def plan_views(rows: Iterable[PlanHealthRow], words: Words) -> tuple[PlanView, ...]:
    """The plans in the order of the rows."""
    found: dict[str, list[PlanHealthRow]] = {}
    for row in rows:
        found.setdefault(row.plan, []).append(row)
    return tuple(_plan(name, each, words) for name, each in found.items())


def _plan(name: str, rows: Sequence[PlanHealthRow], words: Words) -> PlanView:
    tests = [row for row in rows if row.test in NAMES]
    several = len({row.component for row in tests if row.component}) > 1
    return PlanView(
        name,
        tuple(_test(row, words, several) for row in tests),
        tuple(_pictures(rows, words)),
        sum(row.verdict is Verdict.LOOK for row in tests),
    )


def _test(row: PlanHealthRow, words: Words, several: bool) -> Tested:
    mark, verdict = VERDICTS[row.verdict]
    return Tested(
        words.say(NAMES[row.test]),
        row.component if several else "",
        sentence(row, words),
        meaning(row, words),
        _value(row, row.value, words),
        _between(row, row.low, row.high, words),
        _between(row, row.range_low, row.range_high, words),
        mark,
        words.say(verdict),
    )


def _value(row: PlanHealthRow, value: float | None, words: Words) -> str:
    if value is None:
        return ""
    return words.figures.share(value) if row.test in SHARES else words.figures.number(value)


def _between(row: PlanHealthRow, low: float | None, high: float | None, words: Words) -> str:
    if low is None or high is None:
        return ""
    return f"{_value(row, low, words)}\u2009–\u2009{_value(row, high, words)}"


def _pictures(rows: Sequence[PlanHealthRow], words: Words) -> Iterable[tuple[str, Picture]]:
    """Of each component that has quotas, and of the days on which sales close."""
    by_component: dict[str, dict[int, float]] = {}
    for row in rows:
        if row.test == ATTAINED:
            tenth = round(float(row.params["from"] or 0) * 10)
            by_component.setdefault(row.component, {})[tenth] = row.value or 0.0
    for component, bars in by_component.items():
        yield component if len(by_component) > 1 else "", attained(bars, words)
    days = [row for row in rows if row.test == CLOSING_DAY]
    if days:
        bars = {int(row.params["days_left"] or 0): row.value or 0.0 for row in days}
        yield "", closing_days(bars, days[0].n, words)
