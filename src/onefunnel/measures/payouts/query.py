"""The measure ``payouts``: what is asked of the engine, and the sales behind a line."""

from dataclasses import dataclass
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import literal
from onefunnel.funnel.rows import Where, named
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.payouts.plans import Purse, purses
from onefunnel.measures.payouts.sales import credited
from onefunnel.pay.periods import DAY, Period, months
from onefunnel.pay.plan import Component, Plan, Whose
from onefunnel.vocabulary import Question

FIGURES = ("amount",)
KEYS = ("period", "employee_id", "plan", "component")
BOOKED = (
    "payout_id",
    "month",
    "of_month",
    "employee_id",
    "plan",
    "kind",
    "component",
    "amount",
    "base",
    "why",
    "params",
    "digest",
    "currency",
)


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """Credited sales of each purse; what was booked; closed months; how many lines have no day."""
    base = Base(facts, rules, question)

    def sold(purse: Purse) -> ir.Table:
        return credited(base, purse.currency, purse.events, purse.since(question))

    by_purse = {p.name: (lambda p=p: sold(p)) for p in purses(question) if p.events}
    return Lazily(
        {
            **by_purse,
            "booked": lambda: facts["payout"].select(*BOOKED),
            "closed": lambda: facts["closing"].select("month").distinct(),
            "undated": lambda: _undated(base),
        }
    )


def _undated(base: Base) -> ir.Table:
    lines = base.facts["order_line"]
    silent = lines.filter(lines.ordered_at.isnull())
    return silent.aggregate(lines=silent.count())


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The credited sales behind pay, a row per sale and employee, by sale and employee.

    ``where`` may name an ``employee_id``, a ``period``, a ``plan`` and a ``component`` of it. With
    a plan they are those that it counts in the days of its members: of an employee also their
    team's, where it pays for that. A return stands with the sale that it takes back and in its own
    month. Columns: sale_id, event, at, employee_id, share, overlay, quantity, revenue,
    contribution, product, segment, returns. UnknownName: no such key, plan, component or month.
    """
    named(figure, FIGURES, "figure")
    for key in where:
        named(key, KEYS, "key")
    behind = _behind(question, where)
    sold = credited(
        Base(facts, rules, question),
        behind.purse.currency,
        behind.purse.events,
        behind.purse.since(question),
    )
    employee = where.get("employee_id")
    counted = [_counts(sold, plan, behind, question, employee) for plan in behind.plans]
    kept = sold.filter(ibis.or_(*counted))
    if behind.month is not None:
        begin, end = (_start(question, day) for day in (behind.month.first, behind.month.after))
        kept = _in_month(kept, sold, begin, end)
    columns = ("sale_id", "event", "at", "employee_id", "share", "overlay", "quantity", "revenue")
    found = kept.select(*columns, "contribution", "product", "segment", "returns")
    return found.order_by("sale_id", "employee_id", "overlay", "share")


@dataclass(frozen=True, slots=True)
class _Behind:
    """What is asked for: the plans of a purse, their components of the name, and the month."""

    purse: Purse
    plans: tuple[Plan, ...]
    components: tuple[Component, ...] | None
    month: Period | None


def _behind(question: Question, where: Where) -> _Behind:
    known = purses(question)
    by_plan = {plan.name: purse for purse in known for plan in purse.plans}
    name = where.get("plan")
    if name is not None:
        named(name, tuple(by_plan), "plan")
    if not known or (name is None and len(known) > 1):
        raise UsageError("Sales are shown of one currency.", remedy="Name a plan.")
    purse = known[0] if name is None else by_plan[name]
    plans = tuple(plan for plan in purse.plans if name in (None, plan.name))
    components = tuple(
        each for plan in plans for each in plan.components if each.name == where.get("component")
    )
    if where.get("component") is not None and not components:
        valid = {each.name for plan in plans for each in plan.components}
        raise UnknownName("component", str(where["component"]), valid)
    return _Behind(purse, plans, components or None, _month(question, purse, where.get("period")))


def _month(question: Question, purse: Purse, label: str | None) -> Period | None:
    if label is None:
        return None
    today = question.calendar.local_day(question.now)
    known = {each.label: each for each in months(question.calendar, purse.first, today)}
    named(label, tuple(known), "month of these plans")
    return known[label]


def _counts(
    sold: ir.Table, plan: Plan, behind: _Behind, question: Question, employee: str | None
) -> ir.BooleanValue:
    """What a row must be: counted by a plan under one of its components, for whom that pays."""
    paid = [
        fits(sold, each, question) & _paid(sold, (plan, each), behind, question, employee)
        for each in plan.components
        if behind.components is None or each in behind.components
    ]
    in_effect = during(sold, question, plan.first, plan.last)
    event: ir.BooleanValue = sold.event == plan.crediting.value
    return event & in_effect & ibis.or_(ibis.literal(False), *paid)


def fits(sold: ir.Table, component: Component, question: Question) -> ir.BooleanValue:
    """Whether a component counts a credited sale: its products, segments and days."""
    found = during(sold, question, component.first, component.last)
    for column, valid in (("product", component.products), ("segment", component.segments)):
        if valid:
            found = found & sold[column].isin(valid).fill_null(False)
    return found


def _paid(
    sold: ir.Table,
    of: tuple[Plan, Component],
    behind: _Behind,
    question: Question,
    employee: str | None,
) -> ir.BooleanValue:
    """Whether a component of a plan pays somebody, or the employee, for what this row's sold."""
    plan, own = of[0], of[1].whose is Whose.OWN
    by_days: dict[tuple[date, date | None], set[str]] = {}
    for row in behind.purse.members:
        payee = row.employee if own else row.manager
        if (row.plan == plan.name or not own) and payee is not None and employee in (None, payee):
            by_days.setdefault((row.first, row.last), set()).add(row.employee)
    parts = [
        sold.employee_id.isin(sorted(who)).fill_null(False) & during(sold, question, *days)
        for days, who in by_days.items()
    ]
    return ibis.or_(ibis.literal(False), *parts)


def during(
    sold: ir.Table, question: Question, first: date | None, last: date | None
) -> ir.BooleanValue:
    """Whether a sale lies in some local days, both included; None is open."""
    found: ir.BooleanValue = ibis.literal(True)
    if first is not None:
        found = found & (sold["at"] >= literal(_start(question, first)))
    if last is not None and last < date.max:
        found = found & (sold["at"] < literal(_start(question, last + DAY)))
    return found


def _in_month(kept: ir.Table, sold: ir.Table, begin: datetime, end: datetime) -> ir.Table:
    """The sales of a month, and what takes one of them back."""
    inside = sold.filter(sold["at"] >= literal(begin), sold["at"] < literal(end))
    lookup = inside.select(sold_id=inside.sale_id).distinct().mutate(back=ibis.literal(True))
    found = attach(kept, lookup, "returns", "sold_id")
    own = (found["at"] >= literal(begin)) & (found["at"] < literal(end))
    return found.filter(own | found.back.notnull()).drop("back")


def _start(question: Question, day: date) -> datetime:
    return question.calendar.start_of_day(day)
