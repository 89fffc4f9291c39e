"""What the measure ``deals`` answers: rates per deal, and the four "win rates" side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WHY_RATES_DIFFER: dict[str, str] = {
    "win_incidence": "Counts each open deal for as long as it was watched. Rely on this one.",
    "won_of_closed": "Leaves open deals out, so it favours whichever outcome comes sooner.",
    "won_of_all": "Counts open deals as not won, so it is too low while any are open.",
    "one_minus_km": "Treats lost deals as if they might still be won, so it is too high.",
}
"""The four rates of winning in the same data, and why each differs from the others."""


@dataclass(frozen=True, slots=True)
class DealsRow:
    """Deals opened within the period and how they stand at ``now``. Rates are from 0 to 1.

    ``win_incidence`` and ``lost_incidence`` are Aalen-Johansen incidences at the horizon;
    ``one_minus_km`` treats lost deals as if they might still be won, and so overstates;
    ``won_of_all`` = won / all; ``won_of_closed`` = won / (won + lost), None where none is closed.
    ``maturity`` is the share of deals whose outcome at the horizon is known.
    """

    won: int
    lost: int
    open: int
    win_incidence: float | None
    win_incidence_low: float | None
    win_incidence_high: float | None
    lost_incidence: float | None
    won_of_closed: float | None
    won_of_all: float | None
    one_minus_km: float | None
    horizon_days: int
    median_days: float | None
    maturity: float | None
    dimensions: Mapping[str, str | None] = field(default_factory=dict)
