"""Generated paths, and the chain solved in exact fractions by elimination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.reference import counts
from onefunnel.measures.attribution.rules import Path, Settings, Touch

PLAYERS = ("search", "social", "email", "sales:call")
DAY = datetime(2026, 3, 1, tzinfo=UTC)
END = "converted"


def path(players: Sequence[str | None], **ends: float) -> Path:
    """A path with a touch a day."""
    touches = (Touch(str(i), DAY + timedelta(days=i), name) for i, name in enumerate(players))
    return Path(tuple(touches), **ends)  # type: ignore[arg-type]


def counted(
    paths: Sequence[Path],
    players: Sequence[str | None] = PLAYERS,
    orders: Sequence[int] = (1, 2, 3, 4),
    size: int = 8,
) -> Counts:
    """The counts of paths, dealt out to the buckets one after the other."""
    dealt = [(place % size, each) for place, each in enumerate(paths)]
    return counts(dealt, players, Settings(), orders, size)


PATHS = st.builds(
    path,
    st.lists(st.sampled_from(PLAYERS), min_size=1, max_size=6),
    conversions=st.integers(0, 3),
    value=st.integers(0, 50),
    nulls=st.integers(0, 3),
)


def with_ends(paths: Sequence[Path]) -> bool:
    """Whether something converts and every path counts for something."""
    return any(each.conversions for each in paths)


def by_elimination(paths: Sequence[Path], order: int, removed: str | None) -> Fraction:
    """The chance to convert without meeting a player, by a chain of tuples and fractions."""
    followed: dict[tuple[str | None, ...], dict[object, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    for each in paths:
        weight = each.conversions + each.nulls
        state: tuple[str | None, ...] = ()
        for player in each.players if weight else []:
            following = (*state, player)[-order:]
            followed[state][following] += weight
            state = following
        followed[state][END] += each.conversions
        followed[state][None] += each.nulls
    states = [state for state in followed if sum(followed[state].values())]
    rows = [_equation(state, states, followed, removed) for state in states]
    return _solved(rows)[states.index(())]


def _equation(
    state: tuple[str | None, ...],
    states: list[tuple[str | None, ...]],
    followed: dict[tuple[str | None, ...], dict[object, int]],
    removed: str | None,
) -> list[Fraction]:
    """x_state - sum of chances x_following = chance to convert; the right side comes last."""
    all_left = sum(followed[state].values())
    row = [Fraction(other == state) for other in states]
    for place, other in enumerate(states):
        if not other or other[-1] != removed:
            row[place] -= Fraction(followed[state][other], all_left)
    return [*row, Fraction(followed[state][END], all_left)]


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    size = len(rows)
    for column in range(size):
        pivot = next(r for r in range(column, size) if rows[r][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [cell / rows[column][column] for cell in rows[column]]
        for r in range(size):
            if r != column and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[column], strict=True)]
    return [row[-1] for row in rows]
