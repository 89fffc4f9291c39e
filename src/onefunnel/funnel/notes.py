"""Every note that the funnel's measures can leave, in one place: its code, meaning and sentence."""

from dataclasses import dataclass

from onefunnel.vocabulary import Note


@dataclass(frozen=True, slots=True)
class NoteKind:
    """A kind of note: when it is left, and its English sentence with the names of its figures."""

    about: str
    text: str


NOTES: dict[str, NoteKind] = {
    "advocacy_without_purchase": NoteKind(
        "people whose own purchase is not on record spoke of the company",
        "{entities} who never bought, as far as the records go, reviewed or recommended; "
        "they are shown apart and count in no stage for it.",
    ),
    "deals_known_only_by_close": NoteKind(
        "deals whose first record is already won or lost",
        "Deals known only by their close: {deals}; how long they took is unknown, so they are "
        "left out of incidences and times.",
    ),
    "deals_without_events": NoteKind(
        "deals that have no dated event",
        "Deals without a dated event, which are not counted: {deals}.",
    ),
    "expected_contribution_left_out": NoteKind(
        "open cases at a stage from which too few outcomes are known",
        "Open cases at a stage from which too few outcomes are known: {entities}; nothing is "
        "expected of them here.",
    ),
    "fallback_used": NoteKind(
        "a stage's fallback rule was used, for the records hold nothing its other rules ask for",
        "The records hold no acts that would show {stage}; it was read from {fact} instead.",
    ),
    "implied_left_out": NoteKind(
        "entities whose entry is only implied by a later stage, left out of a conversion",
        "{entities} entered {stage} at a time that is only implied; they are left out of the "
        "conversion from {from_stage} and its times.",
    ),
    "closed_month": NoteKind(
        "the month is closed, and keeps its figures",
        "{month} is closed: these are its figures as of ledger version {version}. What came later "
        "about that time stands in the open month as a restatement.",
    ),
    "dated_in_the_future": NoteKind(
        "records are dated later than the ledger came to know them",
        "Records are dated up to {date}, but came in by {day}; what is dated later does not count.",
    ),
    "left_truncation": NoteKind(
        "a stage's records begin later than those of the stages before it",
        "Entries into {stage} are on record only since {date}; {exposed} who entered "
        "{from_stage} before it look worse than they were (about {expected} entries are missing).",
    ),
    "lines_without_amount": NoteKind(
        "order lines or won deals without price, quantity or amount",
        "Order lines or won deals without price, quantity or amount: {lines}; their revenue is "
        "unknown.",
    ),
    "losses_without_entry": NoteKind(
        "losses of entities that entered no stage",
        "Lost without having entered any stage: {entities}; they are in no row.",
    ),
    "out_of_order": NoteKind(
        "an earlier stage is recorded after a later one",
        "Those whose record of {stage} is later than that of a later stage: {entities}; the "
        "later stage counts, and {stage} is implied.",
    ),
    "population_measure": NoteKind(
        "a stage has no records, only a measure of the population",
        "{stage} is measured by {measure} of {day}; no conversion is computed into or out of it.",
    ),
    "possible_double_count": NoteKind(
        "entities with both won deals without order lines and order lines without a deal",
        "Those with won deals without order lines and order lines without a deal: {entities}; "
        "the same money may be counted twice.",
    ),
    "refused_conversion": NoteKind(
        "a conversion the data can't support",
        "The conversion from {from_stage} to {stage} is refused (rows: {rows}): {why}.",
    ),
    "refused_expected_contribution": NoteKind(
        "expected contribution can't be computed",
        "Expected contribution is refused: {why}.",
    ),
    "refused_leak": NoteKind(
        "a leak after which no record could show any stage",
        "Who went no further than {stage} can't be told: the ledger holds no rows that could show "
        "a later stage.",
    ),
    "refused_win_incidence": NoteKind(
        "an incidence per deal that the data can't support",
        "The incidence of won and lost deals is refused (rows: {rows}): {why}.",
    ),
    "rows_without_instant": NoteKind(
        "rows that do not say when",
        "Rows of {table} that do not say when: {rows}; they enter no stage and bring no dated "
        "money.",
    ),
    "unconvertible_lines": NoteKind(
        "amounts in a currency without an exchange rate",
        "Order lines or won deals in a currency for which there is no rate on or before their "
        "day: {lines}; their revenue is unknown.",
    ),
    "unknown_visitors": NoteKind(
        "touches of nobody known",
        "Touches that name no visitor: {touches}; they are in no stage.",
    ),
}


REASONS: dict[str, str] = {
    "empty": "nobody is in the cohort",
    "too_few": "at most {n} are in a cohort, and {needed} are needed",
    "implied": "most entries, {n}, are proved only by a later stage, and their time is unknown",
    "no_records": "the ledger holds no rows that could show it",
    "too_early": "nobody was followed for {horizon_days} days, the longest for {longest_days} days",
    "no_contribution": "there is no purchaser all of whose contribution is known",
    "no_curve": "from no stage are enough outcomes known",
}
"""Why a figure is refused: what a note's parameter ``reason`` can be, and its words."""


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("unknown_visitors", touches=3).text
    'Touches that name no visitor: 3; they are in no stage.'
    >>> note("refused_expected_contribution", reason="no_curve").text
    'Expected contribution is refused: from no stage are enough outcomes known.'
    """
    words = dict(params)
    if "reason" in params:
        words["why"] = REASONS[str(params["reason"])].format(**params)
    return Note(code, NOTES[code].text.format(**words), params)
