"""What is wrong with a file of terms is said in the language of the page."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import onefunnel
from onefunnel.errors import InputError
from onefunnel.measures.incentives import ranges
from onefunnel.pay import reading
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.pages.terms import faults

HOME = Path(onefunnel.__file__).parent
READERS = (
    "pay/reading.py",
    "pay/checks.py",
    "pay/terms_file.py",
    "measures/attribution/recording.py",
    "measures/incentives/ranges.py",
    "measures/scorecard/reading.py",
    "measures/scorecard/curve.py",
    "measures/scorecard/plan.py",
)
SOME = "above 0"
"""What stands where a reader fills a value in."""


def literals(tree: ast.AST) -> set[str]:
    """The texts of a module that are sentences, without its docstrings."""
    skipped = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    texts = set()
    for node in ast.walk(tree):  # what is made of parts comes before its parts
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(each) for each in node.values}
            texts.add("".join(map(_filled, node.values)))
        elif isinstance(node, ast.Constant) and id(node) not in skipped:
            texts.add(str(node.value))
    return {each for each in texts if " " in each and each.endswith((".", "?"))}


def _filled(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else SOME


@pytest.mark.parametrize("name", READERS)
def test_every_sentence_of_a_reader_is_known(name: str) -> None:
    found = literals(ast.parse((HOME / name).read_text("utf-8")))
    assert found
    for text in sorted(found):
        assert None not in faults._parts(text), text


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_each_is_translated(language: str) -> None:
    words = Words(language)
    assert [each for each in faults.SENTENCES if not words.knows(each)] == []


def wrong(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        reading.read(text)
    return caught.value


def test_what_is_written_stands_in_the_sentence() -> None:
    error = wrong('nam = "sales"')
    assert faults.said_wrong(error, Words("en")).startswith("nam: There is no such key. Did you")
    said = faults.said_wrong(error, Words("ru"))
    assert said.startswith("nam: ") and "'name'" in said
    assert "There" not in said and "Valid" not in said
    persian = faults.said_wrong(error, Words("fa"))
    assert persian.startswith("\u2068nam\u2069: ") and "\u2068'name'\u2069" in persian


def test_a_range_says_its_bounds() -> None:
    with pytest.raises(InputError) as caught:
        ranges.read("share_of_time = 2")
    said = faults.said_wrong(caught.value, Words("vi"))
    assert "0" in said and "1" in said and "It" not in said


def test_a_text_that_is_no_sentence_of_ours_stays() -> None:
    assert faults.translated("Something else.", Words("ru")) == "Something else."
