"""The measure ``behaviour`` over the ledger: its queries, and the leads behind its figures."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import days as in_days
from onefunnel.funnel.instants import seconds_between
from onefunnel.funnel.rows import Where, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.behaviour.asked import SECONDS_AN_HOUR, LookedAt, looked_at
from onefunnel.measures.behaviour.offers import offers, with_workload, within
from onefunnel.measures.incentives import query as incentives
from onefunnel.measures.incentives.query import segment_named
from onefunnel.vocabulary import Question

FIGURES = ("leads", "in_time", "not_in_time")
AGES = tuple(SECONDS_AN_HOUR * 4**power for power in range(7))
"""Ages are counted together up to 1, 4, 16, 64, 256, 1024 and 4096 hours, and above."""
WORKLOADS = tuple(2**power for power in range(13))
"""Workloads are counted together from 0, 1, 2, 4, 8 and so on to 4096."""


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.behaviour.assemble.assemble` needs.

    Beside those of ``incentives``: ``choices`` and ``left_out``. Raises InputError where
    ``incentives.toml`` or a plan file can't be read.
    """
    base, asked = Base(facts, rules, question), looked_at(question)
    return incentives.queries(facts, rules, question) | {
        "choices": lambda: choices(base, asked),
        "left_out": lambda: left_out(base, asked),
    }


def choices(base: Base, asked: LookedAt) -> ir.Table:
    """How many leads of a kind were worked in time, and how many were not.

    Columns: segment, salesperson (NULL: nobody was named), age and workload (places among the
    buckets), in_time (1 or 0); leads, and the sums age_seconds and workloads.
    """
    rows = judged(with_workload(offers(base, asked)), base, asked)
    rows = rows.mutate(age=_bucket(rows.age_seconds, AGES), load=_bucket(rows.workload, WORKLOADS))
    return rows.group_by("segment", "salesperson", "age", "load", "in_time").aggregate(
        leads=rows.count(),
        age_seconds=rows.age_seconds.sum().cast("float64"),
        workloads=rows.workload.sum().cast("float64"),
    )


def left_out(base: Base, asked: LookedAt) -> ir.Table:
    """One row: leads whose time is ``not_over``, and worked ones that do not say when."""
    rows = within(offers(base, asked), base, asked)
    return rows.aggregate(
        not_over=rows.count(where=~rows.is_over),
        undated=rows.count(where=rows.is_over & _undated(rows)),
    )


def judged(rows: ir.Table, base: Base, asked: LookedAt) -> ir.Table:
    """The leads of the history of which it is known whether they were worked in time."""
    rows = within(rows, base, asked)
    return rows.filter(rows.is_over, ~_undated(rows))


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The leads of the history: all that are counted, those ``in_time``, or ``not_in_time``.

    ``where`` may name the ``segment``; None and ``unknown`` are leads of no known one. Columns:
    entity_code, party_id, lead_id, at (when sales got it), segment, outcome (``in_time``, ``late``
    or ``not_worked``), days until it was first worked.
    """
    named(figure, FIGURES, "figure")
    for name in where:
        named(name, ("segment",), "key")
    base, asked = Base(facts, rules, question), looked_at(question)
    found = judged(offers(base, asked), base, asked)
    if figure != "leads":
        found = found.filter(found.in_time == (1 if figure == "in_time" else 0))
    if "segment" in where:
        found = found.filter(found.segment == segment_named(where["segment"]))
    outcome = ibis.cases(
        (found.in_time == 1, "in_time"), (found.worked_at.notnull(), "late"), else_="not_worked"
    )
    until = in_days(seconds_between(found["at"], found.worked_at))
    found = found.mutate(outcome=outcome, days=until)
    columns = ("entity_code", "lead_id", "at", "segment", "outcome", "days")
    return with_party(found.select(*columns), base).order_by("lead_id")


def _undated(rows: ir.Table) -> ir.BooleanValue:
    return (rows.worked == 1) & rows.worked_at.isnull()


def _bucket(value: ir.IntegerValue, bounds: Sequence[int]) -> ir.IntegerValue:
    """How many of the bounds a value reaches."""
    cases = [(value >= bound, place + 1) for place, bound in reversed(list(enumerate(bounds)))]
    return ibis.cases(*cases, else_=0).cast("int64")
