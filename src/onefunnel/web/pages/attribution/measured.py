"""What the experiments on record measured, where it is not what credit is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import VALUE_NAMES
from onefunnel.web.pages.attribution.asking import Wanted
from onefunnel.web.report.notes import NoteView, view

CODE = "experiments_measure_otherwise"


@dataclass(frozen=True, slots=True)
class MeasuredView:
    """That nothing is corrected here, and where it is: name and address of each value."""

    note: NoteView
    values: tuple[tuple[Markup, str], ...]


def measured_view(notes: Sequence[Note], wanted: Wanted, words: Words) -> MeasuredView | None:
    """The view; None where experiments measured what is asked for, and where there are none."""
    told = next((each for each in notes if each.code == CODE), None)
    if told is None:
        return None
    names = str(told.params["measured"]).split(", ")
    links = ((_said(name, words), _address(wanted, name)) for name in names)
    return MeasuredView(view(told, words), tuple(links))


def _said(value: str, words: Words) -> Markup:
    return words.say("Credit for {value}", value=words.say(VALUE_NAMES[value]))


def _address(wanted: Wanted, value: str) -> str:
    return replace(wanted, value=value, model="", tried=None).address()
