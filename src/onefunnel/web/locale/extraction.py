"""Which messages the product has: those marked in code and templates, the funnel's notes, pay's."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract_from_dir

from onefunnel.funnel.notes import NOTES, REASONS
from onefunnel.measures.acquisition import notes as acquisition
from onefunnel.measures.attribution import notes as attribution
from onefunnel.measures.behaviour import notes as behaviour
from onefunnel.measures.bridge import notes as bridge
from onefunnel.measures.incentives import notes as incentives
from onefunnel.measures.offline_conversions import notes as offline_conversions
from onefunnel.measures.paradox import notes as paradox
from onefunnel.measures.scorecard import notes as scorecard
from onefunnel.measures.self_reported import notes as self_reported
from onefunnel.measures.sellers import notes as sellers
from onefunnel.pay.sentences import SENTENCES

KEYWORDS = {"_": None, "N_": None, "say": None, "count": (1, 2)}
METHODS = [
    ("funnel/notes.py", "onefunnel.web.locale.extraction:funnel_notes"),
    ("web/**.py", "python"),
    ("web/**/templates/**.html", "jinja2"),
    ("web/templates/**.html", "jinja2"),
    ("web/templates/**.txt", "jinja2"),
    ("measures/scorecard/notes.py", "onefunnel.web.locale.extraction:scorecard_notes"),
    ("pay/sentences.py", "onefunnel.web.locale.extraction:pay_sentences"),
    ("measures/acquisition/notes.py", "onefunnel.web.locale.extraction:acquisition_notes"),
    ("measures/attribution/notes.py", "onefunnel.web.locale.extraction:attribution_notes"),
    ("measures/behaviour/notes.py", "onefunnel.web.locale.extraction:behaviour_notes"),
    ("measures/bridge/notes.py", "onefunnel.web.locale.extraction:bridge_notes"),
    ("measures/incentives/notes.py", "onefunnel.web.locale.extraction:incentive_notes"),
    ("measures/offline_conversions/notes.py", "onefunnel.web.locale.extraction:offline_notes"),
    ("measures/paradox/notes.py", "onefunnel.web.locale.extraction:paradox_notes"),
    ("measures/self_reported/notes.py", "onefunnel.web.locale.extraction:self_reported_notes"),
    ("measures/sellers/notes.py", "onefunnel.web.locale.extraction:seller_notes"),
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


def bridge_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the bridge's notes and of its reasons."""
    kinds = ((each.about, each.text) for each in bridge.NOTES.values())
    for about, text in [*kinds, *bridge.REASONS.items()]:
        yield 0, "", text, [about]


def acquisition_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on what customers cost."""
    for kind in acquisition.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def attribution_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on credit, and of reasons."""
    kinds = ((each.about, each.text) for each in attribution.NOTES.values())
    for about, text in [*kinds, *attribution.REASONS.items()]:
        yield 0, "", text, [about]


def behaviour_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on what is worked in time."""
    for kind in behaviour.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def incentive_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on what ignored leads cost."""
    for kind in incentives.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def offline_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on what platforms are told."""
    for kind in offline_conversions.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def paradox_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on the paradox."""
    for kind in paradox.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def self_reported_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on what people say."""
    for kind in self_reported.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def seller_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on salespeople."""
    for kind in sellers.NOTES.values():
        yield 0, "", kind.text, [kind.about]


def scorecard_notes(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: the sentences of the notes on scorecards, and of reasons."""
    kinds = ((each.about, each.text) for each in scorecard.NOTES.values())
    for about, text in [*kinds, *scorecard.REASONS.items()]:
        yield 0, "", text, [about]


def pay_sentences(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterable[Found]:
    """An extraction method for Babel: why a line is paid, as the pay engine says it."""
    for code, text in SENTENCES.items():
        yield 0, "", text, [code]


def messages() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Every message, as (file, line, message); a message with a plural is a tuple of both forms."""
    root = Path(str(files("onefunnel")))
    options: dict[str, Any] = {pattern: {"silent": "false"} for pattern, _ in METHODS[2:]}
    found = extract_from_dir(root, METHODS, options, keywords=KEYWORDS)
    for file, line, message, _, _ in found:
        yield file, line, message if isinstance(message, str) else tuple(message)
