"""What a measure pays: nothing below the threshold, then two straight pieces up to the cap."""

from dataclasses import dataclass
from decimal import Decimal

from onefunnel.errors import UsageError

PAYOUTS = (Decimal("0.5"), Decimal(1), Decimal("1.5"))
"""The share of the target pay at threshold, target and cap where nothing else is said."""


def reaches(value: Decimal, bound: Decimal, better: int, side: int = 0) -> bool:
    """Whether a value is at the bound or better; ``better`` is 1 where more is better, else -1.

    With ``side`` -1 or 1 the value is meant to be a trifle below or above what is given.

    >>> reaches(Decimal(80), Decimal(80), 1), reaches(Decimal(80), Decimal(80), 1, side=-1)
    (True, False)
    """
    ahead = (value - bound) * better
    return ahead > 0 or (ahead == 0 and side * better >= 0)


@dataclass(frozen=True, slots=True)
class Curve:
    """Threshold, target and cap in the unit of the measure, and what is paid at each.

    Where less is better (discount, hours to the first call), the threshold is the largest of the
    three. Raises UsageError where the three do not go one way, or payouts fall, are negative or all
    0.
    """

    threshold: Decimal
    target: Decimal
    cap: Decimal
    payouts: tuple[Decimal, Decimal, Decimal] = PAYOUTS

    def __post_init__(self) -> None:
        first, second = self.target - self.threshold, self.cap - self.target
        if first * second <= 0:
            raise UsageError(
                f"{self.threshold}, {self.target} and {self.cap} do not go one way.",
                remedy="Let threshold, target and cap rise, or fall where less is better.",
            )
        paid = self.payouts
        if not 0 <= paid[0] <= paid[1] <= paid[2] or paid[2] == 0:
            raise UsageError(
                f"The payouts {', '.join(map(str, paid))} fall, are negative, or all 0.",
                remedy="Pay no less for more, and something in the end.",
            )

    @property
    def better(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.cap > self.threshold else -1

    def payout(self, value: Decimal, side: int = 0) -> Decimal:
        """The share of the target pay for a value; see :func:`reaches` for ``side``.

        >>> curve = Curve(Decimal(80), Decimal(100), Decimal(120))
        >>> [str(curve.payout(Decimal(each))) for each in (79, 80, 90, 110, 130)]
        ['0', '0.5', '0.75', '1.25', '1.5']
        """
        if not reaches(value, self.threshold, self.better, side):
            return Decimal(0)
        if reaches(value, self.cap, self.better):
            return self.payouts[2]
        second = reaches(value, self.target, self.better)
        start, end = (self.target, self.cap) if second else (self.threshold, self.target)
        low, high = self.payouts[1:] if second else self.payouts[:2]
        return low + (high - low) * (value - start) / (end - start)

    def attainment(self, value: Decimal) -> Decimal | None:
        """The value by the target, 1 where it is met; None where the target is not above 0.

        Where less is better, a tenth less than the target is 1.1.

        >>> str(Curve(Decimal(12), Decimal(10), Decimal(8)).attainment(Decimal(9)))
        '1.1'
        """
        if self.target <= 0:
            return None
        ratio = value / self.target
        return ratio if self.better > 0 else 2 - ratio
