"""What components and pools have earned an employee by the end of a month."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.pay.credits import Credit
from onefunnel.pay.periods import DAY, Period, period_of
from onefunnel.pay.plan import ZERO, Base, Component, Plan
from onefunnel.pay.reference.firm import Firm, credits, dated
from onefunnel.pay.reference.terms import gate, pay, round_once, stated
from onefunnel.pay.rounding import split


def _windows(
    firm: Firm, versions: list[Plan], month: Period
) -> list[tuple[list[Plan], date, date]]:
    """Every stretch begun by a month in which tiers run on: versions, first day, day after."""
    runs: list[list[Plan]] = []
    for plan in versions:
        if runs and not plan.resets:
            runs[-1].append(plan)
        else:
            runs.append([plan])
    found = []
    for run in runs:
        day = run[0].first
        while day < month.after and (run[-1].last is None or day <= run[-1].last):
            window = period_of(firm.calendar, run[0].window, day)
            inside = [
                p
                for p in run
                if p.first < window.after and (p.last is None or p.last >= window.first)
            ]
            if inside:
                last = inside[-1].last
                after = window.after if last is None else min(last + DAY, window.after)
                found.append((inside, max(inside[0].first, window.first), after))
            day = window.after
    return found


def component_to(
    firm: Firm, versions: list[Plan], employee: str, name: str, month: Period
) -> Decimal:
    """What a component has earned an employee by the end of a month, over all windows."""
    whole = ZERO
    for inside, first, after in _windows(firm, versions, month):
        earned = counted = Fraction(0)
        for plan in inside:
            for component in plan.components:
                if component.name != name or plan.first >= month.after:
                    continue
                mine = credits(firm, versions, plan, employee, component.whose, month)
                mine = [credit for credit in mine if first <= credit.day < after]
                base = _base(component, mine)
                periods = _begun(firm, plan, month, first, after)
                given = stated(firm, versions, employee, component, periods, (first, after))
                made = pay(component, given, counted, counted + base, earned)
                earned += made * gate(component, mine)
                counted += base
        whole += round_once(earned, firm.minor)
    return whole


def pool_to(firm: Firm, versions: list[Plan], employee: str, name: str, month: Period) -> Decimal:
    """What a pool has given an employee by the end of a month, over all windows."""
    whole = ZERO
    for inside, first, after in _windows(firm, versions, month):
        before = Fraction(0)
        for plan in inside:
            for pool in plan.pools:
                if pool.name != name or plan.first >= month.after:
                    continue
                periods = _begun(firm, plan, month, first, after)
                days = [Fraction(p.days_within(first, after), p.days) for p in periods]
                hurdle = Fraction(pool.hurdle) * sum(days)
                margin = before
                for sale, _ in dated(firm, versions, plan, month):
                    if sale.contribution is not None and first <= sale.day < after:
                        margin += Fraction(sale.contribution)
                above = max(margin - hurdle, Fraction(0)) - max(before - hurdle, Fraction(0))
                given = round_once(Fraction(pool.share) * above, firm.minor)
                parts = split(given, [part for _, part in pool.parts], firm.minor)
                whole += dict(zip(dict(pool.parts), parts, strict=True)).get(employee, ZERO)
                before = margin
    return whole


def _base(component: Component, mine: list[Credit]) -> Fraction:
    base = Fraction(0)
    for credit in mine:
        value = {
            Base.REVENUE: credit.revenue,
            Base.MARGIN: credit.contribution,
            Base.UNITS: credit.quantity,
            Base.SALES: credit.sales,
        }[component.base]
        right = not component.products or credit.product in component.products
        right = right and (not component.segments or credit.segment in component.segments)
        begun = component.first is None or credit.day >= component.first
        over = component.last is not None and credit.day > component.last
        if value is not None and right and begun and not over:
            base += Fraction(value)
    return base


def _begun(firm: Firm, plan: Plan, month: Period, first: date, after: date) -> list[Period]:
    """The measurement periods begun by a month, or by the end of the version before it."""
    ends = month.after if plan.last is None else min(month.after, plan.last + DAY)
    found = []
    while first < min(after, ends):
        found.append(period_of(firm.calendar, plan.period, first))
        first = found[-1].after
    return found
