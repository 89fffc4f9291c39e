"""Tests by regions: some get the channel, others do not, before and after are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import fmean, variance

from scipy.special import stdtrit

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.attribution.notes import note
from onefunnel.vocabulary import Note

FEW = 5


@dataclass(frozen=True, slots=True)
class Region:
    """What came of a region per period before and after the channel began in those treated."""

    name: str
    treated: bool
    before: Sequence[float]
    after: Sequence[float]


@dataclass(frozen=True, slots=True)
class Difference:
    """The change that the channel made per region and period, with its 95 % interval.

    ``freedom`` are the degrees of freedom of ``error``. The grade is A where chance said which
    regions are treated, else B: then it holds only if both kinds would have changed alike.
    """

    change: float
    low: float
    high: float
    error: float
    freedom: float
    grade: Grade
    notes: tuple[Note, ...]


def difference_in_differences(regions: Sequence[Region], *, randomised: bool = False) -> Difference:
    """The mean change of the treated regions less that of the others.

    Each region counts once, by the mean of its periods after less that before, for its periods
    depend on each other (Bertrand, Duflo & Mullainathan 2004, Quarterly Journal of Economics
    119:249). So the error, sqrt(s1^2 / n1 + s0^2 / n0) with s the standard deviations of these
    changes, is that of the regression with standard errors clustered by region (HC2); the interval
    is Welch's. Raises UsageError where there are not two regions of each kind with periods before
    and after.

    >>> given = [(True, 10, 14), (True, 20, 26), (False, 10, 11), (False, 20, 23)]
    >>> regions = [Region(str(i), t, [b], [a]) for i, (t, b, a) in enumerate(given)]
    >>> found = difference_in_differences(regions)
    >>> found.change, round(found.error, 4), found.grade.value
    (3.0, 1.4142, 'B')
    """
    if not all(each.before and each.after for each in regions):
        raise UsageError("A region has no period before or after.", remedy="Leave it out.")
    treated, others = (
        [fmean(each.after) - fmean(each.before) for each in regions if each.treated is kind]
        for kind in (True, False)
    )
    fewest = min(len(treated), len(others))
    if fewest < 2:
        raise UsageError(
            f"There are {len(treated)} treated regions and {len(others)} others.",
            remedy="Give two of each at least.",
        )
    change = fmean(treated) - fmean(others)
    parts = [variance(each) / len(each) for each in (treated, others)]
    error = sqrt(sum(parts))
    squares = sum(p**2 / (len(g) - 1) for p, g in zip(parts, (treated, others), strict=True))
    freedom = error**4 / squares if squares else inf
    reach = float(stdtrit(freedom, 0.975)) * error if error else 0.0
    return Difference(
        change,
        change - reach,
        change + reach,
        error,
        freedom,
        Grade.EXPERIMENT if randomised else Grade.QUASI_EXPERIMENT,
        (note("regions_few", regions=fewest),) if fewest < FEW else (),
    )
