"""The notes of the measure ``offline_conversions``: code, when it is left, and sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "clicks_by_source": NoteKind(
        "click identifiers of no known shape whose touch names a platform",
        "Click identifiers without a prefix and of no known shape: {clicks} of {of}; they are "
        "taken for those of the platform that source, channel or medium of their touch names.",
    ),
    "clicks_not_assigned": NoteKind(
        "click identifiers whose platform nothing tells",
        "Click identifiers whose platform nothing tells, or whose shape contradicts their source: "
        "{clicks} of {of}; they are returned to nobody. Write them with the name of their "
        "parameter before them, such as gclid:…",
    ),
    "clicks_of_others": NoteKind(
        "click identifiers of platforms that no file is written for",
        "Click identifiers of other platforms: {clicks} of {of}; no file is written for these.",
    ),
    "no_clicks": NoteKind(
        "no touch has a click identifier",
        "No touch of a known party has a click identifier, so nothing can be returned to a "
        "platform.",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("clicks_of_others", clicks=2, of=9).text.split(";")[0]
    'Click identifiers of other platforms: 2 of 9'
    """
    return Note(code, NOTES[code].text.format(**params), params)
