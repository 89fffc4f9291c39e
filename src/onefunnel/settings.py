"""The only reader of ``onefunnel.toml`` and of the environment.

A workspace's settings stand in its ``onefunnel.toml``; every number here is a bound or a
preference, none is a result. The environment can only make the engine smaller or larger:
``ONEFUNNEL_MEMORY`` (such as ``4GB``) and ``ONEFUNNEL_THREADS``.
"""

import os
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w
from babel.numbers import list_currencies

from onefunnel.errors import InputError, NotAWorkspace, Place, UnknownName, UsageError, suggestion
from onefunnel.vocabulary import Calendar
from onefunnel.vocabulary.calendars import NAMES as CALENDARS

FILE_NAME = "onefunnel.toml"
LANGUAGES = ("en", "ru", "ro", "fa", "vi")
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Bounds of the embedded engine: memory as DuckDB writes it, threads (0: all cores)."""

    memory: str = "2GB"
    threads: int = 0


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

    @property
    def calendar(self) -> Calendar:
        """The calendar and zone that govern cohorts, targets and closed months."""
        return Calendar(self.calendar_name, self.timezone)

    def checked(self) -> "Settings":
        """These settings, or the error that says which one can't be and what is valid."""
        if self.currency not in list_currencies():
            raise UsageError(f"{self.currency!r} is no ISO 4217 currency.", remedy="Such as EUR.")
        if self.language not in LANGUAGES:
            raise UnknownName("language", self.language, LANGUAGES)
        if self.calendar_name not in CALENDARS:
            raise UnknownName("calendar", self.calendar_name, CALENDARS)
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(
                f"{self.timezone!r} is no time zone.",
                remedy="Give a name such as Europe/Bucharest.",
            ) from None
        return self


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
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Place(str(path)), "bad_toml", str(error)) from error
    return _bounded_by_environment(_build(Settings, found, str(path)).checked())


def write(workspace: Path, settings: Settings) -> None:
    """Write the settings of a workspace."""
    (workspace / FILE_NAME).write_text(tomli_w.dumps(_plain(settings)), encoding="utf-8")


S = TypeVar("S")


def _build(kind: type[S], found: Mapping[str, Any], file: str) -> S:
    nested = {"engine": EngineSettings, "limits": Limits, "identity": IdentitySettings}
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in found.items():
        if name not in known:
            raise InputError(
                Place(file, column=name),
                "unknown_setting",
                "There is no such setting.",
                remedy=suggestion(name, known),
            )
        values[name] = _build(nested[name], value, file) if name in nested else value
    return kind(**values)


def _plain(settings: Any) -> dict[str, Any]:
    plain = {}
    for each in fields(settings):
        value = getattr(settings, each.name)
        plain[each.name] = _plain(value) if hasattr(value, "__dataclass_fields__") else value
    return plain


def _bounded_by_environment(settings: Settings) -> Settings:
    engine = settings.engine
    if memory := os.environ.get("ONEFUNNEL_MEMORY"):
        engine = replace(engine, memory=memory)
    if threads := os.environ.get("ONEFUNNEL_THREADS"):
        engine = replace(engine, threads=int(threads))
    return replace(settings, engine=engine)
