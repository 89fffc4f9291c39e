"""A component's rates as a function of its base: exact, in fractions, with quota and target put in.

Tiers on attainment lie at shares of a quota that is itself a part of a quota, so their places are
fractions whose decimals need not end. Reckoning with them exactly, the amount is rounded once.
"""

from dataclasses import dataclass
from fractions import Fraction

from onefunnel.pay.plan import Component, Pays, Pool, TiersOn

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Band:
    """A tier on the base: from where, and what a unit of base pays there."""

    start: Fraction
    rate: Fraction
    retroactive: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """Base from ``low`` to ``high`` at one rate; ``low`` is the higher where base was taken."""

    tier: int
    low: Fraction
    high: Fraction
    rate: Fraction

    @property
    def width(self) -> Fraction:
        """How much base it is, negative where base was taken away."""
        return self.high - self.low

    @property
    def pay(self) -> Fraction:
        """What it pays."""
        return self.width * self.rate


@dataclass(frozen=True, slots=True)
class Schedule:
    """Bands in order, the first at 0; the base below which nothing is paid; the most that is."""

    bands: tuple[Band, ...]
    threshold: Fraction | None = None
    cap: Fraction | None = None

    def in_force(self, total: Fraction) -> tuple[int, ...]:
        """The bands that rate a total: the last retroactive one it is above, and those beyond.

        The first of them rates everything up to the second, the negative too.
        """
        reached = [
            index
            for index, band in enumerate(self.bands)
            if index == 0 or (band.retroactive and band.start < total)
        ]
        later = range(reached[-1] + 1, len(self.bands))
        return (reached[-1], *(index for index in later if not self.bands[index].retroactive))

    def slices(self, start: Fraction, end: Fraction) -> tuple[Slice, ...]:
        """The base from ``start`` to ``end``, cut where the rate changes; ``end`` is the total.

        >>> five, seven = Band(NOTHING, Fraction("0.05")), Band(Fraction(50), Fraction("0.07"))
        >>> [(int(each.low), int(each.high)) for each in Schedule((five, seven)).slices(40, 60)]
        [(40, 50), (50, 60)]
        """
        force = self.in_force(end)
        found = []
        for place, index in enumerate(force):
            low = None if place == 0 else self.bands[index].start
            high = self.bands[force[place + 1]].start if place + 1 < len(force) else None
            begins, ends = _within(start, low, high), _within(end, low, high)
            if begins != ends:
                found.append(Slice(index, begins, ends, self.bands[index].rate))
        return tuple(found)

    def below(self, total: Fraction) -> bool:
        """Whether a total does not reach the threshold."""
        return self.threshold is not None and total < self.threshold

    def pay(self, total: Fraction) -> Fraction:
        """What a total pays, counted from the first unit.

        >>> Schedule((Band(NOTHING, Fraction("0.05")),), cap=Fraction(4)).pay(Fraction(100))
        Fraction(4, 1)
        """
        if self.below(total):
            return NOTHING
        full = sum((each.pay for each in self.slices(NOTHING, total)), NOTHING)
        return full if self.cap is None else min(full, self.cap)


def schedule_of(
    component: Component, quota: Fraction | None = None, target: Fraction | None = None
) -> Schedule | None:
    """The schedule of a component; None where it needs a quota or a target and there is none."""
    scale = rate = Fraction(1)
    if component.tiers_on is TiersOn.ATTAINMENT or component.pays is Pays.TARGET:
        if not quota or (component.pays is Pays.TARGET and target is None):
            return None
        scale = quota if component.tiers_on is TiersOn.ATTAINMENT else scale
        rate = target / quota if component.pays is Pays.TARGET and target is not None else rate
    factor = rate * Fraction(component.weight)
    return Schedule(
        tuple(
            Band(Fraction(tier.start) * scale, Fraction(tier.rate) * factor, tier.retroactive)
            for tier in component.tiers
        ),
        None if component.threshold is None else Fraction(component.threshold) * scale,
        None if component.cap is None else Fraction(component.cap),
    )


def pool_schedule(pool: Pool, hurdle: Fraction) -> Schedule:
    """A pool: nothing up to the hurdle, its share beyond.

    A hurdle of 0 leaves nothing to pay on a loss: P = share * max(margin - hurdle, 0).
    """
    return Schedule((Band(NOTHING, NOTHING), Band(hurdle, Fraction(pool.share))))


def _within(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """The value, or the bound it lies beyond."""
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value
