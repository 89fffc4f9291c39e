"""What a plan does to a member's whole pay: holdback, draw and guarantee."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from onefunnel.pay.lines import Key, Kind
from onefunnel.pay.periods import DAY, Period, month_of, months, period_of
from onefunnel.pay.plan import ZERO, Holdback, Plan
from onefunnel.pay.reference.firm import Firm
from onefunnel.pay.reference.terms import round_once


def whole_pay(
    firm: Firm, versions: list[Plan], employee: str, earned: Mapping[Key, Decimal]
) -> dict[Key, Decimal]:
    """Holdbacks, releases, draws and guarantees of a member, month by month."""
    found: dict[Key, Decimal] = {}
    paid_out: dict[str, Decimal] = {}
    balance = ZERO

    def add(kind: Kind, month: Period, amount: Decimal) -> None:
        key = Key(versions[0].name, employee, kind, "", month.label)
        found[key] = found.get(key, ZERO) + amount
        paid_out[month.label] = paid_out.get(month.label, ZERO) + amount

    for month in months(firm.calendar, versions[0].first, firm.until):
        mine = [amount for key, amount in earned.items() if key.of_month == month.label]
        paid_out[month.label] = paid_out.get(month.label, ZERO) + sum(mine, ZERO)
        running = [p for p in versions if _runs_in(p, month)]
        plan = running[-1] if running else None
        if plan and plan.holdback and (day := _release(plan.holdback, month)) >= month.after:
            held = round_once(Fraction(sum(mine, ZERO)) * Fraction(plan.holdback.share), firm.minor)
            add(Kind.HOLDBACK, month, -held)
            if day <= firm.until:
                add(Kind.RELEASE, month_of(firm.calendar, day), held)
        if month.after - DAY > firm.until:
            continue
        floor = None
        if plan and plan.draw and (share := _there(firm, versions, employee, month)):
            floor = round_once(Fraction(plan.draw.amount) * share, firm.minor)
        cash = paid_out[month.label]
        if plan and plan.draw and floor is not None and cash < floor:
            balance += floor - cash if plan.draw.recoverable else ZERO
            add(Kind.DRAW, month, floor - cash)
        else:
            back = min(balance, max(cash - (floor or ZERO), ZERO))
            balance -= back
            add(Kind.DRAW, month, -back)
        period = period_of(firm.calendar, plan.period, month.first) if plan else month
        if plan and plan.guarantee and month.after == period.after:
            least = Fraction(plan.guarantee.amount) * _there(firm, versions, employee, period)
            inside = months(firm.calendar, max(period.first, versions[0].first), month.first)
            whole = sum((paid_out.get(each.label, ZERO) for each in inside), ZERO)
            missing = round_once(least, firm.minor) - whole
            if least and missing > 0:
                add(Kind.GUARANTEE, month, missing)
    return found


def _runs_in(plan: Plan, month: Period) -> bool:
    return plan.first < month.after and (plan.last is None or plan.last >= month.first)


def _release(rule: Holdback, month: Period) -> date:
    return rule.until or month.after - DAY + timedelta(days=rule.after_days or 0)


def _there(firm: Firm, versions: list[Plan], employee: str, period: Period) -> Fraction:
    """The share of a period's days on which a version was in effect and the member there."""
    days = [period.first + timedelta(days=offset) for offset in range(period.days)]
    rows = [r for r in firm.members if r.plan == versions[0].name and r.employee == employee]
    there = [
        day
        for day in days
        if any(plan.runs_on(day) for plan in versions) and any(row.works_on(day) for row in rows)
    ]
    return Fraction(len(there), period.days)
