"""Whether the sides of a comparison of attribution give the same credit to the same channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.data import Credits

LEAST = 1e-3
OTHERWISE = ":"
"""What follows it in a model's name says in what the model is another one than ours."""


def credits_in(answer: Any) -> Credits | None:
    """The answer, if it is credits by model and channel.

    >>> credits_in({"linear": {"c00": 1.5}}), credits_in([1, 2])
    ({'linear': {'c00': 1.5}}, None)
    """
    if not isinstance(answer, dict) or not answer:
        return None
    kinds = {type(given) for given in answer.values()}
    return answer if kinds == {dict} else None


def agreement(credits: Mapping[str, Credits], most: float) -> dict[str, Any]:
    """How far the sides are from the first one that has a model of the name.

    ``models`` has those that must agree within ``most``, ``others`` those that are another model,
    or simulate it. ``same`` is None where nothing could be compared.
    """
    models: dict[str, dict[str, float]] = {}
    others: dict[str, dict[str, float]] = {}
    first: dict[str, Mapping[str, float]] = {}
    for side, answer in credits.items():
        for model, given in answer.items():
            name = model.partition(OTHERWISE)[0]
            if name != model and name in first:
                others.setdefault(model, {})[side] = difference(given, first[name])
            elif name in first:
                models.setdefault(model, {})[side] = difference(given, first[name])
            elif name == model:
                first[name] = given
    furthest = [each for sides in models.values() for each in sides.values()]
    same = max(furthest) <= most if furthest else None
    return {"most": most, "models": models, "others": others, "same": same}


def difference(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The largest difference of a channel's credits, as a part of the larger of them.

    Credits are told to four decimals: less than a thousandth of a conversion is no difference.

    >>> difference({"a": 8.0, "b": 5.0}, {"a": 10.0, "b": 5.0})
    0.2
    >>> difference({"a": 10.0}, {"a": 10.0, "b": 5.0})
    1.0
    """
    pairs = [(one.get(channel, 0.0), other.get(channel, 0.0)) for channel in {*one, *other}]
    different = [(a, b) for a, b in pairs if abs(a - b) >= LEAST]
    return max((abs(a - b) / max(abs(a), abs(b)) for a, b in different), default=0.0)
