"""What the measure ``plan_health`` answers: a row per test of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a test says.

    ``fine`` lies in the range, ``look`` outside it beyond chance, ``unsure`` outside it as chance
    might have it. ``refused`` can't be told: ``code`` says why. ``told`` has no range to be held
    against.
    """

    FINE = "fine"
    LOOK = "look"
    UNSURE = "unsure"
    REFUSED = "refused"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class PlanHealthRow:
    """A test of a plan, or of one of its components; shares are from 0 to 1.

    ``low`` and ``high`` are a 95 % interval, ``range_low`` and ``range_high`` what is held to be
    healthy, each None where there is none. ``n`` counts what ``value`` rests on. ``why`` is said in
    English; ``code`` and ``params`` are the same for other languages. The tests ``attained`` (how
    many attainments lie in a tenth of the quota) and ``closing_day`` (how many sales closed so many
    days before the end) are pictures: counts.
    """

    plan: str
    component: str
    test: str
    value: float | None
    low: float | None
    high: float | None
    range_low: float | None
    range_high: float | None
    verdict: Verdict
    n: int
    code: str
    why: str
    params: Mapping[str, str | None]

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """The tests are asked by no dimension."""
        return {}
