"""Why the paradox can't be judged, in words: no targets, or what is not known of the leads."""

from collections.abc import Sequence

from markupsafe import Markup

from onefunnel.measures.paradox.notes import NOTES, missing_of
from onefunnel.vocabulary import Department, Note
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.inputs import input_name
from onefunnel.web.pages.incentives.said import segment_name


def unjudged(notes: Sequence[Note], words: Words) -> tuple[Markup, ...]:
    """The notes of the measure ``paradox``, each in a sentence."""
    return tuple(
        words.say(NOTES[each.code].text, **_values(each, words))
        for each in notes
        if each.code in NOTES
    )


def _values(note: Note, words: Words) -> dict[str, Markup]:
    said = {name: str(value).split(", ") for name, value in note.params.items()}
    if "departments" in said:
        named = (words.department(Department(each)) for each in said["departments"])
        return {"departments": words.listed(named)}
    if "measures" in said:
        codes = (Markup('<code dir="ltr">{}</code>').format(each) for each in said["measures"])
        return {"measures": words.listed(codes)}
    if "missing" in said:
        return {"inputs": _inputs(note, words)}
    return {}


def _inputs(note: Note, words: Words) -> Markup:
    """The inputs, each with the segments that lack it."""
    by_name: dict[str, list[Markup]] = {}
    for name, segment in missing_of(note):
        by_name.setdefault(name, []).extend([segment_name(segment, words)] if segment else [])
    return words.listed(
        Markup("{} ({})").format(input_name(name, words), words.listed(segments))
        if segments
        else input_name(name, words)
        for name, segments in by_name.items()
    )
