"""``make bench``: measure, write the table and draw the pictures."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import machine, options, peers, running, summary, table
from benchmarks.journal import Journal
from benchmarks.options import ROOT, Options


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 where a side failed or two answers differ."""
    asked = options.read(arguments)
    depends_on = {
        "code": machine.code(),
        "machine": machine.machine(),
        "versions": machine.versions(),
        "threads": asked.threads,
        "memory": asked.memory,
    }
    journal = Journal(asked.folder / "measurements.jsonl", depends_on, asked.anew)
    if journal.found:
        say(f"{len(journal.found)} measurements of an unfinished run are kept")
    running.run(asked, journal, lambda: peers.interpreter(asked.folder / "peers"), say)
    figures = {**depends_on, "rounds": asked.repeat, **summary.summary(journal.found, asked)}
    write(figures, asked)
    journal.finish()
    for worry in (found := summary.worries(figures)):
        say(worry)
    return 1 if found else 0


def write(figures: dict[str, Any], asked: Options) -> None:
    """The figures as JSON, as a table and as pictures."""
    results = asked.folder / "results.json"
    results.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (asked.folder / "results.md").write_text(table.markdown(figures), encoding="utf-8")
    drawn = [peers.interpreter(asked.folder / "peers"), "-m", "benchmarks.picture"]
    subprocess.run([*map(str, drawn), str(results)], cwd=ROOT, check=True)
    print(table.markdown(figures))
    for name in ("results.md", "results.json", "ratios.svg", "growth.svg"):
        if (path := asked.folder / name).exists():
            say(f"written: {_short(path)}")


def say(text: str) -> None:
    """Progress, with the time, on standard error."""
    print(f"bench {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
