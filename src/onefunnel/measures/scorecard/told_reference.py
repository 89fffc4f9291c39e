"""The figures of scorecards in plain Python, record after record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onefunnel.funnel.reference.company import Company, Records, between
from onefunnel.funnel.reference.money import Line, convert, convert_on, lines, rounded
from onefunnel.funnel.rules import Rules
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.vocabulary import Department, Month, Question, Stage

PURCHASE = Stage.PURCHASE.position


@dataclass
class Sold:
    """A line with who sold it and what the list says it should cost."""

    line: Line
    seller: str | None
    listed: Fraction | None


class Books:
    """The records of a company that scorecards read."""

    def __init__(self, records: Records, rules: Rules, question: Question) -> None:
        self.company = company = Company(records, rules, question)
        every, of_orders = lines(company), company.dated["order_line"]
        deals = every[len(of_orders) :]
        self.sold = [
            Sold(line, row["seller"], _listed(company, row))
            for line, row in zip(every, of_orders, strict=False)
        ]
        self.sold += [
            Sold(line, company.deals.get(line.line_id, {}).get("owner"), None)
            for line in deals
            if line.priced
        ]


def told(books: Books, card: Scorecard, month: Month, source: str) -> Decimal | None:
    """A figure of the month as a scorecard reads it; None where it is unknown."""
    return {
        "accepted_leads": _accepted,
        "arpu": _arpu,
        "contacted_leads": _contacted,
        "contribution": lambda *of: _money(_sum(each.contribution for each in lines_of(*of))),
        "cost_per_lead": _cost_per_lead,
        "customers": lambda *of: Decimal(len({each.entity for each in lines_of(*of)})),
        "discount": _discount,
        "leads": lambda books, _, month: Decimal(len(leads_of(books, month))),
        "margin": _margin,
        "new_customers": _new,
        "profit": _profit,
        "repeat_purchase": _repeated,
        "response_hours": _hours,
        "revenue": lambda *of: _money(_sum(each.amount for each in lines_of(*of))),
    }[source](books, card, month)


def is_in(at: datetime | None, month: Month) -> bool:
    """Whether an instant lies in a month; none does not."""
    return at is not None and month.start <= at < month.end


def _listed(company: Company, row: dict[str, Any]) -> Fraction | None:
    if row["quantity"] is None or row["list_price"] is None:
        return None
    amount = Fraction(row["quantity"]) * Fraction(row["list_price"])
    return convert(company, amount, row["currency"], row["at"])


def _sold(books: Books, card: Scorecard, month: Month) -> list[Sold]:
    whose = sellers_of(books, card)
    found = [each for each in books.sold if is_in(each.line.at, month)]
    return [each for each in found if whose is None or each.seller in whose]


def lines_of(books: Books, card: Scorecard, month: Month) -> list[Line]:
    """The lines of the month that a scorecard reads."""
    return [each.line for each in _sold(books, card, month)]


def sellers_of(books: Books, card: Scorecard) -> set[str] | None:
    """Whose records a scorecard reads; None: everybody's."""
    if card.department is not Department.SALES:
        return None
    employees = books.company.records["employee"]
    if card.level is Level.PERSON:
        return {card.of}
    if card.level is Level.ROLE:
        return {row["employee_id"] for row in employees if row["role"] == card.of}
    if card.level is Level.TEAM:
        return {
            row["employee_id"]
            for row in employees
            if card.of in (row["manager"], row["employee_id"])
        }
    return None


def _sum(parts: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction()
    for each in parts:
        if each is None:
            return None
        total += each
    return total


def _money(amount: Fraction | None) -> Decimal | None:
    return None if amount is None else rounded(amount)


def _ratio(
    above: Fraction | None, below: Fraction | int | None, places: str = "0.000001"
) -> Decimal | None:
    return rounded(above / below, places) if above is not None and below else None


def _arpu(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    mine = lines_of(books, card, month)
    revenue = _sum(each.amount for each in mine)
    return _ratio(revenue, len({each.entity for each in mine}), "0.0001")


def _margin(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    mine = lines_of(books, card, month)
    return _ratio(_sum(each.contribution for each in mine), _sum(each.amount for each in mine))


def _discount(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    mine = _sold(books, card, month)
    listed, net = _sum(each.listed for each in mine), _sum(each.line.amount for each in mine)
    return None if listed is None or net is None else _ratio(listed - net, listed)


def _repeated(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    customers = {each.entity for each in lines_of(books, card, month)}
    loyal = books.company.own[Stage.CUSTOMER_LOYALTY]
    again = [each for each in customers if each in loyal and loyal[each] < month.end]
    return _ratio(Fraction(len(again)), len(customers))


def _new(books: Books, card: Scorecard, month: Month) -> Decimal:
    entries = books.company.entries.values()
    return Decimal(sum(is_in(each[PURCHASE], month) for each in entries))


def leads_of(books: Books, month: Month) -> list[dict[str, Any]]:
    """The leads of the month."""
    return [row for row in books.company.dated["lead"] if is_in(row["at"], month)]


def _waits(books: Books, month: Month) -> list[int]:
    """Seconds from each lead to the first attempt after it, of those that have one."""
    tried = defaultdict(list)
    for row in books.company.dated["handoff"]:
        if row["kind"] in ("attempted", "connected"):
            tried[row["lead_id"]].append(row["at"])
    found = []
    for lead in leads_of(books, month):
        after = [at for at in tried[lead["lead_id"]] if at >= lead["at"]]
        found += [between(lead["at"], min(after))] if after else []
    return found


def _contacted(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    return _ratio(Fraction(len(_waits(books, month))), len(leads_of(books, month)))


def _hours(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    waits = _waits(books, month)
    return _ratio(Fraction(sum(waits)), len(waits) * 3600)


def _accepted(books: Books, card: Scorecard, month: Month) -> Decimal:
    whose = sellers_of(books, card)
    rows = [row for row in books.company.dated["handoff"] if row["kind"] == "accepted"]
    mine = [row for row in rows if whose is None or row["actor"] in whose]
    return Decimal(len({row["lead_id"] for row in mine if is_in(row["at"], month)}))


def _spend(books: Books, month: Month) -> Fraction | None:
    calendar = books.company.question.calendar
    first, after = calendar.local_day(month.start), calendar.local_day(month.end)
    return _sum(
        convert_on(
            books.company,
            None if row["amount"] is None else Fraction(row["amount"]),
            row["currency"],
            row["day"],
        )
        for row in books.company.records["spend"]
        if row["day"] is not None and first <= row["day"] < after
    )


def _cost_per_lead(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    return _ratio(_spend(books, month), len(leads_of(books, month)), "0.0001")


def _profit(books: Books, card: Scorecard, month: Month) -> Decimal | None:
    everybodys = [each.line for each in books.sold if is_in(each.line.at, month)]
    brought = _sum(each.contribution for each in everybodys)
    spent = _spend(books, month)
    return None if brought is None or spent is None else rounded(brought - spent)
