"""Kinds of lists that firms have, the fields that each can have, and the tables that they feed."""

from collections.abc import Mapping
from dataclasses import dataclass

from onefunnel.errors import UnknownName
from onefunnel.ledger.schema import TABLES, Column, Kind
from onefunnel.ledger.schema.facts import DEPARTMENTS, STATUSES

_SHAPES = {
    Kind.INSTANT: "date",
    Kind.DAY: "date",
    Kind.MONEY: "number",
    Kind.QUANTITY: "number",
    Kind.RATE: "number",
    Kind.COUNT: "number",
    Kind.RATIO: "number",
    Kind.FLAG: "flag",
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can be: its name, the shape its values have (empty: any), its valid values."""

    name: str
    shape: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A kind of list. ``tables`` it feeds; ``key`` is the field that identifies a row.

    ``needs`` are alternatives: of each group one field at least must be there. ``telling`` are
    fields that only such a list has. ``plain``: the fields are the columns of its one table.
    """

    name: str
    tables: tuple[str, ...]
    fields: tuple[Field, ...]
    key: str
    needs: tuple[tuple[str, ...], ...] = ()
    telling: tuple[str, ...] = ()
    plain: bool = False

    @property
    def by_name(self) -> dict[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    def missing(self, mapped: set[str]) -> tuple[tuple[str, ...], ...]:
        """The groups of which no field is mapped yet."""
        return tuple(group for group in self.needs if not mapped & set(group))


def _fields(*names: str) -> tuple[Field, ...]:
    return tuple(_FIELDS.get(name, Field(name)) for name in names)


_FIELDS = {
    each.name: each
    for each in (
        Field("email", "email"),
        Field("phone", "phone"),
        Field("created_at", "date"),
        Field("closed_at", "date"),
        Field("offered_at", "date"),
        Field("accepted_at", "date"),
        Field("occurred_at", "date"),
        Field("ordered_at", "date"),
        Field("expected_close", "date"),
        Field("day", "date"),
        Field("amount", "number"),
        Field("probability", "number"),
        Field("impressions", "number"),
        Field("clicks", "number"),
        Field("quantity", "number"),
        Field("list_price", "number"),
        Field("net_price", "number"),
        Field("unit_cost", "number"),
        Field("status", "", STATUSES),
        Field("department", "", DEPARTMENTS),
        Field("kind", "", TABLES["touch"].by_name["kind"].choices),
        Field("intent", "", TABLES["touch"].by_name["intent"].choices),
    )
}

_PERSON = ("name", "first_name", "last_name", "email", "phone", "company_id", "company", "country")
_ORIGIN = ("channel", "source", "medium", "campaign", "page")

COMMON = (
    Recipe(
        "contacts",
        ("party", "lead", "handoff"),
        _fields(
            *("contact_id", *_PERSON, "created_at", "offered_at", "accepted_at"),
            *(*_ORIGIN, "segment"),
        ),
        "contact_id",
        (("contact_id", "email", "phone"), ("created_at",)),
        ("first_name", "last_name", "offered_at", "email", "phone", "contact_id"),
    ),
    Recipe(
        "deals",
        ("party", "lead", "deal", "deal_event"),
        _fields(
            *("deal_id", "contact_id", *_PERSON, "lead_id", "owner", "created_at", "closed_at"),
            *("stage", "status", "amount", "currency", "probability", "expected_close"),
            *("lost_reason", *_ORIGIN, "segment"),
        ),
        "deal_id",
        (("deal_id",), ("created_at",)),
        ("deal_id", "stage", "closed_at", "probability", "lost_reason", "amount"),
    ),
    Recipe(
        "companies",
        ("party",),
        _fields("company_id", "company", "domain", "email", "phone", "country", "segment")
        + _fields("created_at"),
        "company_id",
        (("company_id", "company"),),
        ("domain", "company_id"),
    ),
    Recipe(
        "orders",
        ("party", "order_line"),
        _fields(
            *("order_line_id", "order_id", "contact_id", *_PERSON, "deal_id", "ordered_at", "sku"),
            *("quantity", "list_price", "net_price", "unit_cost", "currency", "owner"),
        ),
        "order_line_id",
        (("order_line_id", "order_id"), ("ordered_at",), ("net_price",)),
        ("order_id", "order_line_id", "sku", "quantity", "net_price", "ordered_at"),
    ),
    Recipe(
        "spend",
        ("spend",),
        _fields("spend_id", "day", "channel", "campaign", "segment", "page", "amount", "currency")
        + _fields("impressions", "clicks"),
        "spend_id",
        (("day",), ("amount",)),
        ("impressions", "clicks", "day"),
    ),
    Recipe(
        "touches",
        ("party", "touch"),
        _fields(
            *("touch_id", "contact_id", *_PERSON, "occurred_at", "kind", "department", "intent"),
            *(*_ORIGIN, "content", "term", "click_id"),
        ),
        "touch_id",
        (("contact_id", "email", "phone"), ("occurred_at",)),
        ("kind", "page", "medium", "occurred_at"),
    ),
)
"""Common lists; one can feed several tables."""


def _of_table(name: str) -> Recipe:
    table = TABLES[name]
    fields = tuple(Field(c.name, _shape(c), c.choices) for c in table.columns)
    return Recipe(f"table:{name}", (name,), fields, table.key, ((table.key,),), (), plain=True)


def _shape(column: Column) -> str:
    if column.name in ("email", "phone"):
        return column.name
    return _SHAPES.get(column.kind, "")


RECIPES: Mapping[str, Recipe] = {
    **{each.name: each for each in COMMON},
    **{f"table:{name}": _of_table(name) for name in TABLES},
}
"""All kinds by name; ``table:…`` is a list that is just a table of the ledger."""


def recipe(name: str) -> Recipe:
    """The recipe of that name; raises UnknownName."""
    if name not in RECIPES:
        raise UnknownName("kind of list", name, RECIPES)
    return RECIPES[name]
