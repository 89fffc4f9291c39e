"""The table of a run, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.comparisons import GB
from benchmarks.options import MILLION
from benchmarks.running import reason

SHARE_SHOWN = 0.005
SMALL = 0.1
"""A ratio below it is told to three decimals."""


def markdown(run: Mapping[str, Any]) -> str:
    """The whole table, with the machine and what was measured."""
    lines = ["# Benchmarks", "", *_machine(run), "", *_ratios(run), "", *_sides(run)]
    lines += (
        ["", *_agreements(run)] if any(each.get("agreement") for each in run["comparisons"]) else []
    )
    lines += ["", *_growth(run), ""] if run["growth"] else [""]
    return "\n".join(lines)


def _machine(run: Mapping[str, Any]) -> Iterator[str]:
    machine = run["machine"]
    yield (
        f"{machine['processor']}, {run['threads']} of {machine['cores']} cores,"
        f" {machine['memory_bytes'] / GB:.0f} GB, {machine['system']}."
        f" Every DuckDB bounded to {run['memory']}. {run['rounds']} rounds, sides by turns."
    )
    yield ""
    yield ", ".join(f"{name} {version}" for name, version in run["versions"].items()) + "."


def _ratios(run: Mapping[str, Any]) -> Iterator[str]:
    yield from _heading("Ratio", "Touches", "Of", "To", "Ratio", "Of one round", "Target", "Answer")
    for each in run["comparisons"]:
        yield _row(
            each["title"],
            millions(each["touches"]),
            each["ours"],
            each["reference"] or "–",
            number(each["ratio"]),
            " to ".join(map(number, each["ratios"])) if each["ratios"] else "–",
            _target(each["ratio"], each["target"]),
            {True: "the same", False: "**differs**", None: "–"}[each["same_answer"]],
        )
    for each in run["times"]:
        growth = f"{number(each['times'])} times"
        met = _target(each["times"], each["target"])
        yield _row(f"{each['name']}: growth", "5 to 50 M", "onefunnel", "–", growth, "–", met, "–")
    for each in run["comparisons"]:
        if memory := each["memory"]:
            taken = f"{memory['peak_bytes'] / GB:.2f} GB"
            most = f"below {memory['most_bytes'] / GB:.0f} GB: {_met(memory['met'])}"
            size = millions(each["touches"])
            yield _row(f"{each['name']}: memory", size, each["ours"], "–", taken, "–", most, "–")


def _sides(run: Mapping[str, Any]) -> Iterator[str]:
    yield from _heading("Time", "Touches", "Side", "s", "CPU s", "Peak GB", "Before, s", "Parts")
    for each in run["comparisons"]:
        for name, side in each["sides"].items():
            yield _row(each["name"], millions(each["touches"]), name, *_measured(side))


def _measured(side: Mapping[str, Any]) -> list[str]:
    if "failed" in side:
        return ["failed", "–", "–", "–", reason(side["failed"])]
    figures = (side["seconds"], side["cpu_seconds"], side["peak_bytes"] / 1e9, side["prepared"])
    parts = [f"{part} {seconds:.2f}" for part, seconds in side["parts"].items()]
    parts += [f"left out: {part} {seconds:.2f}" for part, seconds in side["apart"].items()]
    return [*(f"{figure:.2f}" for figure in figures), ", ".join(parts) or "–"]


def _agreements(run: Mapping[str, Any]) -> Iterator[str]:
    """How far sides are from ours; what is not asked to agree is another model, or simulated."""
    yield from _heading("Credit by", "Touches", "Side", "Most a channel differs", "Allowed")
    for each in run["comparisons"]:
        found = each.get("agreement") or {"models": {}, "others": {}, "most": 0.0}
        for kind, allowed in (("models", f"{found['most']:g}"), ("others", "–")):
            for model, sides in found[kind].items():
                for side, difference in sides.items():
                    size = millions(each["touches"])
                    yield _row(model, size, side, f"{difference:.1g}", allowed)


def _growth(run: Mapping[str, Any]) -> Iterator[str]:
    yield from _heading("Growth", "Touches", "s", "s per million", "Shares")
    for work in run["growth"]:
        for size in work["sizes"]:
            each_million = size["seconds"] / (size["touches"] / MILLION)
            shares = {part: s / size["seconds"] for part, s in size["parts"].items()}
            named = [f"{part} {s:.0%}" for part, s in shares.items() if s >= SHARE_SHOWN]
            yield _row(
                work["name"],
                millions(size["touches"]),
                f"{size['seconds']:.2f}",
                f"{each_million:.3f}",
                ", ".join(named),
            )


def millions(touches: int) -> str:
    """A size as a person says it.

    >>> millions(5_000_000), millions(100_000)
    ('5 M', '0.1 M')
    """
    return f"{touches / MILLION:g} M"


def _target(value: float | None, target: float | None) -> str:
    if target is None:
        return "–"
    return (
        f"at most {target:.3g}"
        if value is None
        else f"at most {target:.3g}: {_met(value <= target)}"
    )


def _met(met: bool) -> str:
    return "met" if met else "**missed**"


def number(value: float | None) -> str:
    """A ratio as a person says it.

    >>> number(2.996), number(0.0333), number(None)
    ('3.00', '0.033', '–')
    """
    return "–" if value is None else f"{value:.2f}" if value >= SMALL else f"{value:.3f}"


def _heading(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield _row(*("---" for _ in cells))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
