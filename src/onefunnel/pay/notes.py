"""What the reader of payouts must be told: what was refused, unknown or not counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from onefunnel.errors import Refused
from onefunnel.pay.credits import Lot, Sale
from onefunnel.pay.families import Family
from onefunnel.pay.lines import Unknown
from onefunnel.pay.plan import Event, Member
from onefunnel.vocabulary import Note

NAMED = 5
"""How many sales a note names."""

RETURNS = {
    "return_after_clawback": "came after the time of clawback and take nothing back",
    "return_of_unknown_sale": "name a sale that is not there and count on their own day",
}


def no_cash(family: Family, events: Collection[Event]) -> Note | None:
    """The refusal of a plan that pays when the money comes, where no sale says when it came."""
    if all(plan.crediting is not Event.CASH for plan in family.versions):
        return None
    if Event.CASH in events:
        return None
    text = f"The plan {family.name!r} pays when the money comes; the records don't say when it did."
    return Note("refused_no_cash", text, {"plan": family.name})


def refusal(plan: str, employee: str, refused: Refused) -> Note:
    """The refusal of one member of a plan."""
    return Note(refused.code, str(refused), {"plan": plan, "employee": employee})


def returns_left(plan: str, remarks: Mapping[str, int]) -> Iterator[Note]:
    """Returns that a plan did not take as returns of a sale."""
    for code in sorted(remarks):
        text = f"{remarks[code]} returns {RETURNS[code]}."
        yield Note(code, text, {"plan": plan, "count": remarks[code]})


def unknowns(unknown: Iterable[Unknown]) -> Iterator[Note]:
    """The sales that a component could not count, a few of them by name."""
    found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for each in unknown:
        found[each.plan, each.component, each.what][each.sale_id] = each.lines
    for (plan, component, what), sales in sorted(found.items()):
        named, count = ", ".join(sorted(sales)[:NAMED]), sum(sales.values())
        text = f"The {what} of {count} sales is unknown; {component!r} counts without them."
        params: dict[str, str | int | float] = {"plan": plan, "component": component, "what": what}
        yield Note(f"unknown_{what}", text, {**params, "count": count, "sales": named})


def uncounted(sales: Iterable[Sale | Lot], members: Sequence[Member]) -> Iterator[Note]:
    """Sales that nobody sold, and those of sellers whom no plan pays on their day."""
    rows: dict[str, list[Member]] = defaultdict(list)
    for row in members:
        rows[row.employee].append(row)
    paid: dict[tuple[str, date], bool] = {}
    nobody = unpaid = 0
    for sale in sales:
        lines = sale.lines if isinstance(sale, Lot) else int(sale.returns is None)
        nobody += 0 if sale.sellers else lines
        for seller in sale.sellers:
            asked = (seller.employee, sale.day)
            if asked not in paid:
                paid[asked] = any(row.works_on(sale.day) for row in rows.get(seller.employee, ()))
            unpaid += 0 if paid[asked] else max(lines, 1)
    if nobody:
        yield Note("no_seller", f"{nobody} sales name no seller.", {"count": nobody})
    if unpaid:
        text = f"{unpaid} shares of sales are of sellers whom no plan pays on that day."
        yield Note("not_in_a_plan", text, {"count": unpaid})
