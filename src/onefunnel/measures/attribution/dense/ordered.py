"""Attribution's tables from touches that are kept in order, beside the ledger.

A later part speaks for its entities in place of earlier ones. Touches of one instant are put in
order of their players' names on the way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.contacts import NO_CONTACT
from onefunnel.funnel.dense.entities import microsecond
from onefunnel.funnel.dense.history import CONTACT, Part
from onefunnel.funnel.dense.passes import pieces_of, side_by_side
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.buckets import Ints
from onefunnel.measures.attribution.dense.counting import (
    Piece,
    agreed_of,
    bounds,
    by_bucket,
    counted,
    earliest,
    ends_of,
    tables,
)
from onefunnel.measures.attribution.dense.packing import NONE, OTHERS, OURS, Kept, Marks, meet, pack
from onefunnel.measures.attribution.dense.players import Players, numbered, players_of
from onefunnel.measures.attribution.family import UNKNOWN
from onefunnel.vocabulary import Department, Question

Streams: TypeAlias = Mapping[str, Iterable[pa.RecordBatch]]
Texts: TypeAlias = Mapping[str, Sequence[str]]

BESIDE = ("ends", "totals")
"""The streams that are read beside touches."""
PIECE = 1 << 13
"""Entities that are counted together."""


def collect(
    parts: Sequence[Part],
    texts: Texts,
    streams: Streams,
    question: Question,
    threads: int,
    asked: Asked | None = None,
) -> Collected:
    """The tables that :func:`onefunnel.measures.attribution.query.queries` would give.

    ``texts`` has the texts of the parts' codes; ``streams`` are those named in :data:`BESIDE`, of
    :func:`onefunnel.measures.attribution.dense.streamed.queries`.
    """
    asked = asked or asked_of(question)
    touches = _Touches(parts, texts, question, asked)
    numbers, players = numbered(touches.met(threads), asked.least_touches)
    who, ends = players_of(players), ends_of(pa.Table.from_batches(streams["ends"]))
    agreed = agreed_of(who, question, asked)
    piece = partial(touches.piece, touches.marks(numbers, who), agreed.bits)
    return {
        **tables(counted(piece, len(touches.pieces), ends, agreed, threads)),
        "players": players,
        "totals": pa.Table.from_batches(streams["totals"]),
        "conversions": by_bucket(ends, question),
    }


class _Touches:
    """The touches of all parts, and the players that their codes stand for."""

    def __init__(
        self, parts: Sequence[Part], texts: Texts, question: Question, asked: Asked
    ) -> None:
        self.parts, self.question, self.asked = parts, question, asked
        own = f"{Department.MARKETING.value}:"
        self.values = [*(f"{own}{text}" for text in texts[asked.dimension]), UNKNOWN]
        contacts = [_contact(text) for text in texts[CONTACT]]
        self.contacts = [*(name for _, name in contacts), UNKNOWN]
        self.roles = np.array([*(role for role, _ in contacts), OURS], np.int64)
        direct = [text in asked.settings.direct for text in texts["channel"]]
        self.direct = np.array([*direct, False], np.int64)
        self.kept = [self._kept(place) for place in range(len(parts))]

    def met(self, threads: int) -> Counter[str]:
        """The touches of each player, of those that can be on a path of the period."""
        since, until = earliest(self.question, self.asked), microsecond(self.question.now)
        before = min(bounds(self.question)[1], until + 1)
        found: Counter[str] = Counter()
        for part, kept in zip(self.parts, self.kept, strict=True):
            pieces = pieces_of(part.size, threads)
            values = np.zeros((pieces, len(self.values)), np.int64)
            contacts = np.zeros((pieces, len(self.contacts)), np.int64)

            def work(piece: int, first: int, last: int) -> None:
                mine = values[piece], contacts[piece]  # noqa: B023
                meet(first, last, kept, self.roles, since, before, *mine)  # noqa: B023

            side_by_side(work, part.size, threads)
            for names, counts in ((self.values, values), (self.contacts, contacts)):
                for name, touches in zip(names, counts.sum(axis=0).tolist(), strict=True):
                    found[name] += touches
        return +found

    def marks(self, numbers: Mapping[str, int], who: Players) -> Marks:
        """The last bits of keys; who has no number is on no path of the period."""

        def of(names: Sequence[str]) -> Ints:
            found = [numbers.get(name, 0) for name in names]
            return who.marks[2 * np.array(found, np.int64)] if numbers else np.zeros_like(found)

        return Marks(self.roles, of(self.values), of(self.contacts), self.direct)

    @cached_property
    def pieces(self) -> list[tuple[int, int, int]]:
        """Some entities each: the place of their part, and from where to where they stand in it."""
        return [
            (place, first, min(first + PIECE, part.size))
            for place, part in enumerate(self.parts)
            for first in range(0, part.size, PIECE)
        ]

    def piece(self, marks: Marks, bits: int, number: int) -> Piece:
        """The keys of a piece."""
        place, first, last = self.pieces[number]
        part, kept = self.parts[place], self.kept[place]
        keys = np.empty(part.offsets[last] - part.offsets[first], np.int64)
        ends = np.zeros(last - first + 1, np.int64)
        pack(first, last, kept, marks, microsecond(self.question.now), bits, keys, ends)
        codes = np.arange(first, last) if part.codes is None else part.codes[first:last]
        return keys, ends, codes

    def _kept(self, place: int) -> Kept:
        part = self.parts[place]
        skip = np.zeros(part.size, np.bool_)
        for later in self.parts[place + 1 :]:
            places = part.places(later.entities)
            skip[places[places >= 0]] = True
        values, channels, contacts = (
            part.attributes[name] for name in (self.asked.dimension, "channel", CONTACT)
        )
        return Kept(part.offsets, part.at, values, channels, contacts, skip)


def _contact(text: str) -> tuple[int, str]:
    """Whose a contact is, and the name of its player where it is another department's."""
    department, told, kind = text.partition(":")
    if told and kind == NO_CONTACT:
        return NONE, ""
    if department in ("", Department.MARKETING.value):
        return OURS, ""
    return OTHERS, f"{department}:{kind if told else UNKNOWN}"
