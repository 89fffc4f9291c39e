"""The notes of the measure ``paradox``: code, when it is left, and sentence."""

import json
from collections.abc import Sequence

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
        "What the leads could bring can't be told, as these are unknown: {inputs}.",
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
    >>> unknown_inputs([("hours", None), ("hours_per_lead", "gates")]).text
    "What the leads could bring can't be told, as these are unknown: hours, hours_per_lead (gates)."
    """
    return Note(code, NOTES[code].text.format(**params), params)


def unknown_inputs(missing: Sequence[tuple[str, str | None]]) -> Note:
    """The note on inputs that are missing, each of a segment or of the whole."""
    named = (f"{name} ({segment})" if segment else name for name, segment in missing)
    text = NOTES["refused_reachable"].text.format(inputs=", ".join(named))
    return Note("refused_reachable", text, {"missing": json.dumps(list(missing))})


def missing_of(said: Note) -> list[tuple[str, str | None]]:
    """The inputs that such a note names.

    >>> missing_of(unknown_inputs([("hours_per_lead", "gates")]))
    [('hours_per_lead', 'gates')]
    """
    return [(name, segment) for name, segment in json.loads(str(said.params["missing"]))]
