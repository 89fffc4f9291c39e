"""What members earn by the components of a plan, month by month.

The pay of a component is a function of its base to date: what a month earns is that function at
the end of the month less the one at the end of the month before. So the order of sales is nothing
to it, and its months sum to what the whole pays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from onefunnel.errors import Refused
from onefunnel.pay.counting import Staff
from onefunnel.pay.families import Family, Span
from onefunnel.pay.lines import Key, Part
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import ZERO, Component, Gauge, Pays, Plan, TiersOn
from onefunnel.pay.quotas import begun, for_member
from onefunnel.pay.schedule import NOTHING, Schedule, schedule_of
from onefunnel.pay.steps import Label, Step, Stretch, changes, parts_of, steps_of
from onefunnel.pay.tallies import Counted, Monthly
from onefunnel.vocabulary import Calendar

NO_MONTHS = Monthly()
"""What was counted where nothing was."""

Due = dict[Key, list[Part]]
"""What is due, as far as is known today, by what it is about."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One family with all that its pay depends on; ``months`` run up to the open one."""

    family: Family
    staff: Staff
    counted: Counted
    months: tuple[Period, ...]
    digests: tuple[str, ...]
    calendar: Calendar
    minor: Decimal

    def places(self, span: Span) -> range:
        """The places of the months that have days in a span."""
        held = [i for i, m in enumerate(self.months) if m.days_within(span.first, span.after)]
        return range(held[0], held[-1] + 1) if held else range(0)

    def last_month(self, place: int, plan: Plan) -> Period:
        """The month at a place, or the last one of a version that has ended before."""
        ended = [m for m in self.months[: place + 1] if plan.last is None or m.first <= plan.last]
        return ended[-1]


@dataclass(slots=True)
class Track:
    """One component of one member in one span, as far as it is worked out, month after month.

    ``steps`` and ``totals`` are to the end of each month, ``parts`` what the month itself earns.
    """

    steps: list[Mapping[Label, Step]] = field(default_factory=list)
    totals: list[Fraction] = field(default_factory=list)
    parts: list[list[Part]] = field(default_factory=list)

    def forget_from(self, number: int) -> None:
        """Forget all but the first months."""
        for each in (self.steps, self.totals, self.parts):
            del each[number:]


def earn(scope: Scope, span: Span, who: tuple[str, str], track: Track, place: int) -> None:
    """Work a component of an employee out anew from a place on, to the last month of the scope.

    ``who`` is the employee and the component's name. Raises Refused where it pays by attainment
    and there is no quota or target to measure by; then the months before are worked out.
    """
    places = scope.places(span)
    track.forget_from(max(place - places.start, 0))
    for at in places[len(track.steps) :]:
        before: Mapping[Label, Step] = track.steps[-1] if track.steps else {}
        paid = track.totals[-1] if track.totals else NOTHING
        steps, schedules = _to_date(scope, span, range(places.start, at + 1), who)
        total = sum((step.amount for step in steps.values()), NOTHING)
        found = changes(schedules, before, steps)
        track.parts.append(parts_of(total, paid, found, scope.digests, scope.minor))
        track.steps.append(steps)
        track.totals.append(total)


def _to_date(
    scope: Scope, span: Span, places: range, who: tuple[str, str]
) -> tuple[dict[Label, Step], dict[int, Schedule]]:
    """The steps of all versions of a component to the last of some months, and their schedules."""
    employee, name = who
    steps: dict[Label, Step] = {}
    schedules = {}
    start = paid = NOTHING
    for version in span.versions:
        plan = scope.family.versions[version]
        own = [each for each in plan.components if each.name == name]
        monthly = scope.counted.bases.get((version, name, employee), NO_MONTHS)
        # Who came after a version has no quota under it, and needs none.
        if not own or not monthly.any_in(places):
            continue
        base = summed(monthly, places)
        month = scope.last_month(places[-1], plan)
        schedules[version] = _schedule(scope, span, plan, own[0], (employee, month))
        seen = _gauge(scope.counted, version, own[0], employee, places)
        stretch = Stretch(version, start, start + base, paid, seen)
        made = steps_of(schedules[version], stretch, own[0].gate)
        steps |= made
        paid += sum((step.amount for step in made.values()), NOTHING)
        start += base
    return steps, schedules


def _schedule(
    scope: Scope, span: Span, plan: Plan, component: Component, who: tuple[str, Period]
) -> Schedule:
    """The schedule of a component for a member, with quota and target to the end of a month."""
    employee, month = who
    quota = target = None
    if component.tiers_on is TiersOn.ATTAINMENT:
        rows = scope.staff.members[employee]
        periods = tuple(begun(scope.calendar, plan.period, span, month))
        quota = for_member(rows, lambda row: row.quota_of(component.name), periods, span)
        if component.pays is Pays.TARGET:
            target = for_member(rows, lambda row: row.target, periods, span)
    found = schedule_of(component, quota, target)
    if found is None:
        what = "quota" if not quota else "target"
        raise Refused(
            f"{employee!r} has no {what} for {component.name!r} of {plan.name!r}.",
            remedy=f"Write the {what} into the member's row.",
            code=f"refused_no_{what}",
        )
    return found


def _gauge(
    counted: Counted, version: int, component: Component, employee: str, places: range
) -> Fraction | None:
    """What the gate of a component sees of the version's own sales; None where it sees nothing."""
    if component.gate is None:
        return None

    def monthly(name: str) -> Monthly:
        return counted.measures.get((version, component.whose, employee, name), NO_MONTHS)

    if component.gate.measure is Gauge.MARGIN_RATE:
        revenue = summed(monthly("rated_revenue"), places)
        return summed(monthly("rated_margin"), places) / revenue if revenue > 0 else None
    seen = monthly(component.gate.measure.value)
    return summed(seen, places) if seen.any_in(places) else None


def summed(monthly: Monthly, places: range) -> Fraction:
    """The sum over some months."""
    held = (value for place, value in monthly.sums.items() if place in places)
    return Fraction(sum(held, ZERO))
