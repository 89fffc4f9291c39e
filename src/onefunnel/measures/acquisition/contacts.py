"""Marketing's touches and the leads of a period, with their own dimensions. Expressions only."""

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.contacts import is_contact
from onefunnel.funnel.dimensions import month_label, party_segments
from onefunnel.funnel.instants import INSTANT, in_period
from onefunnel.funnel.subjects import attach
from onefunnel.vocabulary import Department, Question

COLUMNS = ("channel", "campaign", "page", "segment")
"""The dimensions that a touch, a lead or a row of spend names itself."""

ANSWERS = ("accepted", "rejected")
"""The steps of a hand-off by which sales answers for a lead."""


def touches(base: Base, segmented: bool = True) -> ir.Table:
    """The touches of the period that are marketing's, or of no named department.

    Columns: touch_id, party_id, at, kind, channel, campaign, page, segment (of the party's entity;
    NULL unless ``segmented``), cohort_month (see :func:`asked_month`), unassigned (1: of no named
    department). Touches of unknown visitors are among them; what people say of how they heard of
    the company is not.
    """
    rows = base.facts["touch"]
    ours = rows.department.isnull() | (rows.department == Department.MARKETING.value)
    rows = rows.filter(ours, is_contact(rows)).mutate(at=rows.occurred_at.cast(INSTANT))
    rows = rows.filter(in_period(rows["at"], base.question))
    if segmented:
        rows = attach(rows, _segments_of_parties(base), "party_id", "of_party")
    return rows.select(
        *("touch_id", "party_id", "at", "kind", "channel", "campaign", "page"),
        segment=rows.party_segment if segmented else ibis.null("string"),
        cohort_month=asked_month(rows["at"], base.question),
        unassigned=_mark(rows.department.isnull()),
    )


def leads(base: Base, segmented: bool = True) -> ir.Table:
    """The leads of the period.

    Columns: lead_id, entity_code, at, channel, campaign, page, segment (its own, else its party's;
    its own unless ``segmented``), cohort_month.
    """
    rows = base.known["lead"]
    rows = rows.filter(in_period(rows["at"], base.question))
    if segmented:
        rows = attach(rows, party_segments(base.facts), "entity_code", "segment_code")
    return rows.select(
        *("lead_id", "entity_code", "at", "channel", "campaign", "page"),
        segment=ibis.coalesce(rows.segment, rows.party_segment) if segmented else rows.segment,
        cohort_month=asked_month(rows["at"], base.question),
    )


def answered(base: Base, segmented: bool = True) -> ir.Table:
    """The same with how sales answered last: ``answer``, ``accepted``, ``rejected`` or NULL.

    ``reason`` is that of the rejection, NULL where none is given.
    """
    return attach(leads(base, segmented), _last_answers(base), "lead_id", "answered_lead")


def worked(base: Base, segmented: bool = True) -> ir.Table:
    """The same leads with the minutes on record for work on them: NULL or 0 where there are none.

    Those of their hand-offs; where they say none, those of the activities of sales on them.
    """
    handoff, activity = base.facts["handoff"], base.facts["activity"]
    steps = handoff.group_by(of_lead="lead_id").aggregate(handed=handoff.minutes.sum())
    about = activity.filter(
        activity.subject_kind == "lead", activity.department == Department.SALES.value
    )
    done = about.group_by(of_lead="subject_id").aggregate(done=about.minutes.sum())
    rows = attach(
        attach(leads(base, segmented), steps, "lead_id", "of_lead"), done, "lead_id", "of_lead"
    )
    minutes = ibis.ifelse(rows.handed > 0, rows.handed, rows.done)
    return rows.mutate(minutes=minutes).drop("handed", "done")


def asked_month(instant: ir.TimestampValue, question: Question) -> ir.StringValue:
    """The label of the month of an instant where it is asked for, else NULL."""
    asked = "cohort_month" in question.by
    return month_label(instant, question) if asked else ibis.null("string")


def _segments_of_parties(base: Base) -> ir.Table:
    """The segment of each party's entity, where it has one: of_party, party_segment."""
    entity, segments = base.facts["entity"], party_segments(base.facts)
    found = entity.inner_join(segments, entity.entity_code == segments.segment_code)
    return found.select(of_party=found.party_id, party_segment=found.party_segment)


def _last_answers(base: Base) -> ir.Table:
    """The last step by which sales answered for each lead: answered_lead, answer, reason."""
    handoff = base.facts["handoff"]
    steps = handoff.filter(handoff.kind.isin(ANSWERS), handoff.lead_id.notnull())
    at = steps.occurred_at.cast(INSTANT)
    steps = steps.mutate(at=at, dated=_mark(at.notnull()))
    order = ibis.window(
        group_by=steps.lead_id,
        order_by=[steps.dated.desc(), steps["at"].desc(), steps.handoff_id.desc()],
    )
    ranked = steps.mutate(back=ibis.row_number().over(order))
    last = ranked.filter(ranked.back == 0)
    rejected = last.kind == "rejected"
    return last.select(
        answered_lead=last.lead_id,
        answer=last.kind,
        reason=ibis.ifelse(rejected, last.reason, ibis.null("string")),
    )


def _mark(condition: ir.BooleanValue) -> ir.IntegerValue:
    """1 where it is so, else 0."""
    return condition.ifelse(ibis.literal(1, type="int64"), ibis.literal(0, type="int64"))
