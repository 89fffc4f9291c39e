"""Lift experiments as people record them, and what each showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from typing import TypeAlias

from onefunnel.funnel.incidence import Z_95
from onefunnel.measures.attribution.evidence import Estimate, Grade, combined
from onefunnel.measures.attribution.experiments import Brought, Lift, lift, lift_in_money
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.regions import Region, difference_in_differences
from onefunnel.vocabulary import Note


class Kind(StrEnum):
    """How it was made: some people go without, or some regions do."""

    HOLDOUT = "holdout"
    GEOGRAPHIC = "geographic"


class Of(StrEnum):
    """What the thing that was tried is: the dimension of its name."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    PAGE = "page"


class Counted(StrEnum):
    """What can be counted as a conversion; money is no count."""

    LEADS = "leads"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Groups:
    """A holdout: the people of both groups, and how many of each converted."""

    treated: int
    converted: int
    control: int
    control_converted: int


@dataclass(frozen=True, slots=True)
class Amounts:
    """A holdout in money: what both groups brought, in the currency of the workspace."""

    treated: Brought
    control: Brought


Outcome: TypeAlias = Groups | Amounts | tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment on a channel, campaign or page ``of``, from ``first`` to ``last``, both in it.

    ``counts`` is what was measured: conversions, or money. ``outcome`` are the groups of a holdout,
    or regions; by what is measured groups are :class:`Groups` or :class:`Amounts`. ``reached`` is
    how many of the treated have a touch of it on record; without it all people of a treated group
    do, and of regions it is unknown. ``randomised`` says that chance made the groups. With
    ``overrides`` it replaces the figure of the model, else both count by their precision.
    ``planned`` is the day on which it was fixed how it would be read, None where nobody says.
    """

    name: str
    dimension: Of
    of: str
    counts: Value
    first: date
    last: date
    outcome: Outcome
    reached: int | None = None
    randomised: bool = True
    overrides: bool = False
    planned: date | None = None

    @property
    def kind(self) -> Kind:
        """A holdout, or by regions."""
        return Kind.GEOGRAPHIC if isinstance(self.outcome, tuple) else Kind.HOLDOUT


@dataclass(frozen=True, slots=True)
class Effect:
    """What an experiment showed, with 95 % intervals.

    ``change`` is of the chance to convert, in money of what a person brings, by regions of what a
    region has in a period. ``conversions`` are those of the treated that would not have come
    otherwise, or the money; ``per_person`` are they for each person reached, None where it is
    unknown how many those are.
    """

    change: Estimate
    conversions: Estimate
    per_person: Estimate | None
    grade: Grade
    notes: tuple[Note, ...]


def effect(experiment: Experiment) -> Effect:
    """What an experiment showed. UsageError where its numbers can't be.

    The grade is A where chance made the groups, else B. Few regions have a wide interval, that of
    Student's t: their standard error is made as large as a normal one with that interval has.

    >>> groups = Groups(10_000, 230, 10_000, 200)
    >>> days = date(2024, 3, 1), date(2024, 3, 31)
    >>> shown = effect(Experiment("a", Of.CHANNEL, "search", Value.LEADS, *days, groups))
    >>> round(shown.conversions.value, 2), round(shown.per_person.low, 5), shown.grade.value
    (30.0, -0.00102, 'A')
    """
    if isinstance(experiment.outcome, tuple):
        return _of_regions(experiment, experiment.outcome)
    return _of_groups(experiment, experiment.outcome)


def together(effects: Sequence[Estimate]) -> Estimate:
    """Several estimates of one figure, each by its precision; at least one.

    >>> round(together([Estimate(3.0, 1.0), Estimate(1.2, 0.4)]).value, 3)
    1.448
    """
    return reduce(lambda one, other: combined(one, other).estimate, effects)


def _of_groups(experiment: Experiment, groups: Groups | Amounts) -> Effect:
    found = _lift(groups)
    reached = people_treated(groups) if experiment.reached is None else experiment.reached
    per_person = _scaled(found.conversions, 1 / reached)
    if experiment.randomised:
        return Effect(found.change, found.conversions, per_person, Grade.EXPERIMENT, ())
    notes = (note("groups_not_by_chance", experiment=experiment.name),)
    return Effect(found.change, found.conversions, per_person, Grade.QUASI_EXPERIMENT, notes)


def people_treated(groups: Groups | Amounts) -> int:
    """How many people had it."""
    return groups.treated if isinstance(groups, Groups) else groups.treated.people


def _lift(groups: Groups | Amounts) -> Lift:
    if isinstance(groups, Amounts):
        return lift_in_money(groups.treated, groups.control)
    return lift(groups.treated, groups.converted, groups.control, groups.control_converted)


def _of_regions(experiment: Experiment, regions: tuple[Region, ...]) -> Effect:
    found = difference_in_differences(regions, randomised=experiment.randomised)
    change = Estimate(found.change, (found.high - found.change) / Z_95)
    conversions = _scaled(change, sum(len(each.after) for each in regions if each.treated))
    per_person = _scaled(conversions, 1 / experiment.reached) if experiment.reached else None
    return Effect(change, conversions, per_person, found.grade, found.notes)


def _scaled(estimate: Estimate, by: float) -> Estimate:
    return Estimate(estimate.value * by, estimate.error * by)
