"""The credited sales behind a line of one's own pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
from django.core.exceptions import BadRequest
from markupsafe import Markup

from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.statements.amounts import Amounts, month_name
from onefunnel.web.pages.statements.own import PAYOUTS, Own
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.computed import Rows

SHOWN = 50
FIGURE = "amount"
KEYS = ("plan", "component", "month")
SALES = {"order_line:": N_("Order line {key}"), "deal:": N_("Deal {key}")}


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale as far as somebody is credited with it."""

    name: Markup
    remark: Markup
    day: str
    product: str
    segment: str
    share: str
    quantity: str
    revenue: str
    margin: str


def query(row: PayoutRow) -> str:
    """What an address says of a line: its plan, component and the month that it is for."""
    named = {"plan": row.plan, "component": row.component, "month": row.of_period}
    return urlencode(named)


def line_of(own: Own, given: Mapping[str, str]) -> PayoutRow:
    """One's own line that an address names. BadRequest where there is none."""
    asked = tuple(given.get(name, "") for name in KEYS)
    for row in own.lines:
        if row.kind == "earning" and (row.plan, row.component, row.of_period) == asked:
            return row
    raise BadRequest


def wanted(row: PayoutRow, version: int) -> Rows:
    """The sales behind a line, of one ledger version: always those of its own employee."""
    where = {
        "component": row.component,
        "employee_id": row.employee_id,
        "period": row.of_period,
        "plan": row.plan,
    }
    return Rows(PAYOUTS, Asked(as_of=version), FIGURE, tuple(sorted(where.items())))


def part(
    table: pa.Table, given: Mapping[str, str], own: Own, line: PayoutRow, words: Words
) -> dict[str, Any]:
    """The fifty sales that an address names by their number, and the addresses beside."""
    last = max(-(-len(table) // SHOWN), 1)
    text = given.get("part", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= last:
        raise BadRequest
    shown = table.slice((number - 1) * SHOWN, SHOWN).to_pylist()
    return {
        "sales": [sale_view(row, own, line.currency, words) for row in shown],
        "month": month_name(line.of_period, words),
        "previous": f"?{query(line)}&part={number - 1}" if number > 1 else "",
        "following": f"?{query(line)}&part={number + 1}" if number < last else "",
    }


def sale_view(row: Mapping[str, Any], own: Own, currency: str, words: Words) -> SaleView:
    """A row of the sales behind a line."""
    amounts = Amounts.of(words, currency)
    unknown = str(words.say("unknown"))

    def money(name: str) -> str:
        return unknown if row[name] is None else amounts.money(row[name])

    return SaleView(
        _name(row["sale_id"], words),
        _remark(row, own, words),
        words.day(words.calendar.local_day(row["at"])),
        row["product"] or unknown,
        row["segment"] or unknown,
        "" if row["share"] is None else words.figures.rate(row["share"]),
        unknown if row["quantity"] is None else words.figures.exactly(row["quantity"]),
        money("revenue"),
        money("contribution"),
    )


def _name(sale: str, words: Words) -> Markup:
    for prefix, message in SALES.items():
        if sale.startswith(prefix):
            return words.say(message, key=Markup("<bdi>{}</bdi>").format(sale[len(prefix) :]))
    return Markup("<bdi>{}</bdi>").format(sale)


def _remark(row: Mapping[str, Any], own: Own, words: Words) -> Markup:
    if row["returns"]:
        return words.say("takes back: {sale}", sale=_name(row["returns"], words))
    if row["overlay"]:
        return words.say("on top of the shares of others")
    if row["employee_id"] != own.employee_id:
        return words.say("of one's team")
    return Markup("")
