"""Ask a measure: at a version, at an instant, over a period; and see the rows behind a figure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import pyarrow as pa

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.notes import note
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import Facts, over
from onefunnel.measures.registry import MEASURES, Measure, Streamed
from onefunnel.vocabulary import AS_AGREED, DIMENSIONS, MOST_STEPS, Answer, Note, Question
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.closed import closed_answer
from onefunnel.workflows.kept import Collected
from onefunnel.workflows.put import Put
from onefunnel.workflows.terms import adopt
from onefunnel.workflows.workspace import Workspace

if TYPE_CHECKING:
    from onefunnel.workflows.dense import Dense

FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_DAYS = 36_500

__all__ = ["Asked", "ask", "check_question", "question_of", "rows_behind"]


def ask(
    workspace: Workspace,
    name: str,
    asked: Asked,
    proposed: Rules | None = None,
    under: int | None = None,
) -> Answer[Any]:
    """The answer of a measure; under ``proposed`` rules, if there are any, else those in force.

    ``under`` is a ledger version whose rules and terms are to hold instead. A closed month has the
    answer that it was closed with, unless it is asked under others. Raises UnknownName, UsageError
    where the question can't be.
    """
    measure = _measure(name)
    _check_measure(measure, asked)
    adopt(workspace)
    if proposed is None and under is None and (closed := closed_answer(workspace, name, asked)):
        return closed.answer
    return workspace.reading(
        lambda reader: _answer(Put(workspace, reader, asked, proposed, under), measure)
    )


def check_question(name: str, asked: Asked) -> None:
    """Raise what :func:`ask` would for a question that can't be, without opening the ledger."""
    measure = _measure(name)
    _check_measure(measure, asked)


@dataclass(frozen=True)
class Behind:
    """The rows behind a figure, and what it was a figure of."""

    measure: str
    figure: str
    rows: pa.Table
    ledger_version: int
    now: datetime
    parameters: Mapping[str, str | int | None]


def rows_behind(
    workspace: Workspace,
    name: str,
    asked: Asked,
    figure: str | None,
    where: Mapping[str, str | None],
    shaped: Callable[[ir.Table, Facts], ir.Table] | None = None,
) -> Behind:
    """The rows behind a figure of a measure (None: its first), ``shaped`` by the facts if given."""
    measure = _measure(name)
    _check_measure(measure, asked)
    adopt(workspace)

    chosen = figure or measure.figures[0]

    def work(reader: Reader) -> Behind:
        put = Put(workspace, reader, asked)
        facts = _facts(put, measure)
        rows = measure.rows(facts, put.rules, put.question, chosen, where)
        found = reader.fetch(rows if shaped is None else shaped(rows, facts))
        return Behind(
            name, chosen, found, put.version, put.question.now, {**put.parameters, **where}
        )

    return workspace.reading(work)


def question_of(workspace: Workspace, asked: Asked) -> tuple[Question, int]:
    """What was asked, in UTC, and the ledger version it is asked of."""
    _check(asked)
    adopt(workspace)

    def work(reader: Reader) -> tuple[Question, int]:
        put = Put(workspace, reader, asked)
        return put.question, put.version

    return workspace.reading(work)


def _answer(put: Put, measure: Measure) -> Answer[Any]:
    collected = put.kept(measure.name, lambda: _collect(put, measure))
    rows, notes = measure.assemble(collected, put.rules, put.question)
    return Answer(
        measure=measure.name,
        rows=tuple(rows),
        notes=(*notes, *_notes(put)),
        ledger_version=put.version,
        now=put.question.now,
        parameters=put.parameters,
    )


def _notes(put: Put) -> Iterator[Note]:
    if put.dated is not None:
        yield note(
            "dated_in_the_future",
            date=put.dated.date().isoformat(),
            day=put.question.now.date().isoformat(),
        )


def _collect(put: Put, measure: Measure) -> Collected:
    """What the engine, or a pass over arrays, answers to a measure's queries."""
    way = measure.streamed
    by_passes = measure.shares and measure.passes if way is None else way.ordered is not None
    if by_passes and (dense := put.dense()) is not None:
        return dense.collect(measure) if way is None else _in_order(put, dense, way)
    facts = _facts(put, measure)
    if way is not None:
        asked = way.queries(facts, put.rules, put.question)
        return dict(way.collect(_streams(put.reader, asked), put.question, put.threads))
    queries = measure.queries(facts, put.rules, put.question)
    with put.reader.ahead() as found:
        for name in queries:
            if measure.spared is None or name not in measure.spared(found, put.question):
                found.ask(name, queries[name])
        return dict(found)


def _in_order(put: Put, dense: "Dense", way: Streamed) -> Collected:
    """What a measure's own pass over touches in order answers."""
    asked = way.queries(dense.facts_of_people, dense.others, put.question)
    streams = _streams(put.reader, {name: asked[name] for name in way.beside})
    parts, texts = dense.history.parts, dense.history.texts
    assert way.ordered is not None
    return dict(way.ordered(parts, texts, streams, put.question, put.threads))


def _facts(put: Put, measure: Measure) -> Facts:
    """What a measure is asked of, with what others share where it has a use for it."""
    way = measure.streamed
    if measure.origins and (dense := put.dense()) is not None:
        return over(put.facts, dense.beside_touches())
    shares = measure.shares and (way is None or way.shares)
    return put.prepared_facts if shares else put.facts


def _streams(reader: Reader, asked: Mapping[str, ir.Table]) -> dict[str, Iterator[pa.RecordBatch]]:
    return {name: _stream(reader, each) for name, each in asked.items()}


def _stream(reader: Reader, expression: ir.Table) -> Iterator[pa.RecordBatch]:
    """The rows of an expression, asked for when the first is wanted: one stream at a time.

    The first batch is empty: it says what the columns are where there are no rows.
    """
    rows = reader.stream(expression)
    yield pa.RecordBatch.from_pylist([], rows.schema)
    yield from rows


def _measure(name: str) -> Measure:
    if name not in MEASURES:
        raise UnknownName("measure", name, MEASURES)
    return MEASURES[name]


def _check(asked: Asked, dimensions: tuple[str, ...] = DIMENSIONS) -> None:
    for each in asked.by:
        if each not in DIMENSIONS:
            raise UnknownName("dimension", each, DIMENSIONS)
        if each not in dimensions:
            known = f"Ask it by {', '.join(dimensions)}." if dimensions else "Leave --by out."
            raise UsageError(f"The measure can't be asked by {each}.", remedy=known)
    if len(set(asked.by)) < len(asked.by):
        raise UsageError("A dimension is named twice.", remedy="Name each one once.")
    if asked.since and asked.until and asked.since >= asked.until:
        raise UsageError("The period ends before it begins.", remedy="Give a later --to.")
    for day in (asked.since, asked.until, asked.now):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            remedy = f"Years are {FIRST_YEAR} to {LAST_YEAR}; leave it out for an open end."
            raise UsageError(f"The year {day.year} is out of range.", remedy=remedy)
    if asked.horizon_days is not None and not 1 <= asked.horizon_days <= MOST_DAYS:
        raise UsageError("That is no horizon.", remedy=f"Give 1 to {MOST_DAYS} days.")


def _check_measure(measure: Measure, asked: Asked) -> None:
    _check(asked, measure.dimensions)
    _check_steps(measure, asked)
    if asked.crediting != AS_AGREED and not measure.takes_crediting:
        raise UsageError(
            f"The measure {measure.name!r} takes no models, values or windows.",
            remedy="Ask 'attribution'.",
        )
    if len(asked.by) > measure.most_dimensions:
        raise UsageError(
            f"The measure {measure.name!r} is asked by one dimension at a time.",
            remedy="Name one.",
        )
    if asked.joint and not measure.takes_joint:
        raise UsageError(
            f"The measure {measure.name!r} has no joint factor.", remedy="Ask 'bridge'."
        )


def _check_steps(measure: Measure, asked: Asked) -> None:
    if asked.steps and not measure.takes_steps:
        raise UsageError(f"The measure {measure.name!r} takes no steps.", remedy="Ask 'steps'.")
    if measure.takes_steps and not 1 <= len(asked.steps) <= MOST_STEPS:
        raise UsageError(
            f"{len(asked.steps)} steps were given.",
            remedy=f'Give 1 to {MOST_STEPS}, such as --step "kind=impression" --step "kind=click".',
        )
    if asked.within_days is not None and not 1 <= asked.within_days <= MOST_DAYS:
        raise UsageError(
            f"A window of {asked.within_days} days can't be.", remedy=f"Give 1 to {MOST_DAYS} days."
        )
