"""Shared pools: a share of the company's margin above a hurdle, by fixed parts."""

from decimal import Decimal
from fractions import Fraction

from onefunnel.pay.earning import NO_MONTHS, Due, Scope, summed
from onefunnel.pay.families import Span
from onefunnel.pay.lines import Key, Kind, Part, Reason
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import ZERO, Plan, Pool
from onefunnel.pay.quotas import active_share, begun
from onefunnel.pay.rounding import decimal_of, rounded, shown, split
from onefunnel.pay.schedule import NOTHING, pool_schedule


def marginal_incentive(pool: Pool) -> dict[str, Decimal]:
    """What each employee has of one more unit of margin, once the hurdle is reached.

    With n equal parts it is share / n: the more share a pool, the less each gains by own effort
    (Holmström 1982).

    >>> twenty = tuple((f"e{n}", Decimal(1)) for n in range(20))
    >>> marginal_incentive(Pool("both", Decimal("0.1"), ZERO, twenty))["e7"]
    Decimal('0.005')
    """
    whole = sum((Fraction(part) for _, part in pool.parts), NOTHING)
    share = Fraction(pool.share)
    return {employee: decimal_of(share * Fraction(part) / whole) for employee, part in pool.parts}


def share_pools(scope: Scope, span: Span, due: Due) -> None:
    """Add what the pools of a span give each employee, month by month, to what is due.

    The pool is rounded, then divided by largest remainder: its parts sum to it.
    """
    places = scope.places(span)
    before: dict[tuple[int, str, str], Decimal] = {}
    for place in places:
        now = _to_date(scope, span, range(places.start, place + 1))
        for (version, name, employee), (amount, reason) in now.items():
            more = amount - before.get((version, name, employee), ZERO)
            if more:
                month = scope.months[place].label
                key = Key(scope.family.name, employee, Kind.POOL, name, month)
                part = Part(more, ZERO, reason, scope.digests[version])
                due.setdefault(key, []).append(part)
        before = {label: amount for label, (amount, _) in now.items()}


def _to_date(
    scope: Scope, span: Span, places: range
) -> dict[tuple[int, str, str], tuple[Decimal, Reason]]:
    """What each version's pools have given each employee by the last of some months, and why."""
    found = {}
    starts: dict[str, Fraction] = {}
    for version in span.versions:
        plan = scope.family.versions[version]
        margin = summed(scope.counted.margins.get(version, NO_MONTHS), places)
        for pool in plan.pools:
            if scope.months[places[-1]].after <= plan.first:
                continue
            hurdle = _hurdle(scope, span, plan, pool, scope.last_month(places[-1], plan))
            start = starts.get(pool.name, NOTHING)
            slices = pool_schedule(pool, hurdle).slices(start, start + margin)
            whole = rounded(sum((each.pay for each in slices), NOTHING), scope.minor)
            starts[pool.name] = start + margin
            for employee, given in _divided(pool, whole, scope.minor).items():
                reason = _reason(pool, employee, hurdle, start + margin, whole)
                found[version, pool.name, employee] = given, reason
    return found


def _hurdle(scope: Scope, span: Span, plan: Plan, pool: Pool, month: Period) -> Fraction:
    periods = begun(scope.calendar, plan.period, span, month)
    shares = (active_share(period, span, span.first, None) for period in periods)
    return Fraction(pool.hurdle) * sum(shares, NOTHING)


def _divided(pool: Pool, whole: Decimal, minor: Decimal) -> dict[str, Decimal]:
    parts = split(whole, [part for _, part in pool.parts], minor)
    return dict(zip((employee for employee, _ in pool.parts), parts, strict=True))


def _reason(
    pool: Pool, employee: str, hurdle: Fraction, margin: Fraction, whole: Decimal
) -> Reason:
    parts = dict(pool.parts)
    return Reason(
        "pool",
        {
            "share": pool.share,
            "hurdle": shown(hurdle),
            "margin": shown(margin),
            "pool": whole,
            "part": parts[employee],
            "parts": sum(parts.values(), ZERO),
        },
    )
