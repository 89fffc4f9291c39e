"""Put the figures of the last ``make bench`` into the manual: ``python -m tools.measured``.

They are kept with it, figure by figure, and a test holds the page to them.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from benchmarks import table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "measured.md"
FIGURES = PAGE.with_suffix("") / "results.json"
WRITTEN = (
    "<!-- Written by `python -m tools.measured`; run the benchmarks, don't change this page. -->"
)
PICTURES = {
    "ratios": "The ratios of onefunnel's times to the other's, with their targets",
    "growth": "Time from 1 to 50 million touches, and what it is spent on",
}


def page(figures: dict[str, Any]) -> str:
    """The page for the figures of a run."""
    heading, rest = table.markdown(figures).rstrip().split("\n", 1)
    assert heading == "# Benchmarks"
    lines = [
        WRITTEN,
        "",
        "# What was measured",
        "",
        "`make bench`, on the machine named here; what is compared with what, and how, stands in",
        "[Benchmarks](benchmarks.md). Times differ from machine to machine and from day to day by",
        "a third; the ratios are what to look at.",
    ]
    lines += [line for name, about in PICTURES.items() for line in ("", f"![{about}]({_at(name)})")]
    return "\n".join([*lines, rest, ""])


def _at(picture: str) -> str:
    return f"{FIGURES.parent.name}/{picture}.svg"


def main(made: Path) -> None:
    """Take over the figures and pictures of a run."""
    figures = json.loads((made / FIGURES.name).read_text(encoding="utf-8"))
    FIGURES.parent.mkdir(exist_ok=True)
    for name in (FIGURES.name, *(f"{picture}.svg" for picture in PICTURES)):
        shutil.copyfile(made / name, FIGURES.with_name(name))
    PAGE.write_text(page(figures), encoding="utf-8")


if __name__ == "__main__":
    main(ROOT / "build" / "benchmarks")
