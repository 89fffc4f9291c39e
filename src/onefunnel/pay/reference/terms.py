"""Quota, tiers and gate of a component, and the one rounding."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from onefunnel.pay.credits import Credit
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import Component, Gauge, Pays, Plan, TiersOn
from onefunnel.pay.reference.firm import Firm
from onefunnel.pay.rounding import decimal_of


def stated(
    firm: Firm,
    versions: list[Plan],
    employee: str,
    component: Component,
    periods: list[Period],
    within: tuple[date, date],
) -> tuple[Fraction, Fraction]:
    """Quota and target day by day: each day brings its part of the period's."""
    quota = target = Fraction(0)
    if component.tiers_on is TiersOn.AMOUNT:
        return quota, target
    rows = [r for r in firm.members if r.plan == versions[0].name and r.employee == employee]
    for period in periods:
        for offset in range(period.days):
            day = period.first + timedelta(days=offset)
            for row in rows:
                if row.works_on(day) and within[0] <= day < within[1]:
                    quota += Fraction(row.quota_of(component.name) or 0) / period.days
                    target += Fraction(row.target or 0) / period.days
    return quota, target


def pay(
    component: Component,
    given: tuple[Fraction, Fraction],
    start: Fraction,
    end: Fraction,
    paid: Fraction,
) -> Fraction:
    """Pay for the base from ``start`` to ``end``, each tier for what lies up to the next.

    ``given`` is quota and target, ``paid`` what earlier versions paid.
    """
    quota, target = given
    if start == end and not quota and component.tiers_on is TiersOn.ATTAINMENT:
        return Fraction(0)
    scale = quota if component.tiers_on is TiersOn.ATTAINMENT else Fraction(1)
    unit = target / quota if component.pays is Pays.TARGET else Fraction(1)
    if component.threshold is not None and end < Fraction(component.threshold) * scale:
        return Fraction(0)
    tiers = [(Fraction(tier.start) * scale, tier) for tier in component.tiers]
    begin = 0
    for place, (low, tier) in enumerate(tiers):
        if tier.retroactive and end > low:
            begin = place
    used = [tiers[begin], *(each for each in tiers[begin + 1 :] if not each[1].retroactive)]
    whole = Fraction(0)
    for place, (low, tier) in enumerate(used):
        ends = used[place + 1][0] if place + 1 < len(used) else max(start, end, low)
        begins = low if place else min(start, end, ends)
        width = _cut(end, begins, ends) - _cut(start, begins, ends)
        whole += width * Fraction(tier.rate) * unit * Fraction(component.weight)
    if component.cap is not None:
        whole = min(whole, max(Fraction(component.cap) - paid, Fraction(0)))
    return whole


def gate(component: Component, mine: list[Credit]) -> Fraction:
    """1 where the gate is open or there is none; what it leaves where it is shut or unknown."""
    if component.gate is None:
        return Fraction(1)
    seen = _seen(component.gate.measure, mine)
    is_open = seen is not None and seen >= Fraction(component.gate.at_least)
    return Fraction(1) if is_open else Fraction(component.gate.otherwise)


def round_once(amount: Fraction, minor: Decimal) -> Decimal:
    """Half to even, to the minor unit, by way of many decimals."""
    with localcontext() as context:
        context.prec = 60
        fine = decimal_of(amount).quantize(Decimal("1E-30"))
        return (fine / minor).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * minor


def _seen(measure: Gauge, mine: list[Credit]) -> Fraction | None:
    if measure is Gauge.MARGIN_RATE:
        revenue = margin = Fraction(0)
        for credit in mine:
            if credit.revenue is not None and credit.contribution is not None:
                revenue += Fraction(credit.revenue)
                margin += Fraction(credit.contribution)
        return margin / revenue if revenue > 0 else None
    values = {
        Gauge.REVENUE: [credit.revenue for credit in mine],
        Gauge.MARGIN: [credit.contribution for credit in mine],
        Gauge.UNITS: [credit.quantity for credit in mine],
    }[measure]
    known = [Fraction(value) for value in values if value is not None]
    return sum(known, Fraction(0)) if known else None


def _cut(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low, min(value, high))
