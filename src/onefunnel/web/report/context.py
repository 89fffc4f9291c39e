"""The sections about the report itself: what the records hold, definitions, how to reproduce."""

import shlex
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.vocabulary import Question, Stage
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.report.model import Report
from onefunnel.web.report.row_errors import ROW_ERRORS

TABLE_NAMES = {
    "party": N_("People and companies"),
    "alias": N_("Other names of the same people and companies"),
    "unlink": N_("Kept apart by hand"),
    "touch": N_("Touches"),
    "spend": N_("Spending"),
    "lead": N_("Leads"),
    "handoff": N_("Hand-off events"),
    "deal": N_("Deals"),
    "deal_event": N_("Deal events"),
    "quote": N_("Quotes"),
    "commitment": N_("Promises to customers"),
    "order_line": N_("Order lines"),
    "credit": N_("Credits of sales"),
    "product": N_("Products"),
    "advocacy": N_("Reviews and referrals"),
    "promotion": N_("Partner promotions"),
    "indicator": N_("Survey indicators"),
    "employee": N_("Employees"),
    "activity": N_("Activities"),
    "meeting": N_("Meetings"),
    "message_flow": N_("Messages between departments"),
    "approval": N_("Approvals"),
    "contribution": N_("Money from other functions"),
    "target": N_("Targets"),
    "rate": N_("Exchange rates"),
}

FIRST_TABLES = (
    ("lead", N_("who asked, when, and from which channel: the funnel begins here")),
    ("touch", N_("visits, forms and calls: the stages before the lead")),
    ("deal", N_("the deals: who owns each, and the lead it grew from")),
    ("deal_event", N_("when each deal was opened, won or lost, and why")),
    ("order_line", N_("what was sold, at which price and cost: the money in the picture")),
)
"""What an empty ledger needs, in the order in which it helps."""

DEFINITIONS = (
    (
        "counted",
        N_("Who is counted"),
        N_("People and companies, each once, however many records they have."),
    ),
    (
        "entered",
        N_("Entered"),
        N_(
            "How many entered the stage within the period. Implied are those whom the records "
            "show only at a later stage."
        ),
    ),
    (
        "reached",
        N_("Reached"),
        N_(
            "Conversion: of those seen to enter the stage before within the period, the share "
            "that reached this one within the horizon. Open cases count for as long as they were "
            "watched, and losses compete (Aalen–Johansen). The brackets hold the 95% interval."
        ),
    ),
    (
        "lost",
        N_("Lost on the way"),
        N_("The share of the same group whose loss within the horizon still stands."),
    ),
    (
        "median",
        N_("Half reached it after"),
        N_("The time by which half of the group had reached the stage; “not yet” until they have."),
    ),
    (
        "known",
        N_("Outcome known"),
        N_(
            "Maturity: the share of the group whose outcome at the horizon is known. The rest is "
            "still open."
        ),
    ),
    (
        "revenue",
        N_("Revenue"),
        N_(
            "All that those who entered have bought since, net of discount and tax. The amount of "
            "a won deal counts where no order line names the deal."
        ),
    ),
    (
        "earned",
        N_("Earned so far"),
        N_(
            "Realised contribution of the same sales: quantity times (net price less unit cost). "
            "Sales of unknown cost are not in it; their number is said."
        ),
    ),
    (
        "expected",
        N_("Still expected"),
        N_(
            "Expected contribution of those still open, from how earlier cases of the same age "
            "went on. It is an estimate."
        ),
    ),
    (
        "left",
        N_("Leak"),
        N_(
            "Those who entered a stage and went no further: lost, or without a next stage when "
            "the horizon had passed. The cost is their number times the worth of an entry, which "
            "is the money in the stage divided by its entries."
        ),
    ),
    (
        "unknown",
        N_("Unknown"),
        N_(
            "The records hold no value. It is never shown as zero, and a total that misses it "
            "says so."
        ),
    ),
    (
        "refused",
        N_("Refused"),
        N_("The data can't carry the figure; the reason stands beside it."),
    ),
)


@dataclass(frozen=True, slots=True)
class HoldingView:
    """A fact table: its name in words, its name in the ledger, its records."""

    name: Markup
    table: str
    records: str


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """Rows in the quarantine for one reason."""

    table: str
    reason: Markup
    code: str
    rows: str


def holding_views(report: Report, words: Words) -> tuple[HoldingView, ...]:
    """The fact tables that hold records, in the ledger's order, unknown ones last."""
    order = {name: at for at, name in enumerate(TABLE_NAMES)}
    names = sorted(report.totals, key=lambda name: (order.get(name, len(order)), name))
    return tuple(
        HoldingView(
            words.say(TABLE_NAMES.get(name, name)), name, words.figures.count(report.totals[name])
        )
        for name in names
        if report.totals[name]
    )


def quarantine_views(report: Report, words: Words) -> tuple[QuarantineView, ...]:
    """What went to the quarantine, most rows first."""
    counts = sorted(report.quarantine, key=lambda each: (-each.rows, each.table, each.code))
    return tuple(
        QuarantineView(
            each.table,
            words.say(ROW_ERRORS[each.code]) if each.code in ROW_ERRORS else Markup(""),
            each.code,
            words.figures.count(each.rows),
        )
        for each in counts
    )


def commands(report: Report) -> tuple[str, ...]:
    """The commands that answer the same figures again.

    ``--from`` and ``--to`` are days in the workspace's zone.
    """
    folder = shlex.quote(report.folder)
    asked = _options(report)
    measures = ["funnel", "leaks", "deals", "lost_reasons"]
    measures += [
        f"funnel --by {name}"
        for answer in report.by_dimension
        if answer.rows
        for name in answer.rows[0].dimensions
    ]
    return tuple(f"onefunnel show {folder} {measure} {asked}" for measure in measures)


def import_command(report: Report) -> str:
    """The command that brings the first tables."""
    return f"onefunnel import {shlex.quote(report.folder)} FOLDER"


def rows_command(report: Report) -> str:
    """The command that lists the rows behind a figure, here those of the first stage with any."""
    stage = next((row.stage for row in report.funnel.rows if row.entered), Stage.PURCHASE)
    folder = shlex.quote(report.folder)
    return f"onefunnel rows {folder} funnel --where stage={stage} {_options(report)}"


def _options(report: Report) -> str:
    question = report.question
    options = [*_period(report, question), f"--horizon {question.horizon_days}"]
    options.append(f"--now {question.now.strftime('%Y-%m-%dT%H:%M:%SZ')}")
    options.append(f"--as-of {report.ledger_version}")
    return " ".join(options)


def _period(report: Report, question: Question) -> list[str]:
    bounds = (("--from", question.start), ("--to", question.end))
    return [
        f"{name} {report.calendar.local_day(bound).isoformat()}"
        for name, bound in bounds
        if bound is not None
    ]
