"""The queries of the measure ``funnel``: each gives a small table, summed on the engine."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import SECONDS_A_DAY, in_period, literal, seconds_between
from onefunnel.funnel.progress import OPEN_STAGES, at, furthest, implied, observed, out_of_order
from onefunnel.funnel.remarks import remarks
from onefunnel.funnel.rules import FACTS, Rules
from onefunnel.funnel.transitions import ADJACENT, TO_PURCHASE, cohorts, durations
from onefunnel.funnel.truncation import exposure, first_observed
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.vocabulary import STAGES, Question, Stage


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.funnel.assemble.assemble` needs the answers of.

    ``facts`` are restricted to a ledger version, with ``entity``; those after ``question.now`` are
    left out here.
    """
    base = Base(facts, rules, question)
    return value_queries(base) | {
        "durations": lambda: durations(cohorts(base.dimensioned, ADJACENT, question), question.by),
        "exposure": lambda: exposure(base.progress, question),
        "remarks": lambda: remarks(base),
        "held": lambda: held(base.facts),
    }


def value_queries(base: Base) -> Lazily:
    """The queries behind counts and money per stage; the measure ``leaks`` asks them too."""
    return Lazily(
        {
            "counts": lambda: counts(base),
            "money": lambda: money(base),
            "waiting": lambda: waiting(base),
            "curves": lambda: curves(base),
            "buyers": lambda: buyers(base),
            "first_observed": lambda: first_observed(base.progress),
            "population": lambda: population(base.facts),
        }
    )


def counts(base: Base) -> ir.Table:
    """Per dimension values, for each stage k: observed_k, implied_k and out_of_order_k."""
    rows, metrics = base.dimensioned, {}
    for stage in STAGES:
        within, k = in_period(rows[at(stage)], base.question), stage.position
        metrics[f"observed_{k}"] = rows.count(where=within & observed(rows, stage))
        metrics[f"implied_{k}"] = rows.count(where=within & implied(rows, stage))
        metrics[f"out_of_order_{k}"] = rows.count(where=within & out_of_order(rows, stage))
    return rows.aggregate(by=list(base.question.by), **metrics)


def lines_of_entities(base: Base) -> ir.Table:
    """The revenue lines with the entries and dimensions of their entities; ``at`` is the line's."""
    entities = base.dimensioned.rename(line_entity="entity_code")
    joined = base.lines.inner_join(entities, base.lines.entity_code == entities.line_entity)
    return joined.drop("line_entity")


def brought(rows: ir.Table, stage: Stage, question: Question) -> ir.BooleanValue:
    """Whether a line came at or after its entity's entry into the stage, within the period."""
    entry = rows[at(stage)]
    return in_period(entry, question) & (rows["at"] >= entry).fill_null(False)


def without_contribution(rows: ir.Table) -> ir.BooleanValue:
    """Whether a line that brings money, or an order line, has no known contribution."""
    return rows.contribution.isnull() & (rows.priced | (rows.kind == "order_line"))


def money(base: Base) -> ir.Table:
    """Per dimension values, for each stage k, over the lines that those who entered it brought.

    revenue_k and contribution_k, sums of what is known; lines_k; priced_k, those with a known
    amount; told_k, those with a known contribution; unknown_k, those without, but for won deals
    whose amount nobody wrote down: they are no line, and a note counts them.
    """
    rows, metrics = lines_of_entities(base), {}
    for stage in STAGES:
        counted, k = brought(rows, stage, base.question), stage.position
        metrics[f"revenue_{k}"] = rows.amount.sum(where=counted)
        metrics[f"contribution_{k}"] = rows.contribution.sum(where=counted)
        metrics[f"lines_{k}"] = rows.count(where=counted)
        metrics[f"priced_{k}"] = rows.count(where=counted & rows.amount.notnull())
        metrics[f"told_{k}"] = rows.count(where=counted & rows.contribution.notnull())
        metrics[f"unknown_{k}"] = rows.count(where=counted & without_contribution(rows))
    return rows.aggregate(by=list(base.question.by), **metrics)


def held(facts: Facts) -> ir.Table:
    """How many rows each table that a rule can read holds: table, rows."""
    parts = [
        facts[name].aggregate(rows=ibis._.count()).mutate(table=ibis.literal(name))
        for name in FACTS
    ]
    return ibis.union(*parts).select("table", "rows")


def is_open(rows: ir.Table) -> ir.BooleanValue:
    """Whether an entity neither bought nor is lost."""
    return rows[at(Stage.PURCHASE)].isnull() & rows.loss_at.isnull()


def open_cases(rows: ir.Table, question: Question) -> ir.Table:
    """Entities that neither bought nor are lost, with ``position`` and ``age_days`` there."""
    still = rows.filter(is_open(rows))
    placed = still.mutate(position=furthest(still))
    since = ibis.cases(*[(placed.position == s.position, placed[at(s)]) for s in OPEN_STAGES])
    return placed.mutate(age_days=seconds_between(since, literal(question.now)) // SECONDS_A_DAY)


def waiting(base: Base) -> ir.Table:
    """Per dimension values, position and age_days of open cases: entered_k, those of the period."""
    rows = open_cases(base.dimensioned, base.question)
    return rows.group_by(*base.question.by, "position", "age_days").aggregate(
        **{
            f"entered_{stage.position}": rows.count(where=in_period(rows[at(stage)], base.question))
            for stage in OPEN_STAGES
        }
    )


def curves(base: Base) -> ir.Table:
    """Durations from every stage before purchase to purchase, over the whole ledger."""
    pooled = base.pooled
    return durations(cohorts(pooled.progress, TO_PURCHASE, pooled.question), ())


def buyers(base: Base) -> ir.Table:
    """One row: buyers and total, of those who bought and whose every line's contribution is known.

    Lines before the purchase do not count; a buyer without any line has no known contribution.
    """
    entities = base.progress.select(buyer="entity_code", bought_at=at(Stage.PURCHASE))
    lines = base.lines.inner_join(entities, base.lines.entity_code == entities.buyer)
    since = lines.filter((lines["at"] >= lines.bought_at).fill_null(False))
    each = since.group_by("buyer").aggregate(
        total=since.contribution.sum(), unknown=since.count(where=since.contribution.isnull())
    )
    known = each.filter(each.unknown == 0)
    return known.aggregate(buyers=known.count(), total=known.total.sum())


def population(facts: Facts) -> ir.Table:
    """The latest share of each stage and segment: stage, segment, day, measure, value, respondents.

    Only values from 0 to 1 are shares; ties of a day go to the smallest indicator_id.
    """
    rows = facts["indicator"]
    names = [stage.value for stage in STAGES]
    shares = rows.filter(rows.stage.isin(names), rows.day.notnull(), rows.value.between(0.0, 1.0))
    order = ibis.window(
        group_by=[shares.stage, shares.segment],
        order_by=[shares.day.desc(), shares.indicator_id],
    )
    ranked = shares.mutate(back=ibis.row_number().over(order))
    latest = ranked.filter(ranked.back == 0)
    return latest.select("stage", "segment", "day", "measure", "value", "respondents")
