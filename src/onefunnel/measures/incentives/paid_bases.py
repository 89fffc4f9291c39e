"""What a pay plan counts, of which products: the bases that wins are added up by."""

from collections.abc import Iterable
from dataclasses import dataclass

from onefunnel.pay.plan import Base, Component

EVERYTHING: tuple[str, ...] = ()
KINDS = ("revenue", "told", "untold", "units", "sales")
"""What the lines of a lead are added up to: ``told`` is their contribution as far as it is known,
``untold`` the revenue of those of unknown contribution, ``sales`` the number of lines less that of
returns."""

OF_BASE = {Base.REVENUE: "revenue", Base.UNITS: "units", Base.SALES: "sales"}
"""The kind that a base is; a margin is told and untold."""


@dataclass(frozen=True, slots=True)
class Products:
    """The sets of products that are told apart; the first is all of them.

    >>> Products(((), ("gate",))).column("units", ("gate",))
    'units_1'
    """

    sets: tuple[tuple[str, ...], ...] = (EVERYTHING,)

    def column(self, kind: str, products: tuple[str, ...] = EVERYTHING) -> str:
        """The column of a kind and a set of products."""
        return f"{kind}_{self.sets.index(products)}"


def products_of(components: Iterable[Component]) -> Products:
    """The sets of products that components tell apart."""
    return Products(tuple(dict.fromkeys([EVERYTHING, *(each.products for each in components)])))
