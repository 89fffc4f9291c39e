"""What only the server may know: a file of mode 0600 in the workspace, outside backups."""

import os
import secrets as random
import stat
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import tomli_w

from onefunnel.errors import InputError, Place, UsageError

FILE_NAME = "secrets.toml"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The key that signs sessions, the token that reads metrics, and addresses with passwords.

    ``database`` is a PostgreSQL address (``postgresql://user:password@host/name``), empty for
    SQLite in the workspace. ``mail`` is an SMTP address (``smtp://user:password@host:587``), empty
    where no mail is sent: links are handed over by hand then.
    """

    key: str
    metrics_token: str
    database: str = ""
    mail: str = ""


def read_or_make(workspace: Path) -> Secrets:
    """The secrets of a workspace, made when there are none.

    Raises UsageError where others than the owner may read the file, InputError where it is not as
    it should be.
    """
    path = workspace / FILE_NAME
    if not path.exists():
        _write_new(path, Secrets(random.token_urlsafe(48), random.token_urlsafe(24)))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(f"Others may read {path}.", remedy=f"Take that away: chmod 600 {path}")
    return _read(path)


def _read(path: Path) -> Secrets:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        known = {each.name for each in fields(Secrets)}
        return Secrets(**{name: str(value) for name, value in found.items() if name in known})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise InputError(
            Place(str(path)),
            "bad_secrets",
            "It can't be read.",
            remedy="Mend it; or remove it: a new one is made, and everybody signs in again.",
        ) from error


def _write_new(path: Path, made: Secrets) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it at the same time
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(tomli_w.dumps(asdict(made)))
        file.flush()
        os.fsync(file.fileno())
