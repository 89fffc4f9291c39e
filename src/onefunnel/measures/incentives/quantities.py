"""What a figure is computed from: counted, typed as a range by a person, or estimated."""

from dataclasses import dataclass
from math import inf, isfinite, isnan, prod

import numpy as np
from scipy.special import expit, logit, ndtri

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Z_95, Floats

UNBOUNDED = (-inf, inf)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, and how far it may be off: ``low`` and ``high`` are ``best`` where it is known.

    ``typed``: a person gave the range, and ``low`` and ``high`` are its ends; otherwise they are
    the ends of a 95 % interval. Raises UsageError where they are not finite or out of order.

    >>> Quantity.typed_range(0.1, 0.15, 0.25)
    Quantity(best=0.15, low=0.1, high=0.25, typed=True)
    """

    best: float
    low: float
    high: float
    typed: bool = False

    def __post_init__(self) -> None:
        if not all(isfinite(each) for each in (self.best, self.low, self.high)):
            raise UsageError(
                f"The range {self.low} to {self.high} with {self.best} is not of finite numbers.",
                remedy="Leave an unknown quantity out.",
            )
        if not self.low <= self.best <= self.high:
            raise UsageError(
                f"The best value {self.best} is not between {self.low} and {self.high}.",
                remedy="Give them in the order low, best, high.",
            )

    @staticmethod
    def exact(value: float) -> "Quantity":
        """A number that is known."""
        return Quantity(value, value, value)

    @staticmethod
    def typed_range(low: float, best: float, high: float) -> "Quantity":
        """A range that a person typed: surely between the ends, most likely ``best``."""
        return Quantity(best, low, high, typed=True)

    @staticmethod
    def estimated(value: float, low: float, high: float) -> "Quantity":
        """An estimate with its 95 % interval."""
        return Quantity(value, low, high)

    def at(self, uniforms: Floats, limits: tuple[float, float] = UNBOUNDED) -> Floats:
        """The quantiles at shares from 0 to 1, within the limits that the quantity can't leave.

        A typed range is triangular. An estimate is two halves of normal distributions, of the
        logarithm where it can't be negative, of the log odds where it is a share, so that the
        quantiles .025, .5 and .975 are ``low``, ``best`` and ``high``; where an end of the interval
        lies on a limit it is of the number itself, and cut there.

        >>> [round(float(q), 4) for q in Quantity.estimated(2, 1, 8).at(np.array([0.025, 0.975]))]
        [1.0, 8.0]
        """
        if self.low == self.high:
            return np.full(np.shape(uniforms), self.best)
        if self.typed:
            return _triangular(self, uniforms)
        z = ndtri(uniforms) / Z_95
        if limits == (0.0, 1.0) and self.low > 0.0 and self.high < 1.0:
            return np.asarray(expit(_halves(z, *logit([self.low, self.best, self.high]))))
        if limits == (0.0, inf) and self.low > 0.0:
            return np.exp(_halves(z, *np.log([self.low, self.best, self.high])))
        return np.clip(_halves(z, self.low, self.best, self.high), *limits)


def product(*factors: Quantity) -> Quantity:
    """The product of quantities that are not negative: sellers x hours a week, price x margin.

    Its ends are reached only where all factors are at theirs, so it is wide rather than narrow.
    Raises UsageError where a factor can be negative.

    >>> product(Quantity.exact(3), Quantity.typed_range(30, 35, 40)).high
    120.0
    """
    if any(each.low < 0 for each in factors):
        raise UsageError("A factor can be negative.", remedy="Multiply quantities from zero up.")
    ends = (prod(getattr(each, end) for each in factors) for end in ("best", "low", "high"))
    best, low, high = (float(end) for end in ends)
    return Quantity(best, low, high, typed=any(each.typed for each in factors))


def total(*parts: Quantity) -> Quantity:
    """The sum of quantities: as with a product its ends are those of all parts.

    >>> total(Quantity.exact(3), Quantity.typed_range(1, 2, 4)).high
    7
    """
    best, low, high = (sum(getattr(each, end) for each in parts) for end in ("best", "low", "high"))
    return Quantity(best, low, high, typed=any(each.typed for each in parts))


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float


def figure(column: Floats) -> Figure | None:
    """The figure of a column whose first entry is the value and the others draws of it.

    The interval holds the quantiles .025 and .975 of the draws, and the value; without draws it is
    the value alone. None where the value is NaN.

    >>> figure(np.array([5.0]))
    Figure(value=5.0, low=5.0, high=5.0)
    """
    value = float(column[0])
    if isnan(value):
        return None
    drawn = column[1:][~np.isnan(column[1:])]
    if not len(drawn):
        return Figure(value, value, value)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(value, min(value, float(low)), max(value, float(high)))


def figure_of(quantity: Quantity | None) -> Figure | None:
    """A quantity as a figure: a typed range keeps its ends; None stays unknown.

    >>> figure_of(Quantity.exact(2000.0))
    Figure(value=2000.0, low=2000.0, high=2000.0)
    """
    return None if quantity is None else Figure(quantity.best, quantity.low, quantity.high)


def _triangular(quantity: Quantity, uniforms: Floats) -> Floats:
    low, best, high = quantity.low, quantity.best, quantity.high
    width = high - low
    rising = low + np.sqrt(uniforms * width * (best - low))
    falling = high - np.sqrt((1.0 - uniforms) * width * (high - best))
    return np.where(uniforms * width < best - low, rising, falling)


def _halves(z: Floats, low: float, best: float, high: float) -> Floats:
    return best + z * np.where(z > 0.0, high - best, best - low)
