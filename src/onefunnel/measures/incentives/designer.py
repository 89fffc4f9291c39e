"""The plan that aligns pay per hour with contribution per hour at the least change of rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy.optimize import OptimizeResult, linprog

from onefunnel.errors import SystemFailed
from onefunnel.funnel.incidence import Floats
from onefunnel.measures.incentives.limits import Limit, Terms, limits
from onefunnel.measures.incentives.market import Market, named
from onefunnel.measures.incentives.result import money
from onefunnel.vocabulary import Note

SERIOUS = 1000.0
"""A limit is given up only where that saves a thousand times as much change of rates."""
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Held:
    """A limit that holds the plan back, or that must be given up.

    ``kind``, ``who`` and ``against`` as in :class:`~onefunnel.measures.incentives.limits.Limit`.
    ``amount``: what is given up, in the unit of the limit (a rate, pay per hour, or money), 0 where
    nothing is, negative where the payroll must fall short; ``money``: its size in money.
    ``price``: by how much less the rates would change, in money, per unit that the limit is eased,
    0 where it is given up.
    """

    kind: str
    who: str
    against: str
    amount: float
    money: Decimal
    price: float


@dataclass(frozen=True, slots=True)
class Design:
    """New rates by segment, and the pay per hour that they give.

    ``changed`` is what the change of rates would move if every lead were worked. Where all limits
    can be kept, ``binding`` are those that hold the plan back; where not, ``given_up`` is the least
    in money that must be, and the rates are those of a plan that gives just that up; its order of
    pay per hour may then be another than that of contribution per hour, and the payroll with it.
    """

    rates: Mapping[str, float]
    pay_per_hour: Mapping[str, float]
    payroll: Decimal
    changed: Decimal
    binding: tuple[Held, ...]
    given_up: tuple[Held, ...]
    notes: tuple[Note, ...]

    @property
    def feasible(self) -> bool:
        """Whether all limits can be kept."""
        return not self.given_up


def design(market: Market, terms: Terms | None = None) -> Design:
    """The rates nearest to the present ones within the limits of the terms.

    Minimises the sum of |new rate - rate| x the base of all leads of the segment, by a linear
    program (HiGHS). Where the limits contradict each other it gives up the least, in money, and
    says what, with the note ``refused_limits_contradict``.

    >>> from onefunnel.measures.incentives.market import Paid, Seller
    >>> gates = Paid("gates", 3.0, 0.25, 300.0, 2000.0, 0.03)
    >>> parts = Paid("parts", 0.4, 0.4, 36.0, 60.0, 0.03)
    >>> found = design(Market((gates, parts), (Seller("all", (100.0, 400.0), 300.0),)))
    >>> {segment: round(rate, 7) for segment, rate in found.rates.items()}
    {'gates': 0.0292208, 'parts': 0.0852273}
    """
    given = limits(market, terms or Terms())
    weight = market.leads.sum(axis=0) * market.base
    unit = max(float(weight @ market.rates), float(weight.max()) * NEAR, 1e-300)
    found = _program(market.rates, weight / unit, given)
    if found.status == 0:
        return _design(market, given, weight, found.x, tuple(_binding(given, found, unit)), ())
    eased = _program(
        market.rates, weight / unit, given, np.asarray([g.money / unit for g in given])
    )
    if eased.status != 0:
        raise SystemFailed(f"The plan was not found: {eased.message}")
    given_up = tuple(_given_up(given, eased.x[2 * len(weight) :].tolist()))
    return _design(market, given, weight, eased.x, (), given_up)


def _given_up(given: list[Limit], passed: list[float]) -> list[Held]:
    """What is given up, most first; equations come once more, for what falls short of them."""
    directions = [(each, 1.0) for each in given] + [(each, -1.0) for each in given if each.equal]
    found = [
        Held(
            limit.kind,
            limit.who,
            limit.against,
            sign * amount * limit.size,
            money(amount * limit.size * limit.money),
            0.0,
        )
        for (limit, sign), amount in zip(directions, passed, strict=True)
        if amount > NEAR
    ]
    return sorted(found, key=lambda each: -each.money)


def _design(
    market: Market,
    given: list[Limit],
    weight: Floats,
    found: Floats,
    binding: tuple[Held, ...],
    given_up: tuple[Held, ...],
) -> Design:
    rates = np.maximum(found[: len(weight)], 0.0)
    payroll = next(each.row for each in given if each.kind == "payroll") @ rates
    return Design(
        named(market.segments, rates),
        named(market.segments, market.pay_per_hour(rates)),
        money(float(payroll)),
        money(float(weight @ np.abs(rates - market.rates))),
        binding,
        given_up,
        tuple(_notes(given_up)),
    )


def _program(
    rates: Floats, weight: Floats, given: list[Limit], ease: Floats | None = None
) -> OptimizeResult:
    """Rates, their changes, and with ``ease`` by how much each limit is passed, scaled by its row.

    What is passed costs ``SERIOUS`` times its money; an equation can be passed both ways.
    """
    size = len(rates)
    rows = np.asarray([each.row / each.size for each in given])
    bounds = np.asarray([each.bound / each.size for each in given])
    equal = np.asarray([each.equal for each in given])
    eye, none = np.eye(size), np.zeros((len(given), size))
    upper = [np.hstack([rows, none]), np.hstack([eye, -eye]), np.hstack([-eye, -eye])]
    table, cost = np.vstack(upper), np.concatenate([np.zeros(size), weight])
    if ease is not None:
        sizes = np.asarray([each.size for each in given])
        over, under = -np.eye(len(given)), np.eye(len(given))[:, equal]
        passed = np.hstack([over, under])
        table = np.hstack([table, np.vstack([passed, np.zeros((2 * size, passed.shape[1]))])])
        price = SERIOUS * ease * sizes
        cost = np.concatenate([cost, price, price[equal]])
    right = np.concatenate([bounds, rates, -rates])
    same = np.concatenate([equal, np.zeros(2 * size, bool)])
    return linprog(
        cost,
        A_ub=table[~same],
        b_ub=right[~same],
        A_eq=table[same] if same.any() else None,
        b_eq=right[same] if same.any() else None,
        method="highs",
    )


def _binding(given: list[Limit], found: OptimizeResult, unit: float) -> list[Held]:
    """The limits whose easing would bring the rates nearer to the present ones."""
    kept = [each for each in given if not each.equal]
    equal = [each for each in given if each.equal]
    prices = [*found.ineqlin.marginals[: len(kept)], *found.eqlin.marginals]
    return [
        Held(
            each.kind, each.who, each.against, 0.0, Decimal(0), abs(float(price)) * unit / each.size
        )
        for each, price in zip([*kept, *equal], prices, strict=True)
        if abs(price) > NEAR
    ]


def _notes(given_up: tuple[Held, ...]) -> list[Note]:
    if not given_up:
        return []
    first, total = given_up[0], sum(each.money for each in given_up)
    return [
        Note(
            "refused_limits_contradict",
            f"No plan keeps to all limits; the least that must be given up is worth {total:.2f}.",
            {"kind": first.kind, "who": first.who, "money": float(total), "limits": len(given_up)},
        )
    ]
