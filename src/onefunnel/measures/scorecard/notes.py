"""Every note that scorecards can leave: its code, when it is left, and its English sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.measures.scorecard.catalogue import FIGURES
from onefunnel.measures.scorecard.findings import RULES, Finding
from onefunnel.measures.scorecard.influence import LEAST_ELASTICITY, Contradiction, Influence
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.vocabulary import Note

PREFIX = "scorecard_"

NOTES: dict[str, NoteKind] = {
    "scorecard_bunching": NoteKind(
        "more cases just beyond a threshold than chance puts there",
        "{measure}: {beyond} results stand just beyond the threshold and {short} just short of it, "
        "more than chance or a slope would put there. It is a reason to look, and no proof.",
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
    "scorecard_no_influence": NoteKind(
        "somebody answers for a figure that they can hardly move",
        "{scorecard}: 1% more of all that who answers for {measure} does moves it by {most}% at "
        "most. Below {least}% nobody should answer for a figure.",
    ),
    "scorecard_none": NoteKind(
        "there is no scorecard",
        "There is no scorecard: write one as a file of TOML in the folder scorecards.",
    ),
    "scorecard_of_nobody": NoteKind(
        "no record names those whom a scorecard is for",
        "{scorecard} is for the {level} {of}, whom no record names.",
    ),
    "scorecard_opposed_by_declaration": NoteKind(
        "a department is paid for a figure and for what would suffer from it",
        "{department} has two contradictory roles: it answers for {one} and for {other}, and one "
        "is named as what would show at what cost the other was reached.",
    ),
    "scorecard_opposed_directions": NoteKind(
        "a department is to raise a figure and to lower it",
        "{department} has two contradictory roles: {one} is to rise on one scorecard and to fall "
        "on another.",
    ),
    "scorecard_opposed_in_history": NoteKind(
        "two figures of one department of which one got worse as the other got better",
        "{department} has two contradictory roles: it answers for {one} and for {other}, and over "
        "{changes} changes from month to month one got worse as the other got better (Kendall's "
        "tau {tau}; by chance so far in {chance} of 1,000 such pairs).",
    ),
    "scorecard_others_figure": NoteKind(
        "somebody answers for a figure of the other department",
        "{scorecard}: {measure} is a figure of {owner}, and nothing on record shows that who "
        "answers for it moves it: 1% more of what they do would have to move it by {least}% or "
        "more.",
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

OPPOSED = (
    "scorecard_opposed_by_declaration",
    "scorecard_opposed_directions",
    "scorecard_opposed_in_history",
)
"""A department with two contradictory roles."""

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


def of_contradiction(found: Contradiction) -> Note:
    """Two contradictory roles of a department as a note."""
    about: dict[str, str | int | float] = {"department": found.department.value, "one": found.one}
    if found.code != "opposed_directions":
        about["other"] = found.other
    if found.tau is not None and found.p_value is not None and found.changes is not None:
        chance = round(found.p_value * 1000, 1)
        about |= {"changes": found.changes, "tau": round(found.tau, 2), "chance": chance}
    return note(f"{PREFIX}{found.code}", **about)


def of_unfair(card: Scorecard, source: str, code: str, influence: Influence | None) -> Note | None:
    """Somebody accountable for what they can't move, as a note; None where it is left open."""
    about: dict[str, str | float] = {"scorecard": card.file, "measure": source}
    if code == "no_influence" and influence is not None:
        most = round(influence.most, 4)
        return note("scorecard_no_influence", **about, most=most, least=LEAST_ELASTICITY)
    if code == "others_figure":
        owner = FIGURES[source].owner.value
        return note("scorecard_others_figure", **about, owner=owner, least=LEAST_ELASTICITY)
    return None
