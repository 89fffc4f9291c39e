"""The inputs per segment, and draws of all of them that carry ranges and intervals through."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from onefunnel.errors import UsageError
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.quantities import UNBOUNDED, Quantity

NOT_NEGATIVE, SHARE = (0.0, inf), (0.0, 1.0)
NOTHING = Quantity(0.0, 0.0, 0.0)
LIMITS: dict[str, tuple[float, float]] = {
    "leads": NOT_NEGATIVE,
    "hours_per_lead": NOT_NEGATIVE,
    "win_probability": SHARE,
    "win_unworked": SHARE,
    "contribution_per_win": UNBOUNDED,
    "pay_per_win": UNBOUNDED,
    "worked": NOT_NEGATIVE,
    "spend": NOT_NEGATIVE,
    "wins": NOT_NEGATIVE,
}
"""The inputs of a segment, and what each is never below or above."""

CHEAPEST = (
    "hours",
    "pay_per_win",
    "contribution_per_win",
    "hours_per_lead",
    "win_probability",
    "worked",
    "leads",
)
"""The inputs that can be missing, those first that are the quickest to give.

Hours are sellers times a working week, pay is a rule, margin and minutes can be typed as a range;
a chance of winning needs outcomes, and leads and who was worked need a list.
"""

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Segment:
    """The leads of one segment in a period. None is unknown.

    ``hours_per_lead`` of a salesperson to work a lead; ``win_probability`` of a worked lead and
    ``win_unworked`` of one that is left; ``contribution_per_win`` may hold that of repeat
    purchases; ``pay_per_win`` is what the plan pays the salesperson who wins; ``worked`` leads;
    ``spend`` is what the leads cost. Amounts are in one currency. ``wins`` are given where it is
    not known who was worked: then each draw has as many, at most all leads, at least so many leads
    were worked, and their chance is wins / worked. ``revenue_per_win`` is only shown: a rate on
    revenue is pay by it.

    Raises UsageError where a quantity leaves its limits, an hour is zero, or more leads are worked
    than there are.

    >>> Segment("gates", leads=Quantity.exact(100)).win_unworked.best
    0.0
    """

    name: str
    leads: Quantity | None = None
    hours_per_lead: Quantity | None = None
    win_probability: Quantity | None = None
    contribution_per_win: Quantity | None = None
    pay_per_win: Quantity | None = None
    worked: Quantity | None = None
    win_unworked: Quantity = NOTHING
    spend: Quantity | None = None
    wins: Quantity | None = None
    revenue_per_win: Quantity | None = None

    def __post_init__(self) -> None:
        for name, (lowest, highest) in LIMITS.items():
            given: Quantity | None = getattr(self, name)
            if given is not None and not lowest <= given.low <= given.high <= highest:
                raise self._wrong(
                    f"{name} from {given.low} to {given.high}", f"from {lowest} to {highest}"
                )
        if self.hours_per_lead is not None and self.hours_per_lead.low == 0.0:
            raise self._wrong("leads that take no time", "hours_per_lead above zero")
        if self.worked and self.leads and self.worked.best > self.leads.best:
            raise self._wrong(
                f"{self.worked.best} leads worked of {self.leads.best}", "at most all of them"
            )

    def _wrong(self, has: str, valid: str) -> UsageError:
        return UsageError(f"The segment {self.name!r} has {has}.", remedy=f"Give {valid}.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """All segments of a period, and the hours that salespeople have for them; None is unknown.

    Raises UsageError where there is no segment, or two have one name.
    """

    segments: tuple[Segment, ...]
    hours: Quantity | None = None

    def __post_init__(self) -> None:
        names = [each.name for each in self.segments]
        if not names or len(set(names)) < len(names):
            raise UsageError(
                f"The segments are {', '.join(names) or 'none'}.",
                remedy="Give at least one, and each a name of its own.",
            )
        if self.hours is not None and self.hours.low < 0:
            raise UsageError(f"The hours are {self.hours.low}.", remedy="Give zero or more.")


def missing(sheet: Sheet) -> tuple[tuple[str, str | None], ...]:
    """The unknown inputs with their segments, those first that are the quickest to give.

    The segment is None for the hours, which all share.

    >>> gates = Segment("gates", leads=Quantity.exact(100), worked=Quantity.exact(9))
    >>> missing(Sheet((gates,), Quantity.exact(300)))[0]
    ('pay_per_win', 'gates')
    """
    return tuple(_missing(sheet))


def _missing(sheet: Sheet) -> Iterator[tuple[str, str | None]]:
    for name in CHEAPEST:
        if name == "hours":
            if sheet.hours is None:
                yield name, None
            continue
        for segment in sheet.segments:
            told_by_wins = name == "win_probability" and segment.wins is not None
            if getattr(segment, name) is None and not told_by_wins:
                yield name, segment.name


@dataclass(frozen=True, slots=True)
class Draws:
    """Arrays of rows x segments: row 0 has the best values, the others draws. NaN is unknown.

    ``hours`` has one entry per row.
    """

    leads: Floats
    hours_per_lead: Floats
    win_probability: Floats
    win_unworked: Floats
    contribution_per_win: Floats
    pay_per_win: Floats
    worked: Floats
    spend: Floats
    wins: Floats
    hours: Floats

    @property
    def need(self) -> Floats:
        """The hours that all leads of a segment take."""
        return self.leads * self.hours_per_lead

    @property
    def gain(self) -> Floats:
        """The contribution that working a lead adds: (win - win if not worked) x contribution."""
        return (self.win_probability - self.win_unworked) * self.contribution_per_win

    @property
    def reward(self) -> Floats:
        """The pay that working a lead brings: only the wins of worked leads are paid."""
        return self.win_probability * self.pay_per_win

    @property
    def contribution_per_hour(self) -> Floats:
        """The company's rate, kappa."""
        return self.gain / self.hours_per_lead

    @property
    def pay_per_hour(self) -> Floats:
        """The salesperson's rate, rho."""
        return self.reward / self.hours_per_lead


def draw(sheet: Sheet, draws: int = DRAWS, seed: int = 0) -> Draws:
    """The best values, and so many draws of everything; none where all is known exactly.

    Inputs are drawn independently of each other, each evenly over its own quantiles (a Latin
    hypercube), so that the same seed gives the same draws. Worked leads are at most all leads.
    """
    quantities = [getattr(each, name) for name in LIMITS for each in sheet.segments]
    quantities.append(sheet.hours)
    limits = [bounds for bounds in LIMITS.values() for _ in sheet.segments] + [NOT_NEGATIVE]
    certain = all(each is None or each.low == each.high for each in quantities)
    uniforms = _hypercube(len(quantities), 0 if certain else draws, seed)
    rows = [
        _column(quantity, share, bounds)
        for quantity, share, bounds in zip(quantities, uniforms, limits, strict=True)
    ]
    size = len(sheet.segments)
    parts = (
        np.stack(rows[first : first + size], axis=1) for first in range(0, len(rows) - 1, size)
    )
    values = dict(zip(LIMITS, parts, strict=True))
    values["worked"] = np.where(
        values["worked"] > values["leads"], values["leads"], values["worked"]
    )
    return Draws(hours=rows[-1], **values | _by_wins(values))


def _by_wins(values: dict[str, Floats]) -> dict[str, Floats]:
    """Wins, worked leads and their chance, such that worked x chance are the wins."""
    leads, given = values["leads"], ~np.isnan(values["wins"])
    wins = np.where(given, np.minimum(values["wins"], leads), np.nan)
    worked = np.where(given, np.maximum(values["worked"], wins), values["worked"])
    chance = np.divide(wins, worked, out=np.zeros_like(wins), where=worked > 0.0)
    return {
        "wins": wins,
        "worked": worked,
        "win_probability": np.where(given, chance, values["win_probability"]),
    }


def _hypercube(columns: int, draws: int, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    strata = random.permuted(np.tile(np.arange(draws), (columns, 1)), axis=1)
    return (strata + random.random((columns, draws))) / max(draws, 1)


def _column(quantity: Quantity | None, uniforms: Floats, limits: tuple[float, float]) -> Floats:
    if quantity is None:
        return np.full(len(uniforms) + 1, np.nan)
    return np.concatenate(([quantity.best], quantity.at(uniforms, limits)))
