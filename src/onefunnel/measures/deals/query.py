"""The measure ``deals``: how deals opened within the period stand, and the four "win rates"."""

from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import (
    Collected,
    Values,
    cohort_of,
    groups,
    in_order,
    integers,
    left_out_of,
)
from onefunnel.funnel.dimensions import first_row, month_label, with_dimensions
from onefunnel.funnel.estimates import Estimate, estimate, refusal_params
from onefunnel.funnel.instants import days, in_period, literal, never, seconds_between
from onefunnel.funnel.losses import dated_events
from onefunnel.funnel.notes import note
from onefunnel.funnel.rows import Where, chosen, dimension_names, named, with_party
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import Known, attach
from onefunnel.ledger.schema import Facts
from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import Note, Question

FIGURES = ("won", "lost", "open", "opened")
STATUSES = {"won": "moved", "lost": "lost", "open": "censored"}
"""How a deal stands, and what that is in an incidence."""


def queries(facts: Facts, rules: Rules, question: Question) -> dict[str, ir.Table]:
    """The named expressions that :func:`assemble` needs the answers of."""
    base = Base(facts, rules, question)
    rows = deals(base)
    return {
        "durations": rows.group_by(*question.by, "seconds").aggregate(
            **{
                outcome: rows.count(where=rows.status == status)
                for status, outcome in STATUSES.items()
            },
            left_out=rows.count(where=rows.seconds.isnull()),
        ),
        "without_events": _without_events(base),
    }


def deals(base: Base) -> ir.Table:
    """One row per deal opened within the period, with the question's dimensions.

    Columns: deal_id, entity_code, opened_at (its first dated event), status (a deal without one is
    open), became_at (NULL if no status was ever stated), seconds from the opening to the outcome
    or, open, to ``question.now``; NULL where the first event is already won or lost: then nobody
    knows since when the deal was open.
    """
    question = base.question
    opened = _opened(base.known).filter(lambda rows: in_period(rows.opened_at, question))
    standing = base.standing.select("became_at", standing_deal="deal_id", standing="status")
    rows = attach(opened, standing, "deal_id", "standing_deal")
    rows = rows.mutate(status=rows.standing.fill_null("open"))
    until = ibis.ifelse(rows.status == "open", literal(question.now), rows.became_at)
    seconds = ibis.ifelse(
        rows.first_status.isin(["won", "lost"]).fill_null(False),
        ibis.null("int64"),
        seconds_between(rows.opened_at, until),
    )
    timed = rows.mutate(seconds=seconds).drop("first_status", "standing")
    return _with_dimensions(timed, base)


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[DealsRow, ...], tuple[Note, ...]]:
    """One row per dimension values, in order; without dimensions always one.

    Won, lost and open count all deals; incidences, interval, median and maturity leave out those
    known only by their close, and a note says how many.
    """
    parts = groups(collected["durations"], question.by)
    values = sorted(parts if question.by else [()], key=in_order)
    said = {each: estimate(cohort_of(parts.get(each)), question.horizon_days) for each in values}
    rows = tuple(_row(each, parts.get(each), said[each], question) for each in values)
    left_out = sum(left_out_of(part) for part in parts.values())
    notes = [note("deals_known_only_by_close", deals=left_out)] if left_out else []
    (counted,) = collected["without_events"].to_pylist()
    if counted["deals"]:
        notes.append(note("deals_without_events", deals=counted["deals"]))
    refusals = [each.refusal for each in said.values() if each.refusal]
    for params in refusal_params(refusals, question.horizon_days):
        notes.append(note("refused_win_incidence", **params))
    return rows, tuple(notes)


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The deals behind ``won``, ``lost`` or ``open``: as many as the figure; ``opened`` are all.

    ``where`` names dimension values. Columns: entity_code, party_id, deal_id, at (when it became
    so; open: NULL), previous_at (when it was opened), outcome, days (NULL where the opening is
    unknown).
    """
    named(figure, FIGURES, "figure")
    names = dimension_names(where, ())
    base = Base(facts, rules, replace(question, by=names))
    table = chosen(deals(base), where, names)
    kept = table if figure == "opened" else table.filter(table.status == figure)
    found = kept.select(
        "entity_code",
        "deal_id",
        at=ibis.ifelse(kept.status == "open", never(), kept.became_at),
        previous_at=kept.opened_at,
        outcome=kept.status,
        days=days(kept.seconds),
    )
    return with_party(found, base).order_by("deal_id")


def _opened(known: Known) -> ir.Table:
    """The first dated event of each deal: deal_id, entity_code, opened_at, first_status."""
    first = first_row(dated_events(known), "deal_id", "at", "deal_event_id")
    return first.select("deal_id", "entity_code", opened_at=first["at"], first_status=first.status)


def _with_dimensions(rows: ir.Table, base: Base) -> ir.Table:
    """The deal's own owner and segment, its lead's channel, campaign and page; else its entity's.

    ``cohort_month`` is that of the opening.
    """
    by = base.question.by
    names = tuple(name for name in by if name != "cohort_month")
    if names:
        rows = attach(rows, _of_entities(rows, base, names), "entity_code", "of_entity_code")
        rows = attach(rows, _of_deals(base), "deal_id", "of_deal_id")
        rows = rows.mutate(**{name: _dimension(rows, name) for name in names})
    if "cohort_month" in by:
        rows = rows.mutate(cohort_month=month_label(rows.opened_at, base.question))
    return rows.drop(*[name for name in rows.columns if name.startswith("of_")])


def _dimension(rows: ir.Table, name: str) -> ir.StringValue:
    if name in ("owner", "segment"):
        return ibis.coalesce(rows[f"of_deal_{name}"], rows[f"of_entity_{name}"])
    of_lead = rows.of_deal_lead.notnull()
    return ibis.ifelse(of_lead, rows[f"of_deal_{name}"], rows[f"of_entity_{name}"])


def _of_entities(rows: ir.Table, base: Base, names: tuple[str, ...]) -> ir.Table:
    entities = rows.select("entity_code").distinct().mutate(at_0=never())
    found = with_dimensions(entities, base.facts, base.known, base.question, names)
    return found.select(
        of_entity_code=found.entity_code, **{f"of_entity_{name}": found[name] for name in names}
    )


def _of_deals(base: Base) -> ir.Table:
    """What the deal itself and the lead it names say; of_deal_lead is NULL without such a lead."""
    lead = base.facts["lead"]
    leads = lead.select(
        of_deal_lead=lead.lead_id,
        of_deal_channel=lead.channel,
        of_deal_campaign=lead.campaign,
        of_deal_page=lead.page,
    )
    deal = base.facts["deal"]
    own = deal.select(
        of_deal_id=deal.deal_id,
        lead_id=deal.lead_id,
        of_deal_owner=deal.owner,
        of_deal_segment=deal.segment,
    )
    return own.left_join(leads, own.lead_id == leads.of_deal_lead).drop("lead_id")


def _without_events(base: Base) -> ir.Table:
    silent = base.facts["deal"].anti_join(dated_events(base.known), "deal_id")
    return silent.aggregate(deals=silent.count())


def _row(values: Values, part: Any, said: Estimate, question: Question) -> DealsRow:
    won, lost, still = (
        0 if part is None else int(integers(part[outcome]).sum()) for outcome in STATUSES.values()
    )
    closed, every = won + lost, won + lost + still
    return DealsRow(
        won=won,
        lost=lost,
        open=still,
        win_incidence=said.moved,
        win_incidence_low=said.low,
        win_incidence_high=said.high,
        lost_incidence=said.lost,
        won_of_closed=won / closed if closed else None,
        won_of_all=won / every if every else None,
        one_minus_km=said.one_minus_km,
        horizon_days=question.horizon_days,
        median_days=said.median_days,
        maturity=said.maturity,
        dimensions=dict(zip(question.by, values, strict=True)),
    )
