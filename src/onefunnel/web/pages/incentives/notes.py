"""The notes of the answer in words, and what to give where a figure is refused."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.incentives.inputs import GIVE, input_name
from onefunnel.web.pages.incentives.said import segment_name
from onefunnel.web.report.notes import REFUSED, NoteView, view

SELECTED = "chance_of_worked"
TYPED = "typed_inputs"
HOUR_COST = N_(
    "What an hour of a salesperson costs is not typed. Without it nobody can say which leads are "
    "not worth an hour, nor what more hours are worth."
)
SPEND = N_(
    "What was spent on leads that are not worth an hour is unknown; without spend on record: "
    "{segments}."
)


def note_views(notes: Sequence[Note], words: Words) -> tuple[NoteView, ...]:
    """Every note, those that refuse a figure first."""
    shown = [_view(each, words) for each in notes]
    return tuple(sorted(shown, key=lambda each: not each.refused))


def can_be_typed(notes: Sequence[Note]) -> bool:
    """Whether a range that somebody types would help."""
    return any(each.code in _SENTENCES or each.code == "few_wins" for each in notes)


def _view(note: Note, words: Words) -> NoteView:
    made = _SENTENCES.get(note.code)
    if made is None:
        return view(note, words)
    return NoteView(note.code, made(note, words), note.code.startswith(REFUSED), True)


def _missing(note: Note, words: Words) -> Markup:
    """The input that is the quickest to give, how, and how many others are missing."""
    name, segment = str(note.params["input"]), str(note.params["segment"])
    said = input_name(name, words)
    lacks = (
        words.say(
            "Refused, as something is unknown of {segments}: {name}.",
            name=said,
            segments=segment_name(segment, words),
        )
        if segment
        else words.say("Refused, as something is unknown: {name}.", name=said)
    )
    parts = [lacks] + ([words.say(GIVE[name])] if name in GIVE else [])
    if others := int(note.params["others"]):
        parts.append(
            words.count(
                "{n} other input is missing too.", "{n} other inputs are missing too.", others
            )
        )
    return Markup(" ").join(parts)


def _hour_cost(note: Note, words: Words) -> Markup:
    return words.say(HOUR_COST)


def _spend(note: Note, words: Words) -> Markup:
    names = str(note.params["segments"]).split(", ")
    return words.say(SPEND, segments=words.listed(segment_name(each, words) for each in names))


_SENTENCES: Mapping[str, Callable[[Note, Words], Markup]] = {
    "refused_missing_input": _missing,
    "refused_hour_cost": _hour_cost,
    "refused_spend": _spend,
}
