"""From measurements to figures: medians, ratios round by round, and whether a target was met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.agreement import agreement
from benchmarks.comparisons import COMPARISONS, GROWTH, LARGE, Comparison, Further, Side
from benchmarks.journal import Key
from benchmarks.options import MILLION, Options
from benchmarks.running import reason

Found = Mapping[Key, Mapping[str, Any]]
IDENTITY = "identity"
WORKS = dict(zip(GROWTH, ("import", "funnel", "steps"), strict=True))
ORDER = ("import", IDENTITY, "funnel", "steps")
GROWTH_FROM, GROWTH_TO = 5 * MILLION, 50 * MILLION


def summary(found: Found, options: Options) -> dict[str, Any]:
    """All figures of a run, ready for JSON."""
    compared = [
        compare(comparison, touches, found)
        for comparison in COMPARISONS
        for touches in options.touches
        if options.wanted(comparison.name)
    ]
    compared = [
        each
        for figures in compared
        if figures["sides"]
        for each in (figures, *figures.pop("further"))
    ]
    return {
        "comparisons": compared,
        "times": [times for each in COMPARISONS if (times := times_of(each, found))],
        "growth": growth(found, options) if options.wanted("growth") else [],
    }


def compare(comparison: Comparison, touches: int, found: Found) -> dict[str, Any]:
    """One comparison at one size; ``ratio`` is None where a side that it needs is missing."""
    sides = {side.name: side_of(side, touches, found) for side in comparison.sides}
    measured = {name: each for name, each in sides.items() if each is not None}
    reference = _quickest(comparison.against, measured)
    judged = touches >= comparison.judged_from
    agreed = _agreement(comparison, measured)
    return {
        "name": comparison.name,
        "title": comparison.title,
        "touches": touches,
        "sides": measured,
        "ours": comparison.ours.name,
        "reference": reference,
        "target": comparison.target if judged else None,
        "aim": comparison.aim if judged else None,
        **_ratio(measured.get(comparison.ours.name), measured.get(reference or "")),
        "same_answer": _same(measured) if comparison.same_answer else (agreed or {}).get("same"),
        "memory": _memory(comparison, measured) if judged else None,
        "agreement": agreed,
        "further": [
            _further(each, comparison.ours.name, touches, measured) for each in comparison.further
        ],
    }


def _further(further: Further, ours: str, touches: int, sides: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of another ratio; its sides stand with the comparison."""
    reference = _quickest(further.against, sides)
    target = further.target if touches >= GROWTH_FROM else None
    return {
        "name": further.name,
        "title": further.title,
        "touches": touches,
        "sides": {},
        "ours": ours,
        "reference": reference,
        "target": further.large if touches >= LARGE else target,
        "aim": None,
        **_ratio(sides.get(ours), sides.get(reference or "")),
        "same_answer": None,
        "memory": None,
        "agreement": None,
    }


def side_of(side: Side, touches: int, found: Found) -> dict[str, Any] | None:
    """Medians of a side over its rounds, or why it failed; None where it was not measured."""
    rounds = sorted(
        (key.round, each)
        for key, each in found.items()
        if (key.task, key.touches) == (side.task, touches)
    )
    if not rounds:
        return None
    failed = [each for _, each in rounds if "failed" in each]
    if failed:
        return {"failed": failed[0]["failed"], "beyond": failed[0].get("beyond", False)}
    runs = [each for _, each in rounds]
    return {
        "seconds": median(each["seconds"] for each in runs),
        "rounds": {number: each["seconds"] for number, each in rounds},
        "cpu_seconds": median(each["cpu_seconds"] for each in runs),
        "prepared": median(each["prepared"] for each in runs),
        "peak_bytes": max(each["peak_bytes"] for each in runs),
        "parts": _parts(runs, "parts"),
        "apart": _parts(runs, "apart"),
        "digests": sorted({each["digest"] for each in runs}),
        "answer": runs[0]["answer"],
        "credits": runs[0].get("credits"),
    }


def times_of(comparison: Comparison, found: Found) -> dict[str, Any] | None:
    """How many times longer our side took for ten times the touches; None if not measured."""
    if comparison.growth is None:
        return None
    small, large = (side_of(comparison.ours, n, found) for n in (GROWTH_FROM, GROWTH_TO))
    if not small or not large or "failed" in small or "failed" in large:
        return None
    times = large["seconds"] / small["seconds"]
    return {
        "name": comparison.name,
        "times": times,
        "target": comparison.growth,
        "met": times <= comparison.growth,
    }


def growth(found: Found, options: Options) -> list[dict[str, Any]]:
    """For each kind of work, its time and parts at each size; ``rest`` is what no part holds.

    The part of taking in that says who is the same stands for itself, as ``identity``.
    """
    works: dict[str, list[dict[str, Any]]] = {}
    for side in GROWTH:
        for n in options.growth:
            each = side_of(side, n, found)
            if each is None or "failed" in each:
                continue
            parts, apart = dict(each["parts"]), each["seconds"]
            if (identity := parts.pop(IDENTITY, None)) is not None:
                apart -= identity
                size = {"touches": n, "seconds": identity, "parts": {IDENTITY: identity}}
                works.setdefault(IDENTITY, []).append(size)
            size = {"touches": n, "seconds": apart, "parts": _with_rest(parts, apart)}
            works.setdefault(WORKS[side], []).append(size)
    return [{"name": name, "sizes": works[name]} for name in ORDER if name in works]


def worries(figures: Mapping[str, Any]) -> list[str]:
    """What makes a run no good: a side failed within its bounds, or two answers differ."""
    said = []
    for each in figures["comparisons"]:
        where = f"{each['name']} at {each['touches']:,} touches"
        said += [
            f"{where}: {name} failed: {reason(side['failed'])}"
            for name, side in each["sides"].items()
            if "failed" in side and not side["beyond"]
        ]
        if each["same_answer"] is False:
            said.append(f"{where}: the answers differ")
    return said


def _quickest(against: Sequence[str], sides: Mapping[str, Any]) -> str | None:
    times = {
        name: sides[name]["seconds"]
        for name in against
        if name in sides and "failed" not in sides[name]
    }
    return min(times, key=times.__getitem__) if times else None


def _ratio(ours: Mapping[str, Any] | None, reference: Mapping[str, Any] | None) -> dict[str, Any]:
    """The ratio of medians over the rounds of both, and the least and the largest of one round."""
    if not ours or not reference or "failed" in ours:
        return {"ratio": None, "ratios": None}
    both = [
        (seconds, reference["rounds"][number])
        for number, seconds in ours["rounds"].items()
        if number in reference["rounds"]
    ]
    if not both:
        return {"ratio": None, "ratios": None}
    paired = [mine / other for mine, other in both]
    mine, others = (median(seconds) for seconds in zip(*both, strict=True))
    return {"ratio": mine / others, "ratios": [min(paired), max(paired)]}


def _same(sides: Mapping[str, Any]) -> bool | None:
    """Whether all sides gave one answer; None where there is nothing to compare."""
    answered = [side for side in sides.values() if "failed" not in side]
    if len(answered) < 2:
        return None
    return len({digest for side in answered for digest in side["digests"]}) == 1


def _agreement(comparison: Comparison, sides: Mapping[str, Any]) -> dict[str, Any] | None:
    if comparison.agree is None:
        return None
    credits = {name: side["credits"] for name, side in sides.items() if side.get("credits")}
    return agreement(credits, comparison.agree)


def _memory(comparison: Comparison, sides: Mapping[str, Any]) -> dict[str, Any] | None:
    ours = sides.get(comparison.ours.name)
    if comparison.most_bytes is None or not ours or "failed" in ours:
        return None
    peak, most = ours["peak_bytes"], comparison.most_bytes
    return {"peak_bytes": peak, "most_bytes": most, "met": peak < most}


def _parts(runs: Sequence[Mapping[str, Any]], kind: str) -> dict[str, float]:
    names = dict.fromkeys(name for each in runs for name in each[kind])
    return {name: median(each[kind].get(name, 0.0) for each in runs) for name in names}


def _with_rest(parts: Mapping[str, float], seconds: float) -> dict[str, float]:
    return {**parts, "rest": max(seconds - sum(parts.values()), 0.0)}
