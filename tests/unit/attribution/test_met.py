"""The paths through each player, against one path looked at after the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.attribution.met import Met, met
from onefunnel.measures.attribution.rules import Path
from tests.unit.attribution.paths import PATHS, PLAYERS, counted, path


@given(st.lists(PATHS, max_size=8))
def test_paths_through_a_player_are_those_that_name_it(paths: list[Path]) -> None:
    found = met(counted([*paths, path([], conversions=3)]))
    assert set(found) == set(PLAYERS)
    for player in PLAYERS:
        through = [each for each in paths if player in each.players]
        converted = sum(each.conversions for each in through)
        assert found[player] == Met(converted + sum(each.nulls for each in through), converted)


def test_a_path_counts_once_however_often_it_meets_somebody() -> None:
    twice = path(["search", "email", "search"], conversions=1)
    found = met(counted([twice, path(["search"], nulls=1)]))
    assert (found["search"], found["email"], found["social"]) == (Met(2, 1), Met(1, 1), Met(0, 0))
