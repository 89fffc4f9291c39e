"""Compiled passes over entities: what each one's entries say, counted or written down as a key.

``own`` has a row per slot: 0 to 7 are an entity's own entries into the stages, the others hints,
``hinted`` their stages. An entry into a stage is the earliest of its own and of all later ones.
"""

# numba compiles these as they stand: short names and plain loops are what it reads best.
import numpy as np
import numpy.typing as npt

from onefunnel.funnel.dense.compiling import compiled

# What is compiled is kept, and made again when this file changes: so all it needs stands here.
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

NEVER = np.iinfo(np.int64).max
MICROSECONDS = 1_000_000
STAGES = 8
PURCHASE = 5
SECONDS_A_DAY = 86_400
MOVED, LOST, CENSORED, LEFT_OUT = 0, 1, 2, 3
EXPOSED = 3
SECONDS_BITS, OUTCOME_BITS = 34, 2
AGE_BITS, FLAG_BITS = 24, 5


@compiled
def _ways(entity: int, own: Ints, hinted: Ints, at: Ints) -> None:
    """Fill ``at`` with the entity's entries into the stages."""
    for stage in range(STAGES):
        at[stage] = own[stage, entity]
    for hint in range(len(hinted)):
        stage = hinted[hint]
        if own[STAGES + hint, entity] < at[stage]:
            at[stage] = own[STAGES + hint, entity]
    for stage in range(STAGES - 2, -1, -1):
        if at[stage + 1] < at[stage]:
            at[stage] = at[stage + 1]


@compiled
def count(
    first: int,
    last: int,
    own: Ints,
    hinted: Ints,
    group: Codes,
    start: int,
    end: int,
    counts: Ints,
    present: Ints,
) -> None:
    """Add to ``counts[group, stage, observed / implied / out of order]`` and ``present[group]``."""
    at = np.empty(STAGES, np.int64)
    for entity in range(first, last):
        _ways(entity, own, hinted, at)
        if at[0] == NEVER:
            continue
        mine = group[entity]
        present[mine] += 1
        for stage in range(STAGES):
            if at[stage] == NEVER:
                break
            if not (start <= at[stage] < end):
                continue
            recorded = own[stage, entity]
            counts[mine, stage, 0 if recorded == at[stage] else 1] += 1
            if stage + 1 < STAGES and recorded != NEVER and recorded > at[stage + 1]:
                counts[mine, stage, 2] += 1


@compiled
def first_seen(first: int, last: int, own: Ints, hinted: Ints, found: Ints) -> None:
    """The first observed entry into each stage."""
    at = np.empty(STAGES, np.int64)
    for entity in range(first, last):
        _ways(entity, own, hinted, at)
        for stage in range(STAGES):
            if at[stage] == own[stage, entity] and at[stage] < found[stage]:
                found[stage] = at[stage]


@compiled
def follow(
    first: int,
    last: int,
    own: Ints,
    hinted: Ints,
    group: Codes,
    lost_at: Ints,
    pair: tuple[int, int, bool],
    period: tuple[int, int],
    now: int,
    keys: Ints,
    left_out: Ints,
) -> int:
    """Write a key (group, seconds, outcome) per entity of a pair's cohort; returns how many.

    ``pair`` is start, end, whether a loss competes; entities whose later entry is only implied are
    counted in ``left_out[group]``.
    """
    begin, finish, competes = pair
    start, end = period
    at = np.empty(STAGES, np.int64)
    now_seconds = now // MICROSECONDS
    written = 0
    for entity in range(first, last):
        recorded = own[begin, entity]
        if recorded == NEVER or not (start <= recorded < end):
            continue
        _ways(entity, own, hinted, at)
        if at[begin] != recorded:
            continue
        since = recorded // MICROSECONDS
        lost = lost_at[entity]
        if at[finish] != NEVER:
            if own[finish, entity] != at[finish]:
                left_out[group[entity]] += 1
                continue
            outcome, until = MOVED, at[finish] // MICROSECONDS
        elif competes and lost != NEVER and lost >= recorded:
            outcome, until = LOST, lost // MICROSECONDS
        else:
            outcome, until = CENSORED, now_seconds
        key = (np.int64(group[entity]) << SECONDS_BITS) | (until - since)
        keys[written] = (key << OUTCOME_BITS) | outcome
        written += 1
    return written


@compiled
def told(keys: Ints, horizon: int, groups: Codes, seconds: Ints, counts: Codes) -> int:
    """From sorted keys to rows: group, seconds, ``counts[row, moved / lost / censored]``.

    Returns how many. A row stands for each instant of an outcome, for the first instant at or after
    the horizon and for the last of a group. Those censored between two rows are counted in the
    earlier one: who is at risk at an outcome, and who was followed to the horizon, stays the same.
    """
    written = -1
    for i in range(len(keys)):
        outcome = keys[i] & 3
        place = keys[i] >> OUTCOME_BITS
        group, time = place >> SECONDS_BITS, place & ((1 << SECONDS_BITS) - 1)
        fresh = written < 0 or groups[written] != group
        if not fresh and time != seconds[written]:
            ends = i + 1 == len(keys) or (keys[i + 1] >> OUTCOME_BITS) >> SECONDS_BITS != group
            crosses = time >= horizon and seconds[written] < horizon
            fresh = outcome != CENSORED or ends or crosses
        if fresh:
            written += 1
            groups[written], seconds[written] = group, time
            counts[written, :] = 0
        counts[written, outcome] += 1
    return written + 1


@compiled
def wait(
    first: int,
    last: int,
    own: Ints,
    hinted: Ints,
    group: Codes,
    lost_at: Ints,
    period: tuple[int, int],
    now: int,
    keys: Ints,
) -> int:
    """Write a key (group, position, age in days, entered flags) per open case; returns how many."""
    start, end = period
    at = np.empty(STAGES, np.int64)
    now_seconds = now // MICROSECONDS
    written = 0
    for entity in range(first, last):
        _ways(entity, own, hinted, at)
        if at[0] == NEVER or at[PURCHASE] != NEVER or lost_at[entity] != NEVER:
            continue
        position = 0
        flags = 0
        for stage in range(PURCHASE):
            if at[stage] == NEVER:
                break
            position = stage
            if start <= at[stage] < end:
                flags |= 1 << stage
        age = (now_seconds - at[position] // MICROSECONDS) // SECONDS_A_DAY
        key = ((np.int64(group[entity]) << 3 | position) << AGE_BITS) | age
        keys[written] = (key << FLAG_BITS) | flags
        written += 1
    return written


@compiled
def expose(
    first: int,
    last: int,
    own: Ints,
    hinted: Ints,
    lost_at: Ints,
    firsts: Ints,
    priors: Ints,
    now: int,
    counts: Ints,
) -> None:
    """Add to ``counts[position, outcome, days]``: see ``funnel.truncation.exposure``.

    ``firsts`` are the first observed entries, ``priors`` the nearest earlier stage that has any.
    """
    at = np.empty(STAGES, np.int64)
    for entity in range(first, last):
        _ways(entity, own, hinted, at)
        for stage in range(1, STAGES):
            prior = priors[stage]
            if prior < 0 or firsts[stage] == NEVER:
                continue
            since = own[prior, entity]
            if since == NEVER or since != at[prior]:
                continue
            lost = lost_at[entity]
            if since < firsts[stage]:
                outcome, until = EXPOSED, firsts[stage]
            elif at[stage] != NEVER:
                if own[stage, entity] != at[stage]:
                    continue
                outcome, until = MOVED, at[stage]
            elif stage <= PURCHASE and lost != NEVER and lost >= since:
                outcome, until = LOST, lost
            else:
                outcome, until = CENSORED, now
            days = (until // MICROSECONDS - since // MICROSECONDS) // SECONDS_A_DAY
            counts[stage, outcome, days] += 1


@compiled
def leave(
    first: int,
    last: int,
    own: Ints,
    hinted: Ints,
    group: Codes,
    lost_at: Ints,
    period: tuple[int, int],
    now: int,
    horizon: int,
    counts: Ints,
) -> None:
    """Add to ``counts[group, stage, lost / stalled]``: who stayed at each stage but the last."""
    start, end = period
    at = np.empty(STAGES, np.int64)
    for entity in range(first, last):
        _ways(entity, own, hinted, at)
        lost = lost_at[entity]
        for stage in range(STAGES - 1):
            if at[stage] == NEVER:
                break
            if at[stage + 1] != NEVER or not (start <= at[stage] < end):
                continue
            if stage < PURCHASE and lost != NEVER and lost >= at[stage]:
                counts[group[entity], stage, 0] += 1
            elif now // MICROSECONDS - at[stage] // MICROSECONDS >= horizon:
                counts[group[entity], stage, 1] += 1


@compiled
def enter(own: Ints, hinted: Ints, codes: Ints, at: Ints) -> None:
    """Write the entries of some entities: ``at[stage, i]`` for ``codes[i]``."""
    one = np.empty(STAGES, np.int64)
    for i in range(len(codes)):
        _ways(codes[i], own, hinted, one)
        at[:, i] = one
