"""What one more sale adds to somebody's part of a pool, and what of it a holdback keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.currencies import minor_unit
from onefunnel.pay.plan import ZERO, Plan, Pool
from onefunnel.pay.rounding import rounded
from onefunnel.pay.schedule import pool_schedule
from onefunnel.vocabulary import Calendar
from onefunnel.web.pages.statements.amounts import number
from onefunnel.web.pages.statements.own import Own
from onefunnel.web.pages.statements.what_if import OneMore, since, span_of


@dataclass(frozen=True, slots=True)
class PoolStep:
    """What a pool gives more; None where the margin to date is not in one's own lines."""

    plan: Plan
    pool: Pool
    paid: Decimal | None


def pools(own: Own, day: date, calendar: Calendar, one: OneMore | None) -> tuple[PoolStep, ...]:
    """Somebody's part of each pool on a day, and what a sale adds to it."""
    found = []
    for family in own.families():
        for plan in (each for each in family.versions if each.runs_on(day)):
            lines = since(span_of(family, day, calendar), own.lines, calendar)
            found += [
                PoolStep(plan, pool, _from_pool(own.employee_id, plan, pool, lines, one))
                for pool in plan.pools
                if own.employee_id in dict(pool.parts)
            ]
    return tuple(found)


def held(plan: Plan, paid: Decimal) -> Decimal:
    """What a holdback keeps of an amount for later."""
    share = plan.holdback.share if plan.holdback is not None else ZERO
    return rounded(Fraction(paid) * Fraction(share), minor_unit(plan.currency))


def _from_pool(
    employee: str, plan: Plan, pool: Pool, lines: Iterable[PayoutRow], one: OneMore | None
) -> Decimal | None:
    """By the margin to date that the last line of the pool names."""
    about = ("pool", plan.name, pool.name, "pool")
    said = [row for row in lines if (row.kind, row.plan, row.component, row.code) == about]
    last = max(said, key=lambda row: (row.of_period, row.period), default=None)
    figures = {name: number(last.params.get(name)) for name in ("hurdle", "margin")} if last else {}
    hurdle, margin = figures.get("hurdle"), figures.get("margin")
    if hurdle is None or margin is None or one is None or one.contribution is None:
        return None
    schedule = pool_schedule(pool, Fraction(hurdle))
    more = schedule.pay(Fraction(margin + one.contribution)) - schedule.pay(Fraction(margin))
    parts = dict(pool.parts)
    part = Fraction(parts[employee]) / Fraction(sum(parts.values(), ZERO))
    return rounded(more * part, minor_unit(plan.currency))
