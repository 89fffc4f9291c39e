"""The notes of the measure ``paradox``: code, when it is left, and sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "no_targets": NoteKind(
        "a department has no target in the month",
        "No target of the month is on record for {departments}, so nobody can say whether they are "
        "met.",
    ),
    "refused_not_a_month": NoteKind(
        "the period is no month of the calendar",
        "Targets are set by month: ask for one whole month of the calendar.",
    ),
    "refused_reachable": NoteKind(
        "what could be reached is unknown",
        "What the leads could bring is unknown: {inputs}.",
    ),
    "unknown_targets": NoteKind(
        "targets for what is not measured here, or can't be told",
        "Targets that can't be compared: {measures}.",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("no_targets", departments="sales").text.split(",")[0]
    'No target of the month is on record for sales'
    """
    return Note(code, NOTES[code].text.format(**params), params)
