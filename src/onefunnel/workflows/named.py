"""Whom the rows behind a figure are about, as a person knows them."""

import ibis.expr.types as ir

from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts

KEYS = (
    ("line_id", ("kind", "line_id")),
    ("deal_id", ("deal_id",)),
    ("lead_id", ("lead_id",)),
)
"""A column that only some rows have, and the columns that such rows are ordered by."""


def with_names(rows: ir.Table, facts: Facts) -> ir.Table:
    """``rows`` (with entity_code) with ``name``, and ``party_id`` where they have none, in order.

    The name is one of the entity's parties, else an e-mail address of one, else NULL; ``party_id``
    is the smallest. Where several are on record the first in the alphabet is taken, so that the
    name does not depend on the order of imports. Rows that are about nobody stay as they are.
    """
    if "entity_code" not in rows.columns:
        return rows
    known = rows if "party_id" in rows.columns else _with_party(rows, facts)
    found = attach(known, _names(facts), "entity_code", "named_code")
    rest = [each for each in rows.columns if each not in ("entity_code", "party_id")]
    key = next((key for column, key in KEYS if column in rows.columns), ("entity_code",))
    return found.select("entity_code", "party_id", "name", *rest).order_by(*key)


def _with_party(rows: ir.Table, facts: Facts) -> ir.Table:
    entity = facts["entity"]
    first = entity.group_by("entity_code").aggregate(party_id=entity.party_id.min())
    return attach(rows, first.rename(party_code="entity_code"), "entity_code", "party_code")


def _names(facts: Facts) -> ir.Table:
    """named_code and name of each entity that has one."""
    entity = facts["entity"].select("party_id", "entity_code")
    party = facts["party"]
    said = party.filter(party.name.notnull() | party.email.notnull())
    each = entity.inner_join(said.select("party_id", "name", "email"), "party_id")
    named = each.group_by("entity_code").aggregate(name=each.name.min(), email=each.email.min())
    return named.select(named_code=named.entity_code, name=named.name.coalesce(named.email))
