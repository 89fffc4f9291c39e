"""Counts of paths, piece by piece in threads, and the tables they give."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from onefunnel.funnel.dense.entities import microsecond, microseconds
from onefunnel.funnel.dense.history import LONG_AGO, NEVER
from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import BUCKETS, Ints, put_buckets
from onefunnel.measures.attribution.crediting import REST, SCALE
from onefunnel.measures.attribution.dense import kernel
from onefunnel.measures.attribution.dense.credit import SECOND, credit
from onefunnel.measures.attribution.dense.grouping import (
    Counts,
    Grouped,
    Pending,
    Tags,
    gathered,
    summed_by_bucket,
)
from onefunnel.measures.attribution.dense.players import Players
from onefunnel.measures.attribution.family import BITS, CONVERTED, MOST_RATED, Value
from onefunnel.measures.attribution.rules import RULES
from onefunnel.vocabulary import Question

MOST_CELLS = 1 << 15
"""Up to so many keys of the chain a bucket has a place for each; beyond, keys are looked up."""
MOST_THREADS = 8
"""Each has sums of its own, some tens of megabytes."""
SETS, STEPS = 1 << 13, 1 << 12
"""So many of a bucket wait before they are counted together."""
MOST_IN_HALF = (1 << 31) - 1
"""Up to so many steps of a bucket, counts of 32 bits hold them: half as much memory to go over."""
SCALES = np.array([SCALE, REST, 2.0])
KINDS = ("conversions", "value", "rest")

Piece = tuple[Ints, Ints, Ints]
"""Keys of touches in order, where those of each entity end, and the entities' codes."""


@dataclass(frozen=True, slots=True)
class Ends:
    """All conversions in order of entity and instant."""

    entities: Ints
    at: Ints
    conversions: Ints
    units: Ints
    lead_at: Ints

    def of(self, codes: Ints) -> kernel.Conversions:
        """Those of some entities, whose codes increase."""
        first = np.searchsorted(self.entities, codes[0])
        last = np.searchsorted(self.entities, codes[-1], side="right")
        entities = self.entities[first:last]
        columns = [
            each[first:last] for each in (self.at, self.conversions, self.units, self.lead_at)
        ]
        if codes[-1] - codes[0] + 1 == len(codes):  # No code is left out.
            places = entities - codes[0]
        else:
            places = np.searchsorted(codes, entities)
            met = codes[places] == entities
            places, columns = places[met], [each[met] for each in columns]
        ends = np.zeros(len(codes) + 1, np.int64)
        kernel.end_each(places, ends)
        return kernel.Conversions(ends, *columns)


def ends_of(table: pa.Table) -> Ends:
    """The conversions of :func:`onefunnel.measures.attribution.conversions.conversions`."""
    at, leads = microseconds(table["at"]), microseconds(table["lead_at"])
    codes, made, units = (
        np.asarray(table[name].to_numpy(), np.int64)
        for name in ("entity_code", "conversions", "units")
    )
    order = np.lexsort((at, codes))
    leads = np.where(leads == NEVER, LONG_AGO, leads)
    return Ends(*(each[order] for each in (codes, at, made, units, leads)))


def by_bucket(ends: Ends, question: Question) -> pa.Table:
    """The answer of :func:`onefunnel.measures.attribution.conversions.by_bucket`."""
    first, last = bounds(question)
    mine = (ends.at >= first) & (ends.at < last)
    buckets = np.empty(int(mine.sum()), np.uint8)
    put_buckets(ends.entities[mine], buckets)
    sums = {"conversions": np.zeros(BUCKETS, np.int64), "units": np.zeros(BUCKETS, np.int64)}
    kernel.add_up(buckets, ends.conversions[mine], sums["conversions"])
    kernel.add_up(buckets, ends.units[mine], sums["units"])
    there = np.flatnonzero(np.bincount(buckets, minlength=BUCKETS))
    return pa.table({"bucket": there, **{name: each[there] for name, each in sums.items()}})


def bounds(question: Question) -> tuple[int, int]:
    """The period in microseconds: from the first, before the last."""
    start, end = question.start, question.end
    return (
        LONG_AGO if start is None else microsecond(start),
        NEVER if end is None else microsecond(end),
    )


def earliest(question: Question, asked: Asked) -> int:
    """Touches before this instant can be on no path of the period."""
    if question.start is None:
        return LONG_AGO
    return microsecond(question.start - timedelta(days=asked.settings.window_days))


def counted(
    piece: Callable[[int], Piece],
    pieces: int,
    ends: Ends,
    agreed: kernel.Agreed,
    threads: int,
) -> list["Sums"]:
    """What each thread counted; see :func:`tables`.

    ``piece(i)`` has all touches of some entities; the thread that counts them asks for it.
    """
    found = [Sums(ends, agreed) for _ in range(min(threads, MOST_THREADS, pieces) or 1)]
    left = iter(range(pieces))  # Threads take from it in turns.
    with ThreadPoolExecutor(len(found)) as pool:
        for _ in pool.map(lambda each: each.count(piece, left), found):
            pass
    return found


def agreed_of(players: Players, question: Question, asked: Asked) -> kernel.Agreed:
    """How the kernel makes paths and reads keys."""
    settings, order = asked.settings, max(asked.orders, default=0)
    start, end = bounds(question)
    most = (len(players.names) + 1).bit_length()
    width = most if 1 << most * (order + 1) <= MOST_CELLS else BITS
    window = round(timedelta(days=settings.window_days).total_seconds())
    return kernel.Agreed(
        bits=players.bits,
        numbers=players.of_keys,
        window=window * SECOND,
        since=earliest(question, asked),
        start=start,
        end=end,
        reuse=settings.reuse,
        collapse=settings.collapse,
        once=asked.value is Value.CUSTOMERS,
        order=order,
        width=width,
        half_life=float(settings.half_life_days * SECONDS_A_DAY),
    )


class Sums:
    """The sums of one thread."""

    def __init__(self, ends: Ends, agreed: kernel.Agreed) -> None:
        self.ends, self.agreed = ends, agreed
        players, cells = int(agreed.numbers.max()) + 1, _cells(agreed)
        self.credits = np.zeros((BUCKETS, players, len(KINDS), len(RULES)), np.int64)
        self.met = np.zeros((BUCKETS, players), np.bool_)
        self.chain: kernel.Cells = np.zeros((BUCKETS, cells), np.int32)
        self.counted = np.zeros(BUCKETS, np.int64)
        self.sets, self.made = Pending(SETS, np.int64), Grouped()
        self.lost = np.zeros((BUCKETS, players if players > MOST_RATED else 0), np.int64)
        self.steps = Pending(STEPS, np.uint16 if cells else np.int32)

    def count(self, piece: Callable[[int], Piece], left: Iterator[int]) -> None:
        """Count the pieces that are left."""
        for number in left:
            keys, ends, codes = piece(number)
            buckets = np.empty(len(codes), np.uint8)
            put_buckets(codes, buckets)
            self.add(keys, ends, self.ends.of(codes), buckets)
        if self.chain.size:
            kernel.place_all(self.steps.waiting, self.chain)

    def add(self, keys: Ints, ends: Ints, made: kernel.Conversions, buckets: Tags) -> None:
        """Count the paths of some entities."""
        agreed, most = self.agreed, len(ends) - 1 + len(made.at)
        paths = kernel.Paths(*np.empty((4, most), np.int64))
        found = kernel.find(kernel.Touches(keys, ends), made, agreed, paths)
        paths = kernel.Paths(*(each[:found] for each in paths))
        if agreed.collapse:
            route = np.empty(int((paths.stop - paths.begin).sum()), np.int64)
            kernel.collapse(keys, paths, agreed.bits, agreed.numbers, route)
            keys = route
        converts = np.flatnonzero(paths.made != kernel.NONE)
        some = kernel.Paths(*(each[converts] for each in paths))
        self._follow(keys, paths, made, buckets, some)
        if len(converts):
            credit(keys, some, buckets, made, agreed, SCALES, self.credits, self.met)

    def _follow(
        self,
        route: Ints,
        paths: kernel.Paths,
        made: kernel.Conversions,
        buckets: Tags,
        some: kernel.Paths,
    ) -> None:
        """Add the sets of all paths and the steps of the chain; ``some`` are those that convert."""
        sets, steps = np.zeros((2, BUCKETS), np.int64)
        longest = kernel.need(paths, buckets, made.conversions, sets, steps)
        if not self.lost.size:
            self.sets.make_room(sets)
        if self.chain.size:
            self._widen_for(steps)
            self._make_room_for(int(longest))
        elif self.agreed.order:
            self.steps.make_room(steps)
        masks, often = np.empty(len(some.made), np.int64), made.conversions
        sums = self.sets.waiting, self.lost, self.steps.waiting, self.chain
        kernel.follow(route, paths, buckets, often, self.agreed, *sums, masks)
        worth = np.column_stack([often[some.made], made.units[some.made]])
        self.made.add(buckets[some.places], masks, worth)

    def _widen_for(self, more: Ints) -> None:
        """See that the chain can count so many more steps of each bucket."""
        self.counted += more
        if self.chain.itemsize == 4 and self.counted.max() > MOST_IN_HALF:
            self.chain = self.chain.astype(np.int64)

    def _make_room_for(self, longest: int) -> None:
        """See that the steps of a path can wait in each bucket once those there are counted."""
        if longest > self.steps.waiting.keys.shape[1]:
            kernel.place_all(self.steps.waiting, self.chain)
            self.steps.widen(longest)


def _cells(agreed: kernel.Agreed) -> int:
    """The keys of the chain that a bucket has a place for: all or none."""
    cells = 1 << agreed.width * (agreed.order + 1)
    return cells if agreed.order and cells <= MOST_CELLS else 0


def tables(sums: Sequence[Sums]) -> dict[str, pa.Table]:
    """The tables ``credits``, ``sets`` and, where orders are asked for, ``transitions``."""
    agreed = sums[0].agreed
    credits = np.asarray(sum(each.credits for each in sums))
    met = np.logical_or.reduce([each.met for each in sums])
    with ThreadPoolExecutor(len(sums)) as pool:
        found = {"credits": _credits(credits, met), "sets": _sets(sums, pool)}
        if agreed.order:
            found["transitions"] = _of_cells(sums) if _cells(agreed) else _of_steps(sums, pool)
    return found


def _sets(sums: Sequence[Sums], pool: ThreadPoolExecutor) -> pa.Table:
    """The sets of paths without and with conversions, each of a bucket once."""
    single = sums[0].lost.size > 0
    nulls = _lost(sums) if single else gathered([each.sets for each in sums], pool)
    made = summed_by_bucket([each.made for each in sums], pool)
    parts = list(map(_joined, nulls, made))
    names = ("mask", "conversions", "units", "nulls")
    columns = (np.concatenate(each) for each in zip(*parts, strict=True))
    return pa.table({"bucket": _tags(parts), **dict(zip(names, columns, strict=True))})


def _lost(sums: Sequence[Sums]) -> list[Counts]:
    """Paths without a conversion by bucket and player: as sets of one."""
    found: list[Counts] = []
    for lost in np.asarray(sum(each.lost for each in sums)):
        met = np.flatnonzero(lost)
        found.append((np.int64(1) << met, lost[met]))
    return found


def _joined(without: Counts, converted: Counts) -> tuple[Ints, Ints, Ints, Ints]:
    """The sets of a bucket with their sums: those of paths without a conversion, then the others.

    Both are in order.
    """
    (nulls, often), (made, sums) = without, converted
    places = np.searchsorted(nulls, made)
    both = np.append(nulls, -1)[places] == made
    found = np.zeros((2, len(nulls)), np.int64)
    found[:, places[both]] = sums[both].T
    masks, none = made[~both], np.zeros(int((~both).sum()), np.int64)
    conversions, units = np.concatenate([found, sums[~both].T], axis=1)
    return (np.concatenate([nulls, masks]), conversions, units, np.concatenate([often, none]))


def _tags(parts: Sequence[tuple[npt.NDArray[np.integer], ...]]) -> Tags:
    """The bucket of each row of these parts, one for each bucket."""
    return np.repeat(np.arange(BUCKETS, dtype=np.uint8), [len(keys) for keys, *_ in parts])


def _credits(sums: Ints, met: npt.NDArray[np.bool_]) -> pa.Table:
    buckets, numbers = np.nonzero(met)
    mine = sums[buckets, numbers]
    columns = {"bucket": buckets, "number": numbers}
    for place, rule in enumerate(RULES):
        columns |= {f"{kind}_{rule}": mine[:, k, place] for k, kind in enumerate(KINDS)}
    return pa.table(columns)


def _of_steps(sums: Sequence[Sums], pool: ThreadPoolExecutor) -> pa.Table:
    """The steps of the chain that were counted by key."""
    parts = gathered([each.steps for each in sums], pool)
    keys, paths = (np.concatenate(each) for each in zip(*parts, strict=True))
    return pa.table({"bucket": _tags(parts), "key": keys, "paths": paths})


def _of_cells(sums: Sequence[Sums]) -> pa.Table:
    """Those that have a place each, by keys whose digits are as wide as all keys' are.

    The first sums' chain becomes that of all.
    """
    agreed, chain = sums[0].agreed, sums[0].chain
    if np.sum([each.counted for each in sums], axis=0).max() > MOST_IN_HALF:
        chain = chain.astype(np.int64)
    for each in sums[1:]:
        chain += each.chain
    found = int(kernel.cells_in(chain))
    tags, (keys, paths) = np.empty(found, np.uint8), np.empty((2, found), np.int64)
    kernel.write_cells(chain, (agreed.width, BITS), CONVERTED, tags, keys, paths)
    return pa.table({"bucket": tags, "key": keys, "paths": paths})
