"""How long a year of pay takes, from order lines to payout lines, at three sizes in one run.

``python -m benchmarks.payroll`` writes a year of order lines of five hundred sellers and a plan of
two components with tiers, imports them, and asks ``payouts`` in a fresh process on one core: all
twelve months are open, each is as if closed in its turn. It writes ``payroll.json`` and
``payroll.md`` to ``build/benchmarks``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.options import ROOT

FOLDER = ROOT / "build" / "benchmarks" / "payroll"
SIZES = (10_000, 100_000, 1_000_000)
SELLERS, PRODUCTS, SEED = 500, 40, 7
MOST_SECONDS, MOST_BYTES = 60, 2 * 10**9
JANUARY = datetime(2024, 1, 1)
NOW = "2024-12-31T23:59:59+00:00"
COLUMNS = ("order_line_id", "ordered_at", "sku", "quantity", "net_price", "unit_cost", "seller")
PLAN = """
name = "year"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"
clawback_days = 60

[[component]]
name = "revenue"
base = "revenue"
tiers = [{ from = 0, rate = 0.02 }, { from = 100000, rate = 0.03 }, { from = 300000, rate = 0.05 }]

[[component]]
name = "margin of gates"
base = "margin"
products = ["p1", "p2", "p3"]
tiers = [{ from = 0, rate = 0.04 }, { from = 20000, rate = 0.08, retroactive = true }]
"""


def main() -> int:
    """Measure; 1 where the largest takes longer, or more memory, than it may."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.payroll")
    parser.add_argument("--lines", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ask:
        print(json.dumps(ask(asked.ask)))
        return 0
    found = [{"lines": lines, **measured(lines)} for lines in asked.lines]
    write(found)
    largest = found[-1]
    return int(largest["cpu_seconds"] > MOST_SECONDS or largest["peak_bytes"] > MOST_BYTES)


def measured(lines: int) -> dict[str, Any]:
    """What asking takes, in a process of its own."""
    firm = made(lines)
    shutil.rmtree(firm / "cache", ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.payroll", "--ask", str(firm)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ask(firm: Path) -> dict[str, Any]:
    """Ask once on one core: seconds, how they are parted, and the most memory that was held."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from datetime import datetime as instant

    from onefunnel import bootstrap
    from onefunnel.measures.payouts import assemble
    from onefunnel.workflows.asked import Asked
    from onefunnel.workflows.asking import ask as ask_measure

    opened = bootstrap.open_workspace(firm)
    parts: dict[str, float] = {}
    for owner, name, part in ((assemble, "book", "adding up"), (assemble, "payouts", "pay")):
        setattr(owner, name, _timed(getattr(owner, name), part, parts))
    begun, cpu = time.perf_counter(), time.process_time()
    answer = ask_measure(opened, "payouts", Asked(now=instant.fromisoformat(NOW)))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    whole = {"seconds": seconds, "cpu_seconds": cpu, "peak_bytes": peak, "parts": parts}
    return {**whole, "rows": len(answer.rows), "paid": str(sum(row.amount for row in answer.rows))}


def _timed(function: Any, part: str, parts: dict[str, float]) -> Any:
    def within(*arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            parts[part] = parts.get(part, 0.0) + time.process_time() - begun

    return within


def made(lines: int) -> Path:
    """A workspace with so many order lines; one in thirty comes back, one in twenty is shared."""
    from onefunnel import bootstrap
    from onefunnel.intake import silent
    from onefunnel.workflows.importing import import_paths

    firm = FOLDER / f"firm-{lines}"
    if firm.is_dir():
        return firm
    files = FOLDER / f"files-{lines}"
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    _write_lines(files, lines)
    half_made = bootstrap.init_workspace(FOLDER / f"making-{lines}")
    members = "".join(f'[[member]]\nemployee = "s{n}"\n' for n in range(SELLERS))
    (half_made.path / "pay").mkdir(exist_ok=True)
    (half_made.path / "pay" / "year.toml").write_text(PLAN + members)
    import_paths(half_made, [files], silent)
    half_made.path.rename(firm)
    shutil.rmtree(files)
    return firm


def _write_lines(files: Path, lines: int) -> None:
    rng = random.Random(SEED)
    with (
        (files / "order_line.csv").open("w", newline="") as line_file,
        (files / "credit.csv").open("w", newline="") as credit_file,
    ):
        line, credit = csv.writer(line_file), csv.writer(credit_file)
        line.writerow([*COLUMNS, "returns"])
        credit.writerow(["credit_id", "order_line_id", "employee_id", "share"])
        for number in range(lines):
            at = JANUARY + timedelta(seconds=rng.randrange(360 * 86_400))
            back = number and rng.random() < 1 / 30
            price = f"{rng.lognormvariate(3, 1):.2f}"
            cost = "" if rng.random() < 0.02 else f"{float(price) * 0.7:.2f}"
            sku, seller = f"p{rng.randrange(PRODUCTS)}", f"s{rng.randrange(SELLERS)}"
            quantity = -1 if back else rng.randint(1, 5)
            returns = f"l{rng.randrange(number)}" if back else ""
            row = [f"l{number}", f"{at:%Y-%m-%dT%H:%M:%S}", sku, quantity, price, cost, seller]
            line.writerow([*row, returns])
            if rng.random() < 1 / 20:
                for share in ("0.7", "0.3"):
                    who = f"s{rng.randrange(SELLERS)}"
                    credit.writerow([f"c{number}-{share}", f"l{number}", who, share])


def write(found: list[dict[str, Any]]) -> None:
    """The figures as JSON and as a table, with the growth from each size to the next."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER.parent / "payroll.json").write_text(json.dumps(found, indent=1))
    text = "| order lines | payout lines | seconds of one core | of it adding up, pay | peak GB | "
    text += "times the size before |\n|---:|---:|---:|---:|---:|---:|\n"
    before = None
    for each in found:
        parts = ", ".join(f"{each['parts'].get(n, 0):.1f}" for n in ("adding up", "pay"))
        growth = f"{each['cpu_seconds'] / before:.1f}" if before else ""
        before = each["cpu_seconds"]
        text += f"| {each['lines']:,} | {each['rows']:,} | {before:.1f} | {parts} | "
        text += f"{each['peak_bytes'] / 1e9:.2f} | {growth} |\n"
    (FOLDER.parent / "payroll.md").write_text(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())
