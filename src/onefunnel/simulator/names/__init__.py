"""The names and texts of the five languages, a file each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

from onefunnel.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Language:
    """What a company of a language is called and writes.

    ``order`` is that of a person's names; ``euro`` what one euro costs in ``currency``; ``phone``
    the beginning of telephone numbers that can't be in use. The mappings go from a code, the same
    in every language, to the text.
    """

    order: str
    currency: str
    euro: int
    calendar: str
    zone: str
    country: str
    phone: str
    given_female: tuple[str, ...]
    given_male: tuple[str, ...]
    family_female: tuple[str, ...]
    family_male: tuple[str, ...]
    organisations: tuple[str, ...]
    partners: tuple[str, ...]
    months: tuple[str, ...]
    campaigns: tuple[str, ...]
    commitments: tuple[str, ...]
    products: Mapping[str, tuple[str, ...]]
    lost_reasons: Mapping[str, str]
    refusals: Mapping[str, str]
    tasks: Mapping[str, str]
    office: Mapping[str, str]

    @property
    def people(self) -> tuple[str, ...]:
        """Every full name that the lists give, women first."""
        women = _full(self.order, self.given_female, self.family_female)
        return women + _full(self.order, self.given_male, self.family_male)


def _full(order: str, given: tuple[str, ...], family: tuple[str, ...]) -> tuple[str, ...]:
    if order == "family given":
        return tuple(f"{last} {first}" for first in given for last in family)
    return tuple(f"{first} {last}" for first in given for last in family)


def _read(code: str) -> Language:
    text = (files(__package__) / f"{code}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return Language(**{each.name: _frozen(read[each.name]) for each in fields(Language)})


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {name: _frozen(each) for name, each in value.items()}
    return value


class _Languages(dict[str, Language]):
    """The languages by code; asking for another is an UnknownName."""

    def __missing__(self, code: str) -> Language:
        raise UnknownName("language", code, self)


LANGUAGES = _Languages({code: _read(code) for code in ("en", "ro", "ru", "fa", "vi")})
"""The five languages by their codes.

>>> LANGUAGES["vi"].people[0], LANGUAGES["fa"].calendar
('Bùi Thị Anh', 'solar_hijri')
"""

EURO: Mapping[str, int] = {each.currency: each.euro for each in LANGUAGES.values()}
"""What one euro costs in each currency: a round figure that stays the same."""
