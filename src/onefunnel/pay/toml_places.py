"""On which line of a TOML file a key stands, so that a mistake can be pointed at."""

import re
from collections import defaultdict

from onefunnel.pay.checks import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")


def lines_of(text: str) -> dict[Path, int]:
    r"""The line of each table and key that stands at the beginning of one, by its path.

    >>> lines_of("name = 'a'\n[[component]]\nbase = 'units'")["component", 0, "base"]
    3
    """
    found: dict[Path, int] = {}
    times: dict[Path, int] = defaultdict(int)
    within: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if (header := _HEADER.match(line)) is not None:
            within = _table(header[2], header[1] == "[[", times)
            found.setdefault(within, number)
        elif (key := _KEY.match(line)) is not None:
            found.setdefault((*within, *_names(key[1])), number)
    return found


def nearest(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest table or key that holds it; of a list its first."""
    if (*path, 0) in lines:
        return lines[*path, 0]
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _table(name: str, listed: bool, times: dict[Path, int]) -> Path:
    """The path of a header: tables of a list are numbered, those inside go with the last one."""
    path: Path = ()
    names = _names(name)
    for place, each in enumerate(names):
        path = (*path, each)
        if listed and place == len(names) - 1:
            times[path] += 1
        if times[path]:
            path = (*path, times[path] - 1)
    return path


def _names(key: str) -> Path:
    quoted = key[0] in "\"'"
    return (key[1:-1],) if quoted else tuple(part.strip() for part in key.split("."))
