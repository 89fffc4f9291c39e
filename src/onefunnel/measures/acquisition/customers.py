"""Who came in a period and has bought by now, and what they brought. Expressions only."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import origins, party_segments
from onefunnel.funnel.instants import in_period, literal, never, seconds_between
from onefunnel.funnel.matching import slot
from onefunnel.funnel.progress import at, observed
from onefunnel.funnel.query import without_contribution
from onefunnel.funnel.subjects import attach
from onefunnel.measures.acquisition.contacts import COLUMNS, asked_month, leads
from onefunnel.vocabulary import Stage

OUTCOMES = ("moved", "lost", "censored", "left_out", "earlier")
"""How a buyer's first lead ended; ``earlier``: they had bought before it."""


def customers(base: Base, segmented: bool = True) -> ir.Table:
    """The entities that came in the period and have bought by now.

    Columns: entity_code, at (when they came), bought_at, again_at (their own entry into loyalty, or
    NULL), and of their origin channel, campaign, page, segment (of the lead, else of the party; of
    the lead unless ``segmented``) and cohort_month. Who has neither lead nor touch came with the
    first entry into any stage, and is of unknown origin.
    """
    entries = base.entries
    buyers = entries.filter(entries[at(Stage.PURCHASE)].notnull()).select(
        "entity_code",
        first_at=at(Stage.CUSTOMER_AWARENESS),
        bought_at=at(Stage.PURCHASE),
        again_at=slot(Stage.CUSTOMER_LOYALTY),
    )
    rows = attach(buyers, _origins_of(buyers, base), "entity_code", "origin_code")
    if segmented:
        rows = attach(rows, party_segments(base.facts), "entity_code", "segment_code")
    of_lead = rows.origin_segment
    came = ibis.coalesce(rows.origin_at, rows.first_at)
    rows = rows.mutate(
        at=came,
        segment=ibis.coalesce(of_lead, rows.party_segment) if segmented else of_lead,
        cohort_month=asked_month(came, base.question),
        **{name: rows[f"origin_{name}"] for name in COLUMNS if name != "segment"},
    )
    kept = rows.filter(in_period(rows["at"], base.question))
    columns = ("entity_code", "at", "bought_at", "again_at", *COLUMNS, "cohort_month")
    return kept.select(*columns)


def lines(base: Base, segmented: bool = True) -> ir.Table:
    """The revenue lines of these customers, with their dimensions and ``again_at``."""
    whose = customers(base, segmented).drop("at", "bought_at").rename(line_entity="entity_code")
    joined = base.lines.inner_join(whose, base.lines.entity_code == whose.line_entity)
    return joined.drop("line_entity")


def repeated(rows: ir.Table) -> ir.BooleanValue:
    """Whether a line came with or after its buyer's own entry into loyalty; never NULL."""
    return (rows["at"] >= rows.again_at).fill_null(False)


def money(base: Base) -> ir.Table:
    """By the question's dimensions the sums over these lines, and how many of them are known.

    revenue, contribution, repeated (contribution of repeated lines); lines, priced, told, unknown;
    repeat_lines and repeat_told.
    """
    rows = lines(base, "segment" in base.question.by)
    again, told = repeated(rows), rows.contribution.notnull()
    return rows.aggregate(
        by=list(base.question.by),
        revenue=rows.amount.sum(),
        contribution=rows.contribution.sum(),
        repeated=rows.contribution.sum(where=again),
        lines=rows.count(),
        priced=rows.count(where=rows.amount.notnull()),
        told=rows.count(where=told),
        unknown=rows.count(where=without_contribution(rows)),
        repeat_lines=rows.count(where=again),
        repeat_told=rows.count(where=again & told),
    )


def durations(base: Base) -> ir.Table:
    """By the question's dimensions and seconds, how buyers with a lead went on from the first one.

    A buyer counts once for each combination of dimension values. Counts of :data:`OUTCOMES`; the
    seconds of those left out, and of those who had bought earlier, are NULL.
    """
    by, every = base.question.by, leads(base, "segment" in base.question.by)
    firsts = every.group_by("entity_code", *by).aggregate(since=every["at"].min())
    bought, progress = at(Stage.PURCHASE), base.progress
    ends = progress.select(
        ended_code="entity_code",
        bought_at=bought,
        bought_seen=observed(progress, Stage.PURCHASE),
        loss_at="loss_at",
    )
    rows = attach(firsts, ends, "entity_code", "ended_code")
    outcome = ibis.cases(
        ((rows.bought_at < rows.since).fill_null(False), "earlier"),
        (rows.bought_seen.fill_null(False), "moved"),
        (rows.bought_at.notnull(), "left_out"),
        ((rows.loss_at >= rows.since).fill_null(False), "lost"),
        else_="censored",
    )
    rows = rows.mutate(outcome=outcome)
    until = ibis.cases(
        (rows.outcome == "moved", rows.bought_at),
        (rows.outcome == "lost", rows.loss_at),
        (rows.outcome == "censored", literal(base.question.now)),
        else_=never(),
    )
    rows = rows.mutate(seconds=seconds_between(rows.since, until))
    return rows.group_by(*by, "seconds").aggregate(
        **{name: rows.count(where=rows.outcome == name) for name in OUTCOMES}
    )


def _origins_of(buyers: ir.Table, base: Base) -> ir.Table:
    """The origins of these entities only: most who ever touched the company never buy."""
    who = buyers.select(buyer_code="entity_code")
    known = {
        name: base.known[name]
        .inner_join(who, base.known[name].entity_code == who.buyer_code)
        .drop("buyer_code")
        for name in ("lead", "touch")
    }
    return origins(known)
