"""Working a random share of the leads that are left: how long it takes, and what it then says."""

from dataclasses import dataclass
from math import ceil, sqrt

from scipy.special import ndtr, ndtri

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import wilson
from onefunnel.measures.incentives.quantities import Figure
from onefunnel.measures.incentives.result import Amount, money
from onefunnel.vocabulary import Note

FEWEST_WINS = 5.0
"""Wins expected among those worked, below which the normal approximation misleads."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether an hour spent on leads that are left brings more than it costs.

    ``left_per_month`` leads that nobody works; ``win`` the chance to settle on if worked and
    ``win_unworked`` else; ``contribution_per_win`` with its standard deviation ``spread``;
    ``hours_per_lead``; ``hour_cost``. Raises UsageError where one can't be.
    """

    left_per_month: float
    win: float
    win_unworked: float
    contribution_per_win: float
    hours_per_lead: float
    hour_cost: float
    spread: float = 0.0

    def __post_init__(self) -> None:
        shares = 0.0 <= self.win_unworked <= 1.0 and 0.0 <= self.win <= 1.0
        sizes = min(self.left_per_month, self.hours_per_lead) > 0.0
        if not shares or not sizes or min(self.spread, self.hour_cost) < 0.0:
            raise UsageError(
                "The leads that are left can't be as described.",
                remedy="Chances are from 0 to 1, leads and hours above 0, costs and spread from 0.",
            )

    @property
    def margin(self) -> float:
        """What working a lead brings above the cost of its hours."""
        gain = (self.win - self.win_unworked) * self.contribution_per_win
        return gain - self.hours_per_lead * self.hour_cost

    def variance(self, win: float) -> float:
        """The variance of the contribution of a lead with a chance of winning."""
        return win * (1.0 - win) * self.contribution_per_win**2 + win * self.spread**2


@dataclass(frozen=True, slots=True)
class Trial:
    """How long a random ``share`` must be worked; ``months`` is None where it is said no.

    ``leads`` are those worked in all, ``hours_per_month`` what they take, ``power`` what is reached
    in these months or, where it is said no, at the horizon.
    """

    share: float
    months: int | None
    leads: float
    hours_per_month: float
    power: float
    notes: tuple[Note, ...]


def plan_trial(
    question: Question,
    share: float,
    *,
    horizon_months: int = 12,
    wait_months: int = 0,
    power: float = 0.8,
    level: float = 0.05,
) -> Trial:
    """The months until the two-sided test of the margin at ``level`` has the power, waiting apart.

    A lead that is left is worked with chance ``share``; the contributions of both groups are
    compared: months = (z_(1 - level/2) + z_power)^2 (v_worked / share + v_left / (1 - share))
    / (leads a month x margin^2), rounded up, and as many more as five wins need. ``wait_months``
    pass until an outcome is known. Says no, with the note ``refused_within_horizon``, where that
    is later than the horizon, and ``refused_no_margin`` where there is nothing to find. Raises
    UsageError where a share is not between 0 and 1.

    >>> left = Question(400, 0.4, 0.0, 36.0, 0.4, 20.0)
    >>> plan_trial(left, 0.05).months
    3
    """
    if not all(0.0 < each < 1.0 for each in (share, power, level)):
        raise UsageError(
            f"The shares are {share}, {power} and {level}.", remedy="Each is between 0 and 1."
        )
    a_month = share * question.left_per_month
    hours = a_month * question.hours_per_lead
    if abs(question.margin) < 1e-12:
        text = "With these chances an hour brings just what it costs: there is nothing to find."
        return Trial(share, None, 0.0, hours, level, (Note("refused_no_margin", text),))
    months = _months(question, share, power, level)
    watched = horizon_months - wait_months
    if months <= watched:
        reached = _power(question, share, months, level)
        return Trial(share, months, months * a_month, hours, reached, ())
    reached = _power(question, share, watched, level) if watched > 0 else level
    note = _too_long(months + wait_months, horizon_months, reached)
    return Trial(share, None, a_month * max(watched, 0), hours, reached, (note,))


def _months(question: Question, share: float, power: float, level: float) -> int:
    """The fewest whole months that reach the power and the fewest wins."""
    reach = (ndtri(1.0 - level / 2.0) + ndtri(power)) ** 2
    enough = reach * _variance(question, share) / question.margin**2
    wins = share * question.left_per_month * question.win
    return max(ceil(enough - 1e-9), ceil(FEWEST_WINS / wins - 1e-9) if wins > 0.0 else 1, 1)


def _too_long(months: int, horizon: int, power: float) -> Note:
    return Note(
        "refused_within_horizon",
        f"It would take {months} months, more than the {horizon} there are.",
        {"months": months, "horizon": horizon, "power": power},
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial showed: the gain of working a lead, and an hour's, with 95 % intervals.

    ``verdict``: ``worth_an_hour``, ``not_worth_an_hour``, or ``open`` where the interval holds the
    cost of an hour.
    """

    gain_in_chance: Figure
    contribution_per_hour: Amount
    verdict: str


def settle(question: Question, worked: int, won: int, left: int, left_won: int) -> Outcome:
    """What a trial with these counts showed, at the contribution per win of the question.

    The difference of chances has the hybrid score interval (Newcombe 1998, Statistics in Medicine
    17:873), valid for small counts; the contribution per win is taken as known. Raises UsageError
    where a group is empty.
    """
    if not (0 <= won <= worked and 0 <= left_won <= left and min(worked, left) > 0):
        raise UsageError(
            f"The trial has {won} won of {worked} worked, {left_won} of {left} left.",
            remedy="Give both groups, and at most as many won as there are.",
        )
    one, two = won / worked, left_won / left
    (low, high), (less, more) = wilson(one, worked), wilson(two, left)
    chance = Figure(
        one - two,
        one - two - sqrt((one - low) ** 2 + (more - two) ** 2),
        one - two + sqrt((high - one) ** 2 + (two - less) ** 2),
    )
    hourly = question.contribution_per_win / question.hours_per_lead
    ends = sorted((chance.low * hourly, chance.high * hourly))
    cost = question.hour_cost
    verdict = "worth_an_hour" if ends[0] > cost else "open"
    verdict = "not_worth_an_hour" if ends[1] < cost else verdict
    per_hour = Amount(*(money(each) for each in (chance.value * hourly, *ends)))
    return Outcome(chance, per_hour, verdict)


def _variance(question: Question, share: float) -> float:
    """The variance of the difference of means that a month's leads give."""
    worked = question.variance(question.win) / share
    left = question.variance(question.win_unworked) / (1.0 - share)
    return (worked + left) / question.left_per_month


def _power(question: Question, share: float, months: int, level: float) -> float:
    error = sqrt(_variance(question, share) / months)
    if error == 0.0:
        return 1.0
    found, needed = abs(question.margin) / error, ndtri(1.0 - level / 2.0)
    return float(ndtr(found - needed) + ndtr(-found - needed))
