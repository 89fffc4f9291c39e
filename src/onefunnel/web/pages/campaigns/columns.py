"""The columns of the table: what marketing sees, what sales sees, what both see; and orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from onefunnel.funnel.collected import in_order
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import left_over
from onefunnel.vocabulary import Department
from onefunnel.web.locale.translations import N_

NAME, WORST, DOWN = "name", "left", "-"
"""The order by name; that in which money is lost first; what stands before a falling order."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its figure, the one beneath it (empty: none), and whose it is."""

    key: str
    side: Department
    under: str = ""


NAMES: Mapping[str, str] = {
    "spend": N_("Spend"),
    "touches": N_("Touches"),
    "leads": N_("Leads"),
    "cost_per_lead": N_("Cost per lead"),
    "cost_per_accepted": N_("Cost per accepted lead"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "acceptance_rate": N_("Acceptance"),
    "win_rate": N_("Win rate"),
    "contribution_per_hour": N_("Contribution per hour"),
    "customers": N_("Customers"),
    "cost_per_customer": N_("Cost per customer"),
    "revenue": N_("Revenue"),
    "contribution": N_("Contribution"),
    "repeat_contribution": N_("By repeat orders"),
    "left": N_("Less spend"),
    "return_on_spend": N_("Return on spend"),
}
"""How each figure is called in the head of its column."""

COLUMNS = (
    Column("spend", Department.MARKETING),
    Column("touches", Department.MARKETING),
    Column("leads", Department.MARKETING),
    Column("cost_per_lead", Department.MARKETING, "cost_per_accepted"),
    Column("accepted", Department.SALES, "rejected"),
    Column("acceptance_rate", Department.SALES),
    Column("win_rate", Department.SALES),
    Column("contribution_per_hour", Department.SALES),
    Column("customers", Department.BOTH, "cost_per_customer"),
    Column("revenue", Department.BOTH),
    Column("contribution", Department.BOTH, "repeat_contribution"),
    Column("left", Department.BOTH),
    Column("return_on_spend", Department.BOTH),
)

FIGURES = (NAME, *NAMES)
"""By what rows can be put in order."""

ORDERS: Mapping[str, str] = {
    WORST: N_("Most money lost first"),
    "-left": N_("Most money left first"),
    "-spend": N_("Most spend first"),
    "-leads": N_("Most leads first"),
    "cost_per_lead": N_("Cheapest leads first"),
    "-cost_per_customer": N_("Dearest customers first"),
    "acceptance_rate": N_("Lowest acceptance first"),
    "win_rate": N_("Lowest win rate first"),
    "contribution_per_hour": N_("Least contribution per hour first"),
    "return_on_spend": N_("Lowest return first"),
    NAME: N_("By name"),
}
"""The orders that the form offers; the heads of columns offer all."""


def figure_of(row: AcquisitionRow, key: str) -> Decimal | float | None:
    """A figure of a row; None is unknown."""
    if key == WORST:
        return left_over(row)
    found: Decimal | float | None = getattr(row, key)
    return found


def put_in_order(rows: Sequence[AcquisitionRow], order: str) -> list[AcquisitionRow]:
    """The rows in an order, those of equal figures by name; unknown figures come last."""
    key, falls = order.removeprefix(DOWN), order.startswith(DOWN)
    named = sorted(rows, key=lambda row: in_order(tuple(row.dimensions.values())))
    if key == NAME:
        return named[::-1] if falls else named
    known: list[AcquisitionRow] = [row for row in named if figure_of(row, key) is not None]
    unknown = [row for row in named if figure_of(row, key) is None]
    known.sort(key=lambda row: figure_of(row, key) or 0, reverse=falls)
    return [*known, *unknown]
