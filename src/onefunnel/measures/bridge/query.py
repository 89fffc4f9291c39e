"""The measure ``bridge``: the figures of two periods by segment, in sums from the engine."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import with_dimensions
from onefunnel.funnel.exchange import WIDE, with_amounts
from onefunnel.funnel.instants import never
from onefunnel.funnel.query import without_contribution
from onefunnel.funnel.rows import Where, chosen, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.periods import Period, asked_period, label, label_of_day, period_before
from onefunnel.vocabulary import Department, Question

FIGURES = ("leads", "customers", "lines", "contributed")
KEYS = ("period", "segment", "department")
BEFORE, AFTER = "before", "after"
SEGMENT = ("segment",)


def periods(question: Question) -> dict[str, Period]:
    """The period that is asked for, as ``after``, and the one before it, as ``before``."""
    asked = asked_period(question)
    return {BEFORE: period_before(asked, question.calendar), AFTER: asked}


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.bridge.assemble.assemble` needs."""
    base = Base(facts, rules, question)
    return Lazily(
        {
            "leads": lambda: _leads_by_segment(base),
            "customers": lambda: _customers_by_segment(base),
            "contributed": lambda: _contributed_by_department(base),
            "unpriced": lambda: _unpriced(base),
            "undated": lambda: _undated(base),
        }
    )


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The leads, customers, lines or amounts of other functions behind a bridge, by their key.

    ``where`` names the ``period`` (``before`` or ``after``, the default) and may name a
    ``segment``, for amounts of other functions a ``department`` as the bridge has it: ``other`` is
    every one that is none of ours. UnknownName: no such figure, key or period.
    """
    named(figure, FIGURES, "figure")
    for key in where:
        named(key, KEYS, "key")
    period = where.get("period") or AFTER
    named(period, (BEFORE, AFTER), "period")
    base = Base(facts, rules, question)
    if figure == "contributed":
        table = contributed(base)
        table = table.filter(table.period == period).rename(written="department")
        of = ("department",) if "department" in where else ()
        kept = chosen(table.mutate(department=_department(table.written)), where, of)
        kept = kept.drop("department", "period", "currency").rename(department="written")
        return kept.order_by("contribution_id")
    table = {"leads": leads, "customers": customers, "lines": lines}[figure](base)
    kept = table.filter(table.period == period).drop("period")
    kept = chosen(kept, where, SEGMENT if "segment" in where else ())
    if figure == "lines":
        return kept.drop("priced").order_by("kind", "line_id")
    found = with_party(kept, base)
    return found.order_by("lead_id") if figure == "leads" else found


def _department(text: ir.StringValue) -> ir.StringValue:
    """What :func:`onefunnel.measures.bridge.assemble.department` makes of a text."""
    name = text.strip().lower()
    return ibis.cases(
        (ibis.or_(text.isnull(), name == ""), ibis.null("string")),
        (name.isin([each.value for each in Department]), name),
        else_=ibis.literal(Department.OTHER.value),
    )


def leads(base: Base) -> ir.Table:
    """The leads of the two periods: lead_id, entity_code, at, segment of the entity, period."""
    rows = base.known["lead"].select("lead_id", "entity_code", "at")
    dated = rows.filter(rows.at.notnull())
    return _segmented(_within(dated, base), base)


def lines(base: Base) -> ir.Table:
    """The lines of the two periods that bring money, or are order lines, with segment and period.

    A won deal without order lines and without an amount is no line, as in the funnel.
    """
    rows = base.lines.filter(base.lines.priced | (base.lines.kind == "order_line"))
    return _segmented(_within(rows, base), base)


def customers(base: Base) -> ir.Table:
    """The entities with a line, for each period that they have one in.

    Columns: entity_code, period, at (of the first line), segment, lines, revenue and contribution
    (sums of what is known), and how many lines have none: unknown, and of these without_price,
    without_rate, without_cost and deals.
    """
    rows = _within(base.lines.filter(base.lines.priced | (base.lines.kind == "order_line")), base)
    known, is_line = rows.amount.notnull(), rows.kind == "order_line"
    each = rows.group_by("entity_code", "period").aggregate(
        at=rows.at.min(),
        lines=rows.count(),
        revenue=rows.amount.sum(),
        contribution=rows.contribution.sum(),
        unknown=rows.count(where=without_contribution(rows)),
        without_price=rows.count(where=~rows.priced),
        without_rate=rows.count(where=rows.priced & ~known),
        without_cost=rows.count(where=known & is_line & rows.contribution.isnull()),
        deals=rows.count(where=known & ~is_line),
    )
    return _segmented(each, base)


def contributed(base: Base) -> ir.Table:
    """What other functions earned or saved in the two periods, in the question's currency."""
    rows = base.facts["contribution"]
    dated = rows.filter(rows.day.notnull()).select(
        "contribution_id",
        "department",
        "kind",
        "evidence",
        "currency",
        at=rows.day,
        amount=rows.amount.cast(WIDE),
    )
    question = base.question
    period = label_of_day(dated["at"], periods(question), question.calendar)
    labelled = dated.mutate(period=period)
    within = labelled.filter(labelled.period.notnull())
    found = with_amounts(within, base.facts["rate"], question.currency, ("amount",))
    return found.select(
        "contribution_id",
        "department",
        "kind",
        "evidence",
        "currency",
        "amount",
        "period",
        day=found["at"],
    )


def _leads_by_segment(base: Base) -> ir.Table:
    rows = leads(base)
    return rows.group_by("segment", "period").aggregate(leads=rows.count())


def _customers_by_segment(base: Base) -> ir.Table:
    """Per segment and period the sums of ``customers``, and of their distances from the mean.

    Of the distances there are revenue_squares, contribution_squares and products.
    """
    rows = customers(base)
    floats = rows.mutate(
        amount=rows.revenue.cast("float64"), margin=rows.contribution.cast("float64")
    )
    alike = ibis.window(group_by=[floats.segment, floats.period])
    apart = floats.mutate(
        amount=floats.amount - floats.amount.mean().over(alike),
        margin=floats.margin - floats.margin.mean().over(alike),
    )
    sums = ("unknown", "without_price", "without_rate", "without_cost", "deals")
    return apart.group_by("segment", "period").aggregate(
        customers=apart.count(),
        revenue=apart.revenue.sum(),
        contribution=apart.contribution.sum(),
        revenue_squares=(apart.amount * apart.amount).sum(),
        contribution_squares=(apart.margin * apart.margin).sum(),
        products=(apart.amount * apart.margin).sum(),
        **{name: apart[name].sum().cast("int64") for name in sums},
    )


def _contributed_by_department(base: Base) -> ir.Table:
    rows = contributed(base)
    return rows.group_by("department", "period").aggregate(
        amount=rows.amount.sum(), unknown=rows.count(where=rows.amount.isnull())
    )


def _unpriced(base: Base) -> ir.Table:
    """One row: how many won deals of the two periods have neither order lines nor an amount."""
    rows = base.lines.filter(~base.lines.priced & (base.lines.kind == "deal"))
    within = _within(rows, base)
    return within.aggregate(deals=within.count())


def _undated(base: Base) -> ir.Table:
    """How many rows of each table do not say when: table, rows."""
    instants = {"lead": "created_at", "order_line": "ordered_at", "contribution": "day"}
    parts = []
    for name, instant in instants.items():
        rows = base.facts[name]
        counted = rows.aggregate(rows=rows.count(where=rows[instant].isnull()))
        parts.append(counted.select("rows", table=ibis.literal(name)))
    return ibis.union(*parts)


def _within(rows: ir.Table, base: Base) -> ir.Table:
    labelled = rows.mutate(period=label(rows["at"], periods(base.question)))
    return labelled.filter(labelled.period.notnull())


def _segmented(rows: ir.Table, base: Base) -> ir.Table:
    """``rows`` with the segment of their entity."""
    entities = rows.select("entity_code").distinct().mutate(at_0=never())
    found = with_dimensions(entities, base.facts, base.known, base.question, SEGMENT)
    lookup = found.select("segment", of_entity=found.entity_code)
    return attach(rows, lookup, "entity_code", "of_entity")
