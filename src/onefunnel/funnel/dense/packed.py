"""The plain funnel of ordered steps within a window, in one compiled pass over packed keys."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefunnel.errors import UsageError
from onefunnel.funnel.dense.compiling import compiled
from onefunnel.funnel.dense.sorting import (
    BUCKET,
    LATEST,
    STEP_BITS,
    Acts,
    Buckets,
    Integers,
    Keys,
    partition,
    steps_in,
)
from onefunnel.funnel.dense.streams import RUN, Lost, in_buckets
from onefunnel.vocabulary import MOST_STEPS

OPEN = 1 << 7
"""The bit of an entity's byte that says its window is still open; the others are its level."""


@dataclass(frozen=True, slots=True)
class Furthest:
    """How far each entity came.

    ``levels`` has, at the place of an entity's code, the number of steps it did in order (0: not
    even the first); ``open`` whether it may still go on: it has not done the last step, and its
    latest first step is at or after ``open_since``. ``without_entity`` and ``without_instant`` are
    the acts that could not be placed.
    """

    levels: npt.NDArray[np.uint8]
    open: npt.NDArray[np.bool_]
    without_entity: int = 0
    without_instant: int = 0

    def reached(self, steps: int) -> list[int]:
        """How many entities did the first k steps, for k = 1 to ``steps``."""
        exactly = np.bincount(self.levels, minlength=steps + 1)
        return [int(exactly[level:].sum()) for level in range(1, steps + 1)]


def window_funnel_levels(
    entity: Integers,
    seconds: Integers,
    mask: Integers,
    steps: int,
    window_seconds: int,
    threads: int = 2,
) -> list[int]:
    """How many entities did steps 1 to k in order within the window, for k = 1 to ``steps``.

    An entity did k steps if there are acts e1 … ek of its own, ei being step i, at instants that do
    not decrease, the last at most the window (inclusive) after the first. One act may be several
    steps; whatever happens in between does not matter. That is the default mode of ClickHouse's
    ``windowFunnel(window)(time, step 1, …)``.

    ``entity``, ``seconds`` and ``mask`` are integers of one length, in any order: whose the act is,
    when it was, and in bit k whether it is step k + 1; bits beyond the steps mean nothing. Seconds
    may be any unit that the window is given in. Raises UsageError for more than 32 steps, a
    negative window, codes or masks below 0, and instants beyond 2 ** 58 - 1 either way.

    >>> entity, seconds = np.array([7, 7, 7, 9, 9]), np.array([0, 60, 90, 50, 10])
    >>> mask = np.array([1, 2, 4, 1, 2])
    >>> window_funnel_levels(entity, seconds, mask, steps=3, window_seconds=90)
    [2, 1, 1]
    """
    codes = _dense(np.asarray(entity))
    acts = Acts()
    for at in range(0, len(codes), RUN):
        some = slice(at, at + RUN)
        batches = [(codes[some], seconds[some], mask[some])]
        partition(acts.room(steps_in(batches)), batches)
    with ThreadPoolExecutor(threads) as pool:
        return _furthest(acts.whole(), steps, window_seconds, None, pool, threads).reached(steps)


def furthest_steps(
    batches: Iterable[pa.RecordBatch],
    steps: int,
    window: int,
    open_since: int | None = None,
    threads: int = 2,
) -> Furthest:
    """How far each entity came; see :func:`window_funnel_levels` for what that means.

    ``batches`` have three columns: entity codes (dense integers from 0), instants (timestamps, or
    integers), and masks. Each is taken as it comes and kept at ten bytes an act. ``window`` and
    ``open_since`` are in the unit of the instants, microseconds where they are timestamps.

    >>> at = pa.array([0, 60, 90], pa.timestamp("us", "UTC"))
    >>> batch = pa.record_batch([pa.array([0, 0, 2]), at, pa.array([1, 2, 1])], ["e", "t", "m"])
    >>> furthest_steps([batch], steps=2, window=100, open_since=50)
    Furthest(levels=array([2, 0, 1], dtype=uint8), open=array([False, False,  True]),
        without_entity=0, without_instant=0)
    """
    lost = Lost()
    with ThreadPoolExecutor(threads) as pool:
        acts = in_buckets(batches, steps_in, partition, pool, lost)
        found = _furthest(acts, steps, window, open_since, pool, threads)
    return Furthest(found.levels, found.open, lost.without_entity, lost.without_instant)


def _furthest(
    acts: Buckets,
    steps: int,
    window: int,
    open_since: int | None,
    pool: ThreadPoolExecutor,
    threads: int,
) -> Furthest:
    if not 1 <= steps <= MOST_STEPS:
        raise UsageError(f"{steps} is no number of steps.", remedy=f"Give 1 to {MOST_STEPS}.")
    if window < 0:
        raise UsageError(f"{window} is no window.", remedy="Give 0 or more.")
    window = min(window, 4 * LATEST)  # longer than from the first instant to the last
    since = 2 * LATEST if open_since is None else open_since
    found = np.zeros(acts.count * BUCKET, np.uint8)

    def go(group: tuple[int, int]) -> None:
        first, last = group
        keys, ends = acts.by_entity(first, last)
        part = found[first * BUCKET : last * BUCKET]
        _walk(keys, ends, STEP_BITS, steps, window, since, part)

    for _ in pool.map(go, acts.groups(threads)):
        pass
    return _cut(found)


def _cut(found: npt.NDArray[np.uint8]) -> Furthest:
    """Levels and flags, as long as the largest code that did any step."""
    size = int(np.flatnonzero(found)[-1]) + 1 if found.any() else 0
    levels: npt.NDArray[np.uint8] = found[:size] & np.uint8(OPEN - 1)
    return Furthest(levels, found[:size] >= OPEN)


@compiled
def _walk(
    keys: Keys,
    ends: Keys,
    step_bits: int,
    steps: int,
    window: int,
    open_since: int,
    out: npt.NDArray[np.uint8],
) -> None:
    """Write how far each entity of a bucket came, with ``OPEN`` where it may still go on.

    The latest start of a chain is the best one, for starts only ever grow: so one instant per level
    is all that has to be remembered.
    """
    start = np.empty(steps, np.int64)
    for place in range(len(out)):
        level = 0
        for at in range(ends[place], ends[place + 1]):
            instant, step = keys[at] >> step_bits, keys[at] & ((1 << step_bits) - 1)
            if step == 0:
                start[0] = instant
                level = max(level, 1)
            elif step <= level and instant - window <= start[step - 1]:
                start[step] = start[step - 1]
                level = max(level, step + 1)
            if level == steps:
                break
        out[place] = level
        if 0 < level < steps and start[0] >= open_since:
            out[place] |= OPEN


def _dense(entity: Integers) -> Integers:
    """The codes, counted anew from 0 where most of those below the largest are not in use."""
    if len(entity) and int(entity.max()) > 4 * len(entity) + BUCKET:
        return np.unique(entity, return_inverse=True)[1]
    return entity
