"""Ask a measure: at a version, at an instant, over a period; and see the rows behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import Facts, span_of_instants
from onefunnel.measures.registry import MEASURES, Measure
from onefunnel.vocabulary import DIMENSIONS, Answer, Question
from onefunnel.workflows.rules import adopt, rules_at
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """What a person asks: local days, ``since`` inclusive and ``until`` exclusive, None for open.

    ``horizon_days`` None: the rules' own. ``now`` None: the instant of the latest event.
    ``as_of`` None: the last complete version.
    """

    by: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    horizon_days: int | None = None
    now: datetime | None = None
    as_of: int | None = None


def ask(workspace: Workspace, name: str, asked: Asked) -> Answer[Any]:
    """The answer of a measure. Raises UnknownName, UsageError where the question can't be."""
    measure = _measure(name)
    _check(asked)
    adopt(workspace)
    return workspace.reading(lambda reader: _answer(workspace, reader, measure, asked))


def rows_behind(
    workspace: Workspace, name: str, asked: Asked, figure: str, where: Mapping[str, str | None]
) -> pa.Table:
    """The rows behind a figure of a measure, as a table."""
    measure = _measure(name)
    _check(asked)
    adopt(workspace)

    def work(reader: Reader) -> pa.Table:
        facts, rules, question = _put(workspace, reader, asked)
        return reader.fetch(measure.rows(facts, rules, question, figure, where))

    return workspace.reading(work)


def question_of(workspace: Workspace, asked: Asked) -> tuple[Question, int]:
    """What was asked, in UTC, and the ledger version it is asked of."""
    _check(asked)
    adopt(workspace)
    return workspace.reading(
        lambda reader: (_put(workspace, reader, asked)[2], _version(reader, asked))
    )


def _answer(workspace: Workspace, reader: Reader, measure: Measure, asked: Asked) -> Answer[Any]:
    facts, rules, question = _put(workspace, reader, asked)
    queries = measure.queries(facts, rules, question)
    collected = {name: reader.fetch(expression) for name, expression in queries.items()}
    rows, notes = measure.assemble(collected, rules, question)
    return Answer(
        measure=measure.name,
        rows=tuple(rows),
        notes=tuple(notes),
        ledger_version=_version(reader, asked),
        now=question.now,
        parameters=_parameters(asked, question, rules.content_hash),
    )


def _measure(name: str) -> Measure:
    if name not in MEASURES:
        raise UnknownName("measure", name, MEASURES)
    return MEASURES[name]


def _check(asked: Asked) -> None:
    for each in asked.by:
        if each not in DIMENSIONS:
            raise UnknownName("dimension", each, DIMENSIONS)
    if asked.since and asked.until and asked.since >= asked.until:
        raise UsageError("The period ends before it begins.", remedy="Give a later --to.")
    if asked.horizon_days is not None and asked.horizon_days < 1:
        raise UsageError("A horizon has at least one day.")


def _version(reader: Reader, asked: Asked) -> int:
    if asked.as_of is None:
        return reader.head.version
    if not 0 <= asked.as_of <= reader.head.version:
        raise UsageError(
            f"There is no ledger version {asked.as_of}.",
            remedy=f"The versions are 0 to {reader.head.version}.",
        )
    return asked.as_of


def _put(workspace: Workspace, reader: Reader, asked: Asked) -> tuple[Facts, Rules, Question]:
    """What was asked, put to the ledger: its facts, the rules in force, the question in UTC."""
    version = _version(reader, asked)
    facts, rules = reader.facts(version), rules_at(workspace, reader, version)
    calendar = workspace.settings.calendar
    span = reader.fetch(span_of_instants(facts))
    now = _now(workspace, asked) or span["latest"][0].as_py() or workspace.clock()
    first = min(span["earliest"][0].as_py() or now, now)
    question = Question(
        now=now,
        start=calendar.start_of_day(asked.since) if asked.since else None,
        end=calendar.start_of_day(asked.until) if asked.until else None,
        by=asked.by,
        horizon_days=asked.horizon_days or rules.horizon_days,
        currency=workspace.settings.currency,
        months=tuple(calendar.months(first, now)) if "cohort_month" in asked.by else (),
    )
    return facts, rules, question


def _now(workspace: Workspace, asked: Asked) -> datetime | None:
    """The instant asked for, in UTC; without a zone it is the workspace's local time."""
    if asked.now is None or asked.now.tzinfo is not None:
        return asked.now
    return asked.now.replace(tzinfo=ZoneInfo(workspace.settings.timezone)).astimezone(UTC)


def _parameters(asked: Asked, question: Question, rules: str) -> dict[str, str | int | None]:
    return {
        "by": ",".join(asked.by) or None,
        "from": asked.since.isoformat() if asked.since else None,
        "to": asked.until.isoformat() if asked.until else None,
        "horizon_days": question.horizon_days,
        "currency": question.currency,
        "rules": rules,
    }
