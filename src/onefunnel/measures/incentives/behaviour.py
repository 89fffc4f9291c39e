"""What explains which leads are worked in time: pay per hour, contribution per hour, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.logit import fit
from onefunnel.measures.incentives.notes import note
from onefunnel.measures.incentives.quantities import Figure
from onefunnel.vocabulary import Note

NEGLIGIBLE = log(1.25) / log(2)
"""A doubled rate that moves the odds by less than a quarter is as good as none."""
BESIDE = 4.0
"""A strength is next to nothing beside one that is surely so many times as large."""
FEWEST_OUTCOMES = 40
"""Leads that must have been worked, and that must not: ten for each of four coefficients."""
FEWEST_PAIRS = 3
FEWEST_PEOPLE = 5
LEAST_OWN = 0.05
"""The part of each rate's variance that the other one must leave, or they can't be told apart."""
RIDGE = 0.01
NO_SPREAD = 1e-9
"""What rounding leaves of the spread of what is the same everywhere."""


@dataclass(frozen=True)
class Choices:
    """Leads that salespeople could have worked in time, one entry per lead or per equal leads.

    ``worked`` 1 in time and 0 not; ``pay_per_hour`` and ``contribution_per_hour`` of the lead's
    segment, above zero; ``age_hours`` of the lead when it was offered; ``workload`` open leads of
    the salesperson then; ``salesperson`` who could have; ``counted`` how many leads an entry stands
    for, one by default. Raises UsageError where lengths differ, an entry stands for none, or a rate
    is not above zero, as only those have a logarithm.
    """

    worked: npt.NDArray[np.bool_]
    pay_per_hour: Floats
    contribution_per_hour: Floats
    age_hours: Floats
    workload: Floats
    salesperson: Sequence[str]
    counted: Floats | None = None

    @property
    def size(self) -> Floats:
        """How many leads each entry stands for."""
        return np.ones(len(self.worked)) if self.counted is None else self.counted

    def __post_init__(self) -> None:
        columns = (self.pay_per_hour, self.contribution_per_hour, self.age_hours, self.workload)
        if {len(each) for each in (*columns, self.salesperson, self.size)} != {len(self.worked)}:
            raise UsageError("The columns differ in length.", remedy="Give one entry per lead.")
        if not (self.size > 0.0).all():
            raise UsageError("An entry stands for no lead.", remedy="Leave such entries out.")
        if not (np.minimum(self.pay_per_hour, self.contribution_per_hour) > 0.0).all():
            raise UsageError(
                "A rate is not above zero.", remedy="Leave such leads out, and say so."
            )


@dataclass(frozen=True, slots=True)
class Behaviour:
    """By how much the log odds of being worked in time rise with the logarithm of each rate.

    ``by_pay`` b1 and ``by_contribution`` b2 with 95 % intervals; ``pull`` = b1 / (b1 + b2), how far
    pay rather than contribution is followed, a negative one taken as 0, None where both are.
    ``sentence`` is what it supports: ``plan_explains``, ``company_rate_explains``,
    ``capacity_or_process``, ``undecided``; None where the figures are refused, with the reason in
    ``notes``. It is a description of choices, not of causes.
    """

    sentence: str | None
    by_pay: Figure | None
    by_contribution: Figure | None
    pull: float | None
    leads: int
    salespeople: int
    notes: tuple[Note, ...]


def behaviour(choices: Choices) -> Behaviour:
    """A logit of being worked in time on both rates, age, workload and an effect per salesperson.

    logit P(worked) = b0 + b1 ln(pay per hour) + b2 ln(contribution per hour) + b3 age
    + b4 workload + salesperson; a small ridge keeps it finite where a rate decides everything.
    Errors are clustered by salesperson, with Student's t of one degree less than there are; below
    five salespeople each lead stands for itself, and the note ``few_salespeople`` says so. Refused
    with fewer than 40 leads worked or 40 not, fewer than three pairs of rates, or rates of which
    one nearly gives the other.
    """
    people, group = np.unique(np.asarray(choices.salesperson), return_inverse=True)
    rates = np.log(np.stack([choices.pay_per_hour, choices.contribution_per_hour], axis=1))
    size, leads = choices.size, round(choices.size.sum())
    refusal = _refusal(choices.worked, rates, size)
    if refusal:
        return Behaviour(None, None, None, None, leads, len(people), (refusal,))
    controls = np.stack([choices.age_hours, choices.workload], axis=1)
    centred = rates - np.average(rates, axis=0, weights=size)
    columns = np.hstack([np.ones((len(rates), 1)), centred, _standard(controls, size)])
    clustered = len(people) >= FEWEST_PEOPLE
    ridge = np.array([0.0, RIDGE, RIDGE, RIDGE, RIDGE])
    found = fit(
        choices.worked.astype(np.float64),
        columns,
        group.astype(np.int64),
        ridge,
        weight=size,
        clustered=clustered,
    )
    spread = float(stdtrit((len(people) if clustered else leads) - 1, 0.975))
    b, covariance = found.coefficients[1:3], found.covariance[1:3, 1:3]
    pay, contribution = (_interval(b, covariance, each, spread) for each in np.eye(2))
    difference, pay_beside, contribution_beside = (
        _interval(b, covariance, np.array(each), spread)
        for each in ((1.0, -1.0), (1.0, -BESIDE), (-BESIDE, 1.0))
    )
    return Behaviour(
        sentence(pay, contribution, difference, (pay_beside, contribution_beside)),
        pay,
        contribution,
        _pull(pay.value, contribution.value),
        leads,
        len(people),
        () if clustered else (note("few_salespeople", salespeople=len(people)),),
    )


def sentence(
    pay: Figure, contribution: Figure, difference: Figure, beside: tuple[Figure, Figure]
) -> str:
    """The code of the sentence that the intervals of both strengths, and of b1 - b2, support.

    One rate explains where its interval is above 0 and the other's is not, and it is above the
    other; or where it is more than four times the other, ``beside`` being b1 - 4 b2 and b2 - 4 b1:
    of many leads, the little that a logit misses of how people choose stands out from 0 too.
    Capacity or process do where a doubling of either rate moves the odds by less than a quarter.

    >>> above, none = Figure(1.0, 0.5, 1.5), Figure(0.1, -0.2, 0.4)
    >>> sentence(above, none, Figure(0.9, 0.3, 1.5), (Figure(0.6, -0.2, 1.4), none))
    'plan_explains'
    """
    if _explains(pay, contribution, difference.low, beside[0]):
        return "plan_explains"
    if _explains(contribution, pay, -difference.high, beside[1]):
        return "company_rate_explains"
    if all(max(-each.low, each.high) < NEGLIGIBLE for each in (pay, contribution)):
        return "capacity_or_process"
    return "undecided"


def _explains(one: Figure, other: Figure, more: float, beside: Figure) -> bool:
    """Whether one strength is there, and the other is not or is next to nothing beside it."""
    alone = other.low <= 0.0 and more > 0.0
    return one.low > 0.0 and (alone or beside.low > 0.0)


def _pull(pay: float, contribution: float) -> float | None:
    followed = max(pay, 0.0) + max(contribution, 0.0)
    return max(pay, 0.0) / followed if followed > 0.0 else None


def _refusal(worked: npt.NDArray[np.bool_], rates: Floats, size: Floats) -> Note | None:
    fewer = round(min(size[worked].sum(), size[~worked].sum()))
    if fewer < FEWEST_OUTCOMES:
        return note("refused_few_leads", leads=fewer, needed=FEWEST_OUTCOMES)
    pairs = len(np.unique(rates.round(9), axis=0))
    if pairs < FEWEST_PAIRS:
        return note("refused_few_segments", pairs=pairs, needed=FEWEST_PAIRS)
    products = np.cov(rates.T, aweights=size, ddof=0)
    spread = np.sqrt(np.diag(products))
    own = 1.0 - (products[0, 1] / spread.prod()) ** 2 if spread.min() > NO_SPREAD else 0.0
    if own < LEAST_OWN:
        return note("refused_collinear", own_variance=float(own), needed=LEAST_OWN)
    return None


def _standard(columns: Floats, size: Floats) -> Floats:
    centred = columns - np.average(columns, axis=0, weights=size)
    spread = np.sqrt(np.average(centred**2, axis=0, weights=size))
    return np.asarray(centred / np.where(spread > NO_SPREAD, spread, 1.0))


def _interval(b: Floats, covariance: Floats, weights: Floats, spread: float) -> Figure:
    """The interval of a weighted sum of the coefficients."""
    value, variance = float(b @ weights), float(weights @ covariance @ weights)
    half = spread * sqrt(max(variance, 0.0))
    return Figure(value, value - half, value + half)
