"""Plans, members and sales in a few words, and what lines come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from onefunnel.pay.credits import Sale, Seller
from onefunnel.pay.lines import Key, PayoutLine
from onefunnel.pay.plan import Base, Component, Event, Member, Plan, Tier, Unit

FIRST = date(2024, 1, 1)


def money(value: str | int) -> Decimal:
    return Decimal(value)


def tiers(*rates: tuple[int | str, str], retroactive: bool = False) -> tuple[Tier, ...]:
    return tuple(
        Tier(Decimal(start), Decimal(rate), retroactive and place > 0)
        for place, (start, rate) in enumerate(rates)
    )


SECTION_7 = ((0, "0.05"), (50_000, "0.07"), (100_000, "0.10"))


def component(*rates: tuple[int | str, str], **more: Any) -> Component:
    retroactive = more.pop("retroactive", False)
    usual: dict[str, Any] = {"name": "sales", "base": Base.REVENUE}
    return Component(tiers=tiers(*rates, retroactive=retroactive), **{**usual, **more})


def plan(*components: Component, **more: Any) -> Plan:
    usual: dict[str, Any] = {
        "name": "sales",
        "currency": "EUR",
        "first": FIRST,
        "crediting": Event.INVOICE,
        "period": Unit.MONTH,
    }
    return Plan(components=components, **{**usual, **more})


def member(employee: str = "e1", **more: Any) -> Member:
    usual: dict[str, Any] = {"plan": "sales", "first": FIRST}
    if "quota" in more:
        more["quotas"] = (("", Decimal(more.pop("quota"))),)
    return Member(employee=employee, **{**usual, **more})


def sale(sale_id: str, day: date, revenue: str | int | None, **more: Any) -> Sale:
    usual: dict[str, Any] = {"event": Event.INVOICE, "sellers": (Seller("e1"),)}
    amount = None if revenue is None else Decimal(revenue)
    return Sale(sale_id, day, revenue=amount, **{**usual, **more})


def taken_back(sold: Sale, day: date) -> Sale:
    """The whole of a sale, returned on a day."""
    return replace(
        sold,
        sale_id=f"{sold.sale_id}-returned",
        day=day,
        sellers=(),
        quantity=None if sold.quantity is None else -sold.quantity,
        revenue=None if sold.revenue is None else -sold.revenue,
        contribution=None if sold.contribution is None else -sold.contribution,
        returns=sold.sale_id,
    )


def total(lines: Iterable[PayoutLine], **having: Any) -> Decimal:
    """The sum of the lines whose attributes are as said."""
    fits = [line for line in lines if all(getattr(line, k) == v for k, v in having.items())]
    return sum((line.amount for line in fits), Decimal(0))


def by_month(lines: Iterable[PayoutLine], **having: Any) -> dict[str, Decimal]:
    fits = [line for line in lines if all(getattr(line, k) == v for k, v in having.items())]
    return {m: total(fits, of_month=m) for m in sorted({line.of_month for line in fits})}


def by_key(lines: Iterable[PayoutLine]) -> dict[Key, Decimal]:
    """The amount under each key; nothing for what comes to 0."""
    found: dict[Key, Decimal] = {}
    for line in lines:
        found[line.key] = found.get(line.key, Decimal(0)) + line.amount
    return {key: amount for key, amount in found.items() if amount}
