"""The conventions that favour a side in what customers cost: ``attribution.toml``."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NoReturn

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.pay.checks import Path
from onefunnel.pay.toml_places import lines_of, nearest
from onefunnel.vocabulary import Terms
from onefunnel.vocabulary.terms import ATTRIBUTION


class Shared(StrEnum):
    """How spend is shared out that is recorded coarser than it is asked for.

    ``by_touches``: in proportion to marketing's touches of the same month that agree with all that
    the spend says; where there are none, ``by_leads``: to leads, in the same way. What neither can
    share out, and under ``recorded_only`` all of it, stays where its value is unknown.

    Touches favour channels that are seen often, leads those that ask for an address early.
    """

    BY_TOUCHES = "by_touches"
    BY_LEADS = "by_leads"
    RECORDED_ONLY = "recorded_only"


@dataclass(frozen=True, slots=True)
class Conventions:
    """What ``attribution.toml`` says of acquisition."""

    shared: Shared = Shared.BY_TOUCHES


TABLES: Mapping[str, tuple[str, ...]] = {"spend": ("shared",)}
"""The tables of the file and the keys of each."""


def conventions_of(terms: Terms) -> Conventions:
    """The conventions of a workspace; the defaults where it has no file. InputError as `read`."""
    text = terms.text(ATTRIBUTION)
    return Conventions() if text is None else read(text)


@lru_cache(maxsize=64)
def read(text: str, file: str = ATTRIBUTION) -> Conventions:
    r"""The conventions of a file.

    Raises InputError that names the file, the line, the key and the value, and says what is
    allowed.

    >>> read('[spend]\nshared = "by_leads"').shared
    <Shared.BY_LEADS: 'by_leads'>
    >>> read('[spend]\nshared = "by_lead"')
    Traceback (most recent call last):
    ...
    onefunnel.errors.InputError: attribution.toml, line 2, column 'spend.shared', value 'by_lead':
    The key has no such value. Did you mean 'by_leads'? Valid: by_touches, by_leads, recorded_only.
    """
    return _Reader(text, file).content()


class _Reader:
    """One file while it is read."""

    def __init__(self, text: str, file: str) -> None:
        self.file, self.lines = file, lines_of(text)
        try:
            self.given = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            place = Place(file, int(found[1]) if found else text.count("\n") + 1)
            message = f"This is not TOML: {error}."
            raise InputError(place, "bad_toml", message, remedy="Mend the line.") from error

    def content(self) -> Conventions:
        self.names((), self.given, TABLES)
        for name, keys in TABLES.items():
            self.names((name,), self.table(name), keys)
        shared = self.table("spend").get("shared", Shared.BY_TOUCHES.value)
        return Conventions(Shared(self.choice(Shared, ("spend", "shared"), shared)))

    def table(self, name: str) -> Mapping[str, Any]:
        given = self.given.get(name, {})
        if not isinstance(given, dict):
            remedy = f"Write [{name}], and the keys below it."
            self.fail((name,), given, "bad_value", "A table was expected.", remedy)
        return given

    def choice(self, kind: type[StrEnum], path: Path, given: Any) -> str:
        valid = [each.value for each in kind]
        if given not in valid:
            remedy = suggestion(str(given), valid)
            self.fail(path, given, "unknown_name", "The key has no such value.", remedy)
        return str(given)

    def names(self, path: Path, given: Mapping[str, Any], valid: Iterable[str]) -> None:
        for key in (each for each in given if each not in valid):
            remedy = suggestion(key, valid)
            self.fail((*path, key), key, "unknown_name", "There is no such key.", remedy)

    def fail(self, path: Path, value: object, code: str, message: str, remedy: str) -> NoReturn:
        named = ".".join(str(part) for part in path)
        place = Place(self.file, nearest(self.lines, path), named, str(value))
        raise InputError(place, code, message, remedy=remedy)
