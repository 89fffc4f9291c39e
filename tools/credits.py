"""How often the intervals of attribution hold the truth: ``python -m tools.credits``.

Each company has a chain of its own, of random chances, whose walks are the touches of its people.
What each model says of that chain is known exactly (``tools.walks``), and the intervals that the
measure shows for the walks are held against it.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from onefunnel.measures.attribution.assemble import DRAWS
from onefunnel.measures.attribution.models import Shares, shares
from onefunnel.measures.attribution.rows import rows
from tools.recovery import PAGE, placed
from tools.walks import Truth, Walks, counted, random_chain, truth, walks

COMPANIES = 1_000
"""Of each order."""
ORDERS = (1, 2)
PLAYERS = 4
SIZES = (1_000, 4_000)
"""The paths of a company, in turn."""
FIRST_SEED, SEEDS_AN_ORDER = 70_000, 10_000
BEGINS = "<!-- Written by `python -m tools.credits`; change the code, not these figures. -->"
ENDS = "<!-- Here the rates of attribution end. -->"


@dataclass(frozen=True, slots=True)
class Interval:
    """Whether the interval of a player's share holds the truth, and how far off the share is."""

    order: int
    model: str
    covers: bool
    off: float


def company(order: int, seed: int, size: int) -> tuple[Walks, Truth]:
    """The walks of a company of the seed, and what is true of its chain."""
    random = np.random.default_rng(seed)
    chain = random_chain(order, PLAYERS, random)
    return walks(chain, size, random), truth(chain)


def intervals(order: int, seeds: Iterable[int]) -> Iterator[Interval]:
    """The intervals of every model for a company of each seed."""
    for seed in seeds:
        found, true = company(order, seed, SIZES[seed % len(SIZES)])
        counts = counted(found, PLAYERS, tuple(range(1, order + 1)))
        for model, wanted in true.shares.items():
            said = shares(counts, model, draws=DRAWS)
            if not isinstance(said, Shares):
                continue
            for row, share in zip(rows(said, Decimal(1)), wanted, strict=False):
                if row.share_low is None or row.share_high is None:
                    continue
                covers = float(row.share_low) <= share <= float(row.share_high)
                yield Interval(order, model, covers, float(row.share) - float(share))


def measured(companies: int = COMPANIES) -> list[Interval]:
    """The intervals of so many companies of each order."""
    found: list[Interval] = []
    for number, order in enumerate(ORDERS):
        first = FIRST_SEED + number * SEEDS_AN_ORDER
        found += intervals(order, range(first, first + companies))
    return found


def coverage(found: Sequence[Interval]) -> float:
    """The share of intervals that hold the truth."""
    return sum(each.covers for each in found) / len(found)


def cells(found: Sequence[Interval]) -> dict[tuple[int, str], list[Interval]]:
    """The intervals by the order of the chain and the model."""
    parts: dict[tuple[int, str], list[Interval]] = {}
    for each in found:
        parts.setdefault((each.order, each.model), []).append(each)
    return parts


def report(found: Sequence[Interval]) -> list[str]:
    """The rates as lines of Markdown."""
    heads = ("paths are walks of order", "model", "intervals", "hold the truth", "mean error")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for (order, model), part in sorted(cells(found).items()):
        off = float(np.mean(np.abs([each.off for each in part])))
        said = (f"{len(part):,}", f"{100 * coverage(part):.1f} %", f"{off:.4f}")
        lines.append(f"| {order} | `{model}` | {' | '.join(said)} |")
    whole = f"{len(found):,} | {100 * coverage(found):.1f} %"
    return [*lines, f"| all | | {whole} | |"]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="How often intervals of attribution cover.")
    parser.add_argument("--companies", type=int, default=COMPANIES, help="of each order")
    lines = report(measured(parser.parse_args().companies))
    print("\n".join(lines))
    text = placed(PAGE.read_text(encoding="utf-8"), BEGINS, ENDS, lines)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
