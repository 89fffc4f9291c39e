"""How long the designer of pay plans takes, from five people to five hundred, in one run.

``python -m benchmarks.designer`` makes up answers about so many people and segments, each person
with leads of their own, makes a market of them, finds the plan nearest to today's of which nobody
may lose more than a part of their pay, and says what it brings to each. In every second turn that
part is a tenth, which no plan keeps to: then the least that must be given up is worked out. The
sizes take turns on one core. It writes ``designer.json`` and ``designer.md`` to
``build/benchmarks``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.options import ROOT

if TYPE_CHECKING:
    from onefunnel.measures.incentives.result import IncentivesRow
    from onefunnel.measures.sellers.result import SellersRow

FOLDER = ROOT / "build" / "benchmarks"
SIZES = ((5, 5), (50, 10), (500, 50))
REPEAT = 10
MOST_SECONDS = 1.0
MOST_LOST = (0.9, 0.1)
PARTS = ("market", "design", "simulation")


def main() -> int:
    """Measure; 1 where a plan for the largest firm takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.designer")
    parser.add_argument("--repeat", type=int, default=REPEAT)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    measured(*SIZES[0], seed=0)  # what is loaded once
    turns = [
        {"people": people, "segments": segments, **measured(people, segments, seed)}
        for seed in range(asked.repeat)
        for people, segments in SIZES
    ]
    found = [summary([each for each in turns if each["people"] == size[0]]) for size in SIZES]
    write(found)
    return int(found[-1]["slowest"] > MOST_SECONDS)


def measured(people: int, segments: int, seed: int) -> dict[str, Any]:
    """What a market, a plan and a period under it take: seconds of the processor."""
    from onefunnel.measures.incentives.designer import design
    from onefunnel.measures.incentives.limits import Terms
    from onefunnel.measures.incentives.outcome import guarantee, simulate
    from onefunnel.measures.sellers.market import market_of_persons

    answers = made(people, segments, seed)
    instants = [time.process_time()]
    market = market_of_persons(*answers).market
    assert market is not None
    instants.append(time.process_time())
    found = design(market, Terms(most_lost=MOST_LOST[seed % 2]))
    instants.append(time.process_time())
    guarantee(simulate(market, found.rates))
    instants.append(time.process_time())
    parts = {
        name: after - before
        for name, (before, after) in zip(PARTS, pairwise(instants), strict=True)
    }
    return {**parts, "feasible": found.feasible}


def made(people: int, segments: int, seed: int) -> tuple[list[IncentivesRow], list[SellersRow]]:
    """A firm whose pay follows contribution loosely, and what its people worked."""
    from onefunnel.measures.incentives.result import IncentivesRow, money
    from onefunnel.measures.sellers.result import SellersRow

    rng = random.Random(f"{people} {segments} {seed}")
    rows = [IncentivesRow(None, hours=120.0 * people)]
    for place in range(segments):
        contribution = rng.uniform(20.0, 400.0)
        rows.append(
            IncentivesRow(
                f"s{place}",
                leads=1.0,
                hours_per_lead=rng.uniform(0.3, 4.0),
                win_probability=rng.uniform(0.1, 0.6),
                contribution_per_win=money(contribution),
                pay_per_win=money(0.15 * contribution * rng.lognormvariate(0.0, 0.3)),
            )
        )
    sellers = []
    for number in range(people):
        name = f"p{number}"
        for place in range(segments):
            leads = rng.randrange(40)
            sellers.append(SellersRow(name, f"s{place}", leads, rng.randint(0, leads), 0))
        hours = rng.uniform(12.0, 32.0) * segments
        sellers.append(SellersRow(name, None, 0, 0, 0, hours=hours))
    return rows, sellers


def summary(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """The medians of a size, and the slowest of its turns."""
    whole = [sum(each[name] for name in PARTS) for each in turns]
    return {
        "people": turns[0]["people"],
        "segments": turns[0]["segments"],
        "turns": len(turns),
        "without_plan": sum(not each["feasible"] for each in turns),
        **{name: statistics.median(each[name] for each in turns) for name in PARTS},
        "median": statistics.median(whole),
        "slowest": max(whole),
    }


def write(found: list[dict[str, Any]]) -> None:
    """The figures as JSON and as a table, with the growth from each size to the next."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "designer.json").write_text(json.dumps(found, indent=1))
    text = (
        "| people, segments | CPU ms: market, plan, outcome | slowest | without a plan | times the "
    )
    text += "size before |\n|---|---|---|---|---|\n"
    before = None
    for each in found:
        parts = ", ".join(f"{1000 * each[name]:.1f}" for name in PARTS)
        growth = f"{each['median'] / before:.1f}" if before else ""
        before = each["median"]
        text += f"| {each['people']}, {each['segments']} | {parts} | {1000 * each['slowest']:.1f} "
        text += f"| {each['without_plan']} of {each['turns']} | {growth} |\n"
    (FOLDER / "designer.md").write_text(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())
