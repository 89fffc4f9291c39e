"""In which encoding a text file is written, and a copy of it in UTF-8.

A file is UTF-8 when it reads as such from end to end. Otherwise the bytes are tried in the
encodings that Russian, Romanian, Vietnamese, Persian and Western texts are written in, and the
one in which they make plausible words is taken; where two make different plausible words, the
file must say which (a mapping states ``encoding``).
"""

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.kinds import zeros_alternate
from onefunnel.intake.files.plausible import CANDIDATES, plausibility
from onefunnel.intake.staged import Limits, Progress

_BLOCK = 4 * 1024 * 1024
_AROUND = 512 * 1024
_ENOUGH, _APART = 0.5, 0.08
_NFC = ("cp1258", "windows-1258")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding; ``guessed`` is to be said to the person, ``clean`` means no invalid byte."""

    name: str
    guessed: bool = False
    clean: bool = True


def detect(path: Path, file: str, declared: str | None = None) -> Encoding:
    """The encoding of a file.

    A declared one is believed. UTF-8 with a few invalid bytes stays UTF-8 and is not ``clean``.
    Raises InputError ``unreadable_encoding``.
    """
    head = _head(path)
    if declared is not None:
        name = codecs.lookup(declared).name
        clean = name not in ("utf-8", "utf-8-sig") or _first_invalid(path) is None
        return Encoding(name, clean=clean)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16")
    if (wide := _wide(head)) is not None:
        return Encoding(wide, guessed=True)
    offset = _first_invalid(path)
    if offset is None:
        return Encoding("utf-8")
    with path.open("rb") as stream:
        stream.seek(max(0, offset - _AROUND))
        sample = stream.read(2 * _AROUND)
    if _mostly_utf8(sample):
        return Encoding("utf-8", clean=False)
    return Encoding(_legacy(sample, file), guessed=True)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4096)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of Latin text is zero."""
    if not zeros_alternate(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _first_invalid(path: Path) -> int | None:
    """The offset of the first byte that is not UTF-8; None when all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            # Looking for plain ASCII is several times faster than decoding it.
            if not block.isascii() or decoder.getstate()[0] or not block:
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    return max(0, offset - 4) + error.start
            if not block:
                return None
            offset += len(block)


def _mostly_utf8(sample: bytes) -> bool:
    """Whether several letters of two bytes and more are well formed for each invalid byte."""
    text = sample.decode("utf-8", errors="replace")
    invalid = text.count("�")
    letters = sum(1 for character in text if ord(character) > 127) - invalid
    return letters >= 4 * invalid


def _legacy(sample: bytes, file: str) -> str:
    texts: dict[str, str] = {}
    for name in CANDIDATES:
        try:
            texts[name] = unicodedata.normalize("NFC", sample.decode(name))
        except UnicodeDecodeError:
            continue
    scores = {name: plausibility(text, name) for name, text in texts.items()}
    ranked = sorted(scores, key=lambda name: -scores[name])
    if not ranked or scores[ranked[0]] < _ENOUGH:
        raise _unreadable(file)
    best = ranked[0]
    rivals = [
        name
        for name in ranked[1:]
        if scores[best] - scores[name] < _APART and texts[name] != texts[best]
    ]
    if not rivals:
        return best
    opinion = from_bytes(sample).best()
    for name in (best, *rivals):
        if opinion is not None and codecs.lookup(opinion.encoding).name == codecs.lookup(name).name:
            return name
    raise _unreadable(file, (best, *rivals))


def _unreadable(file: str, names: tuple[str, ...] = ()) -> InputError:
    between = f" ({' or '.join(names)}?)" if names else ""
    return InputError(
        Place(file),
        "unreadable_encoding",
        f"The encoding of the file can't be made out{between}.",
        remedy="Save it as UTF-8, or state encoding in a mapping.",
    )


def transcode(
    path: Path, target: Path, encoding: str, file: str, limits: Limits, progress: Progress
) -> None:
    """Write the file in UTF-8 to ``target``, block by block, with the line breaks of today.

    A byte that the encoding does not have becomes U+0000, which no text has: the record with it is
    rejected as ``bad_bytes``. Vietnamese tone marks are composed (NFC).
    """
    compose = encoding.lower() in _NFC
    total = path.stat().st_size
    with target.open("wb") as out:
        for text, done in _decoded(path, encoding, file, limits):
            out.write((unicodedata.normalize("NFC", text) if compose else text).encode("utf-8"))
            progress.step(file, done, total)


def _decoded(path: Path, encoding: str, file: str, limits: Limits) -> Iterator[tuple[str, int]]:
    """Text in pieces that end with a line, so that no letter is parted from its marks."""
    decoder = codecs.getincrementaldecoder(encoding)("onefunnel.mark")
    rest, done = "", 0
    old_mac: bool | None = None
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            done += len(block)
            rest += decoder.decode(block)
            if old_mac is None:
                old_mac = "\r" in rest and "\n" not in rest
            if old_mac:
                rest = rest.replace("\r", "\n")
            end = rest.rfind("\n") + 1
            if not end and len(rest) > limits.max_field_bytes:
                message = f"A line is longer than {limits.max_field_bytes} bytes."
                raise InputError(Place(file), "field_too_large", message, remedy="Shorten it.")
            yield rest[:end], done
            rest = rest[end:]
    rest += decoder.decode(b"", final=True)
    yield rest.replace("\r", "\n") if old_mac else rest, done


def is_old_mac(path: Path) -> bool:
    """Whether lines end with a carriage return alone."""
    head = _head(path)
    return b"\r" in head.rstrip(b"\r") and b"\n" not in head


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\0", error.end


codecs.register_error("onefunnel.mark", _mark)
