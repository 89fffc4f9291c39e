"""A mapping in the making: what a person said of the columns of one file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from onefunnel.intake.guessing.recipes import Recipe, recipe
from onefunnel.intake.mapping.model import Cell, Into, Part, Reading, Source, Where
from onefunnel.ledger.schema import TABLES, Kind

_MONEY_TABLES = frozenset(
    name for name, table in TABLES.items() if "currency" in table.by_name and name != "rate"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is said of a file.

    ``columns`` gives the field of a column, ``meanings`` what the values of a field stand for (an
    empty meaning: unknown), ``constants`` the value that all rows have in a field, ``formats`` the
    pattern of a column's dates, ``percents`` the columns whose shares are written as 60. The rest
    is how the file is written; empty where the file tells.
    """

    recipe: str
    columns: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    percents: tuple[str, ...] = ()
    date_order: str = ""
    calendar: str = ""
    decimal: str = ""
    zone: str = ""
    currency: str = ""
    null_values: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """The field that says whether a deal is open, won or lost; empty where none does."""
        mapped = set(self.columns.values())
        return next((name for name in ("status", "stage") if name in mapped), "")

    def asked(self) -> tuple[str, ...]:
        """The fields whose values must be given a meaning."""
        kind = recipe(self.recipe)
        mapped = set(self.columns.values())
        asked = [f.name for f in kind.fields if f.choices and f.name in mapped]
        if kind.name == "deals" and self.state:
            asked = [self.state, *(name for name in asked if name != "status")]
        return tuple(asked)


def source_of(draft: Draft, file: str, like: Source | None = None) -> Source:
    """The source that reads the file as the draft says; written as ``like`` says.

    >>> draft = Draft("contacts", {"ID": "contact_id", "Mail": "email", "Since": "created_at"})
    >>> [into.table for into in source_of(draft, "people.csv").into]
    ['party', 'lead']
    """
    making = _Making(draft)
    kind = recipe(draft.recipe)
    intos = tuple(_plain(making, kind) if kind.plain else _MAKERS[kind.name](making))
    reading = Reading(
        decimal=draft.decimal or None,
        date_order=draft.date_order or None,
        calendar=draft.calendar or None,
        zone=draft.zone or None,
        null_values=draft.null_values,
    )
    return replace(like or Source(file, ()), file=file, into=intos, reading=reading, optional=False)


class _Making:
    """The cells of a draft, by field."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.column = {field: column for column, field in draft.columns.items() if field}

    def has(self, *fields: str) -> bool:
        """Whether any of the fields is known."""
        return any(name in self.column or name in self.draft.constants for name in fields)

    def cell(self, name: str) -> Cell | None:
        """The cell of a field; None where it is not known."""
        if name in self.column:
            column = self.column[name]
            pattern = self.draft.formats.get(column)
            share = name == "probability" and column in self.draft.percents
            reading = Reading(format=(pattern,) if pattern else (), percent=share)
            meanings = dict(self.draft.meanings.get(name, {})) if name != "stage" else {}
            first = ";" if name in ("contact_id", "company_id", "lead_id") else None
            return Cell((Part(column=column),), first=first, values=meanings, reading=reading)
        if name in self.draft.constants:
            return constant(self.draft.constants[name])
        return None

    def cells(self, wanted: Iterable[str], **renamed: str) -> dict[str, Cell]:
        """Ledger column -> cell, of those fields that are known; ``renamed`` says other names."""
        pairs = [*((name, name) for name in wanted), *renamed.items()]
        return {to: cell for to, name in pairs if (cell := self.cell(name)) is not None}

    def joined(self, *parts: str, after: str = "", before: str = "") -> Cell:
        """An identifier of several fields, and of constants before and after."""
        made = [Part(column=self.column[name]) for name in parts]
        made = [Part(value=before)] * bool(before) + made + [Part(value=after)] * bool(after)
        first = ";" if {"contact_id", "company_id", "lead_id"} & set(parts) else None
        return Cell(tuple(made), separator=":" if len(made) > 1 else "", first=first)

    def currency(self) -> dict[str, Cell]:
        """The currency of the amounts."""
        if "currency" in self.column:
            return self.cells(["currency"])
        return {"currency": constant(self.draft.currency)} if self.draft.currency else {}

    def party(self) -> Cell | None:
        """Whose row it is: the first that is known of these."""
        for name in ("contact_id", "email", "phone", "name"):
            if name in self.column:
                return self.joined(name)
        return self.organisation()

    def organisation(self) -> Cell | None:
        """The company of the row."""
        for name in ("company_id", "company"):
            if name in self.column:
                return self.joined(name, before="company")
        return None

    def name(self) -> dict[str, Cell]:
        """The name of a person, in one column or two."""
        if "name" in self.column:
            return self.cells(["name"])
        parts = [name for name in ("first_name", "last_name") if name in self.column]
        if not parts:
            return {}
        return {"name": replace(self.joined(*parts), separator=" " if len(parts) > 1 else "")}

    def people(self) -> list[Into]:
        """The person of each row, and the company, as far as the row says something of them."""
        party, organisation = self.party(), self.organisation()
        intos: list[Into] = []
        if organisation is not None:
            column = next(self.column[n] for n in ("company_id", "company") if n in self.column)
            cells = {"party_id": organisation, "kind": constant("organisation")}
            cells |= self.cells([], name="company")
            intos.append(Into("party", cells, (Where(column, known=True),)))
        said = ("name", "first_name", "last_name", "email", "phone", "country")
        known = "contact_id" in self.column or self.has(*said)
        if party is None or not known:
            return intos
        cells = {"party_id": party, "kind": constant("person"), **self.name()}
        if organisation is not None:
            cells["organisation_id"] = organisation
        cells |= self.cells(["email", "phone", "country"])
        return [Into("party", cells, self._known(party)), *intos]

    def _known(self, party: Cell) -> tuple[Where, ...]:
        """A deal or an order may be nobody's; a list of people has nobody without a name."""
        if self.draft.recipe == "contacts" or len(party.columns) != 1:
            return ()
        return (Where(party.columns[0], known=True),)


def constant(value: str) -> Cell:
    """A cell that is the same in every row."""
    return Cell((Part(value=value),))


_ORIGIN = ("channel", "source", "medium", "campaign", "page")


def _contacts(making: _Making) -> Iterable[Into]:
    party = making.party() or making.joined("contact_id")
    people, *others = making.people()
    yield Into("party", {**people.cells, **making.cells(["segment", "created_at"])}, people.where)
    yield from others
    cells = {"lead_id": party, "party_id": party}
    yield Into("lead", cells | making.cells(["created_at", *_ORIGIN, "segment"]))
    for name, kind, department in (
        ("offered_at", "offered", "marketing"),
        ("accepted_at", "accepted", "sales"),
    ):
        if name in making.column:
            key = Cell((*party.parts, Part(value=kind)), ":", party.first)
            step = {"handoff_id": key, "lead_id": party, **making.cells([], occurred_at=name)}
            step |= {"kind": constant(kind), "department": constant(department)}
            yield Into("handoff", step, (Where(making.column[name], known=True),))


def _deals(making: _Making) -> Iterable[Into]:
    yield from making.people()
    party = making.party()
    deal = {"deal_id": making.joined("deal_id")}
    if party is not None:
        deal["party_id"] = party
    lead = _lead_of_deal(making)
    if lead is not None:
        deal["lead_id"] = lead
    yield Into("deal", deal | making.cells(["owner", "segment"]))
    if lead is not None and "contact_id" not in making.column and making.has(*_ORIGIN):
        cells = {"lead_id": lead} | ({"party_id": party} if party is not None else {})
        yield Into("lead", cells | making.cells(["created_at", *_ORIGIN, "segment"]))
    yield from _events(making)


def _lead_of_deal(making: _Making) -> Cell | None:
    """The lead that a deal grew from: named, its contact, or the deal's own first record."""
    for name in ("lead_id", "contact_id"):
        if name in making.column:
            return making.joined(name)
    return making.joined("deal_id", before="deal") if making.has(*_ORIGIN) else None


def _events(making: _Making) -> Iterable[Into]:
    state = making.draft.state
    meanings = making.draft.meanings.get(state, {})
    closing = {value: to for value, to in meanings.items() if to in ("won", "lost")}
    column = making.column.get(state, "")
    money = making.cells(["amount"]) | (making.currency() if making.has("amount") else {})
    opened = {
        "deal_event_id": making.joined("deal_id", after="open"),
        "deal_id": making.joined("deal_id"),
        **making.cells([], occurred_at="created_at"),
        "status": constant("open"),
    }
    later = making.cells(["stage", "probability", "expected_close"])
    if not closing:
        yield Into("deal_event", opened | later | money)
        return
    yield Into("deal_event", opened | later | money, (Where(column, not_among=tuple(closing)),))
    yield Into("deal_event", opened | money, (Where(column, among=tuple(closing)),))
    closed = {
        "deal_event_id": making.joined("deal_id", after="closed"),
        "deal_id": making.joined("deal_id"),
        **making.cells([], occurred_at="closed_at"),
        **making.cells(["stage"]),
        "status": Cell((Part(column=column),), values=closing),
        **money,
        **making.cells(["lost_reason"]),
    }
    yield Into("deal_event", closed, (Where(column, among=tuple(closing)),))


def _companies(making: _Making) -> Iterable[Into]:
    key = making.organisation() or making.joined("company_id")
    cells = {"party_id": key, "kind": constant("organisation")} | making.cells([], name="company")
    more = ["email", "phone", "domain", "country", "segment", "created_at"]
    yield Into("party", cells | making.cells(more))


def _orders(making: _Making) -> Iterable[Into]:
    yield from making.people()
    parts = [name for name in ("order_id", "sku") if name in making.column]
    own = "order_line_id" in making.column
    key = making.joined("order_line_id") if own else making.joined(*parts)
    order = "order_id" if "order_id" in making.column else "order_line_id"
    cells = {"order_line_id": key, "order_id": making.joined(order)}
    if (party := making.party()) is not None:
        cells["party_id"] = party
    cells |= making.cells(["deal_id", "ordered_at", "sku", "quantity", "list_price", "net_price"])
    cells.setdefault("quantity", constant("1"))
    cells |= making.cells(["unit_cost"], seller="owner") | making.currency()
    yield Into("order_line", cells)


def _spend(making: _Making) -> Iterable[Into]:
    named = ("day", "channel", "campaign", "segment", "page")
    parts = [name for name in named if name in making.column]
    own = "spend_id" in making.column
    key = making.joined("spend_id") if own else making.joined(*parts)
    cells = {"spend_id": key, **making.cells([*named, "amount", "impressions", "clicks"])}
    yield Into("spend", cells | making.currency())


def _touches(making: _Making) -> Iterable[Into]:
    yield from making.people()
    party = making.party()
    parts = [name for name in ("occurred_at", "page", "campaign") if name in making.column]
    whose = next(n for n in ("contact_id", "email", "phone", "name") if n in making.column)
    own = "touch_id" in making.column
    key = making.joined("touch_id") if own else making.joined(whose, *parts[:2])
    cells = {"touch_id": key} | ({"party_id": party} if party is not None else {})
    more = ["occurred_at", "department", "kind", "intent", *_ORIGIN, "content", "term", "click_id"]
    yield Into("touch", cells | making.cells(more))


def _plain(making: _Making, kind: Recipe) -> Iterable[Into]:
    (name,) = kind.tables
    table = TABLES[name]
    cells = making.cells(table.column_names)
    money = any(column.kind is Kind.MONEY and column.name in cells for column in table.columns)
    if name in _MONEY_TABLES and money:
        cells |= making.currency()
    yield Into(name, cells)


_MAKERS: Mapping[str, Callable[[_Making], Iterable[Into]]] = {
    "contacts": _contacts,
    "deals": _deals,
    "companies": _companies,
    "orders": _orders,
    "spend": _spend,
    "touches": _touches,
}
