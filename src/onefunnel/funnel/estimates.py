"""What a cohort says at a horizon, or why it can't say it."""

from dataclasses import dataclass

from onefunnel.funnel.incidence import Incidence
from onefunnel.funnel.instants import SECONDS_A_DAY

SMALLEST_COHORT = 5
"""Below it no incidence is given: its interval would span nearly everything."""


REFUSALS = ("no_records", "empty", "too_few", "implied", "too_early")
"""Why an incidence is refused, in the order in which it is looked at."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cohort's incidence is refused: a code of ``notes.REASONS``, and its figures."""

    reason: str
    size: int
    longest_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Incidences at the horizon with the interval of the first, the median, and the maturity.

    Refused figures are None. ``maturity`` is None only where the cohort is empty; ``median_days``
    is over all follow-up, and None while half have not moved or the cohort is too small.
    """

    moved: float | None = None
    low: float | None = None
    high: float | None = None
    lost: float | None = None
    one_minus_km: float | None = None
    median_days: float | None = None
    maturity: float | None = None
    refusal: Refusal | None = None


def estimate(cohort: Incidence, horizon_days: int, left_out: int = 0) -> Estimate:
    """The estimate of a cohort at a horizon, which is refused where the data can't support it.

    Refused are an empty cohort, one below five, one of which nobody was followed to the horizon
    while some were still without an outcome, and one for which most of those who moved on are
    left out (``left_out``), since their time is only implied: the few others say little of them.

    >>> estimate(Incidence.of([1], [2], [0], [1]), 90).refusal
    Refusal(reason='too_few', size=3, longest_days=0.0)
    """
    if cohort.size == 0:
        return Estimate(refusal=Refusal("empty", 0))
    horizon = horizon_days * SECONDS_A_DAY
    maturity = cohort.known_by(horizon) / cohort.size
    if cohort.size < SMALLEST_COHORT:
        return Estimate(maturity=maturity, refusal=Refusal("too_few", cohort.size))
    if left_out > int(cohort.moved.sum()):
        return Estimate(maturity=maturity, refusal=Refusal("implied", left_out))
    half = cohort.median()
    median_days = None if half is None else half / SECONDS_A_DAY
    if not cohort.defined_at(horizon):
        longest = float(cohort.times[-1]) / SECONDS_A_DAY
        refusal = Refusal("too_early", cohort.size, longest)
        return Estimate(median_days=median_days, maturity=maturity, refusal=refusal)
    low, high = cohort.interval(horizon)
    return Estimate(
        cohort.moved_by(horizon),
        low,
        high,
        cohort.lost_by(horizon),
        cohort.one_minus_km(horizon),
        median_days,
        maturity,
    )


def refusal_params(
    refusals: list[Refusal], horizon_days: int
) -> list[dict[str, str | int | float]]:
    """The parameters of one note per reason, for refusals of the same figure in several rows."""
    params: list[dict[str, str | int | float]] = []
    for reason in REFUSALS:
        same = [each for each in refusals if each.reason == reason]
        if same:
            params.append(
                {
                    "reason": reason,
                    "rows": len(same),
                    "n": max(each.size for each in same),
                    "needed": SMALLEST_COHORT,
                    "horizon_days": horizon_days,
                    "longest_days": round(max(each.longest_days for each in same), 1),
                }
            )
    return params
