"""The entity of each fact row that can move somebody through the funnel."""

from collections.abc import Mapping
from typing import TypeAlias

import ibis.expr.types as ir

from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.rules import Rules
from onefunnel.identity.subjects import subjects
from onefunnel.ledger.schema import TABLES, Facts

Known: TypeAlias = Mapping[str, ir.Table]
"""A table expression per name: its rows with ``entity_code`` and, if it has an instant, ``at``."""

USED = {
    "touch": ("touch_id", "party_id", "occurred_at", "kind", "channel", "campaign", "page"),
    "lead": ("lead_id", "party_id", "created_at", "channel", "campaign", "page", "segment"),
    "handoff": (
        "handoff_id",
        "lead_id",
        "occurred_at",
        "kind",
        "actor",
        "reason",
        "reason_source",
    ),
    "deal": ("deal_id", "party_id", "lead_id", "owner", "segment"),
    "deal_event": (
        "deal_event_id",
        "deal_id",
        "occurred_at",
        "status",
        "amount",
        "currency",
        "lost_reason",
        "lost_reason_source",
    ),
    "order_line": (
        "order_line_id",
        "order_id",
        "party_id",
        "deal_id",
        "ordered_at",
        "quantity",
        "net_price",
        "unit_cost",
        "currency",
    ),
    "advocacy": ("advocacy_id", "party_id", "occurred_at"),
}
"""The columns that the funnel reads whatever the rules are."""


def known_rows(facts: Facts, rules: Rules) -> Known:
    """The rows of the tables in ``USED``, with their entities.

    Each has the columns that the funnel and these rules read, ``entity_code`` (int64) and ``at``,
    its instant (may be NULL; a deal has none). Rows without a subject are left out; see
    :func:`onefunnel.identity.subjects.subjects`.
    """
    rows = rows_with_subjects(facts, rules)
    return {name: with_entity(name, rows[name], facts["entity"]) for name in USED}


def rows_with_subjects(facts: Facts, rules: Rules) -> dict[str, ir.Table]:
    """The rows of the tables in ``USED``: the columns that are read, and ``subject``."""
    # Columns that nobody reads would stand in every step of every query.
    read = {name: facts[name].select(*columns_read(name, rules)) for name in USED}
    return subjects(read)


def columns_read(fact: str, rules: Rules) -> list[str]:
    """The columns of a table that the funnel and these rules read."""
    columns = dict.fromkeys(USED[fact])
    for stage in rules.stages:
        for rule in stage.rules:
            if rule.fact == fact:
                columns.update(dict.fromkeys(rule.columns))
    return list(columns)


def attach(rows: ir.Table, lookup: ir.Table, key: str, lookup_key: str) -> ir.Table:
    """Left join ``lookup`` (one row per key, its column names not in ``rows``); its key is dropped.

    Rows whose key is NULL or not found get NULLs.
    """
    return rows.left_join(lookup, rows[key] == lookup[lookup_key]).drop(lookup_key)


def with_entity(name: str, rows: ir.Table, entity: ir.Table) -> ir.Table:
    """Rows of a table with their subject's ``entity_code``, and ``at``; see ``known_rows``."""
    lookup = entity.select(subject_party=entity.party_id, entity_code=entity.entity_code)
    joined = rows.inner_join(lookup, rows.subject == lookup.subject_party)
    instant = TABLES[name].instant
    # Engines report instants with different precisions; all are microseconds.
    named = joined.mutate(at=joined[instant].cast(INSTANT)) if instant else joined
    return named.drop("subject", "subject_party")
