"""The measure ``payouts`` in plain Python: sale by sale, month by month."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from onefunnel.funnel.reference.company import Company, Record, Records
from onefunnel.funnel.reference.money import convert
from onefunnel.funnel.rules import Rules
from onefunnel.measures.payouts.booked import in_order, row_of
from onefunnel.measures.payouts.plans import Purse, purses
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.credits import Sale, Seller
from onefunnel.pay.engine import payouts as pay
from onefunnel.pay.lines import Kind, PayoutLine, Reason
from onefunnel.pay.periods import DAY, month_of
from onefunnel.pay.plan import Event
from onefunnel.vocabulary import Question


def payouts(records: Records, rules: Rules, question: Question) -> tuple[PayoutRow, ...]:
    """Every line of every month up to the one of ``now``: closed ones as booked, others in turn."""
    today = question.calendar.local_day(question.now)
    here = month_of(question.calendar, today).label
    shut = max((row["month"] for row in records["payout"]), default="")
    rows = [row_of(_line(each), each["currency"]) for each in records["payout"]]
    found = [row for row in rows if row.period <= here]
    for purse in purses(question):
        names = {plan.name for plan in purse.plans}
        paid = [_line(row) for row in records["payout"] if row["plan"] in names]
        company = Company(records, rules, replace(question, currency=purse.currency))
        sales = sold(company, purse, question.currency)
        month = month_of(question.calendar, purse.first)
        while month.first <= today:
            if month.label > shut:
                until = min(month.after - DAY, today)
                lines = pay(
                    purse.plans,
                    purse.members,
                    sales,
                    until,
                    paid,
                    calendar=question.calendar,
                    minor=purse.minor,
                ).lines
                found += [row_of(line, purse.currency) for line in lines]
                paid += lines
            month = month_of(question.calendar, month.after)
    return tuple(in_order(found))


def sold(company: Company, purse: Purse, currency: str) -> list[Sale]:
    """The sales of a purse, those left out whose shares do not sum to 1.

    The company is asked in the currency of the purse; amounts without one are in ``currency``.
    """
    lines = {row["order_line_id"]: row for row in company.records["order_line"]}
    found = []
    if Event.INVOICE in purse.events:
        dated = {key: row for key, row in lines.items() if row["ordered_at"] is not None}
        found += [of_line(company, row, dated, currency) for row in dated.values()]
    if Event.BOOKING in purse.events:
        found += [
            of_deal(company, deal, event["at"], currency)
            for deal, (status, event) in company.standing_deals().items()
            if status == "won"
        ]
    since = purse.first
    back = {sale.returns for sale in found}
    kept = [sale for sale in found if sale.day >= since or sale.sale_id in back]
    return [sale for sale in kept if _whole(sale)]


def of_line(company: Company, row: Record, dated: dict[str, Record], currency: str) -> Sale:
    """An order line as a sale; ``dated`` are all that say when, by their keys."""
    price, cost, quantity = row["net_price"], row["unit_cost"], row["quantity"]
    value = None if None in (price, quantity) else Fraction(price) * Fraction(quantity)
    spent = None if None in (cost, quantity) else Fraction(cost) * Fraction(quantity)
    earned = None if value is None or spent is None else value - spent
    deal = company.deals.get(row["deal_id"], {})
    products = {each["sku"]: each for each in company.records["product"]}
    segments = (
        deal.get("segment"),
        products.get(row["sku"], {}).get("segment"),
        _lead_segment(company, deal),
        _party_segment(company, row["party_id"] or deal.get("party_id")),
    )
    mine = dated.get(row["returns"], row)
    return Sale(
        sale_id=f"order_line:{row['order_line_id']}",
        day=company.question.calendar.local_day(row["ordered_at"]),
        event=Event.INVOICE,
        sellers=_sellers(company, mine),
        quantity=quantity,
        revenue=_in(company, value, row["currency"] or currency, row["ordered_at"]),
        contribution=_in(company, earned, row["currency"] or currency, row["ordered_at"]),
        product=row["sku"],
        segment=next((each for each in segments if each is not None), None),
        returns=None if row["returns"] is None else f"order_line:{row['returns']}",
    )


def of_deal(company: Company, deal_id: str, at: datetime, currency: str) -> Sale:
    """A won deal as a sale, with the last amount that is known of it."""
    events = [row for row in company.dated["deal_event"] if row["deal_id"] == deal_id]
    stated = [row for row in events if row["amount"] is not None]
    amount = Fraction(stated[-1]["amount"]) if stated else None
    deal = company.deals.get(deal_id, {})
    segments = (
        deal.get("segment"),
        _lead_segment(company, deal),
        _party_segment(company, deal.get("party_id")),
    )
    return Sale(
        sale_id=f"deal:{deal_id}",
        day=company.question.calendar.local_day(at),
        event=Event.BOOKING,
        sellers=_sellers(company, {"deal_id": deal_id, "seller": None, "order_line_id": None}),
        revenue=_in(company, amount, (stated and stated[-1]["currency"]) or currency, at),
        segment=next((each for each in segments if each is not None), None),
    )


def _sellers(company: Company, row: Record) -> tuple[Seller, ...]:
    """Whose credit a line or deal is, in order of the credits."""
    known = [each for each in company.records["credit"] if each["employee_id"] is not None]
    known.sort(key=lambda each: str(each["credit_id"]))
    found: list[Seller] = []
    for overlay in (False, True):
        rows = [each for each in known if bool(each["overlay"]) is overlay]
        line, deal = row["order_line_id"], row["deal_id"]
        own = [each for each in rows if line and each["order_line_id"] == line]
        theirs = [
            each
            for each in rows
            if deal and each["order_line_id"] is None and each["deal_id"] == deal
        ]
        found += [_seller(each) for each in own or theirs]
        owner = company.deals.get(deal, {}).get("owner")
        usual = row["seller"] if row["seller"] is not None else owner
        if not overlay and not (own or theirs) and usual is not None:
            found.append(Seller(usual))
    return tuple(found)


def _seller(row: Record) -> Seller:
    share = Decimal(1) if row["share"] is None else row["share"]
    return Seller(row["employee_id"], share, bool(row["overlay"]))


def _in(company: Company, amount: Fraction | None, own: str, at: datetime) -> Decimal | None:
    """An amount in the currency that the company is asked in."""
    found = convert(company, amount, own, at)
    if found is None:
        return None
    with localcontext() as context:
        context.prec = 60
        return Decimal(found.numerator) / Decimal(found.denominator)


def _lead_segment(company: Company, deal: dict[str, Any]) -> str | None:
    lead = company.leads.get(deal.get("lead_id", ""))
    return None if lead is None else lead["segment"]


def _party_segment(company: Company, party: str | None) -> str | None:
    for row in company.records["party"]:
        if party is not None and row["party_id"] == party:
            segment: str | None = row["segment"]
            return segment
    return None


def _whole(sale: Sale) -> bool:
    parts = [Fraction(seller.share) for seller in sale.sellers if not seller.overlay]
    return all(s.share >= 0 for s in sale.sellers) and (not parts or sum(parts) == 1)


def _line(row: Record) -> PayoutLine:
    return PayoutLine(
        month=row["month"],
        of_month=row["of_month"],
        plan=row["plan"],
        employee=row["employee_id"],
        kind=Kind(row["kind"]),
        component=row["component"],
        amount=row["amount"],
        base=row["base"],
        why=Reason(row["why"]),
        digest=row["digest"],
    )
