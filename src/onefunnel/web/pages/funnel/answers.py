"""The answers that the page of the funnel is made of, as far as they are worked out."""

from collections.abc import Callable
from dataclasses import replace

from onefunnel.store.models import Job, Person
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import Answers, look_up
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.web.pages.funnel.narrowing import narrowed
from onefunnel.web.report import Report
from onefunnel.workflows.freshness import Freshness
from onefunnel.workflows.workspace import Workspace

MEASURES = ("funnel", "leaks", "deals", "lost_reasons")
BY = "by"
"""The name under which the funnel by a dimension is found."""


def known_until(workspace: Workspace, person: Person) -> Freshness | Job:
    """What the ledger holds; named periods are counted from its last event."""
    return freshness.look(workspace, person)


def answers(workspace: Workspace, filters: Filters, person: Person) -> Answers:
    """Look every answer of the page up; what is not worked out is asked for."""
    questions = {name: (name, filters.asked()) for name in MEASURES}
    if filters.by:
        questions[BY] = ("funnel", filters.asked(filters.by))
    return look_up(workspace, questions, person)


def report_of(
    workspace: Workspace,
    answers: Answers,
    filters: Filters,
    held: Freshness,
    name: Callable[[str | None], str | None],
) -> Report:
    """The answers as the sections of the report take them."""
    found = {
        key: narrowed(each.answer, filters, name, filters.by if key == BY else "")
        for key, each in answers.found.items()
    }
    by = found.get(BY)
    if by is not None and filters.by in dict(filters.only):
        # All values stay in the table, so that another one can be chosen.
        whole = answers.found[BY].answer
        rest = tuple(each for each in filters.only if each[0] != filters.by)
        by = narrowed(whole, replace(filters, only=rest), name, filters.by)
    return Report(
        workspace=workspace.name,
        folder="",
        calendar=workspace.settings.calendar,
        ledger_version=answers.found["funnel"].answer.ledger_version,
        made_at=workspace.clock(),
        question=answers.found["funnel"].question,
        funnel=found["funnel"],
        leaks=found["leaks"],
        deals=found["deals"],
        lost_reasons=found["lost_reasons"],
        by_dimension=() if by is None else (by,),
        totals={table: each.records for table, each in held.tables.items()},
    )
