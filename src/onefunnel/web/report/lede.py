"""The day's sentence: the dearest leak, or what can honestly be said instead."""

from decimal import Decimal

from markupsafe import Markup

from onefunnel.funnel.result import LeakRow
from onefunnel.web.locale import Words
from onefunnel.web.report.model import Report


def lede(report: Report, words: Words) -> tuple[Markup, Markup]:
    """Two sentences: what matters most, and its weight against the rest (may be empty)."""
    if report.is_empty:
        return words.say("There is nothing to say yet: the ledger holds no records."), Markup("")
    if not any(row.entered or row.population_value for row in report.funnel.rows):
        return (
            words.say("Nobody entered the funnel in this period."),
            words.say("The ledger holds records; another period may show more."),
        )
    leaks = [row for row in report.leaks.rows if row.left and not row.dimensions]
    priced = [(row.amount, row) for row in leaks if row.amount is not None and row.amount > 0]
    if priced:
        return _dearest(report, priced, words)
    if leaks:
        return _largest(report, max(leaks, key=lambda row: row.left), words)
    return (
        words.say("Nobody who entered in this period is known to have left the funnel."),
        words.say("That is not yet a success: it holds for outcomes known so far."),
    )


def _dearest(
    report: Report, priced: list[tuple[Decimal, LeakRow]], words: Words
) -> tuple[Markup, Markup]:
    cost, leak = max(priced, key=lambda each: each[0])
    rest = sum((each for each, _ in priced), Decimal()) - cost
    sentence = words.count(
        "{n} of {entered} who reached {stage} went no further. "
        "At the worth of an entry there, that is {amount}.",
        "{n} of {entered} who reached {stage} went no further. "
        "At the worth of an entry there, that is {amount}.",
        leak.left,
        entered=entered_text(report, leak, words),
        stage=words.stage_within(leak.stage),
        amount=words.figures.money(cost),
    )
    if rest and cost > rest:
        return sentence, words.say("That one step loses more than all the others together.")
    if rest:
        return sentence, words.say(
            "All the other leaks together: {amount}.", amount=words.figures.money(rest)
        )
    return sentence, Markup("")


def _largest(report: Report, leak: LeakRow, words: Words) -> tuple[Markup, Markup]:
    sentence = words.count(
        "{n} of {entered} who reached {stage} went no further: the largest loss in the funnel.",
        "{n} of {entered} who reached {stage} went no further: the largest loss in the funnel.",
        leak.left,
        entered=entered_text(report, leak, words),
        stage=words.stage_within(leak.stage),
    )
    return sentence, words.say(
        "What it cost is unknown: the records do not say what the sales contributed."
    )


def entered_text(report: Report, leak: LeakRow, words: Words) -> str:
    """How many entered the stage of a leak."""
    totals = (row for row in report.funnel.rows if not row.dimensions)
    entered = next((row.entered for row in totals if row.stage == leak.stage), None)
    return words.figures.count(leak.left if entered is None else entered)
