"""What other terms would have paid, as a table."""

from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onefunnel.workflows.pay_preview import GONE, NEW, PAID, REFUSED, PayDifference, PayOf

STATES = {
    GONE: "no longer paid by any plan",
    NEW: "not paid until now",
    REFUSED: "can't be worked out",
    PAID: "",
}
NOTHING = Decimal(0)


def print_pay(found: PayDifference) -> None:
    """Everybody's pay for the month in force and proposed, and the sums by currency."""
    table = Table("employee", "in force", "proposed", "change", "currency", "")
    for each in found.people:
        figures = (_said(each.before), _said(each.after), _change(each))
        table.add_row(escape(each.employee_id), *figures, each.currency, STATES[each.state])
    for currency in sorted({each.currency for each in found.people}):
        before, after = _sums(found, currency)
        table.add_row("all", str(before), str(after), str(after - before), currency, "")
    Console(highlight=False).print(table)
    told = Console(stderr=True, highlight=False, soft_wrap=True)
    told.print(f"Month {found.month}, ledger version {found.version}. Nothing has changed.")
    if found.begins is not None:
        told.print(f"The plan begins on {found.begins}; it was held to begin with the month.")
    for note in found.notes:
        told.print(escape(note.text))


def _sums(found: PayDifference, currency: str) -> tuple[Decimal, Decimal]:
    """Without those for whom something can't be worked out."""
    mine = [each for each in found.people if each.currency == currency and each.state != REFUSED]
    before = sum((each.before or NOTHING for each in mine), NOTHING)
    return before, sum((each.after or NOTHING for each in mine), NOTHING)


def _change(each: PayOf) -> str:
    if each.state == REFUSED:
        return "unknown"
    return f"{(each.after or NOTHING) - (each.before or NOTHING):.4f}"


def _said(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount:.4f}"
