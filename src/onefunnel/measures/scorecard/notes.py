"""Every note that scorecards can leave: its code, when it is left, and its English sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.measures.scorecard.findings import RULES, Finding
from onefunnel.vocabulary import Note

PREFIX = "scorecard_"

NOTES: dict[str, NoteKind] = {
    "scorecard_bunching": NoteKind(
        "more cases just beyond a threshold than chance puts there",
        "{measure}: {beyond} results stand just beyond the threshold and {short} just short of it, "
        "more than chance or a slope would put there. It is a reason to look, and no proof.",
    ),
    "scorecard_contradiction": NoteKind(
        "two measures of one department of which one gets worse as the other gets better",
        "{department} answers for {one} and {other}, and they pull against each other ({how}).",
    ),
    "scorecard_decayed": NoteKind(
        "a measure that goes less with the contribution since it is paid",
        "{scorecard}: {measure} goes less with the contribution since it is paid: a correlation of "
        "{since}, and of {before} before.",
    ),
    "scorecard_month_not_over": NoteKind(
        "a month that is not over yet", "{month} is not over yet: its figures are those up to now."
    ),
    "scorecard_no_such_figure": NoteKind(
        "a scorecard names a figure that the ledger does not tell",
        "{scorecard} names {measure}, which the ledger does not tell.",
    ),
    "scorecard_none": NoteKind(
        "there is no scorecard",
        "There is no scorecard: write one as a file of TOML in the folder scorecards.",
    ),
    "scorecard_of_nobody": NoteKind(
        "no record names those whom a scorecard is for",
        "{scorecard} is for the {level} {of}, whom no record names.",
    ),
    "scorecard_spike": NoteKind(
        "orders crowd in the last week of months",
        "{scorecard}: in the last week of months there are {ratio} times as many orders as in the "
        "weeks before. It is a reason to look: customers' budgets do the same.",
    ),
    "scorecard_spike_then_dip": NoteKind(
        "orders crowd in the last week of months, and are missing in the first of the next",
        "{scorecard}: in the last week of months there are {ratio} times as many orders as in the "
        "weeks before, and in the first week after it {dip} times as many as later. They may have "
        "been pulled forward.",
    ),
    "scorecard_target_differs": NoteKind(
        "the table of targets says another target than the scorecard",
        "{scorecard} has a target of {own} for {measure} in {month}, and the table of targets one "
        "of {other}. The scorecard counts.",
    ),
    "scorecard_unknown": NoteKind(
        "a figure of a scorecard that the data can't support",
        "{measure} of {scorecard} in {month} is refused: {why}.",
    ),
    "scorecard_unreadable": NoteKind(
        "a file in the folder of scorecards that is none", "A scorecard is left out. {message}"
    ),
    **{
        f"{PREFIX}{code}": NoteKind(
            "a rule that a scorecard breaks", f"{{scorecard}}: {rule.message} {rule.remedy}"
        )
        for code, rule in RULES.items()
    },
}

REASONS: dict[str, str] = {
    "no_records": "the ledger holds no rows that could tell it",
    "nobody": "no record names whom it is for",
    "nothing": "there is nothing to divide by",
    "unknown_parts": "amounts, prices, costs or exchange rates are missing in {lines} rows",
}
"""Why a figure is refused: what a note's parameter ``reason`` can be, and its words."""


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("scorecard_month_not_over", month="2024-03").text
    '2024-03 is not over yet: its figures are those up to now.'
    """
    words = dict(params)
    if "reason" in params:
        words["why"] = REASONS[str(params["reason"])].format(**params)
    return Note(code, NOTES[code].text.format(**words), params)


def of_finding(found: Finding) -> Note:
    """A broken rule as a note; ``severity`` is among its figures."""
    params: dict[str, str | int | float] = {**found.params, "scorecard": found.place.file}
    return note(f"{PREFIX}{found.code}", **params, severity=found.severity.value)
