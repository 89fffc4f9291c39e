"""What a plan does to a member's whole pay: holdback, then draw, then guarantee."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from onefunnel.pay.earning import Due, Scope
from onefunnel.pay.families import Span
from onefunnel.pay.lines import Key, Kind, Part, Reason, Value
from onefunnel.pay.periods import DAY, Period, month_of, period_of
from onefunnel.pay.plan import ZERO, Holdback, Plan
from onefunnel.pay.quotas import active_share
from onefunnel.pay.rounding import rounded


@dataclass(slots=True)
class _Account:
    """A member's months while they are gone through."""

    employee: str
    balance: Decimal = ZERO
    cash: dict[str, Decimal] = field(default_factory=dict)
    held: dict[str, list[tuple[str, Decimal]]] = field(default_factory=dict)


def advance(
    scope: Scope, employee: str, earned: Mapping[str, Decimal], until: date, due: Due
) -> Decimal:
    """Add holdbacks, releases, draws and guarantees to what is due; the balance still owed.

    ``earned`` is the member's earnings by month label. A draw is worked out for months that are
    over by the end of ``until``, a guarantee for such periods, both for the days a member was
    there. They look at what is paid out: what is held is not there yet, what is released is.
    """
    account = _Account(employee)
    for month in scope.months:
        plan = scope.family.latest_in(month)
        amount = earned.get(month.label, ZERO)
        amount += _hold(scope, account, plan, month, amount, until, due)
        over = month.after <= until + DAY
        if over:
            amount += _draw(scope, account, plan, month, amount, due)
        account.cash[month.label] = amount
        if over and plan is not None and plan.guarantee is not None:
            _guarantee(scope, account, plan, month, due)
    return account.balance


def _hold(
    scope: Scope,
    account: _Account,
    plan: Plan | None,
    month: Period,
    earned: Decimal,
    until: date,
    due: Due,
) -> Decimal:
    """Hold a share of a month, and release what earlier months held until now."""
    held = ZERO
    rule = None if plan is None else plan.holdback
    release = None if rule is None else _release_day(rule, month)
    if rule is not None and release is not None and earned:
        held = rounded(Fraction(earned) * Fraction(rule.share), scope.minor)
        to = month_of(scope.calendar, release)
        if release <= until:
            account.held.setdefault(to.label, []).append((month.label, held))
        params: dict[str, Value] = {"share": rule.share, "earned": earned}
        reason = Reason("held", {**params, "until": release.isoformat()})
        _add(due, scope, (account.employee, Kind.HOLDBACK, month), -held, reason)
    released = account.held.get(month.label, [])
    for label, amount in released:
        reason = Reason("released", {"held_in": label, "amount": amount})
        _add(due, scope, (account.employee, Kind.RELEASE, month), amount, reason)
    return sum((amount for _, amount in released), ZERO) - held


def _release_day(rule: Holdback, month: Period) -> date | None:
    """The day on which a month's share is released; None where it lies within the month."""
    last = month.after - DAY
    day = rule.until or last + timedelta(days=rule.after_days or 0)
    return day if day > last else None


def _draw(
    scope: Scope, account: _Account, plan: Plan | None, month: Period, cash: Decimal, due: Due
) -> Decimal:
    """Make a month up to its draw, or recover what earlier draws advanced from what is above it."""
    draw = None if plan is None else plan.draw
    share = _active(scope, account.employee, month)
    floor = rounded(Fraction(draw.amount) * share, scope.minor) if draw and share else None
    params: dict[str, Value] = {"paid_out": cash}
    if floor is not None and draw is not None and cash < floor:
        more, code = floor - cash, "draw_recoverable" if draw.recoverable else "draw_kept"
        account.balance += more if draw.recoverable else ZERO
        params["draw"] = floor
    else:
        more, code = -min(account.balance, max(cash - (floor or ZERO), ZERO)), "draw_recovered"
        account.balance += more
    params["balance"] = account.balance
    _add(due, scope, (account.employee, Kind.DRAW, month), more, Reason(code, params))
    return more


def _guarantee(scope: Scope, account: _Account, plan: Plan, month: Period, due: Due) -> None:
    """Make a measurement period up to its guarantee at its end."""
    period = period_of(scope.calendar, plan.period, month.first)
    share = _active(scope, account.employee, period)
    if month.after != period.after or plan.guarantee is None or not share:
        return
    least = rounded(Fraction(plan.guarantee.amount) * share, scope.minor)
    inside = [m.label for m in scope.months if m.days_within(period.first, period.after)]
    paid = sum((account.cash[label] for label in inside), ZERO)
    if paid < least:
        params: dict[str, Value] = {"guarantee": least, "paid_out": paid, "period": period.label}
        reason = Reason("guarantee", params)
        _add(due, scope, (account.employee, Kind.GUARANTEE, month), least - paid, reason)


def _active(scope: Scope, employee: str, period: Period) -> Fraction:
    """The share of a period's days on which a member was there and the plan in effect."""
    rows = scope.staff.members.get(employee, ())
    days = [_plan_days(plan, period) for plan in scope.family.versions]
    return sum(
        (active_share(period, span, row.first, row.last) for row in rows for span in days),
        Fraction(),
    )


def _plan_days(plan: Plan, period: Period) -> Span:
    return Span((), plan.first, period.after if plan.last is None else plan.last + DAY)


def _add(
    due: Due, scope: Scope, what: tuple[str, Kind, Period], amount: Decimal, reason: Reason
) -> None:
    employee, kind, month = what
    if amount:
        key = Key(scope.family.name, employee, kind, "", month.label)
        due.setdefault(key, []).append(Part(amount, ZERO, reason))
