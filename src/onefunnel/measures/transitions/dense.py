"""The tables of the queries from the compiled passes of attribution, whose chain is of order 1.

See :mod:`onefunnel.measures.attribution.dense.streamed` and ``ordered`` there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import pyarrow as pa

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.dense.history import Part
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.attribution.dense import ordered, streamed
from onefunnel.measures.transitions.query import NAMES, asked
from onefunnel.vocabulary import Question

Streams: TypeAlias = Mapping[str, Iterable[pa.RecordBatch]]
Texts: TypeAlias = Mapping[str, Sequence[str]]


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """The expressions to stream, those of attribution. UsageError where models are named."""
    return streamed.queries(facts, rules, question, asked(question))


def collect(streams: Streams, question: Question, threads: int) -> Collected:
    """The tables that :func:`onefunnel.measures.transitions.query.queries` would give.

    Each stream is read once, the touches last.
    """
    return _needed(streamed.collect(streams, question, threads, asked(question)))


def in_order(
    parts: Sequence[Part], texts: Texts, streams: Streams, question: Question, threads: int
) -> Collected:
    """The same from touches that are kept in order, beside the streams ``ordered.BESIDE``."""
    return _needed(ordered.collect(parts, texts, streams, question, threads, asked(question)))


def _needed(found: Collected) -> Collected:
    return {name: found[name] for name in NAMES}
