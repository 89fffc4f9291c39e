"""Paths and counts in the plainest Python: lists of touches, one party after another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from onefunnel.measures.attribution.buckets import BUCKETS
from onefunnel.measures.attribution.counts import (
    Counts,
    Credits,
    Sets,
    Transitions,
    transition_key,
)
from onefunnel.measures.attribution.family import CONVERTED, NULL, UNKNOWN, Player
from onefunnel.measures.attribution.rules import RULES, Path, Settings, Touch
from onefunnel.measures.attribution.tally import Tally


@dataclass(frozen=True, slots=True)
class Conversion:
    """Something a party did that is to be explained, what it is worth, and when its lead came."""

    at: datetime
    value: float = 0.0
    lead_at: datetime | None = None


def paths(
    touches: Sequence[Touch], conversions: Sequence[Conversion], settings: Settings
) -> list[Path]:
    """The paths of one party: one for each instant at which it converted, and one for the rest.

    A conversion has the touches at it or before it within the window, in order of time, ties in
    order of their players' names, then of their keys. Touches at or before the party's previous
    conversion are not used again: what already led to one purchase is not credited for the next,
    and every touch counts once; a conversion without a fresh touch is credited to nobody.
    Conversions at one instant share a path.
    Touches after the last conversion, or of a party without one, are one path that did not convert,
    from the window's length before its last touch on. A touch that is older than the window of the
    conversion that follows it is in no path.
    """
    order = sorted(touches, key=lambda each: (each.at, each.player or UNKNOWN, each.key))
    window = timedelta(days=settings.window_days)
    found: list[Path] = []
    done: datetime | None = None
    for at, together in groupby(sorted(conversions, key=lambda each: each.at), lambda c: c.at):
        these = list(together)
        since = None if settings.reuse else done
        fresh = [t for t in order if at - window <= t.at <= at and (since is None or t.at > since)]
        leads = [each.lead_at for each in these if each.lead_at is not None]
        value = sum(each.value for each in these)
        lead_at = min(leads, default=None)
        found.append(Path(_path(fresh, settings), len(these), value, 0, at, lead_at))
        done = at
    left = [touch for touch in order if done is None or touch.at > done]
    if left:
        kept = [touch for touch in left if touch.at >= left[-1].at - window]
        found.append(Path(_path(kept, settings), nulls=1))
    return found


def collapsed(path: Path) -> Path:
    """The path with touches of one player that follow each other as one, where the first stands."""
    return replace(path, touches=_collapsed(path.touches))


def counts(
    parties: Iterable[tuple[int, Path]],
    players: Sequence[Player],
    settings: Settings,
    orders: Sequence[int] = (1, 2, 3, 4),
    size: int = BUCKETS,
) -> Counts:
    """The counts of paths, each with the bucket of its party; ``players`` has all that occur."""
    known = list(parties)
    return Counts(
        players=tuple(players),
        sets=_sets(known, players, size).among(len(players)),
        credits=_credits(known, players, settings, size),
        transitions={order: _transitions(known, players, order, size) for order in orders},
    )


def _path(touches: Sequence[Touch], settings: Settings) -> tuple[Touch, ...]:
    return _collapsed(touches) if settings.collapse else tuple(touches)


def _collapsed(touches: Sequence[Touch]) -> tuple[Touch, ...]:
    return tuple(next(run) for _, run in groupby(touches, lambda touch: touch.player))


def _transitions(
    parties: list[tuple[int, Path]], players: Sequence[Player], order: int, size: int
) -> Transitions:
    found: Counter[tuple[int, int]] = Counter()
    for bucket, path in parties:
        if not path.touches:
            continue
        met = [players.index(player) + 1 for player in path.players]
        for i, following in enumerate(met):
            key = transition_key(met[max(0, i - order) : i], following)
            found[bucket, key] += path.conversions + path.nulls
        found[bucket, transition_key(met[-order:], CONVERTED)] += path.conversions
        found[bucket, transition_key(met[-order:], NULL)] += path.nulls
    return Transitions(order, _tally(found, size))


def _sets(parties: list[tuple[int, Path]], players: Sequence[Player], size: int) -> Sets:
    conversions: dict[tuple[int, int], float] = defaultdict(int)
    value: dict[tuple[int, int], float] = defaultdict(float)
    nulls: dict[tuple[int, int], float] = defaultdict(int)
    for bucket, path in parties:
        met = sum(2 ** players.index(player) for player in set(path.players))
        conversions[bucket, met] += path.conversions
        value[bucket, met] += path.value
        nulls[bucket, met] += path.nulls
    return Sets(_tally(conversions, size), _tally(value, size), _tally(nulls, size))


def _credits(
    parties: list[tuple[int, Path]], players: Sequence[Player], settings: Settings, size: int
) -> Credits:
    conversions = np.zeros((size, len(RULES), len(players)))
    value = np.zeros((size, len(RULES), len(players)))
    for bucket, path in parties:
        if not path.touches or not path.conversions:
            continue
        for place, rule in enumerate(RULES.values()):
            for player, share in zip(path.players, rule(path, settings), strict=True):
                conversions[bucket, place, players.index(player)] += share * path.conversions
                value[bucket, place, players.index(player)] += share * path.value
    return Credits(tuple(RULES), conversions, value)


def _tally(found: dict[tuple[int, int], float] | Counter[tuple[int, int]], size: int) -> Tally:
    rows = list(found)
    return Tally.of([b for b, _ in rows], [key for _, key in rows], list(found.values()), size)
