"""The measure ``incentives`` over the ledger: its queries, and the leads behind its figures."""

from collections.abc import Callable
from datetime import datetime

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.exchange import WIDE, with_amounts
from onefunnel.funnel.instants import days as in_days
from onefunnel.funnel.instants import in_period
from onefunnel.funnel.rows import Where, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.incentives.leads import UNKNOWN, handed_over, in_history, leads
from onefunnel.measures.incentives.plans import Stretch, in_force
from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.measures.incentives.wins import brought, credited
from onefunnel.vocabulary import Department, Question

FIGURES = ("leads", "worked", "won")


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.incentives.assemble.assemble` needs.

    Raises InputError where ``incentives.toml`` or a plan file can't be read.
    """
    base = Base(facts, rules, question)
    days, plans = ranges_of(question.terms).history_days, in_force(question)

    def history() -> ir.Table:
        rows = leads(base)
        return rows.filter(in_history(rows, base, days))

    def sold_in(stretch: Stretch) -> Callable[[], ir.Table]:
        return lambda: credited(base, plans.products, stretch.since, stretch.until)

    return Lazily(
        {
            "leads": lambda: counted(leads(base), base, days),
            "brought": lambda: brought(base, history(), plans.products),
            "minutes": lambda: minutes(base, days),
            "traces": lambda: traces(base.facts),
            "sellers": lambda: sellers(base.facts),
            "spent": lambda: spent(base),
            "undated": lambda: undated(base),
        }
    ) | {each.name: sold_in(each) for each in plans.stretches}


def counted(rows: ir.Table, base: Base, history_days: int) -> ir.Table:
    """How leads of the period or of the history ended: moved (won), lost, censored, first_at.

    By segment, worked, seconds, and whether they are of the period (``asked``) and of the history
    (``looked_at``), 1 or 0.
    """
    outcomes = {"moved": "won", "lost": "lost", "censored": "open"}
    marks = {
        "asked": in_period(rows["at"], base.question),
        "looked_at": in_history(rows, base, history_days),
    }
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    rows = rows.mutate(**{name: each.ifelse(one, none) for name, each in marks.items()})
    kept = rows.filter((rows.asked == 1) | (rows.looked_at == 1))
    return kept.group_by("segment", "worked", "seconds", "asked", "looked_at").aggregate(
        **{name: kept.count(where=kept.outcome == said) for name, said in outcomes.items()},
        first_at=kept["at"].min(),
    )


def minutes(base: Base, history_days: int) -> ir.Table:
    """Minutes of work per worked lead of the history with any on record, by segment.

    Those of its hand-offs; where they say none, those of the activities of sales on it. Columns:
    segment, n, sum, var, min, max.
    """
    rows = handed_over(base)
    rows = rows.filter(in_history(rows, base, history_days), rows.worked == 1)
    handoff, activity = base.facts["handoff"], base.facts["activity"]
    steps = handoff.group_by(of_lead="lead_id").aggregate(handed=handoff.minutes.sum())
    about = activity.filter(
        activity.subject_kind == "lead", activity.department == Department.SALES.value
    )
    done = about.group_by(of_lead="subject_id").aggregate(done=about.minutes.sum())
    worked = attach(attach(rows, steps, "lead_id", "of_lead"), done, "lead_id", "of_lead")
    worked = worked.mutate(minutes=ibis.ifelse(worked.handed > 0, worked.handed, worked.done))
    known = worked.filter(worked.minutes > 0)
    value = known.minutes
    return known.group_by("segment").aggregate(
        n=known.count(),
        sum=value.sum(),
        var=value.var(how="sample"),
        min=value.min(),
        max=value.max(),
    )


def traces(facts: Facts) -> ir.Table:
    """One row: how many hand-offs and deals there are, without which nobody sees who was worked."""
    handoff, deal = facts["handoff"], facts["deal"]
    both = ibis.union(
        handoff.aggregate(traces=handoff.count()), deal.aggregate(traces=deal.count())
    )
    return both.aggregate(traces=both.traces.sum())


def sellers(facts: Facts) -> ir.Table:
    """The employees of sales: employee_id, active_from, active_to, weekly_hours, sells.

    ``sells`` is 1 where a hand-off, a deal or an order line names them.
    """
    named = ibis.union(
        facts["handoff"].select(seller="actor"),
        facts["deal"].select(seller="owner"),
        facts["order_line"].select(seller="seller"),
    ).distinct()
    rows = facts["employee"]
    chosen = rows.filter(rows.department == Department.SALES.value)
    found = chosen.left_join(named, chosen.employee_id == named.seller)
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    columns = ("employee_id", "active_from", "active_to", "weekly_hours")
    return found.select(*columns, sells=found.seller.notnull().ifelse(one, none))


def spent(base: Base) -> ir.Table:
    """What was spent in the period by segment: segment (NULL: unknown), amount, unknown rows."""
    question, rows = base.question, base.facts["spend"]
    rows = rows.filter(rows.day.notnull())
    if question.start is not None:
        rows = rows.filter(rows.day >= _day(question.start, question))
    if question.end is not None:
        rows = rows.filter(rows.day < _day(question.end, question))
    own = rows.select("segment", "currency", at=rows.day, amount=rows.amount.cast(WIDE))
    amounts = with_amounts(own, base.facts["rate"], question.currency, ("amount",))
    return amounts.group_by("segment").aggregate(
        amount=amounts.amount.sum(), unknown=amounts.count(where=amounts.amount.isnull())
    )


def undated(base: Base) -> ir.Table:
    """One row: the leads that do not say when."""
    rows = base.known["lead"]
    return rows.aggregate(leads=rows.count(where=rows["at"].isnull()))


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The leads of the period: all, those ``worked``, or those ``won`` by now.

    ``where`` may name the ``segment``; None and ``unknown`` are leads of no known one. Columns:
    entity_code, party_id, lead_id, at, segment, worked, outcome, days (to the outcome, or to now).
    """
    named(figure, FIGURES, "figure")
    for name in where:
        named(name, ("segment",), "key")
    base = Base(facts, rules, question)
    found = leads(base)
    found = found.filter(in_period(found["at"], question))
    if figure == "worked":
        found = found.filter(found.worked == 1)
    elif figure == "won":
        found = found.filter(found.outcome == "won")
    if "segment" in where:
        found = found.filter(found.segment == segment_named(where["segment"]))
    found = found.mutate(days=in_days(found.seconds), worked=found.worked == 1)
    columns = ("entity_code", "lead_id", "at", "segment", "worked", "outcome", "days")
    return with_party(found.select(*columns), base).order_by("lead_id")


def segment_named(value: str | None) -> str:
    """A segment as ``where`` writes it; see :func:`onefunnel.funnel.rows.chosen`."""
    if value is None:
        return UNKNOWN
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _day(instant: datetime, question: Question) -> ir.DateScalar:
    return ibis.literal(question.calendar.local_day(instant))
