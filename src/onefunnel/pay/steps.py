"""What a version pays for a base, step by step: tiers, then threshold, cap and gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from onefunnel.pay.lines import Part, Reason, Value
from onefunnel.pay.plan import Gate
from onefunnel.pay.rounding import FOUR_PLACES, apportioned, rounded, shown
from onefunnel.pay.schedule import NOTHING, Schedule, Slice

Label = tuple[int, str, int]
"""The version, the kind of step, and the tier."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step adds to the pay to date: exact; a tier has its slice of the base."""

    amount: Fraction
    params: Mapping[str, Value] = field(default_factory=dict)
    slice: Slice | None = None

    @property
    def base(self) -> Fraction:
        """The base that it pays."""
        return NOTHING if self.slice is None else self.slice.width


NO_STEP = Step(NOTHING)


@dataclass(frozen=True, slots=True)
class Change:
    """What a month changes in a step."""

    amount: Fraction
    base: Fraction
    reason: Reason
    version: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """The base a version is paid for: up to ``start`` it was counted by the versions before it.

    ``paid`` is what those paid, which a cap counts too; ``gate`` what the component's gate sees,
    None where that is unknown.
    """

    version: int
    start: Fraction
    end: Fraction
    paid: Fraction = NOTHING
    gate: Fraction | None = None


def steps_of(schedule: Schedule, stretch: Stretch, gate: Gate | None) -> dict[Label, Step]:
    """The steps of a version to date; their amounts sum to what it pays."""
    version, steps = stretch.version, {}
    for each in schedule.slices(stretch.start, stretch.end):
        steps[version, "tier", each.tier] = Step(each.pay, slice=each)
    full = sum((step.amount for step in steps.values()), NOTHING)
    if schedule.below(stretch.end):
        params = _params(threshold=schedule.threshold, total=stretch.end)
        steps[version, "threshold", 0] = Step(-full, params)
        full = NOTHING
    if schedule.cap is not None:
        over = full - max(schedule.cap - stretch.paid, NOTHING)
        if over > 0:
            steps[version, "cap", 0] = Step(-over, _params(cap=schedule.cap))
            full -= over
    if gate is not None and (stretch.gate is None or stretch.gate < Fraction(gate.at_least)):
        params = _params(at_least=Fraction(gate.at_least), value=stretch.gate)
        lost = full * (1 - Fraction(gate.otherwise))
        more: dict[str, Value] = {"measure": gate.measure.value, "otherwise": gate.otherwise}
        steps[version, "gate", 0] = Step(-lost, {**params, **more})
    return steps


def changes(
    schedules: Mapping[int, Schedule], before: Mapping[Label, Step], now: Mapping[Label, Step]
) -> list[Change]:
    """What makes the steps of the month before those of this one; no change is left out as none."""
    found = []
    for label in sorted({*before, *now}, key=_order):
        was, step = before.get(label, NO_STEP), now.get(label, NO_STEP)
        amount, base = step.amount - was.amount, step.base - was.base
        if amount or base:
            if label[1] == "tier":
                retroactive = schedules[label[0]].bands[label[2]].retroactive
                reason = _tier_reason(was.slice, step.slice, retroactive, _reached(label[0], now))
            else:
                code = f"{label[1]}_{'lifted' if amount > 0 else 'holds'}"
                reason = Reason(code, step.params or was.params)
            found.append(Change(amount, base, reason, label[0]))
    return found


def parts_of(
    total: Fraction,
    before: Fraction,
    found: Sequence[Change],
    digests: Sequence[str],
    minor: Decimal,
) -> list[Part]:
    """Changes as parts in money: their sum is the rounded total less the rounded one before it.

    Their bases sum to what the month changes in the base, rounded to four places.
    """
    amount = rounded(total, minor) - rounded(before, minor)
    amounts = apportioned(amount, [each.amount for each in found], minor)
    base = rounded(sum((each.base for each in found), NOTHING), FOUR_PLACES)
    bases = apportioned(base, [each.base for each in found], FOUR_PLACES)
    return [
        Part(money, counted, each.reason, digests[each.version])
        for money, counted, each in zip(amounts, bases, found, strict=True)
        if money or counted
    ]


def _order(label: Label) -> tuple[int, int, int]:
    return label[0], ("tier", "threshold", "cap", "gate").index(label[1]), label[2]


def _reached(version: int, steps: Mapping[Label, Step]) -> Fraction | None:
    """How far the base of a version reaches, None where it has none."""
    own = [each.slice for label, each in steps.items() if label[0] == version and each.slice]
    return max((each.high for each in own), default=None)


def _tier_reason(
    was: Slice | None, now: Slice | None, retroactive: bool, reached: Fraction | None
) -> Reason:
    """Why a tier pays another amount than the month before."""
    if now is None:
        gone = was is None or reached is None or reached < was.high
        return Reason("tier_taken_back" if gone else "tier_replaced", _figures(was))
    if was is None:
        return Reason("tier_retroactive" if retroactive else "tier", _figures(now))
    if (was.low, was.rate) == (now.low, now.rate):
        return Reason("tier", {**_figures(now), "from": shown(was.high)})
    before = _params(rate_was=was.rate, from_was=was.low, to_was=was.high)
    return Reason("tier_moved", {**_figures(now), **before})


def _figures(each: Slice | None) -> dict[str, Value]:
    if each is None:
        return {}
    return {"tier": each.tier + 1, **_params(**{"from": each.low, "to": each.high}, rate=each.rate)}


def _params(**values: Fraction | None) -> dict[str, Value]:
    return {name: None if value is None else shown(value) for name, value in values.items()}
