"""Where the services that tests use are on this machine.

Only the standard library is used, so that the set-up can ask before anything is installed:
``python tests/services/find.py`` prints the name of each missing service, one a line.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

REMEDY = "Install it with `make services`, which `make test` does before it runs the tests."

# Spark 4.0 runs on these releases of Java, and not on later ones.
JAVA_RELEASES = (17, 21)
CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = [Path("/usr/share/fonts"), Path.home() / ".local/share/fonts"]


class MissingServiceError(Exception):
    """A service that the tests need is not on this machine."""

    def __init__(self, service: str, looked_in: str) -> None:
        super().__init__(f"{service} was not found in {looked_in}. {REMEDY}")
        self.service = service


def postgres_folder() -> Path:
    """The folder with ``initdb`` and ``pg_ctl``: the newest Debian one, else that on PATH."""
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(packaged, key=lambda path: int(path.parts[-3]), default=None)
    if newest is not None:
        return newest.parent
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    raise MissingServiceError("PostgreSQL's server", "/usr/lib/postgresql/*/bin and PATH")


def java_home() -> Path:
    """The home of a Java that Spark runs on: JAVA_HOME, else the system's, else that on PATH."""
    for home in _java_homes():
        if _java_release(home) in JAVA_RELEASES:
            return home
    releases = " or ".join(map(str, JAVA_RELEASES))
    raise MissingServiceError(f"Java {releases}", "JAVA_HOME, /usr/lib/jvm and PATH")


def chromium() -> Path:
    """The Chromium to drive: that named by CHROMIUM, else the one on PATH."""
    for name in (os.environ.get("CHROMIUM"), *CHROMIUM_COMMANDS):
        found = shutil.which(name) if name else None
        if found is not None:
            return Path(found)
    raise MissingServiceError("Chromium", "CHROMIUM and PATH")


def driver_library() -> Path:
    """The system's library that Playwright's driver is linked to."""
    name = "libatomic.so.1"
    try:
        ctypes.CDLL(name)
    except OSError:
        raise MissingServiceError(name, "the system's libraries") from None
    return Path(name)


def fonts() -> Path:
    """A folder with a font in it: without one, a browser draws empty boxes."""
    for folder in FONT_FOLDERS:
        if any(folder.rglob("*.[ot]tf")):
            return folder
    raise MissingServiceError("A font", " and ".join(map(str, FONT_FOLDERS)))


def _java_homes() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    yield from sorted(Path("/usr/lib/jvm").glob("*"))
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parents[1]


def _java_release(home: Path) -> int | None:
    """17 for the home of a Java 17; None where there is no Java that runs."""
    try:
        said = subprocess.run(
            [home / "bin" / "java", "-version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r'version "(\d+)', said.stderr)
    return int(version[1]) if version else None


SERVICES: dict[str, Callable[[], Path]] = {
    "postgresql": postgres_folder,
    "java": java_home,
    "chromium": chromium,
    "libatomic": driver_library,
    "fonts": fonts,
}


def missing() -> list[str]:
    """The names of the services that are not on this machine."""
    names = []
    for name, find in SERVICES.items():
        try:
            find()
        except MissingServiceError:
            names.append(name)
    return names


if __name__ == "__main__":
    for name in missing():
        print(name)
