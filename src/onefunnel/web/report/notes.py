"""Notes in words: what the reader must be told beside the figures, and why a figure is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup, escape

from onefunnel.funnel.notes import NOTES, REASONS
from onefunnel.measures.acquisition import notes as acquisition
from onefunnel.measures.attribution import notes as attribution
from onefunnel.measures.attribution.family import Value, Worth
from onefunnel.measures.behaviour import notes as behaviour
from onefunnel.measures.bridge import notes as bridge
from onefunnel.measures.incentives import notes as incentives
from onefunnel.measures.offline_conversions import notes as offline_conversions
from onefunnel.measures.scorecard import notes as scorecard
from onefunnel.measures.self_reported import notes as self_reported
from onefunnel.measures.sellers import notes as sellers
from onefunnel.vocabulary import Department, Note, Stage
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import DIMENSION_NAMES, MODEL_NAMES, VALUE_NAMES
from onefunnel.web.locale.translations import N_

REFUSED = "refused_"

OTHER_NOTES: dict[str, str] = {
    "lookalike": N_("{column}: {values} are probably one and the same."),
    **{code: kind.text for code, kind in acquisition.NOTES.items()},
    **{code: kind.text for code, kind in attribution.NOTES.items()},
    **{code: kind.text for code, kind in behaviour.NOTES.items()},
    **{code: kind.text for code, kind in bridge.NOTES.items()},
    **{code: kind.text for code, kind in incentives.NOTES.items()},
    **{code: kind.text for code, kind in offline_conversions.NOTES.items()},
    **{code: kind.text for code, kind in scorecard.NOTES.items()},
    **{code: kind.text for code, kind in self_reported.NOTES.items()},
    **{code: kind.text for code, kind in sellers.NOTES.items()},
}
"""Sentences of notes that come from elsewhere than the funnel."""

MORE_REASONS = {**attribution.REASONS, **bridge.REASONS, **scorecard.REASONS}
"""Their reasons."""

IN_MONEY = frozenset(each.value for each in Value if each.worth is Worth.VALUE)
"""The values of credit that are amounts of money."""
AMOUNTS = frozenset({"was", "now", "before", "after"})
"""Figures of notes that are in the unit of their ``value``."""

DEPARTMENTS = frozenset(department.value for department in Department)
STAGES = frozenset(stage.value for stage in Stage)


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as the page shows it; ``translated`` is False where only English exists."""

    code: str
    text: Markup
    refused: bool
    translated: bool


def view(note: Note, words: Words) -> NoteView:
    """A note in the language of the page, in English where it has no translation.

    >>> view(Note("brand_new", "Said in English."), Words("fa")).translated
    False
    """
    text = sentence(note, words)
    shown = Markup(escape(note.text)) if text is None else text
    return NoteView(note.code, shown, note.code.startswith(REFUSED), text is not None)


def sentence(note: Note, words: Words) -> Markup | None:
    """The sentence of a note in the language, its figures as the language writes them.

    None where the code is not known here, has no translation, or a figure of the sentence is
    missing from the note.

    >>> from onefunnel.funnel.notes import note
    >>> sentence(note("unknown_visitors", touches=4210), Words("fa"))
    Markup('در ۴٬۲۱۰ تعامل از بازدیدکننده نام برده نشده است؛ در هیچ مرحله\u200cای نیستند.')
    """
    message = NOTES[note.code].text if note.code in NOTES else OTHER_NOTES.get(note.code)
    if message is None or not words.knows(message):
        return None
    try:
        return words.say(message, **_values(note, words))
    except KeyError:
        return None


def refusal(
    notes: Sequence[Note],
    code: str,
    words: Words,
    *,
    stage: Stage | None = None,
    dimensions: Mapping[str, str | None] | None = None,
) -> Markup | None:
    """Why a figure of a row is refused, in a few words; None where no note refuses it."""
    note = refusing(notes, code, stage=stage, dimensions=dimensions)
    return None if note is None else why(note, words)


def refusing(
    notes: Sequence[Note],
    code: str,
    *,
    stage: Stage | None = None,
    dimensions: Mapping[str, str | None] | None = None,
) -> Note | None:
    """The note that refuses a figure of a row; None where none does."""
    about = (note for note in notes if note.code == code)
    return next((note for note in about if _about(note, stage, dimensions or {})), None)


def _about(note: Note, stage: Stage | None, dimensions: Mapping[str, str | None]) -> bool:
    """Whether a note can be about a row: it names no other stage and no other value."""
    if stage is not None and note.params.get("stage", stage) != stage:
        return False
    return all(note.params.get(name, value) == value for name, value in dimensions.items())


def _values(note: Note, words: Words) -> dict[str, Markup | str]:
    """The figures of a note in the language; a reason becomes ``why``, in words."""
    values = {name: _shown(name, value, words) for name, value in note.params.items()}
    told = (incentives.NOTES, acquisition.NOTES, self_reported.NOTES)
    if any(note.code in kinds for kinds in told):
        shares = {
            name: each
            for name, each in note.params.items()
            if isinstance(each, float) and name != "longest_days"
        }
        values |= {name: words.figures.share(each) for name, each in shares.items()}
    if note.params.get("value") in IN_MONEY:
        values |= {name: _amount(note.params[name], words) for name in AMOUNTS & note.params.keys()}
    return {**values, "why": why(note, words)} if "reason" in values else values


def _amount(value: str | int | float, words: Words) -> str:
    return words.figures.money(Decimal(str(value)))


def why(note: Note, words: Words) -> Markup:
    """The reason of a note that refuses, in a few words."""
    reason = str(note.params.get("reason"))
    message = REASONS.get(reason) or MORE_REASONS.get(reason)
    if message is None:
        return Markup("")
    values = {name: _shown(name, value, words) for name, value in note.params.items()}
    return words.say(message, **values)


def _shown(name: str, value: str | int | float, words: Words) -> Markup | str:
    """A figure of a note as the language writes it, by its name and kind."""
    if isinstance(value, int):
        return words.figures.count(value)
    if isinstance(value, float):
        return words.figures.number(value)
    if name in {"department", "owner"} and value in DEPARTMENTS:
        return words.department(Department(value))
    if value in STAGES:
        return words.stage_within(Stage(value))
    if name in {"date", "day", "end", "now"}:
        return _day(value, words)
    if name in {"dimension", "dimensions"}:
        return words.listed(words.say(DIMENSION_NAMES[each]) for each in value.split(", "))
    models = value.split(", ") if name in {"model", "one", "other"} else []
    if models and all(each in MODEL_NAMES for each in models):
        return words.listed(words.say(MODEL_NAMES[each]) for each in models)
    values = value.split(", ") if name in {"value", "measured"} else []
    if values and all(each in VALUE_NAMES for each in values):
        return words.listed(words.say(VALUE_NAMES[each]) for each in values)
    if name in {"low", "high"}:
        return words.figures.money(Decimal(value))
    if name == "values":
        return words.listed(Markup("<bdi>“{}”</bdi>").format(v) for v in value.split("\n"))
    if name in {"column", "fact", "table", "measure"}:
        return Markup('<code dir="ltr">{}</code>').format(value)
    return Markup("<bdi>{}</bdi>").format(value)


def _day(text: str, words: Words) -> str:
    try:
        return words.day(date.fromisoformat(text[:10]))
    except ValueError:
        return text
