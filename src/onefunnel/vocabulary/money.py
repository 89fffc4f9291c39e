"""Money: decimals with four places, rounded half away from zero."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

MONEY_PLACES = Decimal("0.0001")


def round_money(amount: Decimal) -> Decimal:
    """Round to four decimals, half away from zero.

    >>> round_money(Decimal("2.00005")), round_money(Decimal("-2.00005"))
    (Decimal('2.0001'), Decimal('-2.0001'))
    """
    with localcontext() as context:
        context.prec = 50
        return amount.quantize(MONEY_PLACES, rounding=ROUND_HALF_UP)
