"""The advertising platforms: how their click identifiers look, and how long they take conversions.

What is said of each is what its own documentation says; ``docs/how-to/return-conversions.md`` names
the pages and when they were read.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """A platform that takes conversions back."""

    GOOGLE = "google"
    META = "meta"
    MICROSOFT = "microsoft"


OTHER = "other"
"""The platform of an identifier that names one which is none of these."""
UNKNOWN = "unknown"
"""The platform of an identifier that nothing tells."""
ERASED = "erased-"
"""What the pseudonyms of erased people begin with; no click of theirs is told to anybody."""


class Kind(StrEnum):
    """A kind of click identifier: the parameter of the address in which it comes."""

    GCLID = "gclid"
    GBRAID = "gbraid"
    WBRAID = "wbraid"
    MSCLKID = "msclkid"
    FBCLID = "fbclid"
    FBC = "fbc"
    """What Meta's own script makes of a ``fbclid``: ``fb.1.<milliseconds>.<fbclid>``."""

    @property
    def platform(self) -> Platform:
        """Whose it is.

        >>> Kind.WBRAID.platform
        <Platform.GOOGLE: 'google'>
        """
        if self in (Kind.FBCLID, Kind.FBC):
            return Platform.META
        return Platform.MICROSOFT if self is Kind.MSCLKID else Platform.GOOGLE


class How(StrEnum):
    """By what an identifier was assigned to a platform."""

    PREFIX = "prefix"
    SHAPE = "shape"
    SOURCE = "source"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Limits:
    """How old things may be, in days of 24 hours.

    ``click`` is the most between click and conversion, ``upload`` the most until the upload: since
    the click, or since the conversion where ``from_click`` is false.
    """

    click: int
    upload: int
    from_click: bool


LIMITS = {
    Platform.GOOGLE: Limits(click=90, upload=90, from_click=True),
    Platform.META: Limits(click=90, upload=62, from_click=False),
    Platform.MICROSOFT: Limits(click=90, upload=90, from_click=True),
}

MARKS = (":", "=")
"""What stands between a prefix and the identifier: ``gclid:Cj0K…`` or ``gclid=Cj0K…``."""
PREFIX = "^[a-z][a-z_]{1,19}[:=]"
"""Of an identifier in small letters: that it names its parameter. No backslash: Spark drops it."""
VALID = "^[A-Za-z0-9][A-Za-z0-9._-]*$"
"""What an identifier is made of."""
SHAPES = {
    Kind.FBC: "^fb[.][0-9][.][0-9]{10,13}[.][A-Za-z0-9]",
    Kind.FBCLID: "^(IwAR|IwY2x|IwZX)",
    Kind.MSCLKID: "^[0-9a-fA-F]{32}$",
    Kind.GBRAID: "^0AAAA",
    Kind.GCLID: "^(Cj0KC|CjwKC|CjgKC|EAIaIQ)",
}
"""How identifiers look that need no prefix, in the order in which they are tried."""
BY_SOURCE = {
    Platform.GOOGLE: Kind.GCLID,
    Platform.META: Kind.FBCLID,
    Platform.MICROSOFT: Kind.MSCLKID,
}
"""What an identifier of no known shape is taken for where its touch names the platform."""

_WORDS = {
    Platform.GOOGLE: (
        *("google", "google.com", "www.google.com", "google ads", "google adwords", "adwords"),
        *("youtube", "youtube.com", "youtube ads", "gads"),
    ),
    Platform.META: (
        *("meta", "meta ads", "facebook", "facebook.com", "facebook ads", "fb", "fb ads"),
        *("instagram", "instagram.com", "instagram ads", "ig", "messenger", "audience network"),
    ),
    Platform.MICROSOFT: (
        *("microsoft", "microsoft ads", "microsoft advertising", "bing", "bing.com", "bing ads"),
        *("msn", "msn.com"),
    ),
}
NAMES = {
    platform: tuple(
        dict.fromkeys(word.replace(" ", mark) for word in words for mark in (" ", "_", "-", ""))
    )
    for platform, words in _WORDS.items()
}
"""What source, channel or medium of a touch say where they name a platform, in small letters."""


@dataclass(frozen=True, slots=True)
class Click:
    """An identifier as it was read: its platform, its kind where that is known, and its text."""

    platform: str
    kind: Kind | None
    text: str
    how: How


def read(click_id: str, *said: str | None) -> Click | None:
    """What an identifier is; None where it is that of somebody who was erased.

    ``said`` are source, channel and medium of its touch: the first of them that names a platform
    counts. A prefix goes before all else. Else the shape and what is said must not contradict each
    other, and one of them must tell.

    >>> read("gclid:abc").kind, read("yclid:abc").platform
    (<Kind.GCLID: 'gclid'>, 'other')
    >>> read("f894f652ea334e739002f7167ab8f8e3", None, "bing").how
    <How.SHAPE: 'shape'>
    >>> read("abc", "Google", None).how, read("abc", "newsletter", None).platform
    (<How.SOURCE: 'source'>, 'unknown')
    >>> read("IwAR2F4", "google").platform
    'unknown'
    """
    if click_id.startswith(ERASED):
        return None
    small = click_id.lower()
    for kind in Kind:
        for mark in MARKS:
            if small.startswith(f"{kind}{mark}"):
                return _valid(kind, click_id[len(kind) + 1 :], How.PREFIX)
    if re.search(PREFIX, small):
        return Click(OTHER, None, click_id, How.PREFIX)
    named = next((each for each in map(platform_named, said) if each), None)
    shaped = next((kind for kind, shape in SHAPES.items() if re.search(shape, click_id)), None)
    if shaped is not None and named in (None, shaped.platform):
        return _valid(shaped, click_id, How.SHAPE)
    if shaped is None and named is not None:
        return _valid(BY_SOURCE[named], click_id, How.SOURCE)
    return Click(UNKNOWN, None, click_id, How.NOTHING)


def platform_named(said: str | None) -> Platform | None:
    """The platform that a word of a touch names, if it names one.

    >>> platform_named("Google_Ads"), platform_named("cpc")
    (<Platform.GOOGLE: 'google'>, None)
    """
    small = (said or "").lower()
    return next((platform for platform, names in NAMES.items() if small in names), None)


def _valid(kind: Kind, text: str, how: How) -> Click:
    if re.search(VALID, text):
        return Click(kind.platform.value, kind, text, how)
    return Click(UNKNOWN, None, text, How.NOTHING)
