"""The names of lists, fields and states that the room of imports shows."""

from onefunnel.intake.guessing import RECIPES, Recipe
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.report.context import TABLE_NAMES

LIST_NAMES = {
    "contacts": N_("Contacts or leads"),
    "deals": N_("Deals"),
    "companies": N_("Companies"),
    "orders": N_("Orders"),
    "spend": N_("Advertising costs"),
    "touches": N_("Visits, calls and other touches"),
}

FIELD_NAMES = {
    "contact_id": N_("contact: identifier"),
    "company_id": N_("company: identifier"),
    "deal_id": N_("deal: identifier"),
    "lead_id": N_("lead: identifier"),
    "order_id": N_("order: number"),
    "order_line_id": N_("order line: identifier"),
    "touch_id": N_("touch: identifier"),
    "spend_id": N_("cost: identifier"),
    "name": N_("name"),
    "first_name": N_("first name"),
    "last_name": N_("family name"),
    "email": N_("e-mail address"),
    "phone": N_("telephone number"),
    "company": N_("company: name"),
    "domain": N_("company: internet domain"),
    "country": N_("country"),
    "segment": N_("segment"),
    "owner": N_("who sells it"),
    "created_at": N_("when it began"),
    "closed_at": N_("when it was won or lost"),
    "offered_at": N_("when marketing handed it over"),
    "accepted_at": N_("when sales accepted it"),
    "occurred_at": N_("when it happened"),
    "ordered_at": N_("when it was ordered"),
    "day": N_("day"),
    "stage": N_("stage of the deal"),
    "status": N_("open, won or lost"),
    "amount": N_("amount"),
    "currency": N_("currency"),
    "probability": N_("chance of winning"),
    "expected_close": N_("expected close"),
    "lost_reason": N_("why it was lost"),
    "channel": N_("channel"),
    "source": "utm_source",
    "medium": "utm_medium",
    "campaign": N_("campaign"),
    "content": "utm_content",
    "term": "utm_term",
    "page": N_("page"),
    "click_id": N_("click identifier"),
    "kind": N_("what happened"),
    "department": N_("department"),
    "intent": N_("what the buyer asked for"),
    "impressions": N_("impressions"),
    "clicks": N_("clicks"),
    "sku": N_("product"),
    "quantity": N_("quantity"),
    "list_price": N_("list price of a unit"),
    "net_price": N_("net price of a unit"),
    "unit_cost": N_("cost of a unit"),
}

PRESET_NAMES = {"hubspot": "HubSpot", "salesforce": "Salesforce", "pipedrive": "Pipedrive"}
"""Names of other products, the same in every language."""

STATUS_NAMES = {"open": N_("open"), "won": N_("won"), "lost": N_("lost")}

OUTCOMES = {
    "new": N_("new"),
    "changed": N_("changed"),
    "same": N_("as before"),
    "deleted": N_("deleted"),
    "absent": N_("to be deleted, but not there"),
}
"""What becomes of records that come in, in the order in which it is shown."""

NOTE_SENTENCES = {
    "encoding": N_("Letters were read as {encoding}."),
    "unused_columns": N_("{file}: nothing uses the columns {columns}."),
}
"""Sentences of intake's notes; what has none is shown in English."""

DATE_ORDERS = {
    "": N_("year first, as in 2024-12-31"),
    "dmy": N_("day first, as in 31.12.2024"),
    "mdy": N_("month first, as in 12/31/2024"),
    "ymd": N_("year first, as in 2024/12/31"),
}

ENCODINGS = (
    *("utf-8", "utf-16", "windows-1251", "koi8-r", "cp866", "windows-1250", "windows-1258"),
    *("windows-1256", "windows-1252"),
)
DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}


def list_name(recipe: Recipe, words: Words) -> str:
    """The name of a kind of list."""
    if recipe.plain:
        return str(table_name(recipe.tables[0], words))
    return str(words.say(LIST_NAMES[recipe.name]))


def table_name(table: str, words: Words) -> str:
    """The name of a table of the ledger."""
    return str(words.say(TABLE_NAMES.get(table, table)))


def field_name(field: str, recipe: Recipe, words: Words) -> str:
    """The name of a field; a column of the ledger is called as it is there."""
    if recipe.plain:
        return field
    return str(words.say(FIELD_NAMES[field]))


def lists() -> tuple[tuple[Recipe, ...], tuple[Recipe, ...]]:
    """The kinds of lists: those that firms have, and the plain tables."""
    every = tuple(RECIPES.values())
    return tuple(r for r in every if not r.plain), tuple(r for r in every if r.plain)
