"""Every message exists in every language, says the same places, and uses the house's terms."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from onefunnel.errors import UnknownName
from onefunnel.funnel.notes import NOTES, REASONS
from onefunnel.intake.codes import ROW_CODES
from onefunnel.ledger.schema.facts import TABLES
from onefunnel.vocabulary import Department, Stage
from onefunnel.web.locale import LANGUAGES, Words, catalogue
from onefunnel.web.locale.extraction import messages
from onefunnel.web.report.context import TABLE_NAMES
from onefunnel.web.report.row_errors import ROW_ERRORS

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
GLOSSARY = tomllib.loads(files("onefunnel.web.locale").joinpath("glossary.toml").read_text("utf-8"))
PLACE = re.compile(r"\{\w+\}")


def read(language: str) -> Catalog:
    path = files("onefunnel.web.locale").joinpath(language, "LC_MESSAGES", "onefunnel.po")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_holds_every_message_of_the_product_and_no_other(language: str) -> None:
    wanted = {message if isinstance(message, str) else message[0] for _, _, message in messages()}
    held = {
        each.id if isinstance(each.id, str) else each.id[0] for each in read(language) if each.id
    }
    assert held == wanted


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_in_every_plural_form(language: str) -> None:
    kept = read(language)
    for message in kept:
        if not message.id:
            continue
        expected = 1 if isinstance(message.id, str) else kept.num_plurals
        assert len(forms(message)) == expected, message.id
        assert all(forms(message)), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_the_same_places(language: str) -> None:
    for message in read(language):
        for form in forms(message) if message.id else []:
            assert places(form) == places(english(message)), form


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_use_the_terms_of_the_glossary(language: str) -> None:
    wrong = [
        (name, english(message), form)
        for message in read(language)
        if message.id
        for name, term in GLOSSARY["terms"].items()
        if re.search(term["en"], PLACE.sub("", english(message)), re.IGNORECASE)
        for form in forms(message)
        if not any(stem in form.lower() for stem in term[language])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_stages_and_departments_are_named_as_in_the_glossary(language: str) -> None:
    words = Words(language)
    assert {str(stage): str(words.stage(stage).unescape()) for stage in Stage} == {
        name: names[language] for name, names in GLOSSARY["stages"].items()
    }
    for name, names in GLOSSARY["departments"].items():
        assert str(words.department(Department(name))) == names[language]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_note_and_reason_of_the_funnel_is_translated(language: str) -> None:
    words = Words(language)
    texts = [*(kind.text for kind in NOTES.values()), *REASONS.values()]
    assert [text for text in texts if not words.knows(text)] == []


def test_every_row_error_of_the_intake_has_words() -> None:
    assert set(ROW_CODES) <= set(ROW_ERRORS)


def test_every_fact_table_has_a_name() -> None:
    assert set(TABLE_NAMES) == set(TABLES)


def test_an_unknown_language_names_the_valid_ones() -> None:
    with pytest.raises(UnknownName, match="Valid: en, fa, ro, ru, vi"):
        catalogue("de")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["1 row", "3 rows", "20 rows", "21 rows"]),
        ("ro", ["1 vânzare", "3 vânzări", "20 de vânzări", "21 de vânzări"]),
        ("ru", ["1 продажа", "3 продажи", "20 продаж", "21 продажа"]),
        ("fa", ["۱ فروش", "۳ فروش", "۲۰ فروش", "۲۱ فروش"]),
        ("vi", ["1 khoản", "3 khoản", "20 khoản", "21 khoản"]),
    ],
)
def test_plurals_follow_the_language(language: str, expected: list[str]) -> None:
    words = Words(language)
    message = ("{n} row", "{n} rows") if language == "en" else ("{n} sale of unknown cost",) * 2
    said = [words.count(*message, number) for number in (1, 3, 20, 21)]
    assert [text[: len(start)] for text, start in zip(said, expected, strict=True)] == expected
