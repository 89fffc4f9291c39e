"""From the figures of two periods to the bridge between them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from onefunnel.measures.bridge import lmdi, noise, shapley
from onefunnel.measures.bridge.factors import (
    CONTRIBUTED,
    Figures,
    PeriodFigures,
    Product,
    Segment,
    exact,
    factor_names,
    product,
)
from onefunnel.measures.bridge.lines import (
    change_of,
    contributed,
    lines_of,
    rows_of,
    untold_owners,
)
from onefunnel.measures.bridge.notes import note
from onefunnel.measures.bridge.options import Options
from onefunnel.measures.bridge.result import Bridge, BridgeRow, Chance, Method
from onefunnel.vocabulary import Department, Note
from onefunnel.vocabulary.apportioning import money


def bridge(before: PeriodFigures, after: PeriodFigures, options: Options | None = None) -> Bridge:
    """What moved the contribution from one period to the next.

    Rows come in the order of the factors, then what stands outside them (where there is any), then
    what other functions brought, by department. With ``by_segment`` segments stand in order, the
    unknown one last; what other functions brought is of no segment, and its segment is None. A
    segment that appears or disappears moves by its share (with Shapley in part by the volume of all
    leads, with LMDI wholly), or by volume where there is no mix.

    Amounts sum to the change exactly, and by segment to the amount of their factor. The swapped
    bridge has the same amounts with the other sign, and a factor that did not change has zero.
    Where revenue or contribution of a segment is unknown, or what another function brought, or LMDI
    is undefined, the bridge is refused: amounts are None, and a note gives the reason.

    >>> from onefunnel.measures.bridge.factors import SegmentFigures
    >>> old = SegmentFigures(1000, 100, Decimal(20000), Decimal(6000))
    >>> new = SegmentFigures(1300, 117, Decimal(24570), Decimal("6879.6"))
    >>> said = bridge(PeriodFigures({"all": old}), PeriodFigures({"all": new}))
    >>> [(row.factor, str(row.amount)) for row in said.rows]
    [('volume', '1694.1500'), ('mix', '0.0000'), ('conversion', '-683.1834'),
     ('arpu', '315.8167'), ('margin', '-447.1833')]
    """
    chosen = options or Options()
    names = _segments(before, after)
    unknown = _unknown(before) + _unknown(after)
    if unknown:
        return _refused(before, after, chosen, "unknown_amounts", segments=unknown)
    if untold := untold_owners(before, after):
        return _refused(before, after, chosen, "unknown_contributed", departments=len(untold))
    made = product(exact(before, names), exact(after, names), mix=chosen.mix, joint=chosen.joint)
    parts, undefined = _divided(made, chosen.method)
    if undefined:
        return _refused(before, after, chosen, "signs", segments=undefined)
    drawn, notes = _drawn(before, after, names, chosen)
    lines = lines_of(made, parts, drawn, names, chosen) + contributed(before, after)
    moved = _moved(before, after) or Decimal()
    change, rows = change_of(lines, moved, chosen), rows_of(lines, moved, chosen)
    notes += _outside(made) + _within_chance(change)
    return Bridge(_rounded(before), _rounded(after), change, rows, tuple(notes))


def _segments(before: PeriodFigures, after: PeriodFigures) -> tuple[Segment, ...]:
    """The segments of either period in order, the unknown one last."""
    names = {*before.segments, *after.segments}
    return tuple(sorted(names, key=lambda name: (name is None, name or "")))


def _unknown(period: PeriodFigures) -> int:
    return sum(not each.known for each in period.segments.values())


def _rounded(period: PeriodFigures) -> Decimal | None:
    return None if period.contribution is None else money(period.contribution)


def _moved(before: PeriodFigures, after: PeriodFigures) -> Decimal | None:
    old, new = before.contribution, after.contribution
    return None if old is None or new is None else money(new - old)


def _divided(made: Product, method: Method) -> tuple[Figures, int]:
    """What each factor adds, by segment, and in how many segments (or draws) it is undefined."""
    if method is Method.SHAPLEY:
        return shapley.of_product(made.before, made.after), 0
    parts, undefined = lmdi.of_product(made.before, made.after)
    return parts, int(undefined.sum())


def _drawn(
    before: PeriodFigures, after: PeriodFigures, names: tuple[Segment, ...], options: Options
) -> tuple[tuple[Product, Figures] | None, list[Note]]:
    """The product and its parts for every draw, or why there are none."""
    refused = noise.refusal(before, after)
    if refused is not None:
        return None, [refused]
    old, new = noise.drawn(before, after, names, options.draws)
    made = product(old, new, mix=options.mix, joint=options.joint)
    parts, undefined = _divided(made, options.method)
    if undefined:
        return None, [note("refused_bands", reason="signs_in_draws")]
    return (made, parts), noise.thin(before, after)


def _refused(
    before: PeriodFigures, after: PeriodFigures, options: Options, reason: str, **params: int
) -> Bridge:
    """The bridge without amounts: what other functions brought stays, for it is known."""
    factors = [(name, options.owner(name)) for name in _names(options)]
    untold = [(CONTRIBUTED, owner) for owner in untold_owners(before, after)]
    lines = contributed(before, after)
    sums = money(sum((line.total for line in lines), Fraction()))
    booked = rows_of(lines, sums, replace(options, by_segment=False))
    change = change_of([], _moved(before, after), options)
    said = note("refused_bridge", reason=reason, **params)
    rows = (*_empty(factors, options), *booked, *_empty(untold, options))
    return Bridge(_rounded(before), _rounded(after), change, rows, (said,))


def _names(options: Options) -> tuple[str, ...]:
    return factor_names(mix=options.mix, joint=options.joint)


def _empty(
    lines: list[tuple[str, Department | None]] | list[tuple[str, Department]], options: Options
) -> tuple[BridgeRow, ...]:
    method = options.method.value
    return tuple(BridgeRow(name, owner, None, None, None, method) for name, owner in lines)


def _outside(made: Product) -> list[Note]:
    apart = (made.outside_before != 0) | (made.outside_after != 0)
    return [note("outside_product", segments=int(apart.sum()))] if apart.any() else []


def _within_chance(change: BridgeRow) -> list[Note]:
    if change.chance is not Chance.WITHIN_CHANCE:
        return []
    return [note("change_within_chance", low=str(change.low), high=str(change.high))]
