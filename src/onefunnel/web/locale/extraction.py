"""Which messages the product has: those marked in code and templates, and the funnel's notes."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract_from_dir

from onefunnel.funnel.notes import NOTES, REASONS

KEYWORDS = {"_": None, "N_": None, "say": None, "count": (1, 2)}
METHODS = [
    ("funnel/notes.py", "onefunnel.web.locale.extraction:funnel_notes"),
    ("web/**.py", "python"),
    ("web/**/templates/**.html", "jinja2"),
    ("web/templates/**.html", "jinja2"),
    ("web/templates/**.txt", "jinja2"),
]

Found = tuple[int, str, str, list[str]]


def funnel_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the funnel's notes and of its reasons.

    They are told from the running module, for the funnel does not know of translations.
    """
    for about, text in [*((n.about, n.text) for n in NOTES.values()), *REASONS.items()]:
        yield 0, "", text, [about]


def messages() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Every message, as (file, line, message); a message with a plural is a tuple of both forms."""
    root = Path(str(files("onefunnel")))
    options: dict[str, Any] = {pattern: {"silent": "false"} for pattern, _ in METHODS[2:]}
    found = extract_from_dir(root, METHODS, options, keywords=KEYWORDS)
    for file, line, message, _, _ in found:
        yield file, line, message if isinstance(message, str) else tuple(message)
