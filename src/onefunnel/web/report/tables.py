"""The sections beneath the funnel: leaks, deals, lost reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from onefunnel.funnel.result import LeakRow, LostReasonRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import REASON_SOURCES
from onefunnel.web.report.around import PLAIN, Around, Text, Where
from onefunnel.web.report.cells import Cell, Mark, amount, dimension_value, mark
from onefunnel.web.report.model import Report
from onefunnel.web.report.notes import refusing
from onefunnel.web.report.stages import refused_cell, share_cell

REASONS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LeakView:
    """A leak: where, why, whose, and what it costs; ``meter`` is its share of the dearest.

    ``rows`` is the way to those who left, empty where there is none.
    """

    title: Markup
    why: Markup
    owner: Mark
    worth: Cell
    cost: Cell
    meter: float
    rows: Text = ""


def leak_views(report: Report, words: Words, around: Around = PLAIN) -> tuple[LeakView, ...]:
    """The leaks in the order of the answer, those through which nobody left left out."""
    rows = [row for row in report.leaks.rows if row.left]
    largest = max((_weight(row, rows) for row in rows), default=0.0) or 1.0
    return tuple(_leak(row, 100 * _weight(row, rows) / largest, words, around) for row in rows)


def _weight(row: LeakRow, rows: Sequence[LeakRow]) -> float:
    """By money where any is known, else by number."""
    if any(each.amount is not None for each in rows):
        return max(float(row.amount or 0), 0.0)
    return float(row.left)


def _leak(row: LeakRow, meter: float, words: Words, around: Around) -> LeakView:
    title = words.say("After {stage}", stage=words.stage_within(row.stage))
    if row.dimensions:
        title += Markup(" · ") + dimension_value(row.dimensions, words)
    where = {"stage": row.stage.value, **row.dimensions}
    lost: Text = words.count("{n} lost", "{n} lost", row.lost)
    stalled: Text = words.count(
        "{n} without a next stage in {days}",
        "{n} without a next stage in {days}",
        row.stalled,
        days=words.figures.days(row.horizon_days),
    )
    lost = around.rows(lost, "leaks", "lost", where) if row.lost else lost
    stalled = around.rows(stalled, "leaks", "stalled", where) if row.stalled else stalled
    left = words.count("{n} went no further", "{n} went no further", row.left)
    why = words.say("{left}: {lost}, {stalled}", left=left, lost=lost, stalled=stalled)
    worth = amount(words.say("Worth of an entry"), row.value_per_entry, words)
    cost = amount(words.say("Cost"), row.amount, words)
    rows: Text = ""
    if around.opens:
        rows = around.rows(words.count("{n} row", "{n} rows", row.left), "leaks", "left", where)
    return LeakView(title, why, mark(row.owner, words), worth, cost, meter, rows)


@dataclass(frozen=True, slots=True)
class RateView:
    """One of the four win rates, and why it differs from the others."""

    cell: Cell
    why: Markup


@dataclass(frozen=True, slots=True)
class DealsView:
    """The deals of one row of the answer, ``name`` empty for all deals together."""

    name: Markup
    parts: tuple[tuple[str, int, Text], ...]
    rates: tuple[RateView, ...]
    context: Markup


def deals_views(report: Report, words: Words, around: Around = PLAIN) -> tuple[DealsView, ...]:
    """The deals; nothing where no deal was opened in the period."""
    rows = [row for row in report.deals.rows if row.won + row.lost + row.open]
    return tuple(_deals(row, report, words, around) for row in rows)


def _deals(row: DealsRow, report: Report, words: Words, around: Around) -> DealsView:
    counted: tuple[tuple[str, int, Text], ...] = (
        ("won", row.won, words.count("{n} won", "{n} won", row.won)),
        ("lost", row.lost, words.count("{n} lost", "{n} lost", row.lost)),
        ("open", row.open, words.count("{n} open", "{n} open", row.open)),
    )
    parts = tuple(
        (name, number, around.rows(text, "deals", name, row.dimensions) if number else text)
        for name, number, text in counted
    )
    facts = []
    if row.median_days is not None:
        days = words.figures.days(row.median_days)
        facts.append(words.say("Half are won within {days}.", days=days))
    if row.maturity is not None:
        share = words.figures.share(row.maturity)
        facts.append(words.say("The outcome of {share} is known.", share=share))
    name = dimension_value(row.dimensions, words)
    return DealsView(name, parts, _rates(row, report, words, around), Markup(" ").join(facts))


def _rates(row: DealsRow, report: Report, words: Words, around: Around) -> tuple[RateView, ...]:
    days = words.figures.days(row.horizon_days)
    refused = refusing(report.deals.notes, "refused_win_incidence", dimensions=row.dimensions)

    def given(label: Markup, share: float | None, cell: Cell) -> Cell:
        """The cell, or why there is no figure for it."""
        if share is None and refused is not None:
            return refused_cell(label, refused, words, around)
        return cell

    bounds = (row.win_incidence_low, row.win_incidence_high)
    within = words.say("Won within {days}", days=days)
    km = words.say("One minus Kaplan–Meier")

    def rate(cell: Cell, why: Markup) -> RateView:
        """The rate; its figure opens the deals that it is of."""
        if cell.quiet:
            return RateView(cell, why)
        shown = around.rows(cell.value, "deals", "opened", row.dimensions)
        return RateView(replace(cell, value=shown), why)

    return (
        rate(
            given(within, row.win_incidence, _rate(within, row.win_incidence, words, bounds)),
            words.say("Counts each open deal for as long as it was watched. Rely on this one."),
        ),
        rate(
            _rate(words.say("Won of closed"), row.won_of_closed, words),
            words.say("Leaves open deals out, so it favours whichever outcome comes sooner."),
        ),
        rate(
            _rate(words.say("Won of all"), row.won_of_all, words),
            words.say("Counts open deals as not won, so it is too low while any are open."),
        ),
        rate(
            given(km, row.one_minus_km, _rate(km, row.one_minus_km, words)),
            words.say("Treats lost deals as if they might still be won, so it is too high."),
        ),
    )


def _rate(
    label: Markup,
    share: float | None,
    words: Words,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Cell:
    if share is not None:
        return share_cell(label, share, bounds, words)
    return Cell(label, words.say("unknown"), quiet=True)


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A lost reason; ``reason`` and ``source`` are empty where they are unknown."""

    reason: str
    source: Markup
    stage: Markup
    lost: Text
    share: str
    meter: float


def reason_views(report: Report, words: Words, around: Around = PLAIN) -> tuple[ReasonView, ...]:
    """The most frequent reasons first, as many as the page shows."""
    rows = sorted(report.lost_reasons.rows, key=lambda row: -row.lost)[:REASONS_SHOWN]
    return tuple(
        ReasonView(
            row.reason or "",
            words.say(REASON_SOURCES.get(row.source, row.source)) if row.source else Markup(""),
            words.stage(row.stage),
            around.rows(words.figures.count(row.lost), "lost_reasons", "lost", _reason(row)),
            words.figures.share(row.share),
            100 * row.share,
        )
        for row in rows
    )


def _reason(row: LostReasonRow) -> Where:
    known = {"stage": row.stage.value, "reason": row.reason, "source": row.source}
    return {**known, **row.dimensions}
