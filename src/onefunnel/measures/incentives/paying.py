"""What an average win pays the salesperson, and how salespeople answer a plan with steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.notes import note
from onefunnel.measures.incentives.paid_bases import OF_BASE, Products
from onefunnel.measures.incentives.plans import InForce
from onefunnel.measures.incentives.quantities import Quantity, total
from onefunnel.measures.incentives.records import Records, Sold
from onefunnel.measures.incentives.response import Component, Staff, Tier
from onefunnel.pay import plan as terms
from onefunnel.pay.pieces import as_piecewise
from onefunnel.vocabulary import Note

MOST_KINDS = 8
"""Different sellers that are told apart; each answers for themselves in each draw."""

BaseOf = Callable[[terms.Component, str], Quantity | None]
"""What a win of a segment counts for a component, None where it is unknown."""


PayOfEach = Mapping[tuple[str, str | None], Mapping[str, Quantity | None]]
"""What a win of a segment pays, by plan and member; the member None stands for all."""


@dataclass(frozen=True, slots=True)
class Earner:
    """Salespeople who are paid alike: how many, their part of the hours, and their components.

    ``present`` are the components with what is credited at the end of the period, ``before`` with
    what was at its beginning; ``paid`` are those of the plan, in the same order. ``employee`` is
    None for one who stands for all.
    """

    plan: str
    employee: str | None
    people: int
    share: float
    paid: tuple[terms.Component, ...]
    present: tuple[Component, ...]
    before: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Payroll:
    """What a win pays by segment, None where it is unknown; who answers a plan with steps."""

    per_win: Mapping[str, Quantity | None]
    staff: tuple[Staff, ...] = ()
    notes: tuple[Note, ...] = ()
    of_each: PayOfEach = field(default_factory=dict)


def payroll_of(plans: InForce, records: Records, base_of: BaseOf) -> Payroll:
    """The pay of the plans in force, averaged over their members by hours.

    A linear plan pays rate x base. With steps a win pays what one more average win adds at the
    sellers' present totals, and the answer of each seller is computed from what was credited before
    the period; where the period holds several beginnings of the tiers, each is a time of its own
    with its part of leads and hours, and begins at nothing.
    """
    names = [each.segment for each in records.segments]
    bases = {
        (part, name): base_of(part, name) if not part.segments or name in part.segments else ZERO
        for each in plans.plans
        for part in each.components
        for name in names
    }
    try:
        earners = list(_earners(plans, records, bases, names))
    except UsageError:
        lacking = next(each.plan.name for each in plans.plans if each.has_steps)
        missing = note("refused_plan_quota", plan=lacking)
        return Payroll(dict.fromkeys(names), notes=(missing,))
    per_win = {name: _average(earners, bases, name) for name in names}
    notes, kinds = [], _alike(earners)
    if len(kinds) > MOST_KINDS:
        notes.append(note("sellers_averaged", sellers=sum(each.people for each in earners)))
        kinds = _averaged(kinds)
    steps = any(each.has_steps for each in plans.plans)
    known = all(base is not None for base in bases.values())
    of_each = _of_each(earners, bases, names)
    return Payroll(per_win, tuple(kinds) if steps and known else (), tuple(notes), of_each)


ZERO = Quantity.exact(0.0)
Bases = Mapping[tuple[terms.Component, str], Quantity | None]


def _earners(
    plans: InForce, records: Records, bases: Bases, names: Sequence[str]
) -> Iterator[Earner]:
    """Everybody who is paid; a plan without members has one that stands for all."""
    hours = {each.employee_id: each.weekly_hours for each in records.employees}
    known = [each for each in hours.values() if each is not None]
    usual = sum(known) / len(known) if known else 1.0
    paid = [
        (active, member)
        for active in plans.plans
        for member in active.members or (() if any(p.members for p in plans.plans) else (None,))
    ]
    weights = [
        usual if member is None else hours.get(member.employee) or usual for _, member in paid
    ]
    whole = sum(weights)
    for (active, member), weight in zip(paid, weights, strict=True):
        present, before = (
            tuple(
                _component(
                    part,
                    member,
                    bases,
                    names,
                    _credited(part, member, records.sold.get(at or ""), plans.products),
                )
                for part in active.components
            )
            for at in (active.present, active.before)
        )
        yield Earner(
            active.plan.name,
            None if member is None else member.employee,
            active.windows,
            weight / whole,
            active.components,
            present,
            before,
        )


def _component(
    part: terms.Component,
    member: terms.Member | None,
    bases: Bases,
    names: Sequence[str],
    credited: float,
) -> Component:
    quota = None if member is None else member.quota_of(part.name)
    pieces = as_piecewise(part, quota, None if member is None else member.target)
    each = [bases[part, name] for name in names]
    return Component(
        part.name,
        tuple(0.0 if base is None else base.best for base in each),
        tuple(Tier(float(p.start), float(p.slope), float(p.jump)) for p in pieces),
        credited,
    )


def _credited(
    part: terms.Component, member: terms.Member | None, sold: Sold | None, products: Products
) -> float:
    """What somebody sold that a component counts; of a margin what is known."""
    if member is None or sold is None:
        return 0.0
    column = products.column(OF_BASE.get(part.base, "told"), part.products)
    return sum(
        sums[column]
        for (seller, segment), sums in sold.items()
        if seller == member.employee and (not part.segments or segment in part.segments)
    )


def _average(earners: Sequence[Earner], bases: Bases, name: str) -> Quantity | None:
    """What a win of a segment pays, averaged over who is paid; None where a base is unknown."""
    parts: list[Quantity] = []
    for each in earners:
        for part, component in zip(each.paid, each.present, strict=True):
            base = bases[part, name]
            if base is None:
                return None
            parts.append(_marginal(component, base, each.share))
    return total(*parts) if parts else None


def _of_each(earners: Sequence[Earner], bases: Bases, names: Sequence[str]) -> PayOfEach:
    """What each is paid a win; those of one plan who stand at one place are worked out once."""
    alike: dict[tuple[str, tuple[Component, ...]], Mapping[str, Quantity | None]] = {}
    for each in earners:
        if (each.plan, each.present) not in alike:
            alone = [replace(each, share=1.0)]
            alike[each.plan, each.present] = {name: _average(alone, bases, name) for name in names}
    return {(each.plan, each.employee): alike[each.plan, each.present] for each in earners}


def _marginal(component: Component, base: Quantity, share: float) -> Quantity:
    """What a base adds to the pay of what is credited already, times a share."""
    at_first = component.paid(component.credited)
    pays = [
        share * (component.paid(component.credited + each) - at_first)
        for each in (base.best, base.low, base.high)
    ]
    return Quantity(pays[0], min(pays), max(pays), base.typed)


def _alike(earners: Sequence[Earner]) -> list[Staff]:
    """Those who answer alike, as one kind each."""
    found: dict[tuple[Component, ...], tuple[float, int]] = {}
    for each in earners:
        share, people = found.get(each.before, (0.0, 0))
        found[each.before] = (share + each.share, people + each.people)
    # Rounding must not give them more than all hours.
    return [Staff(parts, min(share, 1.0), people) for parts, (share, people) in found.items()]


def _averaged(kinds: Sequence[Staff]) -> list[Staff]:
    """Those of one plan as one kind, at the middle of their places and tiers."""
    found: dict[tuple[tuple[str, int], ...], list[Staff]] = {}
    for each in kinds:
        form = tuple((part.name, len(part.tiers)) for part in each.components)
        found.setdefault(form, []).append(each)
    return [
        Staff(
            tuple(
                _middle(parts, same) for parts in zip(*(k.components for k in same), strict=True)
            ),
            min(sum(each.share for each in same), 1.0),
            sum(each.people for each in same),
        )
        for same in found.values()
    ]


def _middle(parts: Sequence[Component], kinds: Sequence[Staff]) -> Component:
    """A component at the mean of several, by the hours of who has it."""
    shares = [each.share for each in kinds]
    whole = sum(shares)

    def mean(values: Sequence[float]) -> float:
        return sum(share * value for share, value in zip(shares, values, strict=True)) / whole

    tiers = tuple(
        Tier(*(mean([getattr(t, name) for t in same]) for name in ("start", "rate", "jump")))
        for same in zip(*(part.tiers for part in parts), strict=True)
    )
    return Component(parts[0].name, parts[0].base, tiers, mean([part.credited for part in parts]))
