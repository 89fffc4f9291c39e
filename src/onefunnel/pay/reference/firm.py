"""What pay depends on, and which sales count when, for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from onefunnel.pay.credits import Credit, Sale, counts, credits_of
from onefunnel.pay.periods import Period
from onefunnel.pay.plan import Member, Plan, Whose
from onefunnel.pay.rounding import CENT
from onefunnel.vocabulary import Calendar


@dataclass(frozen=True, slots=True)
class Firm:
    """All that pay depends on."""

    plans: Sequence[Plan]
    members: Sequence[Member]
    sales: Sequence[Sale]
    until: date
    calendar: Calendar = field(default_factory=Calendar)
    minor: Decimal = CENT


def dated(
    firm: Firm, versions: list[Plan], plan: Plan, month: Period
) -> list[tuple[Sale, Sale | None]]:
    """What a version counts by a month: sales on the day they count for, with what they return."""
    found: list[tuple[Sale, Sale | None]] = []
    for sale in firm.sales:
        if sale.day > firm.until:
            continue
        day, returned = sale.day, None
        for other in firm.sales:
            if sale.returns == other.sale_id and other.day <= firm.until:
                returned = other
        if returned is not None:
            for version in versions:
                days = version.clawback_days
                stands = version.runs_on(returned.day) and version.crediting is returned.event
                if stands and days is not None:
                    late = (sale.day - returned.day).days > days
                    day = date.max if late else returned.day
        if day < month.after and plan.runs_on(day) and plan.crediting is sale.event:
            sellers = sale.sellers if returned is None else returned.sellers
            found.append((replace(sale, day=day, sellers=sellers), returned))
    return found


def credits(
    firm: Firm, versions: list[Plan], plan: Plan, employee: str, whose: Whose, month: Period
) -> list[Credit]:
    """The credits of an employee under a version by a month, or of those who report to them."""
    found = []
    for sale, returned in dated(firm, versions, plan, month):
        paid = any(
            row.plan == plan.name and row.employee == employee and row.works_on(sale.day)
            for row in firm.members
        )
        for credit in credits_of(sale, counts(sale, returned), firm.minor):
            reports = any(
                row.employee == credit.employee
                and row.manager == employee
                and row.works_on(sale.day)
                for row in firm.members
            )
            own = credit.employee == employee
            if paid and (own if whose is Whose.OWN else reports and not credit.overlay):
                found.append(credit)
    return found
