"""Draws the pictures of a run, in the peers' environment: python -m benchmarks.picture RESULTS.

Colour never tells something alone: kinds of work have markers, parts have hatches, and ratios have
their figures beside them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.table import millions, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, LINE = "#17191c", "#61666d", "#c9c9c4"
MET, MISSED, PLAIN = "#0072b2", "#bf4a00", "#6d747c"
COLOURS = ("#0072b2", "#c07c00", "#b0588c", "#00805d", "#17191c")
MARKERS = ("o", "s", "^", "D")
HATCHES = ("", "///", "...", "xxx", "\\\\\\")


def main(results: Path) -> None:
    """Write ratios and growth beside the results, as SVG and PNG."""
    import matplotlib

    matplotlib.use("agg")
    matplotlib.rcParams |= {
        "font.size": 9,
        "axes.edgecolor": LINE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "onefunnel",
        "text.color": INK,
        "xtick.color": QUIET,
        "ytick.color": INK,
    }
    run = json.loads(results.read_text(encoding="utf-8"))
    compared = [each for each in run["comparisons"] if each["ratio"] is not None]
    if compared:
        _save(ratios(compared), results.with_name("ratios"))
    grown = [work for work in run["growth"] if work["sizes"]]
    if grown:
        _save(growth(grown), results.with_name("growth"))


def ratios(compared: Sequence[Mapping[str, Any]]) -> Figure:
    """A row per comparison and size: the ratio, its spread over the rounds, and the target."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9.5, 1.4 + 0.36 * len(compared)), layout="constrained")
    for row, each in enumerate(compared):
        _draw_ratio(axes, row, each)
    axes.set_xscale("log")
    axes.axvline(1, color=LINE, linewidth=1, zorder=0)
    ticks = (0.01, 0.03, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    shown = [each["ratio"] for each in compared] + [each["target"] or 1 for each in compared]
    axes.set_xlim(min(*shown, 0.2) / 1.5, max(*shown, 2) * 1.5)
    names = [f"{each['name']}, {millions(each['touches'])}" for each in compared]
    axes.set_yticks(range(len(compared)), names)
    axes.invert_yaxis()
    axes.set_xlabel("time of onefunnel, as a multiple of the other's (less is better)")
    axes.set_title("onefunnel beside its peers", loc="left", fontweight="bold")
    axes.tick_params(axis="y", length=0)
    return figure


def _draw_ratio(axes: Axes, row: int, each: Mapping[str, Any]) -> None:
    ratio, target = each["ratio"], each["target"]
    colour = PLAIN if target is None else MET if ratio <= target else MISSED
    axes.plot(each["ratios"], [row, row], color=colour, linewidth=2, solid_capstyle="butt")
    axes.plot([ratio], [row], color=colour, marker="o", markersize=7)
    said = f"{number(ratio)} of “{each['reference']}”"
    if target is not None:
        axes.plot([target], [row], color=INK, marker="|", markersize=14, markeredgewidth=1.5)
        said += f"; target {target:.3g}" + ("" if ratio <= target else ", missed")
    axes.text(1.02, row, said, transform=axes.get_yaxis_transform(), fontsize=8, va="center")


def growth(grown: Sequence[Mapping[str, Any]]) -> Figure:
    """Time against touches, and beside it what each kind of work spends its time on."""
    from matplotlib import pyplot

    parted = [work for work in grown if len(_parts(work)) > 1]
    figure, panels = pyplot.subplots(
        1,
        1 + len(parted),
        figsize=(5 + 2.3 * len(parted), 4.6),
        layout="constrained",
        width_ratios=[2.2, *(1 for _ in parted)],
        squeeze=False,
    )
    _draw_times(panels[0][0], grown)
    for axes, work in zip(panels[0][1:], parted, strict=True):
        _draw_shares(axes, work)
    return figure


def _parts(work: Mapping[str, Any]) -> list[str]:
    """The parts that a kind of work has at any size; what no part holds comes last."""
    named = dict.fromkeys(part for size in work["sizes"] for part in size["parts"])
    return sorted(named, key=lambda part: part == "rest")


def _draw_times(axes: Axes, grown: Sequence[Mapping[str, Any]]) -> None:
    for work, colour, marker in zip(grown, COLOURS, MARKERS, strict=False):
        sizes = [size["touches"] / 1e6 for size in work["sizes"]]
        times = [size["seconds"] for size in work["sizes"]]
        axes.plot(sizes, times, color=colour, marker=marker, label=work["name"].replace("_", " "))
        # What it would take if twice the touches took twice the time.
        straight = [times[0] * size / sizes[0] for size in sizes]
        axes.plot(sizes, straight, color=LINE, linestyle="--", linewidth=1, zorder=0)
    axes.plot([], [], color=LINE, linestyle="--", label="slope 1")
    axes.set_xscale("log")
    axes.set_yscale("log")
    every = sorted({size["touches"] / 1e6 for work in grown for size in work["sizes"]})
    axes.set_xticks(every, [f"{size:g}" for size in every])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(axis="y", color=LINE, linewidth=0.4)
    axes.set_xlabel("million touches")
    axes.set_ylabel("seconds")
    axes.legend(frameon=False)
    axes.set_title("Growth", loc="left", fontweight="bold")


def _draw_shares(axes: Axes, work: Mapping[str, Any]) -> None:
    sizes = work["sizes"]
    names = [f"{size['touches'] / 1e6:g}" for size in sizes]
    bottom = [0.0] * len(sizes)
    for place, part in enumerate(_parts(work)):
        shares = [size["parts"].get(part, 0.0) / size["seconds"] for size in sizes]
        look = {"color": LINE, "edgecolor": "white"}
        if part != "rest":
            look |= {"color": COLOURS[place % 5], "hatch": HATCHES[place % 5]}
        axes.bar(names, shares, bottom=bottom, label=part, linewidth=0.5, **look)
        bottom = [low + share for low, share in zip(bottom, shares, strict=True)]
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    axes.set_xlabel("million touches")
    axes.set_title(work["name"].replace("_", " "), loc="left")
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(0, -0.16))


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(path.with_suffix(".png"), dpi=160)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
