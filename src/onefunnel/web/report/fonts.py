"""The styles of a page in one piece: tokens, parts, and the fonts that its letters need."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

STYLES = ("tokens.css", "onefunnel.css", "sections.css", "report.css")
FACE = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)

OWN_SUBSETS = {
    "en": ("inter-latin",),
    "ro": ("inter-latin", "inter-latin-ext"),
    "ru": ("inter-latin", "inter-cyrillic"),
    "fa": ("vazirmatn-arabic", "inter-latin"),
    "vi": ("inter-latin", "inter-vietnamese"),
}
"""The subsets that the letters of a language are in; each is taken before any other."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font subset: its file, its rule in the style sheet, the characters it covers."""

    file: str
    rule: str
    ranges: tuple[tuple[int, int], ...]

    def covers(self, character: str) -> bool:
        """Whether the subset has a character."""
        return any(first <= ord(character) <= last for first, last in self.ranges)

    def embedded(self) -> str:
        """The rule with the font in it, so that nothing is fetched."""
        font = b64encode(_static().joinpath("fonts", self.file).read_bytes()).decode("ascii")
        url = f'url("data:font/woff2;base64,{font}")'
        return re.sub(r'url\("[^"]*"\)', lambda _: url, self.rule)


def styles(text: str, language: str) -> str:
    """The style sheet for a page with that text, complete: it refers to nothing outside."""
    sheets = [_sheet(name) for name in STYLES]
    plain = FACE.sub("", "\n".join(sheets))
    return "".join(face.embedded() for face in needed(text, language)) + plain


def needed(text: str, language: str) -> tuple[Face, ...]:
    """The subsets that a text needs: the language's own, then others for what names hold.

    >>> [face.file for face in needed("Ștefan", "en")]
    ['inter-latin-wght-normal.woff2', 'inter-latin-ext-wght-normal.woff2']
    """
    own = OWN_SUBSETS[language]
    by_choice = sorted(_faces(), key=lambda face: _rank(face.file, own))
    missing = {character for character in text if ord(character) > 32}
    taken = []
    for face in by_choice:
        covered = {character for character in missing if face.covers(character)}
        if covered:
            taken.append(face)
            missing -= covered
    return tuple(taken)


def _rank(file: str, own: tuple[str, ...]) -> int:
    return next((at for at, name in enumerate(own) if file.startswith(f"{name}-wght")), len(own))


@cache
def _faces() -> tuple[Face, ...]:
    sheet = _sheet(STYLES[0])
    return tuple(_face(rule) for rule in FACE.findall(sheet))


def _face(rule: str) -> Face:
    file = re.search(r'url\("fonts/([^"]+)"\)', rule)
    ranges = re.search(r"unicode-range: ([^;]+);", rule)
    if file is None or ranges is None:
        raise ValueError(f"A font rule without file or range: {rule[:80]}")
    return Face(file[1], rule, tuple(_ranges(ranges[1])))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        yield int(first, 16), int(last or first, 16)


def _sheet(name: str) -> str:
    own = files(__package__).joinpath("static", name)
    return (own if own.is_file() else _static().joinpath(name)).read_text("utf-8")


def _static() -> Traversable:
    """What pages and the report share."""
    return files("onefunnel.web").joinpath("static")
