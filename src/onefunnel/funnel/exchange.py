"""Conversion of amounts into one currency, exactly, in decimals of at most 38 digits.

An amount is converted by the latest rate on or before its day in UTC: that of its own currency
into the wanted one, or, where there is none, it is divided by the rate of the wanted one into its
own. Either way the exact result is rounded once, half away from zero, to four decimals. Amounts
below 10^18 are exact, if what they become is below 10^27; engines refuse larger ones.

The types say how many digits each step needs; wherever they are left to an engine, one of the
three rounds (Spark keeps six decimals of a product that might not fit) or turns to floats (DuckDB
divides decimals so).
"""

import ibis
import ibis.expr.types as ir

WIDE = "decimal(38, 8)"
PRODUCT = "decimal(37, 8)"
"""What a product of a quantity and a price is: their eight decimals, nothing rounded."""


def with_amounts(rows: ir.Table, rate: ir.Table, currency: str, names: tuple[str, ...]) -> ir.Table:
    """``rows`` with the named columns converted from ``rows.currency`` into ``currency``.

    ``rows`` has ``at`` (an instant or a day, not NULL), ``currency`` (NULL: already in
    ``currency``) and the named columns as decimal(38, 8). A NULL stays NULL; an amount without a
    rate becomes NULL.
    """
    own = ibis.coalesce(rows.currency, ibis.literal(currency))
    day = rows["at"] if rows["at"].type().is_date() else rows["at"].date()
    dated = rows.mutate(own_currency=own, own_day=day)
    usable = _standing(rate)
    direct = usable.filter(usable.base == currency)
    inverse = usable.filter(usable.currency == currency)
    joined = _with_rate(dated, direct, direct.currency, "direct_rate")
    joined = _with_rate(joined, inverse, inverse.base, "inverse_rate")
    converted = joined.mutate(**{name: _converted(joined, name, currency) for name in names})
    return converted.select(*rows.columns)


def _standing(rate: ir.Table) -> ir.Table:
    """Rates with the day from which each holds, and the day (or NULL) at which the next begins."""
    usable = rate.filter(rate.rate > 0, rate.day.notnull(), rate.currency != rate.base)
    pair_day = [usable.currency, usable.base, usable.day]
    newest = ibis.row_number().over(ibis.window(group_by=pair_day, order_by=usable.rate_id.desc()))
    ranked = usable.mutate(newest=newest)
    kept = ranked.filter(ranked.newest == 0)
    order = ibis.window(group_by=[kept.currency, kept.base], order_by=kept.day)
    # DuckDB keeps a product of two factors of up to 18 digits in 18 digits; of 19 it has 38.
    rate_19 = kept.rate.cast("decimal(19, 11)")
    return kept.select("currency", "base", "day", rate=rate_19, until=kept.day.lead().over(order))


def _with_rate(rows: ir.Table, rate: ir.Table, other: ir.Value, name: str) -> ir.Table:
    """``rows`` with the rate between their currency and the wanted one on their day, or NULL."""
    lookup = rate.select(
        **{name: rate.rate, "rate_currency": other, "rate_from": rate.day, "rate_until": rate.until}
    )
    joined = rows.left_join(
        lookup,
        [
            rows.own_currency == lookup.rate_currency,
            rows.own_day >= lookup.rate_from,
            ibis.or_(lookup.rate_until.isnull(), rows.own_day < lookup.rate_until),
        ],
    )
    return joined.drop("rate_currency", "rate_from", "rate_until")


def _converted(rows: ir.Table, name: str, currency: str) -> ir.DecimalValue:
    amount = rows[name]
    return ibis.cases(
        (rows.own_currency == currency, amount),
        (rows.direct_rate.notnull(), _signed(amount, _times(amount.abs(), rows.direct_rate))),
        (rows.inverse_rate.notnull(), _signed(amount, _over(amount.abs(), rows.inverse_rate))),
        else_=ibis.null(WIDE),
    ).cast(WIDE)


def _signed(amount: ir.DecimalValue, size: ir.DecimalValue) -> ir.DecimalValue:
    """Rounding up a size and then giving it its sign back rounds half away from zero."""
    return ibis.ifelse(amount < 0, -size, size).cast(WIDE)


def _times(size: ir.DecimalValue, rate: ir.DecimalValue) -> ir.DecimalValue:
    """Size x rate to four decimals: the whole and the fraction of the size kept apart."""
    exact = size.cast(PRODUCT)
    whole = exact.floor().cast("decimal(18, 0)")
    fraction = (exact - whole).cast("decimal(9, 8)")
    large = (whole * rate).cast("decimal(37, 11)")
    large_whole = large.floor().cast("decimal(30, 4)")
    rest = (large - large_whole).cast("decimal(12, 11)") + (fraction * rate).cast("decimal(28, 19)")
    return (large_whole + rest.cast("decimal(23, 4)")).cast(WIDE)


def _over(size: ir.DecimalValue, rate: ir.DecimalValue) -> ir.DecimalValue:
    """Size / rate to four decimals: first the whole billions in it, then what they leave."""
    exact = size.cast("decimal(26, 8)")
    billions = (exact.cast("float64") / rate.cast("float64") / 1e9).cast("decimal(18, 0)")
    billion = ibis.literal("1000000000").cast("decimal(10, 0)")
    taken = ((billions * rate).cast("decimal(22, 11)") * billion).cast("decimal(32, 11)")
    rest = (exact - taken).cast("decimal(28, 11)")
    whole = (billions.cast("decimal(19, 0)") * billion).cast("decimal(32, 4)")
    return (whole + _small_quotient(rest, rate)).cast(WIDE)


def _small_quotient(size: ir.DecimalValue, rate: ir.DecimalValue) -> ir.DecimalValue:
    """Size / rate to four decimals: a quotient in floats, corrected twice by its exact remainder.

    The second correction is at most one unit of the last decimal, found by comparing decimals; so
    whatever the floats said, the result is the exact quotient, rounded half up.
    """
    rough = _float_quotient(size, rate)
    near = rough + _float_quotient(_remainder(size, rough, rate), rate)
    # Ibis takes the sum for what its terms are, and drops a cast to that; Spark made it a digit
    # longer, and would round the product below.
    near = near.cast("decimal(19, 4)").cast("decimal(18, 4)")
    left = _remainder(size, near, rate).cast("decimal(24, 15)") * 20_000
    unit = ibis.literal("0.0001").cast("decimal(18, 4)")
    step = ibis.cases((left >= rate, unit), (left < -rate, -unit), else_=unit - unit)
    return near + step


def _remainder(
    size: ir.DecimalValue, quotient: ir.DecimalValue, rate: ir.DecimalValue
) -> ir.DecimalValue:
    return size - (quotient * rate).cast("decimal(37, 15)")


def _float_quotient(size: ir.DecimalValue, rate: ir.DecimalValue) -> ir.DecimalValue:
    return (size.cast("float64") / rate.cast("float64")).cast("decimal(18, 4)")
