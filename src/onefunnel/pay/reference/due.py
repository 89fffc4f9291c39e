"""What is due to date, month by month, and what is new of it."""

from collections.abc import Iterable
from decimal import Decimal

from onefunnel.pay.lines import Key, Kind, PayoutLine
from onefunnel.pay.periods import months
from onefunnel.pay.plan import ZERO, Plan
from onefunnel.pay.reference.earning import component_to, pool_to
from onefunnel.pay.reference.firm import Firm
from onefunnel.pay.reference.whole_pay import whole_pay


def due(firm: Firm) -> dict[Key, Decimal]:
    """What is due to date, by what it is about; nothing for what comes to 0."""
    found: dict[Key, Decimal] = {}
    for plan_name in {plan.name for plan in firm.plans}:
        versions = sorted((p for p in firm.plans if p.name == plan_name), key=lambda p: p.first)
        employees = {row.employee for row in firm.members if row.plan == plan_name}
        employees |= {who for plan in versions for pool in plan.pools for who, _ in pool.parts}
        for employee in employees:
            earned = _earned(firm, versions, employee)
            found |= earned
            if any(row.plan == plan_name and row.employee == employee for row in firm.members):
                found |= whole_pay(firm, versions, employee, earned)
    return {key: amount for key, amount in found.items() if amount}


def new_amounts(firm: Firm, paid: Iterable[PayoutLine]) -> dict[Key, Decimal]:
    """What is due less what was paid, where the two differ."""
    left = due(firm)
    for line in paid:
        left[line.key] = left.get(line.key, ZERO) - line.amount
    return {key: amount for key, amount in left.items() if amount}


def _earned(firm: Firm, versions: list[Plan], employee: str) -> dict[Key, Decimal]:
    """A month is what is earned by its end less what was earned by the end of the one before."""
    found = {}
    names = {(Kind.EARNING, c.name) for plan in versions for c in plan.components}
    names |= {(Kind.POOL, pool.name) for plan in versions for pool in plan.pools}
    for kind, name in names:
        before = ZERO
        for month in months(firm.calendar, versions[0].first, firm.until):
            if month.after <= versions[0].first:
                continue
            if kind is Kind.EARNING:
                now = component_to(firm, versions, employee, name, month)
            else:
                now = pool_to(firm, versions, employee, name, month)
            key = Key(versions[0].name, employee, kind, name, month.label)
            found[key] = now - before
            before = now
    return found
