"""A plan line by line, as codes with figures: pages say them in words, in five languages."""

from collections.abc import Iterator
from datetime import date

from onefunnel.pay.lines import Reason, Value
from onefunnel.pay.plan import ONE, Component, Plan, Tier, Whose


def describe(plan: Plan) -> tuple[Reason, ...]:
    """What a plan says, in the order of its file; lists are joined by commas.

    >>> from decimal import Decimal
    >>> from onefunnel.pay.plan import Base, Event, Unit
    >>> rate = Component("gates", Base.REVENUE, (Tier(Decimal(0), Decimal("0.03")),))
    >>> plan = Plan("sales", "EUR", date(2024, 1, 1), Event.INVOICE, Unit.MONTH, (rate,))
    >>> [line.code for line in describe(plan)]
    ['effective', 'crediting_invoice', 'tiers_year_to_date', 'component', 'tier_first']
    """
    return tuple(_lines(plan))


def _lines(plan: Plan) -> Iterator[Reason]:
    effective = {"from": plan.first.isoformat(), "to": _day(plan.last)}
    yield Reason("effective", {"name": plan.name, "currency": plan.currency, **effective})
    yield Reason(f"crediting_{plan.crediting.value}")
    yield Reason(f"tiers_{plan.accumulate.value}", {"period": plan.period.value})
    if plan.resets:
        yield Reason("version_resets", {"from": plan.first.isoformat()})
    for component in plan.components:
        yield from _component(component)
    for pool in plan.pools:
        params: dict[str, Value] = {"name": pool.name, "share": pool.share, "hurdle": pool.hurdle}
        people = len(pool.parts)
        yield Reason("pool", {**params, "people": people, "period": plan.period.value})
    yield from _whole_pay(plan)


def _component(component: Component) -> Iterator[Reason]:
    override = component.whose is Whose.TEAM
    code = "override" if override else "spiff" if component.is_spiff else "component"
    yield Reason(code, {"name": component.name, "base": component.base.value})
    if component.products or component.segments:
        products, segments = ", ".join(component.products), ", ".join(component.segments)
        yield Reason("only", {"products": products, "segments": segments})
    if component.first or component.last:
        yield Reason("window", {"from": _day(component.first), "to": _day(component.last)})
    for place, tier in enumerate(component.tiers):
        yield _tier(component, place, tier)
    on = component.tiers_on.value
    if component.threshold is not None:
        yield Reason("threshold", {"at": component.threshold, "on": on})
    if component.cap is not None:
        yield Reason("cap", {"cap": component.cap})
    if component.weight != ONE:
        yield Reason("weight", {"weight": component.weight})
    if component.gate is not None:
        gate = component.gate
        params = {"measure": gate.measure.value, "at_least": gate.at_least}
        yield Reason("gate", {**params, "otherwise": gate.otherwise})


def _tier(component: Component, place: int, tier: Tier) -> Reason:
    """The first tier, a retroactive one, or one that pays more or less than the one before it."""
    params = {"from": tier.start, "rate": tier.rate, "on": component.tiers_on.value}
    if place == 0:
        code = "tier_first"
    elif tier.retroactive:
        code = "tier_retroactive"
    else:
        raised = tier.rate >= component.tiers[place - 1].rate
        code = "tier_accelerator" if raised else "tier_decelerator"
    return Reason(code, {**params, "pays": component.pays.value})


def _whole_pay(plan: Plan) -> Iterator[Reason]:
    if plan.draw is not None:
        code = "draw_recoverable" if plan.draw.recoverable else "draw_kept"
        yield Reason(code, {"amount": plan.draw.amount})
    if plan.guarantee is not None:
        params = {"amount": plan.guarantee.amount, "period": plan.period.value}
        yield Reason("guarantee", params)
    if plan.holdback is not None:
        until, days = plan.holdback.until, plan.holdback.after_days
        share = plan.holdback.share
        if until is not None:
            yield Reason("holdback_until", {"share": share, "until": until.isoformat()})
        else:
            yield Reason("holdback_days", {"share": share, "days": days})
    if plan.clawback_days is not None:
        yield Reason("clawback", {"days": plan.clawback_days})


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
