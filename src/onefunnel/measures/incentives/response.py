"""The salesperson's best response to a plan that is not linear: tiers, thresholds, caps, jumps."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.tiers import Problem, respond

SLACK = 1e-9
"""A tier is reached when it is missed by this part of where it begins."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From a credited amount on: ``jump`` is paid at once, and ``rate`` of what lies above it.

    A marginal tier has no jump; a retroactive one jumps by what the higher rate pays on all below;
    a cap is a tier with the rate 0, a threshold one that a tier with rate 0 comes before.
    """

    start: float
    rate: float
    jump: float = 0.0


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a plan: what each segment's win is credited with, and how credit is paid.

    ``base`` is the amount credited per win, one per segment, 0 where a segment does not count;
    ``credited`` is what the salesperson already has in the period. Raises UsageError unless the
    tiers begin at 0 and rise.

    >>> Component("contracts", (2000.0, 60.0), (Tier(0, 0.03),)).paid(1000)
    30.0
    """

    name: str
    base: tuple[float, ...]
    tiers: tuple[Tier, ...]
    credited: float = 0.0

    def __post_init__(self) -> None:
        starts = [each.start for each in self.tiers]
        if not starts or starts[0] != 0.0 or starts != sorted(set(starts)):
            raise UsageError(
                f"The tiers of {self.name!r} begin at {starts}.",
                remedy="Begin the first at 0 and each other above the one before.",
            )

    def at_start(self) -> list[float]:
        """What is paid where each tier begins, its jump included."""
        paid = [self.tiers[0].jump]
        for before, tier in zip(self.tiers[:-1], self.tiers[1:], strict=True):
            paid.append(paid[-1] + before.rate * (tier.start - before.start) + tier.jump)
        return paid

    def paid(self, amount: float) -> float:
        """What a credited amount is paid in the period; below 0 the first tier goes on."""
        reached = amount + SLACK * max(abs(amount), 1.0)
        place = max(bisect_right([each.start for each in self.tiers], reached) - 1, 0)
        tier = self.tiers[place]
        return self.at_start()[place] + tier.rate * (amount - tier.start)


@dataclass(frozen=True, slots=True)
class Staff:
    """Salespeople of one kind: their share of all hours and leads, and their plan.

    Each of the ``people`` has the same part of the share, and what is credited to one is not to
    another; a plan that pays no commission is a component whose tier has the rate 0. Raises
    UsageError where the share is not from 0 to 1, there is nobody, or no component.
    """

    components: tuple[Component, ...]
    share: float = 1.0
    people: int = 1

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0 or self.people < 1 or not self.components:
            raise UsageError(
                f"{self.people} salespeople with {len(self.components)} components of pay have "
                f"{self.share} of the hours.",
                remedy="Give a share from 0 to 1, at least one person and one component.",
            )


@dataclass(frozen=True, slots=True)
class Response:
    """The leads worked by segment, and what is paid for them beyond what was credited before."""

    worked: Floats
    pay: float


def best_response(
    leads: Floats,
    hours_per_lead: Floats,
    win: Floats,
    hours: float,
    components: Sequence[Component],
) -> Response:
    """The leads that pay one salesperson most, of the leads and hours there are for them.

    Exact by a mixed-integer linear program (HiGHS) for expected wins, to about seven digits. Where
    several allocations pay the same, the one whose smallest part of a segment's leads is largest,
    then the second smallest, and so on: for a linear plan, segments of equal pay per hour share in
    proportion, and hours that pay nothing are still worked. Where pay falls at the start of a tier
    one stops short of it.

    >>> gates = Component("contracts", (2000.0, 60.0), (Tier(0, 0.03),))
    >>> found = best_response(np.array([100.0, 400.0]), np.array([3, 0.4]), np.array([0.25, 0.4]),
    ...     300.0, [gates])
    >>> found.worked.round(3), round(found.pay, 3)
    (array([100.,   0.]), 1500.0)
    """
    problem = Problem(
        need=leads * hours_per_lead,
        hours=hours,
        credit=np.asarray([leads * win * np.asarray(each.base) for each in components]),
        credited=np.asarray([each.credited for each in components]),
        starts=tuple(tuple(tier.start for tier in each.tiers) for each in components),
        rates=tuple(tuple(tier.rate for tier in each.tiers) for each in components),
        paid=tuple(tuple(each.at_start()) for each in components),
    )
    parts, pay = respond(problem)
    return Response(leads * parts, pay - sum(each.paid(each.credited) for each in components))


def team_response(
    leads: Floats, hours_per_lead: Floats, win: Floats, hours: float, staff: Sequence[Staff]
) -> Response:
    """The best responses of all salespeople, each with a share of every segment's leads.

    Leads are shared as the hours are; each salesperson answers for themselves, so people of one
    kind do the same. Raises UsageError where the shares don't add up to 1.
    """
    if abs(sum(each.share for each in staff) - 1.0) > SLACK:
        raise UsageError(
            f"The shares of the salespeople add up to {sum(each.share for each in staff)}.",
            remedy="Let them add up to 1.",
        )

    @cache
    def one(share: float, components: tuple[Component, ...]) -> Response:
        return best_response(leads * share, hours_per_lead, win, hours * share, components)

    answers = [(each.people, one(each.share / each.people, each.components)) for each in staff]
    worked = np.sum([people * answer.worked for people, answer in answers], axis=0)
    return Response(worked, sum(people * answer.pay for people, answer in answers))


def team_pay(worked: Floats, win: Floats, staff: Sequence[Staff]) -> float:
    """What working these leads pays, all salespeople having their share of each segment's.

    >>> team_pay(np.array([100.0]), np.array([0.5]), [Staff((Component("x", (10.0,),
    ...     (Tier(0, 0.1),)),), people=2)])
    50.0
    """
    total = 0.0
    for each in staff:
        wins = worked * win * each.share / each.people
        for part in each.components:
            added = part.credited + float(wins @ np.asarray(part.base))
            total += each.people * (part.paid(added) - part.paid(part.credited))
    return total
