"""The only reader of ``onefunnel.toml`` and of the environment.

A workspace's settings stand in its ``onefunnel.toml``; every number here is a bound or a
preference, none is a result. The environment can only make the engine smaller or larger:
``ONEFUNNEL_MEMORY`` (such as ``4GB``) and ``ONEFUNNEL_THREADS``.
"""

import os
import re
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import tomli_w
from babel.numbers import list_currencies
from phonenumbers import SUPPORTED_REGIONS

from onefunnel.errors import (
    InputError,
    NotAWorkspace,
    Place,
    UnknownName,
    UsageError,
    nearest,
    suggestion,
)
from onefunnel.vocabulary import Calendar
from onefunnel.vocabulary.calendars import NAMES as CALENDARS

FILE_NAME = "onefunnel.toml"
LANGUAGES = ("en", "ru", "ro", "fa", "vi")
MEBIBYTE = 1024 * 1024
MOST = 2**53
SIZE = r"\d+(\.\d+)?\s*[KMGT]i?B"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Bounds of the embedded engine: memory as DuckDB writes it, threads (0: all cores).

    From ``dense_from`` touches on, the funnel is worked out by compiled passes over arrays that
    are kept in the workspace; below it the engine alone is quicker. The answers are the same.
    """

    memory: str = "2GB"
    threads: int = 0
    dense_from: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what is taken in, in bytes or seconds."""

    max_file_bytes: int = 64 * 1024 * MEBIBYTE
    max_field_bytes: int = 16 * MEBIBYTE
    max_unpacked_bytes: int = 64 * 1024 * MEBIBYTE
    max_unpack_ratio: int = 200
    max_body_bytes: int = 8 * MEBIBYTE
    lock_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """How names are matched: the most parties that may share a phone before it ties nobody."""

    max_carriers: int = 10


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How ``onefunnel serve`` answers.

    ``url`` is the address under which people reach it, such as ``https://funnel.example``: behind a
    proxy it must be said, and with ``https`` cookies travel encrypted only. Empty: the address it
    listens on. ``processes`` answer pages, with ``threads`` each; facts that are older than
    ``stale_days`` are named on the page Today.
    """

    url: str = ""
    processes: int = 2
    threads: int = 4
    stale_days: int = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """A workspace's settings, as ``onefunnel.toml`` holds them.

    >>> Settings(workspace_id="w").calendar.zone
    'UTC'
    """

    workspace_id: str
    name: str = ""
    currency: str = "EUR"
    timezone: str = "UTC"
    language: str = "en"
    calendar_name: str = "gregorian"
    country: str = ""
    engine: EngineSettings = field(default_factory=EngineSettings)
    limits: Limits = field(default_factory=Limits)
    identity: IdentitySettings = field(default_factory=IdentitySettings)
    server: ServerSettings = field(default_factory=ServerSettings)

    @property
    def calendar(self) -> Calendar:
        """The calendar and zone that govern cohorts, targets and closed months."""
        return Calendar(self.calendar_name, self.timezone)

    def checked(self) -> "Settings":
        """These settings, or the UsageError that says which one can't be and what is valid."""
        if (wrong := next(self.wrong(), None)) is not None:
            raise wrong[1]
        return self

    def wrong(self) -> Iterator[tuple[str, UsageError]]:
        """The settings that can't be, by name, each with the error that says what is valid."""
        if self.currency not in list_currencies():
            yield "currency", _no("ISO 4217 currency", self.currency, list_currencies(), "EUR")
        if self.language not in LANGUAGES:
            yield "language", UnknownName("language", self.language, LANGUAGES)
        if self.calendar_name not in CALENDARS:
            yield "calendar_name", UnknownName("calendar", self.calendar_name, CALENDARS)
        if self.country and self.country not in SUPPORTED_REGIONS:
            yield "country", _no("ISO 3166 country", self.country, SUPPORTED_REGIONS, "RO")
        if not _is_zone(self.timezone):
            zones = available_timezones()
            yield "timezone", _no("time zone", self.timezone, zones, "Europe/Bucharest")


def _no(what: str, name: str, valid: Iterable[str], example: str) -> UsageError:
    remedy = nearest(name, sorted(valid)) or f"Give one such as {example}."
    return UsageError(f"{name!r} is no {what}.", remedy=remedy)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def new(**given: Any) -> Settings:
    """Settings of a new workspace, checked, with an identifier of its own."""
    named = {name: value for name, value in given.items() if value is not None}
    return Settings(workspace_id=uuid.uuid4().hex, **named).checked()


def read(workspace: Path) -> Settings:
    """The settings of a workspace.

    Raises NotAWorkspace where there is no ``onefunnel.toml``, InputError where it can't be read.
    """
    path = workspace / FILE_NAME
    if not path.is_file():
        raise NotAWorkspace(
            f"{workspace} is not a workspace: it holds no {FILE_NAME}.",
            remedy=f"Make one with: onefunnel init {workspace}",
        )
    file = _File(path)
    settings: Settings = _build(Settings, file.found, file)
    for name, error in settings.wrong():
        raise file.error(name, "bad_setting", error.message, error.remedy)
    return _bounded_by_environment(settings)


def write(workspace: Path, settings: Settings) -> None:
    """Write the settings of a workspace; a reader sees the old file or the new one."""
    _replace(workspace / FILE_NAME, tomli_w.dumps(_plain(settings)))


def change(workspace: Path, **given: str) -> Settings:
    """Change settings of the firm in its file, and leave the rest of it as it was written.

    Raises UsageError where one can't be; then nothing changes. What the environment bounds is not
    written down.
    """
    path = workspace / FILE_NAME
    file = _File(path)
    wanted = {**file.found, **given}
    settings: Settings = _build(Settings, wanted, file).checked()
    text = file.text
    for name, value in given.items():
        if file.found.get(name, "") != value:
            text = _with_line(text, name, value)
    _replace(path, text if _says(text, wanted) else tomli_w.dumps(wanted))
    return _bounded_by_environment(settings)


def _with_line(text: str, name: str, value: str) -> str:
    """The text with one setting of the firm, which stand before the first table."""
    line = tomli_w.dumps({name: value}).rstrip("\n")
    table = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    end = table.start() if table else len(text)
    found = re.search(rf"^{name}[ \t]*=[^\n]*$", text[:end], re.MULTILINE)
    if found is None:
        return f"{line}\n{text}"
    return text[: found.start()] + line + text[found.end() :]


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _replace(path: Path, text: str) -> None:
    """Replace a file as a whole and durably."""
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


S = TypeVar("S")


NESTED = {
    "engine": EngineSettings,
    "limits": Limits,
    "identity": IdentitySettings,
    "server": ServerSettings,
}


class _File:
    """An ``onefunnel.toml``, and where in it something stands."""

    def __init__(self, path: Path) -> None:
        self._name = str(path)
        try:
            self.text = path.read_text(encoding="utf-8-sig")
            self.found = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            stated = re.search(r"at line (\d+)", str(error))
            place = Place(self._name, int(stated[1]) if stated else None)
            raise InputError(place, "bad_toml", f"This is not TOML: {error}.") from error

    def error(self, name: str, code: str, message: str, remedy: str = "") -> InputError:
        """The error about a setting, with its line."""
        found = re.search(rf"^[ \t\[]*[\"']?{re.escape(name)}\b", self.text, re.MULTILINE)
        line = self.text.count("\n", 0, found.start()) + 1 if found else None
        return InputError(Place(self._name, line, name), code, message, remedy=remedy)


def _build(kind: type[S], found: Mapping[str, Any], file: _File) -> S:
    known: dict[str, Any] = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in found.items():
        if name not in known:
            remedy = suggestion(name, known)
            raise file.error(name, "unknown_setting", "There is no such setting.", remedy)
        if message := _misfit(known[name], value):
            raise file.error(name, "bad_setting", message)
        values[name] = _build(NESTED[name], value, file) if name in NESTED else value
    if kind is Settings and "workspace_id" not in values:
        raise file.error("workspace_id", "missing_setting", "It is not there.", "Put it back.")
    return kind(**values)


def _misfit(known: Any, value: object) -> str:
    """Why a value does not fit its setting; empty where it does."""
    if known.name in NESTED:
        return "" if isinstance(value, dict) else f"Write it as a table: [{known.name}]."
    if known.name == "memory":
        return "" if _is_size(value) else f'{value!r} is no size; write it as "4GB".'
    if known.type is str:
        return "" if isinstance(value, str) else "It is a text: put it between quotation marks."
    least = 0 if known.name == "threads" else 1
    whole = isinstance(value, int) and not isinstance(value, bool)
    fits = whole and least <= value <= MOST  # type: ignore[operator]
    return "" if fits else f"{value!r} is no whole number from {least} to {MOST}."


def _is_size(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(SIZE, value.strip(), re.IGNORECASE) is not None


def _plain(settings: Any) -> dict[str, Any]:
    plain = {}
    for each in fields(settings):
        value = getattr(settings, each.name)
        plain[each.name] = _plain(value) if hasattr(value, "__dataclass_fields__") else value
    return plain


def _bounded_by_environment(settings: Settings) -> Settings:
    engine = settings.engine
    if memory := os.environ.get("ONEFUNNEL_MEMORY"):
        if not _is_size(memory):
            raise UsageError(f"ONEFUNNEL_MEMORY={memory} is no size.", remedy="Write it as 4GB.")
        engine = replace(engine, memory=memory)
    if threads := os.environ.get("ONEFUNNEL_THREADS"):
        if not threads.isdecimal() or int(threads) > MOST:
            raise UsageError(f"ONEFUNNEL_THREADS={threads} is no number.", remedy="Such as 2.")
        engine = replace(engine, threads=int(threads))
    return replace(settings, engine=engine)
