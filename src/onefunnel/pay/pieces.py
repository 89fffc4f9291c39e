"""The pay of a component as pieces: breakpoints, slopes and jumps, exact; and that of a plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from onefunnel.errors import UnknownName, UsageError
from onefunnel.pay.plan import ZERO, Component, Gauge, Member, Plan
from onefunnel.pay.rounding import decimal_of
from onefunnel.pay.schedule import NOTHING, Schedule, schedule_of


@dataclass(frozen=True, slots=True)
class Piece:
    """What changes at ``start``: pay jumps by ``jump``, then rises by ``slope`` a unit.

    The part ``beyond`` of the jump is there only with more than ``start`` (a retroactive tier), the
    rest at ``start`` itself (a threshold).
    """

    start: Decimal
    slope: Decimal
    jump: Decimal = ZERO
    beyond: Decimal = ZERO


def as_piecewise(
    component: Component, quota: Decimal | None = None, target: Decimal | None = None
) -> tuple[Piece, ...]:
    """The pay of a component over its base from 0 on; the gate is taken to be open.

    Exact, unless quota and target divide without end: then to sixty digits. Raises UsageError
    where the component pays by attainment and quota or target is missing.

    >>> from onefunnel.pay.plan import Base, Tier
    >>> five, seven = Tier(ZERO, Decimal("0.05")), Tier(Decimal(50), Decimal("0.07"), True)
    >>> component = Component("units", Base.UNITS, (five, seven))
    >>> [(each.start, each.jump) for each in as_piecewise(component)]
    [(Decimal('0'), Decimal('0')), (Decimal('50'), Decimal('1'))]
    """
    return tuple(_changes(resolved(component, quota, target)))


def pay_of(
    plan: Plan,
    totals: Mapping[str, Decimal],
    member: Member | None = None,
    measures: Mapping[Gauge, Decimal] | None = None,
) -> Decimal:
    """What the components of a plan pay for bases by name; a base that is not named is 0.

    Exact and not rounded. The totals are those of one full measurement period, with the quotas
    and the target of ``member``; ``measures`` is what gates look at. Pools, draws, guarantees and
    holdbacks are no part of it. Raises UnknownName for a base that the plan does not pay,
    UsageError where a quota, a target or a measure is missing.

    >>> from onefunnel.pay.plan import Base, Event, Tier, Unit, date
    >>> rate = Component("gates", Base.REVENUE, (Tier(ZERO, Decimal("0.03")),))
    >>> plan = Plan("sales", "EUR", date(2024, 1, 1), Event.INVOICE, Unit.MONTH, (rate,))
    >>> pay_of(plan, {"gates": Decimal(50000)})
    Decimal('1500')
    """
    names = [component.name for component in plan.components]
    for name in totals:
        if name not in names:
            raise UnknownName("component", name, names)
    total = NOTHING
    for component in plan.components:
        quota = None if member is None else member.quota_of(component.name)
        schedule = resolved(component, quota, None if member is None else member.target)
        pay = schedule.pay(Fraction(totals.get(component.name, ZERO)))
        total += pay * _through_gate(component, measures or {})
    return decimal_of(total)


def resolved(component: Component, quota: Decimal | None, target: Decimal | None) -> Schedule:
    """A component's schedule. Raises UsageError where it needs a quota or a target."""
    found = schedule_of(
        component,
        None if quota is None else Fraction(quota),
        None if target is None else Fraction(target),
    )
    if found is None:
        message = f"{component.name!r} pays by attainment."
        raise UsageError(message, remedy="Give a quota above 0, and a target if it pays one.")
    return found


def _through_gate(component: Component, measures: Mapping[Gauge, Decimal]) -> Fraction:
    gate = component.gate
    if gate is None:
        return Fraction(1)
    if gate.measure not in measures:
        message = f"The gate of {component.name!r} looks at {gate.measure.value!r}."
        raise UsageError(message, remedy="Give this measure.")
    return Fraction(1 if measures[gate.measure] >= gate.at_least else gate.otherwise)


@dataclass(frozen=True, slots=True)
class _Line:
    """Pay at a point, just above it, and its slope from there to the next point."""

    start: Fraction
    at: Fraction
    above: Fraction
    slope: Fraction


def _changes(schedule: Schedule) -> Iterator[Piece]:
    """The points where something changes; the first is always there."""
    before = _Line(NOTHING, NOTHING, NOTHING, NOTHING)
    for place, line in enumerate(_lines(schedule)):
        arrived = before.above + before.slope * (line.start - before.start)
        jump, beyond = line.above - arrived, line.above - line.at
        if place == 0 or jump or beyond or line.slope != before.slope:
            figures = (line.start, line.slope, jump, beyond)
            yield Piece(*(decimal_of(each) for each in figures))
        before = line


def _lines(schedule: Schedule) -> Iterator[_Line]:
    """The lines between all points where the pay may bend, the one where it is capped included."""
    points = {band.start for band in schedule.bands} | {NOTHING}
    points |= {schedule.threshold} if schedule.threshold is not None else set()
    order = sorted(points)
    for start, end in zip(order, [*order[1:], None], strict=True):
        within = start + 1 if end is None else (start + end) / 2
        level, rate = _uncapped(schedule, start, within)
        cap = schedule.cap
        if cap is not None and level >= cap:
            level, rate = cap, NOTHING
        yield _Line(start, schedule.pay(start), level, rate)
        reached = None if cap is None or not rate else start + (cap - level) / rate
        if cap is not None and reached is not None and (end is None or reached < end):
            yield _Line(reached, cap, cap, NOTHING)


def _uncapped(schedule: Schedule, start: Fraction, within: Fraction) -> tuple[Fraction, Fraction]:
    """Pay just above ``start`` and its slope, as they are at a point before the next bend."""
    if schedule.below(within):
        return NOTHING, NOTHING
    slices = schedule.slices(NOTHING, within)
    rate = slices[-1].rate
    return sum((each.pay for each in slices), NOTHING) - rate * (within - start), rate
