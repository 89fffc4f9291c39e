"""Attribution's tables from one compiled pass over touches that an engine streams.

They are those of the queries in :mod:`onefunnel.measures.attribution.query`; a test holds the two
to each other, to the last unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from onefunnel.funnel.base import Base
from onefunnel.funnel.collected import Collected
from onefunnel.funnel.dense.sorting import BUCKET, Buckets, acts_in, partition_marked
from onefunnel.funnel.dense.streams import Lost, in_buckets
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.conversions import conversions, totals
from onefunnel.measures.attribution.dense.counting import (
    Ends,
    Piece,
    agreed_of,
    by_bucket,
    counted,
    ends_of,
    tables,
)
from onefunnel.measures.attribution.dense.players import Players, players_of
from onefunnel.measures.attribution.touches import numbers, players, touches
from onefunnel.vocabulary import Question

Streams: TypeAlias = Mapping[str, Iterable[pa.RecordBatch]]


def queries(facts: Facts, rules: Rules, question: Question, asked: Asked | None = None) -> Lazily:
    """The expressions whose rows are streamed to :func:`collect`, one after the other.

    ``touches``: entity_code, at, and the number of the player x 2, + 1 where it was direct;
    ``ends``: all conversions; ``players`` and ``totals``: as the queries of these names.
    """
    base, asked = Base(facts, rules, question), asked or asked_of(question)
    return Lazily(
        {
            "players": lambda: players(base, asked),
            "ends": lambda: conversions(base, asked),
            "totals": lambda: totals(base, asked),
            "touches": lambda: _marked(base, asked),
        }
    )


def collect(
    streams: Streams, question: Question, threads: int, asked: Asked | None = None
) -> Collected:
    """The tables that :func:`onefunnel.measures.attribution.query.queries` would give.

    Each stream is read once, the touches last.
    """
    asked = asked or asked_of(question)
    small = {name: pa.Table.from_batches(streams[name]) for name in ("players", "ends", "totals")}
    who, ends = players_of(small["players"]), ends_of(small["ends"])
    found = from_batches(streams["touches"], ends, who, question, asked, threads)
    return {
        **found,
        "players": small["players"],
        "totals": small["totals"],
        "conversions": by_bucket(ends, question),
    }


def from_batches(
    batches: Iterable[pa.RecordBatch],
    ends: Ends,
    who: Players,
    question: Question,
    asked: Asked,
    threads: int,
) -> dict[str, pa.Table]:
    """The tables ``credits``, ``sets`` and ``transitions`` of touches in any order.

    ``batches`` are those of the expression ``touches``; they are kept at ten bytes a touch.
    """
    agreed = agreed_of(who, question, asked)
    partition = partial(partition_marked, marks=who.marks, bits=agreed.bits)
    with ThreadPoolExecutor(threads) as pool:
        acts = in_buckets(batches, acts_in, partition, pool, Lost())
    groups = acts.groups(threads)
    counts = counted(partial(_piece, acts, groups), len(groups), ends, agreed, threads)
    del acts  # The tables may lie where the touches did.
    return tables(counts)


def _piece(acts: Buckets, groups: Sequence[tuple[int, int]], piece: int) -> Piece:
    first, last = groups[piece]
    codes = np.arange(first * BUCKET, last * BUCKET, dtype=np.int64)
    return *acts.by_entity(first, last), codes


def _marked(base: Base, asked: Asked) -> ir.Table:
    """Who has no number came after the period, and is on no path of it; any will do."""
    lookup = numbers(base, asked).select("number", numbered="player")
    found = touches(base, asked)
    rows = found.left_join(lookup, found.player == lookup.numbered)
    direct = ibis.ifelse(rows.direct, ibis.literal(1, type="int64"), 0)
    # DuckDB sums into 128 bits. Ibis takes them for 64, and would leave out a cast to these.
    number = rows.number.fill_null(0).cast("int32").cast("int64")
    return rows.select("entity_code", "at", mark=number * ibis.literal(2, type="int64") + direct)
