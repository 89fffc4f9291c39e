"""Everybody as an entity: under which names, how far they came, what they brought."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.progress import with_losses
from onefunnel.ledger.schema import Facts

NAMED = ("name", "email", "phone", "domain")
STATUSES = ("open", "won", "lost")


def members(facts: Facts) -> ir.Table:
    """Which entity each party is: party_id, entity_code, in order of the party."""
    return facts["entity"].select("party_id", "entity_code").order_by("party_id")


def contacts(facts: Facts) -> ir.Table:
    """What is known of every party, and their other addresses, in order of the entity.

    Columns: entity_code, party_id, kind (NULL where the party has no record of its own), name,
    email, phone, domain, organisation, country, segment. Another e-mail address or telephone
    number is a row with only that.
    """
    entity, party = facts["entity"], facts["party"]
    firms = party.select(firm_id=party.party_id, organisation=party.name)
    own = party.left_join(firms, party.organisation_id == firms.firm_id).select(
        known_id=party.party_id,
        **{name: party[name] for name in ("kind", *NAMED)},
        organisation=firms.organisation,
        country=party.country,
        segment=party.segment,
    )
    joined = entity.left_join(own, entity.party_id == own.known_id).drop("known_id")
    known = joined.relocate("entity_code")
    aliases = facts["alias"]
    other = aliases.filter(aliases.kind.isin(("email", "phone")), aliases.value.notnull())
    more = entity.inner_join(other.rename(alias_kind="kind"), "party_id")
    columns = known.columns
    given = {
        "entity_code": more.entity_code,
        "party_id": more.party_id,
        "email": ibis.ifelse(more.alias_kind == "email", more.value, ibis.null("string")),
        "phone": ibis.ifelse(more.alias_kind == "phone", more.value, ibis.null("string")),
    }
    others = more.select(**{name: given.get(name, ibis.null("string")) for name in columns})
    order = ("entity_code", "party_id", "name", "email", "phone")
    return ibis.union(known, others).order_by(*order)


def entities(entries: ir.Table, losses: ir.Table, brought: ir.Table, deals: ir.Table) -> ir.Table:
    """How far everybody came who entered a stage, in order of the entity.

    Columns: entity_code; own_k, at_k, loss_at, loss_reason, loss_source as in
    :mod:`onefunnel.funnel.progress`; revenue and contribution, sums of what is known, with
    lines, priced and told, how many lines there are and of how many each is known; deals by how
    they stand: open_deals, won_deals, lost_deals.
    """
    worth = brought.group_by("entity_code").aggregate(
        revenue=brought.amount.sum(),
        contribution=brought.contribution.sum(),
        lines=brought.count(),
        priced=brought.amount.count(),
        told=brought.contribution.count(),
    )
    stand = deals.group_by("entity_code").aggregate(
        **{f"{each}_deals": deals.count(where=deals.status == each) for each in STATUSES}
    )
    rows = with_losses(entries, losses)
    rows = rows.left_join(worth.rename(worth_code="entity_code"), [("entity_code", "worth_code")])
    rows = rows.left_join(stand.rename(deal_code="entity_code"), [("entity_code", "deal_code")])
    return rows.drop("worth_code", "deal_code").order_by("entity_code")


def names(facts: Facts) -> ir.Table:
    """The entities that have a name, an address or a number.

    Columns: entity_code, party_id (the smallest that says any of these), name (the first in the
    alphabet, else an e-mail address), organisation, emails (apart by spaces), phones (by line
    ends), domains.
    """
    rows = contacts(facts)
    told = rows.filter(ibis.or_(*[rows[name].notnull() for name in NAMED]))
    return told.group_by("entity_code").aggregate(
        party_id=told.party_id.min(),
        name=ibis.coalesce(told.name.min(), told.email.min()),
        organisation=told.organisation.min(),
        emails=told.email.group_concat(" "),
        phones=told.phone.group_concat("\n"),
        domains=told.domain.group_concat(" "),
    )
