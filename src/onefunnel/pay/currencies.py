"""The smallest unit that a currency is paid in: ISO 4217."""

from decimal import Decimal

# fmt: off
WITHOUT = frozenset((
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
    "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
))
# fmt: on
THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMN", "TND"))


def minor_unit(currency: str) -> Decimal:
    """The minor unit of a currency; a hundredth where nothing else is known of it.

    >>> minor_unit("EUR"), minor_unit("VND"), minor_unit("KWD")
    (Decimal('0.01'), Decimal('1'), Decimal('0.001'))
    """
    if currency in WITHOUT:
        return Decimal(1)
    return Decimal("0.001") if currency in THOUSANDTHS else Decimal("0.01")
