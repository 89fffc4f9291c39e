"""Every link in the project's Markdown leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.project.files import ROOT, project_files, shown, text_of

DOCUMENTS = [path for path in project_files() if path.suffix == ".md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_links_resolve(document: Path) -> None:
    broken = [link for link in _links(document) if not _resolves(document, link)]
    assert broken == []


def _links(document: Path) -> Iterator[str]:
    for token in _tokens(document):
        target = token.attrGet("href") or token.attrGet("src")
        if target:
            yield str(target)


def _resolves(document: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True  # another site: whether it is up is not ours to test
    target = (document.parent / unquote(parts.path)).resolve() if parts.path else document
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not parts.fragment or target.suffix != ".md" or parts.fragment in _anchors(target)


@cache
def _anchors(document: Path) -> frozenset[str]:
    """The anchors of a document: its headings in the usual spelling, and named targets."""
    tokens = MarkdownIt("commonmark").parse(text_of(document))
    headings = [
        tokens[index + 1].content
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    named = re.findall(r"^\(([\w-]+)\)=$", text_of(document), re.MULTILINE)
    return frozenset([*map(_slug, headings), *named])


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _tokens(document: Path) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text_of(document)):
        yield from token.children or ()
