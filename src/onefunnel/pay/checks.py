"""What a plan may not say, however it was made: each fault with the place that it is in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from onefunnel.pay.content import number
from onefunnel.pay.plan import ONE, ZERO, Component, Member, Pays, Plan, TiersOn

Path = tuple[str | int, ...]
"""Where in a plan file: names of tables and keys, and places in lists."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where; what to do about it."""

    path: Path
    message: str
    remedy: str


def wrong(plan: Plan) -> Iterator[Fault]:
    """Every fault of a plan, in the order of its file; none where it can be reckoned with."""
    if plan.last is not None and plan.last < plan.first:
        yield Fault(("to",), "The plan ends before it begins.", "Swap from and to.")
    if plan.clawback_days is not None and plan.clawback_days < 0:
        yield Fault(("clawback_days",), "Days are below 0.", "Write 0 or more.")
    yield from _wrong_in_advance(plan)
    yield from _twice("component", [each.name for each in plan.components])
    yield from _twice("pool", [each.name for each in plan.pools])
    for place, component in enumerate(plan.components):
        yield from _wrong_component(("component", place), component)
    yield from _wrong_weights(plan)
    for place, pool in enumerate(plan.pools):
        if not ZERO <= pool.share <= ONE:
            yield Fault(("pool", place, "share"), "A share is from 0 to 1.", "Write 0.1 for 10 %.")
        if pool.hurdle < 0:
            yield Fault(("pool", place, "hurdle"), "A hurdle is 0 or more.", "Write 0 for none.")
        if not pool.parts or any(part <= 0 for _, part in pool.parts):
            remedy = "Name each employee with a part above 0."
            yield Fault(("pool", place, "parts"), "A pool needs parts above 0.", remedy)
        if len(dict(pool.parts)) < len(pool.parts):
            remedy = "Add the parts up."
            yield Fault(("pool", place, "parts"), "An employee has two parts.", remedy)


def wrong_members(plan: Plan, members: Sequence[Member]) -> Iterator[Fault]:
    """Every fault of the rows of a plan's members."""
    names = {component.name for component in plan.components} | {""}
    for place, row in enumerate(members):
        path = ("member", place)
        if row.last is not None and row.last < row.first:
            yield Fault((*path, "to"), "The member leaves before the first day.", "Swap the days.")
        for name, quota in row.quotas:
            if name not in names:
                remedy = f"Valid: {', '.join(sorted(names - {''}))}."
                yield Fault((*path, "quota", name), "There is no such component.", remedy)
            elif quota <= 0:
                yield Fault((*path, "quota"), "A quota is above 0.", "Leave it out for none.")
        if row.manager == row.employee:
            yield Fault((*path, "manager"), "Nobody reports to themselves.", "Name another.")
        if row.first < plan.first or (plan.last and (row.last is None or row.last > plan.last)):
            remedy = "Leave from and to out for all of the plan's days."
            yield Fault((*path, "from"), "The row has days that the plan has not.", remedy)
        others = members[:place]
        if any(row.employee == other.employee and share_days(row, other) for other in others):
            remedy = "End the earlier row the day before."
            yield Fault((*path, "from"), "Two rows of one member share days.", remedy)


def share_days(row: Member, other: Member) -> bool:
    """Whether two rows have a day in common."""
    begins = max(row.first, other.first)
    return row.works_on(begins) and other.works_on(begins)


def _wrong_in_advance(plan: Plan) -> Iterator[Fault]:
    for name, each in (("draw", plan.draw), ("guarantee", plan.guarantee)):
        if each is not None and each.amount < 0:
            yield Fault(
                (name, "amount"), "An amount is 0 or more.", "Leave the table out for none."
            )
    held = plan.holdback
    if held is not None and not ZERO <= held.share <= ONE:
        yield Fault(("holdback", "share"), "A share is from 0 to 1.", "Write 0.1 for 10 %.")
    if held is not None and (held.until is None) == (held.after_days is None):
        remedy = "Write until or after_days, one of the two."
        yield Fault(("holdback",), "A holdback needs one end.", remedy)
    if held is not None and held.after_days is not None and held.after_days < 1:
        yield Fault(("holdback", "after_days"), "A day or more is held.", "Write 1 or more.")


def _wrong_component(path: Path, component: Component) -> Iterator[Fault]:
    starts = [tier.start for tier in component.tiers]
    if not starts or starts[0] != 0:
        yield Fault(
            (*path, "tiers"), "The first tier begins at 0.", "Write { from = 0, rate = … }."
        )
    if any(later <= earlier for earlier, later in pairwise(starts)):
        yield Fault((*path, "tiers"), "A tier begins above the one before.", "Put them in order.")
    if any(tier.rate < 0 for tier in component.tiers):
        yield Fault((*path, "tiers"), "A rate is 0 or more.", "Write 0 for no pay.")
    if component.first and component.last and component.last < component.first:
        yield Fault((*path, "to"), "The component ends before it begins.", "Swap from and to.")
    for name, value in (("threshold", component.threshold), ("cap", component.cap)):
        if value is not None and value < 0:
            yield Fault((*path, name), "The value is 0 or more.", "Leave it out for none.")
    if component.weight < 0:
        yield Fault((*path, "weight"), "A weight is 0 or more.", "Write 0.5 for a half.")
    if component.pays is Pays.TARGET and component.tiers_on is TiersOn.AMOUNT:
        remedy = 'Write tiers_on = "attainment".'
        yield Fault((*path, "pays"), "A share of the target is paid on attainment.", remedy)
    if component.gate is not None and not ZERO <= component.gate.otherwise <= ONE:
        yield Fault((*path, "gate"), "A gate leaves a share from 0 to 1.", "Leave otherwise out.")


def _wrong_weights(plan: Plan) -> Iterator[Fault]:
    """Components that pay a share of the target must have weights that sum to 1."""
    weighed = [each for each in plan.components if each.pays is Pays.TARGET]
    whole = sum((each.weight for each in weighed), ZERO)
    if weighed and whole != ONE:
        place = plan.components.index(weighed[-1])
        message = f"The weights of the shares of the target sum to {number(whole)}, not to 1."
        yield Fault(("component", place, "weight"), message, "Let them sum to 1.")


def _twice(what: str, names: list[str]) -> Iterator[Fault]:
    for place, name in enumerate(names):
        if name in names[:place]:
            message = f"Two have the name {name!r}."
            yield Fault((what, place, "name"), message, "Give each a name of its own.")
