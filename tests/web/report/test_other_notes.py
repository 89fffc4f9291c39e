"""The notes of every measure are said in the language of the page, their places filled."""

from __future__ import annotations

import re

import pytest

from onefunnel.vocabulary import Note
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.report.notes import MORE_REASONS, OTHER_NOTES, view

PLACE = re.compile(r"\{(\w+)\}")
REASON = "nothing_converts"
"""Stands for the reasons of them all; each has its own message."""


def params(code: str) -> dict[str, str | int | float]:
    """A number for each place of a note, and a reason where it says why."""
    names = set(PLACE.findall(OTHER_NOTES[code]))
    found: dict[str, str | int | float] = dict.fromkeys(names - {"why"}, 4210)
    return found | ({"reason": REASON} if "why" in names else {})


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("code", sorted(OTHER_NOTES))
def test_they_are_said_in_the_language_with_their_figures(code: str, language: str) -> None:
    words, given = Words(language), params(code)
    said = view(Note(code, "In English.", given), words)
    assert said.translated and "{" not in said.text
    if 4210 in given.values():
        assert words.figures.count(4210) in said.text


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_their_reasons_are_too(language: str) -> None:
    words = Words(language)
    assert [text for text in MORE_REASONS.values() if not words.knows(text)] == []
