"""The paradox alarm: when it is raised, when not, and how often by chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.incentives.alarm import (
    Kind,
    Light,
    Measured,
    Standing,
    Target,
    alarms,
    verdict,
)

PARTS = Standing(
    "parts",
    (Target("leads", 400, 400), Target("cost_per_lead", 9.0, 10.0, least=False)),
    (Target("revenue", 50_000, 45_000),),
    contribution=Measured(1_000.0, 100.0),
    reachable=Measured(5_760.0, 300.0),
    last=Measured(1_050.0, 100.0),
)


def test_both_green_and_the_company_red_is_an_alarm() -> None:
    found = verdict(PARTS)
    assert (found.marketing, found.sales, found.company) == ("green", "green", "red")
    assert (found.alarm, found.kind) == (True, Kind.BELOW_REACHABLE)
    half = 1.959964 * (100**2 + 300**2) ** 0.5
    assert float(found.missed.low) == pytest.approx(4_760 - half, abs=1e-3)
    assert float(found.missed.high) == pytest.approx(4_760 + half, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "lights"),
    [
        ({"marketing": (Target("leads", 399, 400),)}, ("red", "green", "red")),
        ({"marketing": (Target("leads", 500, None),)}, ("unknown", "green", "red")),
        ({"marketing": ()}, ("unknown", "green", "red")),
        ({"sales": (Target("revenue", 1, 2), Target("deals", None, 2))}, ("green", "red", "red")),
        ({"reachable": None}, ("green", "green", "green")),
        ({"contribution": None}, ("green", "green", "unknown")),
        ({"reachable": None, "last": None}, ("green", "green", "unknown")),
    ],
)
def test_without_all_three_there_is_no_alarm(
    change: dict[str, object], lights: tuple[str, str, str]
) -> None:
    found = verdict(replace(PARTS, **change))
    assert (found.marketing, found.sales, found.company) == lights
    assert not found.alarm


def test_the_kind_says_against_what() -> None:
    fallen = replace(PARTS, last=Measured(3_000.0, 100.0))
    assert verdict(fallen).kind is Kind.BELOW_BOTH
    only = verdict(replace(fallen, reachable=Measured(1_100.0, 300.0)))
    assert (only.kind, only.missed.value) == (Kind.BELOW_LAST, 2_000.0)
    unknown = verdict(replace(fallen, reachable=None))
    assert (unknown.kind, unknown.missed.value) == (Kind.BELOW_LAST, 2_000.0)


def test_what_is_not_material_is_no_alarm() -> None:
    little = replace(PARTS, contribution=Measured(5_600.0), reachable=Measured(5_760.0), last=None)
    assert verdict(little).alarm
    assert verdict(little, material=0.05).company is Light.GREEN


def test_rounding_is_no_loss() -> None:
    same = replace(PARTS, contribution=Measured(0.3), reachable=Measured(0.1 + 0.2), last=None)
    assert verdict(same).company is Light.GREEN


def test_the_largest_miss_comes_first() -> None:
    others = [
        replace(PARTS, segment="gates", reachable=Measured(9_000.0, 300.0)),
        replace(PARTS, segment="fences", contribution=Measured(5_700.0, 100.0)),
        PARTS,
    ]
    assert [each.standing.segment for each in alarms(others)] == ["gates", "parts"]


def test_chance_raises_an_alarm_as_seldom_as_it_is_asked_to() -> None:
    random = np.random.default_rng(4)
    raised = 0
    for now, reachable, last in random.normal(1_000.0, 100.0, (2_000, 3)):
        standing = replace(
            PARTS,
            contribution=Measured(now, 100.0),
            reachable=Measured(reachable, 100.0),
            last=Measured(last, 100.0),
        )
        raised += verdict(standing).alarm
    # Two comparisons at one in a hundred each.
    assert 0.005 <= raised / 2_000 <= 0.03


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(UsageError):
        Measured(1.0, -1.0)
    with pytest.raises(UsageError):
        verdict(PARTS, chance=0.0)
