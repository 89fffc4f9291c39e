"""The rules, each by its definition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.rules import RULES, Path, Settings, Touch
from tests.unit.attribution.paths import DAY, PATHS, path


def shares(rule: str, given: Path, settings: Settings | None = None) -> list[float]:
    return RULES[rule](given, settings or Settings())


@pytest.mark.parametrize(
    ("rule", "players", "said"),
    [
        ("first_touch", "abc", [1, 0, 0]),
        ("last_touch", "abc", [0, 0, 1]),
        ("linear", "aab", [1 / 3, 1 / 3, 1 / 3]),
        ("position_u", "a", [1]),
        ("position_u", "ab", [0.5, 0.5]),
        ("position_u", "abc", [0.4, 0.2, 0.4]),
        ("position_u", "abca", [0.4, 0.1, 0.1, 0.4]),
        ("position_w", "abc", [0.4, 0.2, 0.4]),
    ],
)
def test_rules_give_what_their_names_say(rule: str, players: str, said: list[float]) -> None:
    assert shares(rule, path(players)) == pytest.approx(said)


@pytest.mark.parametrize(
    ("players", "lead_day", "said"),
    [
        ("abcd", 1.5, [0.3, 0.3, 0.1, 0.3]),
        ("abcde", 2, [0.3, 0.05, 0.3, 0.05, 0.3]),
        ("abcd", 0, [0.6, 0.05, 0.05, 0.3]),
        ("abcd", 3, [0.3, 0.05, 0.05, 0.6]),
        ("abc", 1, [1 / 3, 1 / 3, 1 / 3]),
        ("ab", 0, [2 / 3, 1 / 3]),
        ("a", 0, [1]),
        ("abc", -1, [0.4, 0.2, 0.4]),
    ],
)
def test_the_lead_has_a_share_of_position_w(
    players: str, lead_day: float, said: list[float]
) -> None:
    given = Path(path(players).touches, lead_at=DAY + timedelta(days=lead_day))
    assert shares("position_w", given) == pytest.approx(said)


def test_a_lead_after_the_conversion_is_none() -> None:
    late = DAY + timedelta(days=9)
    given = Path(path("abc").touches, at=DAY + timedelta(days=3), lead_at=late)
    assert shares("position_w", given) == shares("position_u", given)


def test_last_non_direct_passes_over_direct_touches() -> None:
    assert shares("last_non_direct", path(["a", "b", "direct"])) == [0, 1, 0]
    assert shares("last_non_direct", path(["direct", "direct"])) == [0, 1]
    assert shares("last_non_direct", path(["a", None, "direct"])) == [0, 1, 0]
    typed = Settings(direct=frozenset({"direct", "b"}))
    assert shares("last_non_direct", path(["a", "b", "direct"]), typed) == [1, 0, 0]


def test_time_decay_halves_with_each_half_life() -> None:
    touches = tuple(Touch(str(day), DAY + timedelta(days=day), "a") for day in (0, 7, 14))
    given = Path(touches, at=DAY + timedelta(days=20))
    assert shares("time_decay", given) == pytest.approx([1 / 7, 2 / 7, 4 / 7])
    quick = Settings(half_life_days=1e-3)
    assert shares("time_decay", given, quick) == pytest.approx([0, 0, 1])


@given(PATHS, st.sampled_from(list(RULES)), st.none() | st.integers(-1, 7))
def test_shares_sum_to_one_and_none_is_negative(
    given: Path, rule: str, lead_day: int | None
) -> None:
    lead_at = None if lead_day is None else DAY + timedelta(days=lead_day)
    found = shares(rule, Path(given.touches, lead_at=lead_at))
    assert len(found) == len(given.touches)
    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0


def test_times_are_above_zero() -> None:
    with pytest.raises(UsageError, match="half-life 0"):
        Settings(half_life_days=0)
