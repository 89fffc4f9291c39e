"""The touches of entities in order of time, and the entries and origins that follow from them.

A part holds all touches of some entities. The base part holds everybody's; a later part holds, for
the entities that something was learnt of, all their touches, and stands for them in place of what
earlier parts say. So what is new costs what it concerns, and nothing is ever changed in place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.dense import passes
from onefunnel.funnel.dense.program import Program

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Marks = npt.NDArray[np.uint32]

NEVER = np.iinfo(np.int64).max
"""An instant that did not come."""
LONG_AGO = np.iinfo(np.int64).min
"""Before every instant."""
UNKNOWN = -1
"""The code of an unknown value."""

ATTRIBUTES = ("channel", "campaign", "page")
"""The columns of touches that an origin has."""
CONTACT = "contact"
"""Whose contact a touch is and of which kind; see :func:`.reading.with_contact`."""
CODED = (*ATTRIBUTES, CONTACT)
"""What is kept of touches as codes."""
NOTHING: Codes = np.empty(0, np.int32)
"""No codes."""


@dataclass(frozen=True)
class Part:
    """Touches of some entities: those of ``codes[i]`` stand at ``offsets[i]:offsets[i + 1]``.

    ``codes`` increase; None stands for 0, 1, 2 and so on. Beside each other stand ``at``
    (microseconds since 1970, ordered within an entity, ties by touch_id), ``marks`` (which rules of
    the program the touch matches) and a code per attribute (-1: unknown).
    """

    codes: Ints | None
    offsets: Ints
    at: Ints
    marks: Marks
    attributes: Mapping[str, Codes]

    @property
    def size(self) -> int:
        """How many entities it speaks of."""
        return len(self.offsets) - 1

    @cached_property
    def starts(self) -> Ints:
        """Where the touches of each entity begin."""
        return self.offsets[:-1]

    @property
    def entities(self) -> Ints:
        """The codes of the entities it speaks of."""
        return np.arange(self.size, dtype=np.int64) if self.codes is None else self.codes

    def places(self, codes: Ints) -> Ints:
        """The place of each code in this part; -1 where it does not speak of it."""
        if self.codes is None:
            return np.where(codes < self.size, codes, -1)
        found = np.searchsorted(self.codes, codes)
        inside = np.minimum(found, max(self.size - 1, 0))
        known = (found < self.size) & (self.codes[inside] == codes) if self.size else found < 0
        return np.where(known, inside, -1)


@dataclass(frozen=True)
class Firsts:
    """What touches say of each entity of a part, beside ``codes``: entries and the origin.

    ``entries`` has a row per slot of the program, ``first_at`` the first touch that is no answer to
    how somebody came; NEVER where there is none. ``origins`` has the attributes of that touch.
    """

    codes: Ints | None
    entries: Ints
    first_at: Ints
    origins: Mapping[str, Codes]

    def put(self, values: Ints, into: Ints) -> None:
        """Put what the part says, one value an entity, at the entities' places of an array."""
        if self.codes is None:
            into[: len(values)] = values
        else:
            into[self.codes] = values

    def take(self, values: Ints | Codes, wanted: Ints, into: Ints | Codes) -> None:
        """Put what the part says of the wanted entities beside them; ``wanted`` increase."""
        found, known = wanted, wanted < len(values)
        if self.codes is not None and len(values):
            found = np.minimum(np.searchsorted(self.codes, wanted), len(values) - 1)
            known = self.codes[found] == wanted
        into[known] = values[found[known]]


def part_of(
    entity: Ints | Codes, at: Ints, marks: Marks, attributes: Mapping[str, Codes], codes: Ints | int
) -> Part:
    """A part from touches in order of entity and time.

    ``codes`` are the entities it speaks of, in order, whether they have touches or not; a number
    stands for 0, 1, 2 and so on below it.

    >>> part = part_of(
    ...     np.array([0, 0, 2]), np.array([5, 9, 7]), np.array([1, 1, 3], np.uint32), {}, 3
    ... )
    >>> part.offsets.tolist()
    [0, 2, 2, 3]
    """
    if isinstance(codes, int):
        starts = np.searchsorted(entity, np.arange(codes + 1, dtype=entity.dtype))
        return Part(None, starts.astype(np.int64), at, marks, attributes)
    starts = np.searchsorted(entity, codes.astype(entity.dtype))
    offsets = np.append(starts, len(entity)).astype(np.int64)
    return Part(codes, offsets, at, marks, attributes)


def firsts(part: Part, program: Program, threads: int, answers: Codes = NOTHING) -> Firsts:
    """One pass over the touches of a part; ``answers`` as in :func:`first_contacts`."""
    entries = passes.first_matches(
        part.offsets, part.at, part.marks, program.steps(), len(program.slots), threads
    )
    found = first_contacts(part, answers)
    first_at = _instants(part, found)
    if not len(part.at):
        nobody = np.full(part.size, UNKNOWN, np.int32)
        return Firsts(part.codes, entries, first_at, dict.fromkeys(ATTRIBUTES, nobody))
    some, place = found >= 0, np.maximum(found, 0)
    origins = {
        name: np.where(some, codes[place], UNKNOWN).astype(np.int32)
        for name, codes in part.attributes.items()
        if name in ATTRIBUTES
    }
    return Firsts(part.codes, entries, first_at, origins)


def first_contacts(part: Part, answers: Codes = NOTHING) -> Ints:
    """The place of the first touch of each entity that is no answer; -1 where there is none.

    ``answers`` are the codes of ``contact`` by which somebody only says how they came.

    >>> part = part_of(
    ...     np.array([0, 0, 1]), np.array([5, 9, 7]), np.ones(3, np.uint32),
    ...     {"contact": np.array([1, 0, 1], np.int32)}, 3,
    ... )
    >>> first_contacts(part).tolist(), first_contacts(part, np.array([1], np.int32)).tolist()
    ([0, 2, -1], [1, -1, -1])
    """
    ends = part.offsets[1:]
    place = np.where(ends > part.starts, part.starts, UNKNOWN)
    waiting = np.flatnonzero(place >= 0) if len(answers) else np.empty(0, np.int64)
    # Few begin with an answer, and fewer have another one after it.
    while len(waiting):
        told = np.isin(part.attributes[CONTACT][place[waiting]], answers)
        waiting = waiting[told]
        place[waiting] += 1
        ended = place[waiting] >= ends[waiting]
        place[waiting[ended]] = UNKNOWN
        waiting = waiting[~ended]
    return place


def with_more(parts: Sequence[Part], more: Part) -> Part:
    """All touches of the entities that ``more`` speaks of: those of earlier parts, and its own.

    Touches at the same instant stand in the order earlier, later; whoever needs ties by key reads
    the entity anew.
    """
    wanted = more.entities
    latest = _latest(parts, wanted)
    pieces = [(part, part.places(wanted[latest == i]), i) for i, part in enumerate(parts)]
    before = np.zeros(len(wanted), np.int64)
    for part, places, i in pieces:
        before[latest == i] = part.offsets[places + 1] - part.offsets[places]
    own = np.diff(more.offsets)
    offsets = np.concatenate(([0], np.cumsum(before + own))).astype(np.int64)
    at = np.empty(offsets[-1], np.int64)
    marks = np.empty(offsets[-1], np.uint32)
    attributes = {name: np.empty(offsets[-1], np.int32) for name in more.attributes}
    for part, places, i in pieces:
        to, source = offsets[:-1][latest == i], part.offsets[places]
        _copy(part, source, before[latest == i], to, at, marks, attributes)
    _copy(more, more.starts, own, offsets[:-1] + before, at, marks, attributes)
    order = passes.order_within(offsets, at)
    return Part(
        wanted,
        offsets,
        at[order],
        marks[order],
        {name: codes[order] for name, codes in attributes.items()},
    )


def ties(
    parts: Sequence[Part], known: Sequence[Firsts], more: Part, answers: Codes = NOTHING
) -> Ints:
    """The entities of ``more`` with a touch at the very instant of a first touch known before.

    ``known`` are the firsts of the parts. Which of the two touches is the origin depends on their
    keys, which are not kept here. Answers are no touches; see :func:`first_contacts`.
    """
    wanted = more.entities
    latest = _latest(parts, wanted)
    before = np.full(len(wanted), NEVER, np.int64)
    for i, (part, first) in enumerate(zip(parts, known, strict=True)):
        mine = latest == i
        before[mine] = first.first_at[part.places(wanted[mine])]
    first_at = _instants(more, first_contacts(more, answers))
    tied: Ints = wanted[(before == first_at) & (first_at != NEVER)]
    return tied


def _instants(part: Part, places: Ints) -> Ints:
    """The instants of the touches at places; NEVER where a place is -1."""
    if not len(part.at):
        return np.full(len(places), NEVER, np.int64)
    return np.where(places >= 0, part.at[np.maximum(places, 0)], NEVER)


def _latest(parts: Sequence[Part], codes: Ints) -> Ints:
    """The last part that speaks of each code; -1 where none does."""
    latest = np.full(len(codes), -1, np.int64)
    for i, part in enumerate(parts):
        latest[part.places(codes) >= 0] = i
    return latest


def _copy(
    part: Part,
    source: Ints,
    lengths: Ints,
    to: Ints,
    at: Ints,
    marks: Marks,
    attributes: Mapping[str, Codes],
) -> None:
    """Copy runs of touches of a part to places in new arrays."""
    places, targets = passes.runs(source, lengths), passes.runs(to, lengths)
    at[targets] = part.at[places]
    marks[targets] = part.marks[places]
    for name, codes in attributes.items():
        codes[targets] = part.attributes[name][places]
