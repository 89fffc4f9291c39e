"""How the amounts of single customers differ within a segment: what bands are drawn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefunnel.errors import UsageError


@dataclass(frozen=True, slots=True)
class Spread:
    """Variances of revenue and contribution among a segment's customers, and their covariance.

    They are those of the customers as they are (divided by their number, not by one less), in
    squared units of money, and can be aggregated by an engine.
    """

    revenue: float
    contribution: float
    covariance: float


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """The revenue and the contribution of every customer of a segment, in the same order.

    Raises UsageError where the two are not equally many.
    """

    revenue: NDArray[np.float64]
    contribution: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.revenue.shape != self.contribution.shape or self.revenue.ndim != 1:
            raise UsageError(
                f"Revenues of {self.revenue.size} customers do not go with contributions of "
                f"{self.contribution.size}.",
                remedy="Give one of each for every customer.",
            )

    @property
    def spread(self) -> Spread:
        """The variances and the covariance; zero where there is no customer.

        >>> Amounts(np.array([1.0, 3.0]), np.array([0.0, 1.0])).spread
        Spread(revenue=1.0, contribution=0.25, covariance=0.5)
        """
        if not self.revenue.size:
            return Spread(0.0, 0.0, 0.0)
        found = np.cov(np.stack([self.revenue, self.contribution]), bias=True)
        return Spread(float(found[0, 0]), float(found[1, 1]), float(found[0, 1]))
