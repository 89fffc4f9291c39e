"""What the pages of imports show: files, outcomes, rows as they will be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from onefunnel.intake.guessing import recipe
from onefunnel.intake.mapping.fitting import fitted
from onefunnel.intake.recognise import LIST, MENDED, PRESET, TABLE
from onefunnel.ledger.schema import TABLES, Kind
from onefunnel.store.models import Upload
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.pages.imports.seen import SeenFile
from onefunnel.web.pages.imports.terms import (
    NOTE_SENTENCES,
    OUTCOMES,
    PRESET_NAMES,
    list_name,
    table_name,
)
from onefunnel.web.report.notes import view as note_view
from onefunnel.web.report.row_errors import ROW_ERRORS

BYTES = ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB"))
_SAME = "same"


@dataclass(frozen=True)
class FileView:
    """A file of an upload: what it is in words, and how much it holds."""

    seen: SeenFile
    what: Markup
    feeds: tuple[str, ...]
    size: str
    records: Markup
    status: str


@dataclass(frozen=True)
class Outcome:
    """What became of the records of a table."""

    table: str
    name: str
    counts: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True)
class Cell:
    """A value as the page shows it; ``figure`` stands at the end of its column."""

    text: str | Markup
    figure: bool = False
    unknown: bool = False


def size(number: int, words: Words) -> str:
    """A number of bytes, rounded."""
    for unit, name in BYTES:
        if number >= unit:
            return f"{words.figures.number(round(number / unit, 1))} {name}"
    return f"{words.figures.count(number)} B"


def file_view(each: SeenFile, words: Words) -> FileView:
    """A file in words."""
    about = words.count("{n} row", "{n} rows", each.records)
    if not each.exact:
        about = words.say("about {rows}", rows=about)
    return FileView(
        each, _what(each, words), _feeds(each, words), size(each.size, words), about, _status(each)
    )


def _what(each: SeenFile, words: Words) -> Markup:
    if not each.taken:
        return words.say("Left out")
    if each.as_what == TABLE:
        return words.say(
            "{table}: its columns are the ledger's own", table=table_name(each.table, words)
        )
    if each.as_what == PRESET:
        return words.say(
            "Known: {preset}", preset=PRESET_NAMES.get(each.preset, each.preset.title())
        )
    if each.as_what == MENDED:
        return words.say("Mended rows of the quarantine")
    if each.as_what != LIST:
        return words.say("It can't be read")
    if each.draft is None:
        return words.say("Not known: say what it is")
    name = list_name(recipe(each.draft.recipe), words)
    if not each.settled:
        return words.say("Probably: {list}. Look at its columns", list=name)
    if each.remembered:
        return words.say("{list}, read as before", list=name)
    return Markup(name)


def _feeds(each: SeenFile, words: Words) -> tuple[str, ...]:
    if each.as_what in (TABLE, PRESET) or (each.as_what == LIST and each.settled and each.draft):
        source = fitted(each.chosen.source_for(each.file), each.header)
        tables = dict.fromkeys(into.table for into in source.into)
        return tuple(table_name(name, words) for name in tables)
    return ()


def _status(each: SeenFile) -> str:
    if not each.taken:
        return "idle"
    if each.error is not None:
        return "bad"
    return "good" if each.settled else "risk"


def outcomes(counts: Mapping[str, Mapping[str, int]], words: Words) -> tuple[Outcome, ...]:
    """What became of the records, table by table."""
    return tuple(
        Outcome(
            name,
            table_name(name, words),
            tuple(
                (words.say(title), words.figures.count(found.get(outcome, 0)))
                for outcome, title in OUTCOMES.items()
                if found.get(outcome)
            ),
        )
        for name, found in counts.items()
        if name in TABLES
    )


def notes(found: Sequence[Mapping[str, Any]], words: Words) -> list[tuple[Markup, bool]]:
    """Notes in words; whether each is in the language of the page."""
    shown = []
    for each in found:
        sentence = NOTE_SENTENCES.get(each["code"])
        values = {k: Markup("<bdi>{}</bdi>").format(v) for k, v in each["params"].items()}
        try:
            text = words.say(sentence, **values) if sentence else None
        except KeyError:
            text = None
        if text is not None:
            shown.append((text, True))
        else:
            view = note_view(Note(each["code"], each["text"], each["params"]), words)
            shown.append((view.text, view.translated))
    return shown


def cells(table: str, columns: Sequence[str], row: Sequence[Any], words: Words) -> list[Cell]:
    """A row as it will be read, its values as the language writes them."""
    return [_cell(table, name, value, words) for name, value in zip(columns, row, strict=True)]


def _cell(table: str, name: str, value: Any, words: Words) -> Cell:
    if value is None:
        return Cell("–", unknown=True)
    kind = TABLES[table].by_name[name].kind if name in TABLES[table].by_name else Kind.TEXT
    if kind is Kind.INSTANT:
        return Cell(words.instant(datetime.fromisoformat(value)))
    if kind is Kind.DAY:
        return Cell(words.day(date.fromisoformat(value)))
    if kind in (Kind.MONEY, Kind.QUANTITY, Kind.RATE):
        return Cell(words.figures.number(float(Decimal(value))), figure=True)
    if kind in (Kind.COUNT, Kind.RATIO):
        return Cell(words.figures.number(float(value)), figure=True)
    text = str(value)
    return Cell(Markup("<bdi>{}</bdi>").format(text if len(text) <= 60 else text[:59] + "…"))


def reason(code: str, words: Words) -> Markup:
    """Why a row can't be read, in a few words."""
    return words.say(ROW_ERRORS[code]) if code in ROW_ERRORS else Markup(code)


def who(upload: Upload | None) -> str:
    """Who brought files; empty where nobody of the site did."""
    return upload.person.name if upload is not None and upload.person is not None else ""
