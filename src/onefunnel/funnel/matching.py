"""From rules to instants: when each entity's own records say that it entered a stage."""

from collections.abc import Iterator
from functools import reduce
from itertools import groupby
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.instants import SECONDS_A_DAY, never, seconds_between
from onefunnel.funnel.rules import Rule, Rules
from onefunnel.funnel.subjects import Known
from onefunnel.ledger.schema import TABLES, Facts
from onefunnel.vocabulary import Stage


def slot(stage: Stage, observed: bool = True) -> str:
    """The column of an entity's own entry into a stage: ``own_3``, or ``hint_3`` if not observed.

    >>> slot(Stage.PURCHASE), slot(Stage.PURCHASE_INTENTION, observed=False)
    ('own_5', 'hint_4')
    """
    return f"{'own' if observed else 'hint'}_{stage.position}"


def slots(rules: Rules) -> tuple[str, ...]:
    """The columns that these rules can fill: ``own_0`` to ``own_7``, then the hints there are."""
    own = [slot(each.stage) for each in rules.stages]
    hints = [
        slot(each.stage, observed=False)
        for each in rules.stages
        if not all(rule.observed for rule in each.rules)
    ]
    return (*own, *hints)


def own_instants(facts: Facts, known: Known, rules: Rules) -> ir.Table:
    """One row per entity that any rule concerns: ``entity_code`` and an instant (or NULL) per slot.

    ``facts`` are the facts before now; ``known`` the same with entities.
    """
    stages = tuple(each.stage for each in rules.stages)
    return _earliest(list(_parts(facts, known, rules, stages)), slots(rules))


def matches(rows: ir.Table, rule: Rule) -> ir.BooleanValue:
    """Whether a row is one that the rule counts; never NULL."""
    conditions: list[ir.BooleanValue] = [ibis.literal(True)]
    conditions += [rows[name].isin(values) for name, values in rule.where]
    conditions += [rows[name].notnull() for name in rule.known]
    conditions += [rows[name] >= bound for name, bound in rule.at_least]
    conditions += [rows[name] > bound for name, bound in rule.above]
    return reduce(and_, conditions).fill_null(False)


def unmatched(facts: Facts, rules: Rules, stage: Stage) -> ir.Table:
    """One row, ``n``: how many rows of the ledger the stage's rules (no fallbacks) could match."""
    counts = [
        facts[rule.fact].filter(matches(facts[rule.fact], rule)).aggregate(n=ibis._.count())
        for rule in rules.of(stage).rules
        if not rule.fallback
    ]
    return ibis.union(*counts).aggregate(n=ibis._.n.sum())


def _parts(
    facts: Facts, known: Known, rules: Rules, stages: tuple[Stage, ...]
) -> Iterator[ir.Table]:
    """Tables of (entity_code, some slots); together they hold every rule of these stages."""
    wanted = [
        (rule, slot(stage, rule.observed)) for stage in stages for rule in rules.of(stage).rules
    ]
    simple = sorted((pair for pair in wanted if pair[0].simple), key=lambda pair: pair[0].fact)
    for fact, pairs in groupby(simple, key=lambda pair: pair[0].fact):
        yield _firsts(known[fact], list(pairs))
    for stage in stages:
        for rule in rules.of(stage).rules:
            if not rule.simple:
                rows = _counted(facts, known, rules, stage, rule)
                nth = _nth(rows, rule).group_by("entity_code")
                yield nth.aggregate(**{slot(stage, rule.observed): ibis._.at.min()})


def _firsts(rows: ir.Table, pairs: list[tuple[Rule, str]]) -> ir.Table:
    """All rules of one table that ask for the earliest row, in one pass over it."""
    dated = rows.filter(rows.at.notnull())
    names = sorted({name for _, name in pairs})
    return dated.group_by("entity_code").aggregate(
        **{
            name: dated.at.min(
                where=reduce(or_, [matches(dated, rule) for rule, each in pairs if each == name])
            )
            for name in names
        }
    )


def _counted(facts: Facts, known: Known, rules: Rules, stage: Stage, rule: Rule) -> ir.Table:
    """The dated rows that count for one rule: (entity_code, at, key, value)."""
    rows = known[rule.fact]
    matched = rows.filter(rows.at.notnull(), matches(rows, rule))
    counted = matched.select(
        "entity_code",
        "at",
        key=matched[TABLES[rule.fact].key],
        value=matched[rule.distinct or TABLES[rule.fact].key],
    )
    if rule.after is not None:
        counted = _since_entry(counted, facts, known, rules, rule.after)
    if rule.fallback:
        others = unmatched(facts, rules, stage)
        counted = counted.filter(others.n.as_scalar() == 0)
    return counted


def _since_entry(
    rows: ir.Table, facts: Facts, known: Known, rules: Rules, stage: Stage
) -> ir.Table:
    """The rows at or after the entity's own observed entry into a stage."""
    name = slot(stage)
    parts = [part for part in _parts(facts, known, rules, (stage,)) if name in part.columns]
    if not parts:
        return rows.filter(ibis.literal(False))
    entered = _earliest(parts, (name,))
    since = entered.select(since_code=entered.entity_code, since=entered[name])
    joined = rows.inner_join(since, rows.entity_code == since.since_code)
    return joined.filter(joined.at >= joined.since).drop("since_code", "since")


def _nth(rows: ir.Table, rule: Rule) -> ir.Table:
    """The row that makes the entry, or several of which the earliest does: (entity_code, at)."""
    if rule.distinct is not None:
        rows = _first_of_each_value(rows)
    if rule.nth == 1:
        return rows.select("entity_code", "at")
    order = ibis.window(group_by=rows.entity_code, order_by=[rows.at, rows.key])
    if rule.within_days is None:
        ranked = rows.mutate(rank=ibis.row_number().over(order))
        return ranked.filter(ranked["rank"] == rule.nth - 1).select("entity_code", "at")
    paired = rows.mutate(earlier=rows.at.lag(rule.nth - 1).over(order))
    near = seconds_between(paired.earlier, paired.at) <= rule.within_days * SECONDS_A_DAY
    return paired.filter(paired.earlier.notnull(), near).select("entity_code", "at")


def _first_of_each_value(rows: ir.Table) -> ir.Table:
    """One row per entity and known value, at its first instant; the value is its key."""
    named = rows.filter(rows.value.notnull()).group_by("entity_code", "value")
    firsts = named.aggregate(at=ibis._.at.min())
    return firsts.select("entity_code", "at", key=firsts.value)


def _earliest(parts: list[ir.Table], names: tuple[str, ...]) -> ir.Table:
    """One row per entity: the earliest instant of each slot over all parts."""
    filled = [
        part.select(
            "entity_code",
            **{name: part[name] if name in part.columns else never() for name in names},
        )
        for part in parts
    ]
    rows = ibis.union(*filled)
    return rows.group_by("entity_code").aggregate(**{name: rows[name].min() for name in names})
