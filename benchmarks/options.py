"""What ``python -m benchmarks`` can be told."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparisons import COMPARISONS

MILLION = 1_000_000
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "benchmarks"


@dataclass(frozen=True)
class Options:
    """Sizes are numbers of touches; ``only`` holds names of comparisons, and ``growth``."""

    touches: tuple[int, ...] = (5 * MILLION, 50 * MILLION)
    growth: tuple[int, ...] = tuple(n * MILLION for n in (1, 5, 10, 20, 50))
    repeat: int = 3
    only: tuple[str, ...] = ()
    threads: int = 2
    memory: str = "3GB"
    folder: Path = FOLDER
    anew: bool = False
    keep_data: bool = False

    def wanted(self, name: str) -> bool:
        """Whether a comparison is asked for."""
        return not self.only or name in self.only


def read(arguments: Sequence[str]) -> Options:
    """The options of a command line. Ends the process where they can't be."""
    default = Options()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--touches", type=sizes, default=default.touches, help="millions, such as 5,50")
    add("--growth", type=sizes, default=default.growth, help="millions, for the picture of growth")
    add("--repeat", type=at_least_one, default=default.repeat, help="rounds of each comparison")
    add("--only", type=names, default=(), help=f"some of {', '.join(known())}")
    add("--threads", type=at_least_one, default=default.threads, help="cores for every side")
    add(
        "--memory",
        type=size_of_memory,
        default=default.memory,
        help="bound of every DuckDB, as 3GB",
    )
    add("--folder", type=Path, default=default.folder, help="where data and results lie")
    add("--anew", action="store_true", help="do not go on with an unfinished run")
    add("--keep-data", action="store_true", help="use workspaces that other code has made")
    return Options(**vars(parser.parse_args(arguments)))


def known() -> list[str]:
    """What can be asked for alone."""
    return [*(comparison.name for comparison in COMPARISONS), "growth"]


def sizes(text: str) -> tuple[int, ...]:
    """Millions, to touches, in order.

    >>> sizes("50,0.1")
    (100000, 50000000)
    """
    found = {round(float(each) * MILLION) for each in text.split(",")}
    if min(found) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} holds a size that is not above zero")
    return tuple(sorted(found))


def names(text: str) -> tuple[str, ...]:
    """Names of comparisons."""
    found = tuple(text.split(","))
    for each in found:
        if each not in known():
            raise argparse.ArgumentTypeError(f"{each!r} is none of {', '.join(known())}")
    return found


def at_least_one(text: str) -> int:
    """A whole number from one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def size_of_memory(text: str) -> str:
    """A size as DuckDB reads it."""
    if not re.fullmatch(r"\d+[KMGT]i?B", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 3GB")
    return text
