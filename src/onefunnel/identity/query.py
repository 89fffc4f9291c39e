"""What identity is resolved from, as expressions: run them on any engine, hand the answers on."""

import ibis.expr.types as ir

from onefunnel.identity.subjects import all_subjects
from onefunnel.ledger.schema import Facts


def identifiers(facts: Facts) -> dict[str, ir.Table]:
    """The four tables that :func:`onefunnel.identity.resolve` and ``organisations`` read.

    ``parties`` (party_id, kind, organisation_id, name, email, phone, domain), ``aliases`` and
    ``unlinks`` (party_id, kind, value; distinct, without NULL), ``subjects`` (party_id; distinct,
    in order). Values are as the ledger holds them: they are normalised once, in one place, since
    engines lower and trim letters beyond ASCII each in their own way.

    >>> import ibis
    >>> from onefunnel.ledger.schema import TABLES
    >>> facts = {name: ibis.table(each.ibis_schema, name=name) for name, each in TABLES.items()}
    >>> {name: rows.columns for name, rows in identifiers(facts).items()}["aliases"]
    ('party_id', 'kind', 'value')
    """
    columns = ("party_id", "kind", "organisation_id", "name", "email", "phone", "domain")
    return {
        "parties": facts["party"].select(*columns),
        "aliases": _names(facts["alias"]),
        "unlinks": _names(facts["unlink"]),
        "subjects": all_subjects(facts),
    }


def _names(rows: ir.Table) -> ir.Table:
    known = rows.filter(rows.party_id.notnull(), rows.kind.notnull(), rows.value.notnull())
    return known.select("party_id", "kind", "value").distinct()
