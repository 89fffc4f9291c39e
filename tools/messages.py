"""Brings the catalogues of messages up to date with the code; hands out and takes translations.

``python -m tools.messages`` adds new messages to every catalogue, untranslated, drops those that
the product no longer has, and says how many wait for a translation. ``--missing LANGUAGE`` writes
the waiting ones as JSON to standard output; ``--take LANGUAGE FILE`` puts translations from such a
file in: a list of ``{"id": …, "plural": … or null, "said": [one text per plural form]}``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from onefunnel.web.locale import LANGUAGES
from onefunnel.web.locale.extraction import messages

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
WIDTH = 100


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tools.messages")
    parser.add_argument("--missing", metavar="LANGUAGE", choices=TRANSLATED)
    parser.add_argument("--take", nargs=2, metavar=("LANGUAGE", "FILE"))
    asked = parser.parse_args()
    if asked.missing:
        json.dump(list(missing(asked.missing)), sys.stdout, ensure_ascii=False, indent=1)
    elif asked.take:
        language, file = asked.take
        take(language, json.loads(Path(file).read_text("utf-8")))
    else:
        for language in TRANSLATED:
            print(f"{language}: {update(language)} to translate")


def update(language: str) -> int:
    """Bring a catalogue up to date; how many of its messages are not translated."""
    kept = read(language)
    wanted = Catalog(locale=language, domain=kept.domain)
    for file, line, message in messages():
        wanted.add(message, locations=[(file, line)])
    fresh = Catalog(locale=language, header_comment=kept.header_comment, fuzzy=False)
    fresh.mime_headers = kept.mime_headers
    for each in wanted:
        if each.id:
            old = kept.get(key_of(each))
            string = old.string if old and fits(each, old) else empty(each, kept)
            fresh.add(each.id, string=string, locations=sorted({(f, 0) for f, _ in each.locations}))
    write(language, fresh)
    return len(list(missing(language)))


def missing(language: str) -> Iterator[dict[str, object]]:
    """The messages of a catalogue that wait for a translation."""
    kept = read(language)
    for each in kept:
        if each.id and not all(said(each)):
            one, many = (each.id, None) if isinstance(each.id, str) else each.id
            forms = 1 if many is None else kept.num_plurals
            yield {"id": one, "plural": many, "said": [""] * forms}


def take(language: str, given: list[dict[str, object]]) -> None:
    """Put translations into a catalogue; what it does not know is named and left."""
    kept = read(language)
    for each in given:
        known = kept.get(str(each["id"]))
        forms = [str(text) for text in each["said"]]  # type: ignore[attr-defined]
        if known is None:
            print(f"no such message: {each['id']!r}", file=sys.stderr)
            continue
        expected = 1 if isinstance(known.id, str) else kept.num_plurals
        if len(forms) != expected:
            print(f"{expected} forms are needed: {each['id']!r}", file=sys.stderr)
            continue
        known.string = forms[0] if isinstance(known.id, str) else tuple(forms)
    write(language, kept)


def key_of(message: Message) -> str:
    """What a catalogue finds a message by."""
    return message.id if isinstance(message.id, str) else message.id[0]


def fits(new: Message, old: Message) -> bool:
    """Whether an old translation has the forms that the message has now."""
    return isinstance(new.id, str) == isinstance(old.id, str)


def empty(message: Message, kept: Catalog) -> str | tuple[str, ...]:
    """A translation that is not there yet."""
    return "" if isinstance(message.id, str) else ("",) * kept.num_plurals


def said(message: Message) -> list[str]:
    """The translations of a message, one per form."""
    forms = message.string or ""
    return [forms] if isinstance(forms, str) else list(forms)


def path(language: str) -> Path:
    """The file of a catalogue."""
    found = files("onefunnel.web.locale").joinpath(language, "LC_MESSAGES", "onefunnel.po")
    return Path(str(found))


def read(language: str) -> Catalog:
    """A catalogue as it stands."""
    with path(language).open("rb") as file:
        return read_po(file, locale=language, domain="onefunnel")


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue in the house's form: in the order of the code, without line numbers."""
    with path(language).open("wb") as file:
        write_po(file, catalogue, width=WIDTH, include_lineno=False)


if __name__ == "__main__":
    main()
