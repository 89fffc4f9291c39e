"""What is wrong with a mapping, said with its line."""

import codecs
import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from typing import Any
from zoneinfo import ZoneInfo

from onefunnel.errors import InputError, Place, suggestion


class Complaints:
    """Checks single entries of one mapping file, and raises ``bad_mapping`` with the line.

    TOML in the standard library does not say where an entry stands. The line is that of the first
    mention of the entry after the heading that was entered last; it is left out when not found.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._lines = text.splitlines()
        self._from = 0

    def enter(self, heading: str) -> None:
        """From here on, entries stand below the next heading of that kind."""
        for number in range(self._from, len(self._lines)):
            if self._lines[number].replace(" ", "").startswith(heading):
                self._from = number + 1
                return

    def about(self, entry: str, message: str, remedy: str = "") -> InputError:
        """An error about an entry."""
        place = Place(self.name, self._line(entry), entry)
        return InputError(place, "bad_mapping", message, remedy=remedy)

    def unknown(self, what: str, name: str, valid: Iterable[str]) -> InputError:
        """An error about a name that does not exist."""
        return self.about(name, f"There is no such {what}.", suggestion(name, valid))

    def syntax(self, message: str) -> InputError:
        """An error about what is no TOML; the parser's message ends with line and column."""
        where = re.search(r"line (\d+)", message)
        place = Place(self.name, int(where[1]) if where else len(self._lines))
        remedy = "Texts stand between quotation marks."
        return InputError(place, "bad_mapping", f"This is not TOML: {message}.", remedy=remedy)

    def _line(self, entry: str) -> int | None:
        word = re.compile(rf"(?<![\w.-]){re.escape(entry)}(?![\w-])")
        for numbers in (range(max(self._from - 1, 0), len(self._lines)), range(self._from)):
            for number in numbers:
                if word.search(self._lines[number]):
                    return number + 1
        return None

    def names(self, given: MappingType[str, Any], valid: Iterable[str], what: str) -> None:
        """Every entry has a name that is known."""
        for name in given:
            if name not in valid:
                raise self.unknown(f"entry in a {what}", name, valid)

    def tables(self, given: object, name: str) -> list[dict[str, Any]]:
        """A list of tables, possibly empty."""
        if given is None:
            return []
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise self.about(name, f"{name} is a list of tables: write [[{name}]].")
        return given

    def text(self, given: MappingType[str, Any], name: str) -> str | None:
        """A text, or None when it is not there."""
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise self.about(name, f"{name} is a text.")
        return value

    def needed_text(self, given: MappingType[str, Any], name: str) -> str:
        """A text that must be there."""
        value = self.text(given, name)
        if not value:
            raise self.about(name, f"{name} is missing.")
        return value

    def texts(self, given: MappingType[str, Any], name: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = given.get(name, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            raise self.about(name, f"{name} is a text or a list of texts.")
        return tuple(texts)

    def flag(self, given: MappingType[str, Any], name: str) -> bool:
        """True or false; false when it is not there."""
        value = given.get(name, False)
        if not isinstance(value, bool):
            raise self.about(name, f"{name} is true or false.")
        return value

    def choice(self, given: MappingType[str, Any], name: str, valid: tuple[str, ...]) -> str | None:
        """One of some texts, or None when it is not there."""
        value = self.text(given, name)
        if value is not None and value not in valid:
            raise self.about(name, f"{name} can't be {value!r}.", suggestion(value, valid))
        return value

    def zone(self, given: MappingType[str, Any]) -> str | None:
        """An IANA time zone."""
        value = self.text(given, "zone")
        if value is not None:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                message = f"There is no time zone {value!r}."
                raise self.about("zone", message, "Write it as in Europe/Bucharest.") from None
        return value

    def encoding(self, given: MappingType[str, Any]) -> str | None:
        """The name of an encoding that Python knows."""
        value = self.text(given, "encoding")
        if value is not None:
            try:
                codecs.lookup(value)
            except LookupError:
                remedy = "Such as utf-8, utf-16, windows-1251, windows-1258."
                raise self.about("encoding", f"No encoding {value!r}.", remedy) from None
        return value

    def delimiter(self, given: MappingType[str, Any]) -> str | None:
        """One ASCII character that can part columns."""
        value = self.text(given, "delimiter")
        if value is not None and (len(value) != 1 or not value.isascii() or value in '"\r\n'):
            message = "delimiter is one character."
            raise self.about("delimiter", message, 'Such as ",", ";", "|" or "\\t".')
        return value

    def pattern(self, value: str | None) -> None:
        """A regular expression, where there is one."""
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                message = f"totals is no regular expression: {error}."
                raise self.about("totals", message) from None
