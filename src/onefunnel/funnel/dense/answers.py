"""The answers of the funnel's queries from arrays: the same tables as SQL gives.

One difference there is: in ``durations`` and ``curves``, those censored between two outcomes stand
at the earlier one. No incidence, interval or maturity depends on it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.dense import walks
from onefunnel.funnel.dense.entities import Entities, instants, microsecond
from onefunnel.funnel.dense.history import NEVER, Codes, Ints
from onefunnel.funnel.dense.passes import pieces_of, side_by_side
from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.funnel.progress import OPEN_STAGES
from onefunnel.funnel.transitions import TO_PURCHASE, Pair
from onefunnel.funnel.truncation import first
from onefunnel.vocabulary import STAGES, Question, Stage

BEGINNING = np.iinfo(np.int64).min
OUTCOMES = ("moved", "lost", "censored", "exposed")


@dataclass(frozen=True)
class Answers:
    """The answers to one question over some entities; each is worked out when it is asked."""

    entities: Entities
    question: Question
    threads: int = 1

    def counts(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.query.counts`."""
        found, present = self._counted
        metrics = {
            f"{kind}_{stage.position}": found[:, stage.position, i]
            for stage in STAGES
            for i, kind in enumerate(("observed", "implied", "out_of_order"))
        }
        return self._by_group(metrics, present > 0)

    def left(self) -> pa.Table:
        """The answer of :func:`onefunnel.measures.leaks.query.left`."""
        e, horizon = self.entities, self.question.horizon_days * SECONDS_A_DAY
        counts = self._summed(
            (len(e.values), len(STAGES) - 1, 2),
            lambda a, b, into: walks.leave(
                a, b, e.own, e.hinted, e.group, e.lost_at, self._period, self._now, horizon, into
            ),
        )
        metrics = {
            f"{kind}_{stage.position}": counts[:, stage.position, i]
            for stage in STAGES[:-1]
            for i, kind in enumerate(("lost", "stalled"))
        }
        return self._by_group(metrics, self._counted[1] > 0)

    def first_observed(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.truncation.first_observed`."""
        return pa.table({first(s): instants(self._firsts[[s.position]]) for s in STAGES})

    def durations(self, pairs: Sequence[Pair]) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.transitions.durations`, ordered by group."""
        e = self.entities
        return self._durations(pairs, e.group, e.values, self._period)

    def curves(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.query.curves`."""
        nobody = np.zeros(self.entities.size, np.int32)
        table = self._durations(TO_PURCHASE, nobody, [()], (BEGINNING, NEVER))
        return table.drop_columns([n for n in self.question.by if n in table.column_names])

    def exposure(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.truncation.exposure`."""
        e = self.entities
        span = (self._now - int(self._firsts.min(initial=self._now))) // 1_000_000
        shape = (len(STAGES), len(OUTCOMES), span // SECONDS_A_DAY + 2)
        priors = np.array([self._prior(stage) for stage in STAGES], np.int64)
        counts = self._summed(
            shape,
            lambda a, b, into: walks.expose(
                a, b, e.own, e.hinted, e.lost_at, self._firsts, priors, self._now, into
            ),
        )
        position, outcome, days = np.nonzero(counts)
        return pa.table(
            {
                "position": position,
                "outcome": pa.array(np.array(OUTCOMES, object)[outcome], pa.string()),
                "days": days,
                "entities": counts[position, outcome, days],
            }
        )

    def waiting(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.query.waiting`."""
        e = self.entities
        keys = self._written(
            lambda a, b, into: walks.wait(
                a, b, e.own, e.hinted, e.group, e.lost_at, self._period, self._now, into
            )
        )
        found, numbers = np.unique(keys, return_counts=True)
        flags = found & ((1 << walks.FLAG_BITS) - 1)
        cells, starts = np.unique(found >> walks.FLAG_BITS, return_index=True)
        entered = {
            f"entered_{s.position}": _sums(numbers * ((flags >> s.position) & 1), starts)
            for s in OPEN_STAGES
        }
        position = (cells >> walks.AGE_BITS) & 7
        return pa.table(
            {
                **self._labels((cells >> walks.AGE_BITS) >> 3),
                "position": position,
                "age_days": cells & ((1 << walks.AGE_BITS) - 1),
                **entered,
            }
        )

    def new(self, months: Mapping[str, tuple[datetime, datetime]]) -> pa.Table:
        """The answer of the query ``new`` of :mod:`onefunnel.measures.scorecard.query`.

        ``months`` have their beginning and end, and do not overlap.
        """
        at = self.entities.entries_into(Stage.PURCHASE)
        counted = {
            name: int(np.count_nonzero((at >= microsecond(start)) & (at < microsecond(end))))
            for name, (start, end) in months.items()
        }
        there = {name: number for name, number in counted.items() if number}
        names, numbers = pa.array(list(there), pa.string()), pa.array(there.values(), pa.int64())
        return pa.table({"month": names, "new": numbers})

    @property
    def _now(self) -> int:
        return microsecond(self.question.now)

    @property
    def _period(self) -> tuple[int, int]:
        start, end = self.question.start, self.question.end
        return (
            BEGINNING if start is None else microsecond(start),
            NEVER if end is None else microsecond(end),
        )

    @cached_property
    def _counted(self) -> tuple[Ints, Ints]:
        """Counts per group, stage and kind; and how many entities there are in each group."""
        e, (start, end) = self.entities, self._period
        kinds = 3 * len(STAGES)

        def work(a: int, b: int, into: Ints) -> None:
            counts = into[:, :kinds].reshape(-1, len(STAGES), 3)
            walks.count(a, b, e.own, e.hinted, e.group, start, end, counts, into[:, kinds])

        found = self._summed((len(e.values), kinds + 1), work)
        return found[:, :kinds].reshape(-1, len(STAGES), 3), found[:, kinds]

    @cached_property
    def _firsts(self) -> Ints:
        """The first observed entry into each stage, or NEVER."""
        e = self.entities
        found = np.full((pieces_of(e.size, self.threads), len(STAGES)), NEVER, np.int64)
        side_by_side(
            lambda i, a, b: walks.first_seen(a, b, e.own, e.hinted, found[i]), e.size, self.threads
        )
        return np.asarray(found.min(axis=0), np.int64)

    def _prior(self, stage: Stage) -> int:
        """The nearest earlier stage that has an observed entry; -1 where there is none."""
        earlier = [s.position for s in STAGES[: stage.position] if self._firsts[s.position] < NEVER]
        return earlier[-1] if earlier else -1

    def _durations(
        self, pairs: Sequence[Pair], group: Codes, values: Sequence[object], period: tuple[int, int]
    ) -> pa.Table:
        horizon = self.question.horizon_days * SECONDS_A_DAY
        with ThreadPoolExecutor(self.threads) as pool:
            parts = list(
                pool.map(lambda pair: self._cohort(pair, group, values, period, horizon), pairs)
            )
        return pa.concat_tables(parts).combine_chunks()

    def _cohort(
        self,
        pair: Pair,
        group: Codes,
        values: Sequence[object],
        period: tuple[int, int],
        horizon: int,
    ) -> pa.Table:
        """The durations of one pair: rows per group and instant, then those left out."""
        e = self.entities
        stages = (pair.start.position, pair.end.position, pair.competes)
        left_out = np.zeros(len(values), np.int64)
        keys = np.empty(e.size, np.int64)
        size = walks.follow(
            0, e.size, e.own, e.hinted, group, e.lost_at, stages, period, self._now, keys, left_out
        )
        keys = keys[:size]
        keys.sort()
        groups, seconds = np.empty(size, np.int32), np.empty(size, np.int64)
        counts = np.empty((size, len(OUTCOMES) - 1), np.int32)
        rows = walks.told(keys, horizon, groups, seconds, counts)
        without = np.flatnonzero(left_out)
        more = len(without)
        nobody = np.zeros(more, np.int32)
        # Of millions of rows: as narrow as the numbers are, which are no more than entities.
        return pa.table(
            {
                **self._labels(np.concatenate((groups[:rows], without))),
                "pair": np.full(rows + more, pair.code, np.int8),
                "seconds": pa.concat_arrays([pa.array(seconds[:rows]), pa.nulls(more, pa.int64())]),
                **{
                    name: np.concatenate((counts[:rows, i], nobody))
                    for i, name in enumerate(OUTCOMES[:3])
                },
                "left_out": np.concatenate((np.zeros(rows, np.int32), left_out[without])),
            }
        )

    def _summed(self, shape: tuple[int, ...], work: Callable[[int, int, Ints], None]) -> Ints:
        """What pieces of the entities add up to, each counted on its own."""
        size = self.entities.size
        found = np.zeros((pieces_of(size, self.threads), *shape), np.int64)
        side_by_side(lambda i, a, b: work(a, b, found[i]), size, self.threads)
        return np.asarray(found.sum(axis=0), np.int64)

    def _written(self, work: Callable[[int, int, Ints], int]) -> Ints:
        """The keys that pieces of the entities write down."""
        size = self.entities.size
        room = np.empty(size, np.int64)
        sizes: dict[int, tuple[int, int]] = {}

        def piece(i: int, a: int, b: int) -> None:
            sizes[i] = (a, a + work(a, b, room[a:b]))

        side_by_side(piece, size, self.threads)
        return np.concatenate([room[a:b] for a, b in sizes.values()])

    def _by_group(self, metrics: dict[str, Ints], there: npt.NDArray[np.bool_]) -> pa.Table:
        """One row per group that is there; without dimensions always one."""
        kept = np.flatnonzero(there) if self.question.by else np.arange(1)
        return pa.table({**self._labels(kept), **{n: each[kept] for n, each in metrics.items()}})

    def _labels(self, groups: Ints) -> dict[str, pa.Array]:
        """The columns of the dimensions, as codes into their texts."""
        return {
            name: _texts((values[i] for values in self.entities.values), groups)
            for i, name in enumerate(self.question.by)
        }


def _texts(labels: Iterable[object], groups: Ints) -> pa.Array:
    # NULL is a value like others here: readers of the table tell groups apart by code.
    column = pc.dictionary_encode(pa.array(list(labels), pa.string()), null_encoding="encode")
    return column.take(pa.array(groups))


def _sums(numbers: Ints, starts: Ints) -> Ints:
    return np.add.reduceat(numbers, starts) if len(starts) else numbers
