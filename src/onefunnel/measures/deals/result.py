"""What the measure ``deals`` answers: rates per deal, and the four "win rates" side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
