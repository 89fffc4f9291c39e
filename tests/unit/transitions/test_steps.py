"""The steps of paths: as plain loops count them, as shares of all that went on, with intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.rules import Path
from onefunnel.measures.attribution.touches import shown
from onefunnel.measures.transitions.assemble import steps
from onefunnel.measures.transitions.query import asked
from onefunnel.measures.transitions.reference import transitions
from onefunnel.measures.transitions.result import Kind, TransitionRow
from onefunnel.vocabulary import Crediting, Question
from tests.unit.attribution.paths import PATHS, counted, path

PLAYERS = ("search", "social", "email", "sales:call")
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def rows_of(paths: Sequence[Path], size: int = 8) -> tuple[TransitionRow, ...]:
    return steps(PLAYERS, counted(paths, PLAYERS, (1,), size).transitions[1].tally)


def by_step(rows: Sequence[TransitionRow]) -> Counter[tuple[str, str | None, str | None]]:
    return Counter({(row.kind, row.before, row.after): row.paths for row in rows})


@settings(max_examples=30)
@given(st.lists(PATHS, max_size=12))
def test_steps_are_what_plain_loops_count(paths: list[Path]) -> None:
    rows = rows_of(paths)
    wanted = Counter(
        {
            (kind.value, shown(before)[1], shown(after)[1]): number
            for (kind, before, after), number in transitions(paths).items()
        }
    )
    assert by_step(rows) == wanted
    assert [row.paths for row in rows] == sorted((row.paths for row in rows), reverse=True)
    shares: dict[tuple[bool, str | None], float] = defaultdict(float)
    for row in rows:
        shares[row.kind == Kind.START, row.before] += row.share
    assert all(each == pytest.approx(1) for each in shares.values())


def test_the_worked_example_has_its_chances() -> None:
    # search > email converts twice, email once, search ends without: of search 1/3 ends.
    paths = [path(["search", "email"], conversions=2), path(["search"], nulls=1)]
    rows = {(row.kind, row.before, row.after): row.share for row in rows_of(paths)}
    assert rows == pytest.approx(
        {
            ("start", None, "search"): 1,
            ("move", "search", "email"): 2 / 3,
            ("no_conversion", "search", None): 1 / 3,
            ("conversion", "email", None): 1,
        }
    )


def test_departments_stand_beside_names_and_ends_have_none() -> None:
    rows = {row.kind: row for row in rows_of([path(["search", "sales:call"], conversions=1)])}
    move = rows["move"]
    assert (move.before, move.after, move.after_department) == ("search", "sales:call", "sales")
    assert rows["start"].not_of_row == {"before", "before_department"}
    assert rows["conversion"].not_of_row == {"after", "after_department"}
    assert not move.not_of_row and not move.dimensions


def test_intervals_need_people_in_ten_groups() -> None:
    paths = [path(["search"], conversions=at % 3, nulls=1) for at in range(40)]
    few, many = rows_of(paths, size=9), rows_of(paths, size=20)
    assert all(row.share_low is None and row.share_high is None for row in few)
    for row in many:
        assert row.share_low is not None and row.share_high is not None
        assert row.share_low <= row.share <= row.share_high
    assert any(row.share_low < row.share < row.share_high for row in many)  # type: ignore[operator]


def test_steps_are_asked_without_models() -> None:
    with pytest.raises(UsageError):
        asked(Question(now=NOW, crediting=Crediting(models=("linear",))))
    assert asked(Question(now=NOW, crediting=Crediting("revenue"))).value == "revenue"
