"""The tile of contribution: what a month's sales brought, and how the month before differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.vocabulary import Stage
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.today import bridge, links
from onefunnel.web.pages.today.answers import questions
from onefunnel.web.pages.today.periods import Spoken
from onefunnel.web.pages.today.tiles import Bridge, Column, Foot, Tile, everybody, month, so_far
from onefunnel.web.report.cells import Cell, amount
from onefunnel.web.report.notes import refusal
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.encoded import Computed

STEP_NAMES = {
    "number": N_("Number of new buyers"),
    "worth": N_("Worth of each"),
    "new": N_("New buyers"),
    "earlier": N_("Earlier buyers"),
}


@dataclass(frozen=True, slots=True)
class Brought:
    """What the sales of a month brought, all of them and those to new buyers; None is unknown.

    ``unknown`` counts sales whose contribution is unknown.
    """

    revenue: Decimal | None
    contribution: Decimal | None
    new_revenue: Decimal | None
    new_contribution: Decimal | None
    buyers: int
    unknown: int

    def earned(self) -> bridge.Earned | None:
        """The contribution, where it is known."""
        return _earned(self.contribution, self.new_contribution, self.buyers)

    def sold(self) -> bridge.Earned | None:
        """The revenue, where it is known."""
        return _earned(self.revenue, self.new_revenue, self.buyers)


def _earned(total: Decimal | None, by_new: Decimal | None, buyers: int) -> bridge.Earned | None:
    return None if total is None or by_new is None else bridge.Earned(total, by_new, buyers)


def brought(until: Computed, start: Computed, new: Computed) -> Brought:
    """What a month brought: all until its end, less all until its start; ``new`` is its funnel."""
    after, before = everybody(until), everybody(start)
    if after is None or before is None:
        return Brought(None, None, None, None, 0, 0)
    rows = (row for row in new.answer.rows if not row.dimensions)
    buyers = next((row for row in rows if row.stage is Stage.PURCHASE), None)
    return Brought(
        _less(after.revenue, before.revenue),
        _less(after.realised_contribution, before.realised_contribution),
        buyers.revenue if buyers else None,
        buyers.realised_contribution if buyers else None,
        (buyers.entered or 0) if buyers else 0,
        max(after.unknown_contribution_lines - before.unknown_contribution_lines, 0),
    )


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else after - before


def contribution(answers: Answers, spoken: Spoken, words: Words) -> Tile:
    """The tile. Where contribution is unknown, it shows the revenue and says so."""
    found = answers.found
    now = brought(found["until"], found["start"], found["new"])
    before = None
    if spoken.before is not None:
        before = brought(found["start"], found["start_before"], found["new_before"])
    known = now.earned() is not None
    money = now.earned() if known else now.sold()
    older = (before.earned() if known else before.sold()) if before else None
    return Tile(
        "contribution",
        words.say("Contribution") if known else words.say("Revenue"),
        words.say("unknown") if money is None else words.figures.money(money.total),
        _beside(older, spoken, words),
        tuple(_sentences(now, known, words)),
        so_far(spoken, words),
        _foot(spoken, known, words),
        facts=_facts(now, before, known, found["until"], words),
        bridge=_bridge(older, money, spoken, words) if older and money else None,
    )


def _beside(older: bridge.Earned | None, spoken: Spoken, words: Words) -> Markup:
    if spoken.before is None:
        return words.say("no whole month before it to compare with")
    shown = words.say("unknown") if older is None else words.figures.money(older.total)
    return words.say("{month}: {amount}", month=month(spoken.before, words), amount=shown)


def _foot(spoken: Spoken, known: bool, words: Words) -> tuple[Foot, ...]:
    new = questions(spoken)["new"][1]
    figure = "realised_contribution" if known else "revenue"
    rows = links.rows("funnel", figure, new, stage=Stage.PURCHASE)
    whole = Asked(since=spoken.current.since, until=spoken.current.until)
    return (
        Foot(words.say("Definition"), links.definition("definition-month")),
        Foot(words.say("Sales to new buyers"), rows, True),
        Foot(words.say("Funnel of the month"), links.funnel(whole)),
        *([Foot(words.say("Who moved it"), links.bridge(whole, words))] if spoken.before else []),
    )


def _sentences(now: Brought, known: bool, words: Words) -> list[Markup]:
    if not known:
        return [words.say("The records do not say what the sales contributed.")]
    if not now.unknown:
        return []
    return [
        words.count(
            "{n} sale of unknown cost is not in it.",
            "{n} sales of unknown cost are not in it.",
            now.unknown,
        )
    ]


def _facts(
    now: Brought, before: Brought | None, known: bool, until: Computed, words: Words
) -> tuple[Cell, ...]:
    """Revenue, new buyers, what is still expected; beneath each how the month before was."""
    revenue = amount(words.say("Revenue"), now.revenue, words, _was(before, "revenue", words))
    was = words.say("before: {value}", value=words.figures.count(before.buyers)) if before else ""
    buyers = Cell(words.say("New buyers"), words.figures.count(now.buyers), was)
    return (*([revenue] if known else []), buyers, _expected(until, words))


def _was(before: Brought | None, name: str, words: Words) -> str | Markup:
    value = getattr(before, name) if before else None
    return "" if value is None else words.say("before: {value}", value=words.figures.money(value))


def _expected(until: Computed, words: Words) -> Cell:
    """What is still expected of all who were open at the end of the month: an estimate."""
    label, row = words.say("Still expected"), everybody(until)
    if row is not None and row.expected_contribution is not None:
        return amount(label, row.expected_contribution, words, words.say("an estimate"))
    stage = row.stage if row else None
    why = refusal(until.answer.notes, "refused_expected_contribution", words, stage=stage)
    if why is None:
        return amount(label, None, words)
    return Cell(label, words.say("refused"), why, quiet=True)


def _bridge(older: bridge.Earned, now: bridge.Earned, spoken: Spoken, words: Words) -> Bridge:
    way = bridge.steps(older, now)
    drawn = bridge.drawn(way)
    columns = tuple(
        Column(
            _amount(step, words),
            _name(step, spoken, words),
            shape.low,
            shape.high,
            f"var(--{'ink' if step.is_total else 'ink-3'})",
        )
        for step, shape in zip(way, drawn, strict=True)
    )
    return Bridge(bridge.svg(way, drawn), _in_words(columns), columns)


def _amount(step: bridge.Step, words: Words) -> str:
    shown = words.figures.money(step.amount)
    return shown if step.is_total else words.figures.plus(shown, step.amount)


def _name(step: bridge.Step, spoken: Spoken, words: Words) -> Markup:
    if step.kind == "before" and spoken.before is not None:
        return month(spoken.before, words)
    if step.kind == "now":
        return month(spoken.current, words)
    return words.say(STEP_NAMES[step.kind])


def _in_words(columns: Sequence[Column]) -> str:
    parts = [Markup("{}: {}").format(each.name, each.amount) for each in columns]
    return Markup("; ").join(parts).unescape()
