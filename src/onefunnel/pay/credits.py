"""Whose sale it is: splits that keep the cent, overlays, and overrides to managers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from onefunnel.errors import UsageError
from onefunnel.pay.plan import ONE, ZERO, Base, Event, Member
from onefunnel.pay.rounding import CENT, decimal_of, rounded, split


@dataclass(frozen=True, slots=True)
class Seller:
    """An employee with a share of a sale; an ``overlay`` share comes on top of the whole."""

    employee: str
    share: Decimal = ONE
    overlay: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale, or with negative figures a return or cancellation; ``returns`` names its sale.

    ``contribution`` is quantity * (net price - unit cost). Quantity and money are None where they
    are unknown. The shares of its sellers that are no overlays sum to 1; nobody may have sold it.
    """

    sale_id: str
    day: date
    event: Event
    sellers: tuple[Seller, ...] = ()
    quantity: Decimal | None = None
    revenue: Decimal | None = None
    contribution: Decimal | None = None
    product: str | None = None
    segment: str | None = None
    returns: str | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """Sales that count alike, added up: each of one seller alone, and of no return that names it.

    They share event, seller, product and segment, and which of their figures are unknown; on all
    their days the same plans, members and windows are in force. ``lines`` is how many they are,
    ``sales`` the same less two for each return among them; ``sale_id`` is the first of their ids.
    """

    sale_id: str
    lines: int
    day: date
    event: Event
    employee: str | None = None
    quantity: Decimal | None = None
    revenue: Decimal | None = None
    contribution: Decimal | None = None
    sales: Decimal = ONE
    product: str | None = None
    segment: str | None = None

    @property
    def sellers(self) -> tuple[Seller, ...]:
        """Its one seller, if it has one."""
        return () if self.employee is None else (Seller(self.employee),)

    @property
    def credit(self) -> "Credit | None":
        """What its seller is credited; None where nobody sold it."""
        if self.employee is None:
            return None
        return Credit(
            sale_id=self.sale_id,
            day=self.day,
            employee=self.employee,
            overlay=False,
            quantity=self.quantity,
            revenue=self.revenue,
            contribution=self.contribution,
            sales=self.sales,
            product=self.product,
            segment=self.segment,
            lines=self.lines,
        )


@dataclass(frozen=True, slots=True)
class Credit:
    """What one employee is credited of one sale, or of ``lines`` of them added up.

    ``sales`` is the share of the sale itself, negative for what was returned of it. ``via`` is the
    report whose credit it is where it went to their manager.
    """

    sale_id: str
    day: date
    employee: str
    overlay: bool
    quantity: Decimal | None
    revenue: Decimal | None
    contribution: Decimal | None
    sales: Decimal | None
    product: str | None
    segment: str | None
    via: str | None = None
    lines: int = 1

    def of(self, base: Base) -> Decimal | None:
        """What it counts under a base, None where that is unknown."""
        if base is Base.REVENUE:
            return self.revenue
        if base is Base.MARGIN:
            return self.contribution
        return self.quantity if base is Base.UNITS else self.sales


def credits_of(sale: Sale, count: Decimal | None = ONE, minor: Decimal = CENT) -> list[Credit]:
    """The credits of a sale, one for each seller; ``count`` is how many sales it is.

    Money is divided to the minor unit by largest remainder, so that the credits sum to the sale;
    overlays are rounded each for itself and come on top. Raises UsageError where shares that are no
    overlays do not sum to 1, or a share is negative.

    >>> halves = (Seller("a", Decimal("0.5")), Seller("b", Decimal("0.5")))
    >>> sale = Sale("s", date(2024, 1, 1), Event.INVOICE, halves, revenue=Decimal("0.01"))
    >>> [str(credit.revenue) for credit in credits_of(sale)]
    ['0.01', '0.00']
    """
    if len(sale.sellers) == 1 and not sale.sellers[0].overlay and sale.sellers[0].share == ONE:
        return [_credit(sale, sale.sellers[0], count, sale.revenue, sale.contribution)]
    _check(sale)
    revenue = _shared(sale.revenue, sale.sellers, minor)
    contribution = _shared(sale.contribution, sale.sellers, minor)
    return [
        _credit(sale, seller, count, revenue[index], contribution[index])
        for index, seller in enumerate(sale.sellers)
    ]


def overrides(credit: Credit, managers: Iterable[str]) -> list[Credit]:
    """The same credit for each manager whom its employee reports to; an overlay gives none."""
    if credit.overlay:
        return []
    return [replace(credit, employee=each, via=credit.employee) for each in managers]


def managers_on(members: Sequence[Member], day: date) -> tuple[str, ...]:
    """Whom an employee with these rows reports to on a day, each once, in order of name."""
    named = {row.manager for row in members if row.manager is not None and row.works_on(day)}
    return tuple(sorted(named))


def counts(sale: Sale, returned: Sale | None) -> Decimal | None:
    """How many sales a line is: 1, -1 for a return, or the part of the sale that it returns.

    None where a return names its sale and one of the quantities is unknown.
    """
    if sale.returns is None or returned is None:
        return -ONE if sale.quantity is not None and sale.quantity < 0 else ONE
    if sale.quantity is None or not returned.quantity:
        return None
    return decimal_of(Fraction(sale.quantity) / Fraction(returned.quantity))


def by_id(sales: Iterable[Sale]) -> Mapping[str, Sale]:
    """Sales by their id. Raises UsageError where two have the same."""
    found: dict[str, Sale] = {}
    for sale in sales:
        if found.setdefault(sale.sale_id, sale) is not sale:
            raise UsageError(
                f"Two sales have the id {sale.sale_id!r}.", remedy="Give each sale once."
            )
    return found


def _check(sale: Sale) -> None:
    whole = sum((seller.share for seller in sale.sellers if not seller.overlay), ZERO)
    split_up = any(not seller.overlay for seller in sale.sellers)
    if any(seller.share < 0 for seller in sale.sellers) or (split_up and whole != ONE):
        raise UsageError(
            f"The shares of the sale {sale.sale_id!r} sum to {whole}.",
            remedy="Let them sum to 1; mark those that come on top as overlays.",
        )


def _shared(
    amount: Decimal | None, sellers: Sequence[Seller], minor: Decimal
) -> Sequence[Decimal | None]:
    if amount is None:
        return [None] * len(sellers)
    weights = [seller.share for seller in sellers if not seller.overlay]
    parts = iter(split(amount, weights, minor) if weights else [])
    return [
        rounded(Fraction(amount) * Fraction(seller.share), minor) if seller.overlay else next(parts)
        for seller in sellers
    ]


def _credit(
    sale: Sale,
    seller: Seller,
    count: Decimal | None,
    revenue: Decimal | None,
    contribution: Decimal | None,
) -> Credit:
    return Credit(
        sale_id=sale.sale_id,
        day=sale.day,
        employee=seller.employee,
        overlay=seller.overlay,
        quantity=None if sale.quantity is None else sale.quantity * seller.share,
        revenue=revenue,
        contribution=contribution,
        sales=None if count is None else count * seller.share,
        product=sale.product,
        segment=sale.segment,
    )
