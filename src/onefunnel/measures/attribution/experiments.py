"""Lift experiments: what one showed, and how large one must be."""

from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtri

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.evidence import Estimate
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.incentives.trial import Question, plan_trial
from onefunnel.vocabulary import Note


@dataclass(frozen=True, slots=True)
class Lift:
    """What contact with a channel changed: for each person, and in all.

    ``change`` is the difference of the shares that converted, or of what a person brought, ``z``
    its number of standard errors; ``conversions`` are those of the treated that would not have come
    otherwise, or what they brought more, and their error.
    """

    change: Estimate
    z: float
    conversions: Estimate


def lift(treated: int, converted: int, control: int, control_converted: int) -> Lift:
    """The lift of an experiment whose groups were made by chance.

    The error is sqrt(p1 (1 - p1) / n1 + p0 (1 - p0) / n0). Raises UsageError where a group is empty
    or has more conversions than people, or nothing varies.

    >>> found = lift(10_000, 230, 10_000, 200)
    >>> [round(each, 5) for each in (found.change.value, found.change.low, found.change.high)]
    [0.003, -0.00102, 0.00702]
    >>> round(found.z, 3)
    1.463
    """
    if not (0 <= converted <= treated and 0 <= control_converted <= control and treated * control):
        raise UsageError(
            f"The experiment has {converted} of {treated} and {control_converted} of {control}.",
            remedy="Give both groups, and at most as many conversions as people.",
        )
    one, none = converted / treated, control_converted / control
    variance = one * (1 - one) / treated + none * (1 - none) / control
    if not variance:
        raise UsageError(
            "In each group all or none converted.", remedy="Wait until there are some of each."
        )
    error = sqrt(variance)
    change = Estimate(one - none, error)
    return Lift(change, change.value / error, Estimate(change.value * treated, error * treated))


@dataclass(frozen=True, slots=True)
class Brought:
    """What a group of an experiment brought: in all, and its standard deviation between people.

    Who brought nothing is among the ``people``, with 0.
    """

    people: int
    brought: float
    deviation: float


def lift_in_money(treated: Brought, control: Brought) -> Lift:
    """The lift of an experiment in what people brought, its groups made by chance.

    The difference of the means; its error is sqrt(s1^2 / n1 + s0^2 / n0), which asks for no equal
    spread (Neyman 1923, Statistical Science 1990, 5:465). A few large orders spread means far: so
    money takes many more people than a count does. Raises UsageError where a group is empty or has
    a negative deviation, or nothing varies.

    >>> found = lift_in_money(Brought(400, 2_000.0, 30.0), Brought(400, 1_200.0, 40.0))
    >>> found.change, round(found.z, 3), found.conversions.value
    (Estimate(value=2.0, error=2.5), 0.8, 800.0)
    """
    groups = (treated, control)
    if min(each.people for each in groups) < 1 or min(each.deviation for each in groups) < 0:
        raise UsageError(
            f"The experiment has {treated.people} and {control.people} people.",
            remedy="Give some of each, and deviations from 0 up.",
        )
    error = sqrt(sum(each.deviation**2 / each.people for each in groups))
    if not error:
        raise UsageError(
            "In each group all brought the same.", remedy="Wait until some brought more."
        )
    one, none = (each.brought / each.people for each in groups)
    change = Estimate(one - none, error)
    people = treated.people
    return Lift(change, change.value / error, Estimate(change.value * people, error * people))


@dataclass(frozen=True, slots=True)
class Planned:
    """An experiment of so many months, None where it is said no.

    ``treated`` and ``control`` are the people of each group in that time, or until the horizon;
    ``power`` is what is reached then, and ``smallest`` the change that could be found with the
    power asked for.
    """

    months: int | None
    treated: float
    control: float
    power: float
    smallest: float
    notes: tuple[Note, ...]


def plan(
    people_per_month: float,
    rate: float,
    change: float,
    *,
    share: float = 0.5,
    horizon_months: int = 6,
    wait_months: int = 0,
    power: float = 0.8,
    level: float = 0.05,
) -> Planned:
    """How long an experiment must run to find a change of the chance to convert, two-sided.

    ``rate`` is the chance without the channel, ``share`` of the people are treated, and an outcome
    is known ``wait_months`` later. The months are those of :func:`plan_trial`, the test of two
    proportions. Says no, with the note ``refused_experiment``, where that is later than the
    horizon. Most firms hear no: to know a return on advertising to ten per cent takes more than
    ten million person-weeks (Lewis & Rao 2015, Quarterly Journal of Economics 130:1941). Raises
    UsageError where the chances or shares can't be, or there is no change to find.

    >>> plan(20_000, 0.02, 0.003, horizon_months=6).months
    4
    >>> plan(2_000, 0.02, 0.003, horizon_months=6).notes[0].code
    'refused_experiment'
    """
    if abs(change) < 1e-9 or horizon_months <= wait_months:
        raise UsageError(
            f"The change is {change}, and {horizon_months - wait_months} months are left.",
            remedy="Give a change to be found, and a horizon beyond the wait.",
        )
    if not (0 <= rate <= 1 and 0 <= rate + change <= 1 and people_per_month > 0):
        raise UsageError(
            f"{rate:g} of {people_per_month:g} people convert, {rate + change:g} with it.",
            remedy="Give shares from 0 to 1, and people above 0.",
        )
    question = Question(people_per_month, rate + change, rate, 1.0, 1.0, 0.0)
    trial = plan_trial(
        question,
        share,
        horizon_months=horizon_months,
        wait_months=wait_months,
        power=power,
        level=level,
    )
    months = trial.months or horizon_months - wait_months
    people = people_per_month * months
    smallest = _smallest(people, rate, share, ndtri(1 - level / 2) + ndtri(power))
    notes = tuple(
        note("refused_experiment", **each.params, smallest=round(smallest, 6))
        for each in trial.notes
    )
    of = (people * share, people * (1 - share))
    return Planned(trial.months, *of, trial.power, smallest, notes)


def _smallest(people: float, rate: float, share: float, reach: float) -> float:
    """The change that so many people find: change = reach x its own error, by iteration."""
    # From 0 it would stay there where nobody converts otherwise.
    change = (1 - rate) / 2
    for _ in range(60):
        with_it = min(rate + change, 1.0)
        variance = with_it * (1 - with_it) / share + rate * (1 - rate) / (1 - share)
        change = reach * sqrt(variance / people)
    return float(change)
