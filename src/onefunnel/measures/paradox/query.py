"""The measure ``paradox`` over the ledger: targets, what the departments reached, and the leads."""

from dataclasses import replace

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import party_segments
from onefunnel.funnel.instants import literal
from onefunnel.funnel.rows import Where, named
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import attach
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.incentives import query as incentives
from onefunnel.measures.incentives.leads import UNKNOWN, dated, handed_over, of_leads
from onefunnel.measures.incentives.wins import sold
from onefunnel.measures.periods import MOMENT, Period, asked_period, period_before, whole_months
from onefunnel.vocabulary import Question, Terms
from onefunnel.vocabulary.terms import INCENTIVES

LEFT = "left"
FIGURES = (LEFT, *incentives.FIGURES)


def within(question: Question) -> Question:
    """The question about its period, without pay: what could be reached does not depend on it.

    Where it names no period, that is the last month that was over.
    """
    period = asked_period(question)
    typed = tuple(each for each in question.terms.files if each[0] == INCENTIVES)
    return replace(question, start=period.start, end=period.end, terms=Terms(typed))


def month_of(question: Question) -> str | None:
    """The label of the month that is asked for; None where the period is no whole month.

    >>> from datetime import UTC, datetime
    >>> may, june = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
    >>> month_of(Question(now=june, start=may, end=june))
    '2024-05'
    """
    period = asked_period(question)
    months = whole_months(period, question.calendar)
    if len(months) != 1 or (months[0].start, months[0].end) != (period.start, period.end):
        return None
    return months[0].label


def pace(question: Question) -> float:
    """The days of the period that have begun by now, divided by those of the period before.

    >>> from datetime import UTC, datetime
    >>> february, march = datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
    >>> round(pace(Question(now=march, start=february, end=march)) * 31)
    29
    """
    asked, calendar = asked_period(question), question.calendar
    before = period_before(asked, calendar)
    first, start = (calendar.local_day(each.start) for each in (before, asked))
    last = calendar.local_day(min(asked.end, question.now) - MOMENT)
    return max((last - start).days + 1, 0) / (start - first).days


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The named expressions that :func:`onefunnel.measures.paradox.assemble.assemble` needs.

    Beside those of ``incentives``: ``targets`` of the month, the leads that ``came``, what was
    ``achieved`` by segment, how many ``buyers`` there were, and the leads of the month ``before``.
    """
    question = within(question)
    base, asked = Base(facts, rules, question), asked_period(question)
    return incentives.queries(facts, rules, question) | {
        "targets": lambda: targets(base.facts, month_of(question)),
        "came": lambda: came(base, asked),
        "achieved": lambda: achieved(base, asked),
        "buyers": lambda: buyers(base, asked),
        "before": lambda: worked(base, period_before(asked, question.calendar)),
    }


def targets(facts: Facts, month: str | None) -> ir.Table:
    """The targets of a month: target_id, department, measure, value; none without a month."""
    rows = facts["target"]
    chosen = rows.filter(rows.period == ibis.literal(month or "", type="string"))
    return chosen.select("target_id", "department", "measure", "value")


def achieved(base: Base, period: Period) -> ir.Table:
    """What was sold in a period, by segment.

    Columns: segment, that of the lead which a line goes to, else the buyer's, else ``unknown``;
    revenue and contribution, the sums of what is known; ``unpriced`` lines and those of unknown
    contribution, ``uncosted``; customers.
    """
    lines = sold(base)
    lines = lines.filter(
        lines["at"] >= literal(period.start), lines["at"] < literal(period.end)
    ).select("entity_code", "deal_id", "kind", "line_id", "at", "amount", "contribution")
    led = of_leads(lines, base).select("kind", "line_id", led_by="lead_id")
    led = attach(led, dated(base).select("segment", of_lead="lead_id"), "led_by", "of_lead")
    led = led.select(led_kind="kind", led_line="line_id", led_segment="segment")
    rows = lines.left_join(led, [lines.kind == led.led_kind, lines.line_id == led.led_line])
    rows = attach(rows, party_segments(base.facts), "entity_code", "segment_code")
    segment = ibis.coalesce(rows.led_segment, rows.party_segment, ibis.literal(UNKNOWN))
    rows = rows.mutate(segment=segment)
    return rows.group_by("segment").aggregate(
        revenue=rows.amount.sum(),
        contribution=rows.contribution.sum(),
        unpriced=rows.count(where=rows.amount.isnull()),
        uncosted=rows.count(where=rows.contribution.isnull()),
        customers=rows.entity_code.nunique(),
    )


def buyers(base: Base, period: Period) -> ir.Table:
    """One row: the customers with a line in a period, each once whatever the segments."""
    rows = base.lines
    rows = rows.filter(rows["at"] >= literal(period.start), rows["at"] < literal(period.end))
    return rows.aggregate(customers=rows.entity_code.nunique())


def came(base: Base, period: Period) -> ir.Table:
    """The leads that marketing won in a period, whether sales got them or not: segment, leads."""
    rows = _within(dated(base), period)
    return rows.group_by("segment").aggregate(leads=rows.count())


def worked(base: Base, period: Period) -> ir.Table:
    """The leads that sales got in a period and those worked, by segment: segment, leads, worked."""
    rows = _within(handed_over(base), period)
    return rows.group_by("segment").aggregate(leads=rows.count(), worked=rows.worked.sum())


def _within(rows: ir.Table, period: Period) -> ir.Table:
    return rows.filter(rows["at"] >= literal(period.start), rows["at"] < literal(period.end))


def rows(facts: Facts, rules: Rules, question: Question, figure: str, where: Where) -> ir.Table:
    """The leads of the period that nobody worked (``left``), or those of ``incentives``."""
    named(figure, FIGURES, "figure")
    found = incentives.rows(
        facts, rules, within(question), "leads" if figure == LEFT else figure, where
    )
    return found.filter(~found.worked) if figure == LEFT else found
