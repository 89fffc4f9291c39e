"""TOML as people write it: what can't be read is told with its line."""

import re
import tomllib
from collections.abc import Callable
from typing import Any

from onefunnel.errors import InputError, Place


def toml_of(text: str, file: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """What a text says. InputError ``bad_toml``, with the line, where it is no TOML.

    >>> toml_of("rate = 0.5", "plan.toml")
    {'rate': 0.5}
    """
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        place = Place(file, int(found[1]) if found else text.count("\n") + 1)
        message = f"This is not TOML: {error}."
        raise InputError(place, "bad_toml", message, remedy="Mend the line.") from error
