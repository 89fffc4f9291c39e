"""A file of terms while it is read: each mistake is told with its line, key and value."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NoReturn

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.pay.checks import Path
from onefunnel.pay.toml_places import lines_of, nearest
from onefunnel.vocabulary.toml import toml_of


class TermsFile:
    """What stands in a file (``given``), and how to say what is wrong with it.

    Each method raises InputError with the line, the key and the value; ``unsaid`` are keys that
    people do not write.
    """

    unsaid: frozenset[str] = frozenset()

    def __init__(self, text: str, file: str) -> None:
        self.file, self.lines = file, lines_of(text)
        self.given = toml_of(text, file)

    def choice(self, kind: type[StrEnum], path: Path, given: Any) -> str:
        """A value that is one of a kind."""
        return self.one_of([each.value for each in kind], path, given)

    def one_of(self, valid: Sequence[str], path: Path, given: Any) -> str:
        """A value that is one of these names."""
        if given not in valid:
            remedy = suggestion(str(given), valid)
            self.fail(path, given, "unknown_name", "The key has no such value.", remedy)
        return str(given)

    def table(self, path: Path, given: Any) -> dict[str, Any]:
        """A value that is a table."""
        if isinstance(given, dict):
            return given
        self.fail(path, given, "bad_value", "A table was expected.", "Write name = value.")

    def names(self, path: Path, given: Mapping[str, Any], valid: Iterable[str]) -> None:
        """No key but the valid ones."""
        for key in (each for each in given if each not in valid):
            remedy = suggestion(key, valid)
            self.fail((*path, key), key, "unknown_name", "There is no such key.", remedy)

    def fail(self, path: Path, value: object, code: str, message: str, remedy: str) -> NoReturn:
        """What is wrong at a path; an empty value is not told."""
        named = ".".join(str(part) for part in path if part not in self.unsaid)
        place = Place(
            self.file, nearest(self.lines, path), named, str(value) if value != "" else None
        )
        raise InputError(place, code, message, remedy=remedy)
