"""Erasure: what identifies a person is overwritten in every table and every version.

The rows stay, so that the totals of every version hold; the tables are written anew with logs of
their own, because the old log and the old files would keep what was removed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir
import phonenumbers

from onefunnel.ledger.disk.system import ENTITY, STORED
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema.kinds import Kind
from onefunnel.ledger.schema.tables import Table
from onefunnel.ledger.store.register import Register
from onefunnel.ledger.store.rewrite import Change

SHORTEST_TOKEN = 6
"""Shorter names of a party (a number such as 17) are replaced only where they stand alone."""

SHORTEST_CELL = 3
"""Still shorter ones, in a row of the quarantine, may be any figure: they are left."""


@dataclass(frozen=True)
class Person:
    """What the ledger knows of a person: the parties they are, and what names them."""

    parties: frozenset[str]
    names: frozenset[str]
    tokens: frozenset[str]

    @property
    def literals(self) -> list[str]:
        """Everything that names the person, longest first."""
        return sorted({*self.parties, *self.names, *self.tokens}, key=lambda v: (-len(v), v))


def members(reader: Reader, party: str) -> frozenset[str]:
    """The parties that were ever held to be the same as this one, itself included."""
    entity = reader.rows(ENTITY.name)
    codes = entity.filter(entity.party_id == party).select("entity_code")
    same = entity.semi_join(codes, "entity_code").select("party_id").distinct()
    return frozenset([*reader.fetch(same)["party_id"].to_pylist(), party])


def person(reader: Reader, parties: frozenset[str], region: str) -> Person:
    """What any version of the ledger knows of these parties."""
    known, aliases = reader.rows("party"), reader.rows("alias")
    mine = reader.fetch(known.filter(known.party_id.isin(parties)).select("name", "email", "phone"))
    other = reader.fetch(aliases.filter(aliases.party_id.isin(parties)).select("value"))
    phones = _values(mine["phone"].to_pylist())
    tokens = {*_values(mine["email"].to_pylist()), *phones, *_values(other["value"].to_pylist())}
    tokens |= {form for phone in phones for form in _forms(phone, region)}
    return Person(parties, frozenset(_values(mine["name"].to_pylist())), frozenset(tokens))


def plan(reader: Reader, who: Person, register: Register) -> dict[str, Change]:
    """How each table that knows a person is to change; notes in the register which rows do.

    The register must be on disk before the tables are rewritten, so that a killed erasure can be
    finished and no import brings back what it removed.
    """
    linked = _linked_rows(reader, who.parties)
    changes: dict[str, Change] = {}
    for name in reader.head.tables:
        change = partial(_scrubbed, who=who, register=register, linked=linked[name])
        if _note_rows(reader, STORED[name], change, register):
            changes[name] = change
    return changes


def _values(found: Iterable[str | None]) -> set[str]:
    return {value.strip() for value in found if value and value.strip()}


def _forms(phone: str, region: str) -> set[str]:
    """The forms in which the same number may stand elsewhere."""
    try:
        number = phonenumbers.parse(phone, region or None)
    except phonenumbers.NumberParseException:
        return set()
    formats = (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.NATIONAL,
    )
    return {phonenumbers.format_number(number, each) for each in formats}


Links = list[tuple[str, list[str]]]
"""Columns, and the values in them by which a row belongs to the person."""


def _linked_rows(reader: Reader, parties: frozenset[str]) -> dict[str, Links]:
    """Per table, the columns and values by which a row belongs to the person."""
    leads = _keys_of(reader, "lead", parties, [])
    deals = _keys_of(reader, "deal", parties, [("lead_id", leads)])
    lines = _keys_of(reader, "order_line", parties, [("deal_id", deals)])
    links: dict[str, Links] = {}
    for name, table in STORED.items():
        by = [(c.name, sorted(parties)) for c in table.columns if c.holds_party]
        if table.key == "party_id":
            by.append(("party_id", sorted(parties)))
        by += [(c.name, leads) for c in table.columns if c.references == "lead"]
        by += [(c.name, deals) for c in table.columns if c.references == "deal"]
        by += [(c.name, lines) for c in table.columns if c.references == "order_line"]
        if name in ("lead", "deal"):
            by.append((table.key, leads if name == "lead" else deals))
        if name == "activity":
            by.append(("subject_id", [*sorted(parties), *leads, *deals]))
        links[name] = by
    return links


def _keys_of(reader: Reader, name: str, parties: frozenset[str], also: Links) -> list[str]:
    rows = reader.rows(name)
    belongs = ibis.or_(
        rows.party_id.isin(sorted(parties)), *[rows[column].isin(keys) for column, keys in also]
    )
    found = rows.filter(belongs).select(STORED[name].key).distinct()
    return [str(key) for key in reader.fetch(found)[STORED[name].key].to_pylist()]


def _scrubbed(
    table: Table,
    rows: ir.Table,
    *,
    who: Person,
    register: Register,
    linked: Links,
) -> ir.Table:
    """The rows with everything that names the person replaced by pseudonyms."""
    mine = ibis.or_(
        ibis.literal(False), *[rows[c].isin(keys).fill_null(False) for c, keys in linked]
    )
    text = [c for c in table.columns if c.kind in (Kind.TEXT, Kind.JSON)]
    changed: dict[str, ir.Value] = {}
    for column in text:
        value = _without_tokens(rows[column.name], who, register)
        if column.identifying and table.name != "quarantine":
            gone = (
                ibis.null("string") if column.kind is Kind.JSON else _any_pseudonym(who, register)
            )
            value = (mine & rows[column.name].notnull()).ifelse(gone, value)
        elif table.name == "quarantine":
            value = _without_quoted(_without(value, who.names, register), who, register)
        else:
            value = mine.ifelse(_without(value, who.names, register), value)
        changed[column.name] = _whole(rows[column.name], column.holds_party, who, register, value)
    return rows.mutate(**changed)


def _any_pseudonym(who: Person, register: Register) -> ir.StringScalar:
    return ibis.literal(register.pseudonym(min(who.parties), party=True))


def _whole(
    original: ir.Value, holds_party: bool, who: Person, register: Register, otherwise: ir.Value
) -> ir.Value:
    """A cell that is a name of the person and nothing else becomes that name's pseudonym."""
    exact = {v: register.pseudonym(v, party=True) for v in sorted(who.parties)}
    exact |= {v: register.pseudonym(v) for v in sorted(who.tokens) if v not in exact}
    if not exact:
        return otherwise
    return ibis.cases(*[(original == v, p) for v, p in exact.items()], else_=otherwise)


def _without_tokens(value: ir.Value, who: Person, register: Register) -> ir.Value:
    long = [v for v in (*who.tokens, *who.parties) if len(v) >= SHORTEST_TOKEN]
    return _without(value, long, register)


def _without_quoted(value: ir.Value, who: Person, register: Register) -> ir.Value:
    """The same for a row as it was read (JSON): short names count where they are a whole cell."""
    short = {v for v in (*who.tokens, *who.parties) if SHORTEST_CELL <= len(v) < SHORTEST_TOKEN}
    for literal in sorted(short):
        value = value.replace(f'"{literal}"', f'"{register.pseudonym(literal)}"')
    return value


def _without(value: ir.Value, literals: Iterable[str], register: Register) -> ir.Value:
    for literal in sorted(literals, key=lambda v: (-len(v), v)):
        value = value.re_replace(f"(?i){_escaped(literal)}", register.pseudonym(literal))
    return value


def _escaped(literal: str) -> str:
    return re.escape(literal).replace("\\ ", " ").replace("\\-", "-").replace("\\@", "@")


def _note_rows(reader: Reader, table: Table, change: Change, register: Register) -> bool:
    """Put the hashes of the rows that change into the register; whether there are any."""
    rows = reader.rows(table.name)
    marked = rows.mutate(**{f"old_{c.name}": rows[c.name] for c in table.columns})
    after = change(table, marked)
    differs = ibis.or_(
        *[~after[c.name].identical_to(after[f"old_{c.name}"]) for c in table.columns]
    )
    keys = reader.fetch(after.filter(differs).select(key=f"old_{table.key}").distinct())["key"]
    known = {*register.rows.get(table.name, ()), *(register.hash(k) for k in keys.to_pylist() if k)}
    if known:
        register.rows[table.name] = sorted(known)
    return len(keys) > 0
