"""The subject of each fact: the party it is about, or a stand-in where no party is named.

A stand-in is named after the record, such as ``lead:17``, so that a lead nobody tied to a person
is counted as one buyer, and what hangs on it (hand-offs, deals, orders) is counted with it.

Expressions only, the same on DuckDB, PostgreSQL and Spark.
"""

import ibis
import ibis.expr.types as ir

from onefunnel.ledger.schema import Facts

_KEYS = {"lead": "lead_id", "deal": "deal_id"}

_OWN_PARTY = ("touch", "advocacy")
"""The tables whose rows are about their ``party_id``, and about nobody where it is unknown."""


def subjects(facts: Facts) -> dict[str, ir.Table]:
    """The rows of each fact about a buyer, with a column ``subject`` (text, never NULL) added.

    =============  ================================================================
    touch          party_id; rows of unknown visitors are left out
    lead           party_id, else ``lead:`` and its key
    handoff        the subject of its lead; rows without lead_id are left out
    deal           party_id, else the subject of its lead, else ``deal:`` and its key
    deal_event     the subject of its deal; rows without deal_id are left out
    commitment     the same
    quote          party_id, else the subject of its deal, else ``quote:`` and its key
    order_line     party_id, else the subject of its deal, else ``order:`` and order_id,
                   else ``order_line:`` and its key
    advocacy       party_id; rows without are left out
    =============  ================================================================

    A lead or deal that is named but missing has the subject ``lead:`` or ``deal:`` and that name,
    so that all that names it stays together. No row is repeated. ``facts`` must hold ``lead`` and
    ``deal``; of the others, those it does not hold are left out.

    >>> import ibis
    >>> from onefunnel.ledger.schema import TABLES
    >>> facts = {name: ibis.table(each.ibis_schema, name=name) for name, each in TABLES.items()}
    >>> subjects(facts)["handoff"].columns[-1]
    'subject'
    """
    lead = _with_subject(facts["lead"], "lead_id", "lead:")
    deal = _with_parent(facts["deal"], "lead", lead, "party_id", ("deal_id", "deal:"))
    built = {"lead": lead, "deal": deal}
    for name in _OWN_PARTY:
        if name in facts:
            built[name] = facts[name].mutate(subject=facts[name].party_id)
    if "handoff" in facts:
        built["handoff"] = _with_parent(facts["handoff"], "lead", lead)
    for name in ("deal_event", "commitment"):
        if name in facts:
            built[name] = _with_parent(facts[name], "deal", deal)
    if "quote" in facts:
        stand_in = ("quote_id", "quote:")
        built["quote"] = _with_parent(facts["quote"], "deal", deal, "party_id", stand_in)
    if "order_line" in facts:
        stand_ins = (("order_id", "order:"), ("order_line_id", "order_line:"))
        built["order_line"] = _with_parent(
            facts["order_line"], "deal", deal, "party_id", *stand_ins
        )
    return {name: rows.filter(rows.subject.notnull()) for name, rows in built.items()}


def all_subjects(facts: Facts) -> ir.Table:
    """Every subject once, one column ``party_id``, in order: those of facts, parties and aliases.

    Whom somebody referred is a subject too. The order is that of code points where the engine
    compares text by bytes; whoever relies on it checks it.

    >>> import ibis
    >>> from onefunnel.ledger.schema import TABLES
    >>> facts = {name: ibis.table(each.ibis_schema, name=name) for name, each in TABLES.items()}
    >>> all_subjects(facts).columns
    ('party_id',)
    """
    parts = [rows.subject for rows in subjects(facts).values()]
    if "advocacy" in facts:
        parts.append(facts["advocacy"].referred_party_id)
    parts += [facts[name].party_id for name in ("party", "alias") if name in facts]
    # Distinct per table first: the union then moves parties, not touches.
    tables = [part.name("party_id").as_table().distinct() for part in parts]
    every = ibis.union(*tables, distinct=True)
    return every.filter(every.party_id.notnull()).order_by("party_id")


def _with_subject(rows: ir.Table, key: str, prefix: str) -> ir.Table:
    return rows.mutate(subject=ibis.coalesce(rows.party_id, _stand_in(rows, key, prefix)))


def _with_parent(
    rows: ir.Table,
    parent: str,
    parents: ir.Table,
    own: str | None = None,
    *stand_ins: tuple[str, str],
) -> ir.Table:
    """``rows`` with the first known of: its own party, its parent's subject, its stand-ins."""
    key = _KEYS[parent]
    known = parents.select(parent_key=parents[key], parent_subject=parents.subject)
    joined = rows.left_join(known, rows[key] == known.parent_key)
    choices = [joined[own]] if own else []
    choices += [joined.parent_subject, _stand_in(joined, key, f"{parent}:")]
    choices += [_stand_in(joined, column, prefix) for column, prefix in stand_ins]
    subject = ibis.coalesce(*choices)
    return joined.mutate(subject=subject).drop("parent_key", "parent_subject")


def _stand_in(rows: ir.Table, column: str, prefix: str) -> ir.StringValue:
    """The prefix and the column; NULL where the column is NULL.

    Said outright, since engines differ in what joining a text with NULL gives.
    """
    value = rows[column]
    return ibis.ifelse(value.isnull(), ibis.null("string"), ibis.literal(prefix) + value)
