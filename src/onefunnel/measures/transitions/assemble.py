"""The rows and notes of the measure ``transitions``, from the answers of its queries."""

from collections.abc import Sequence

import numpy as np

from onefunnel.funnel.collected import Collected, integers
from onefunnel.funnel.rules import Rules
from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import BUCKETS, Floats, replicates
from onefunnel.measures.attribution.collected import players_of
from onefunnel.measures.attribution.family import BITS, CONVERTED, DIGIT, MOST_PLAYERS, NULL, Player
from onefunnel.measures.attribution.models import FEWEST_BUCKETS, Draws
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.remarks import conventions
from onefunnel.measures.attribution.tally import Tally
from onefunnel.measures.attribution.touches import shown
from onefunnel.measures.transitions.query import asked as asked_of
from onefunnel.measures.transitions.result import Kind, TransitionRow
from onefunnel.vocabulary import Note, Question

DRAWS = Draws()
LEVEL = 0.95


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[TransitionRow, ...], tuple[Note, ...]]:
    """A row for each step that a path took, the most frequent first; none where nobody was touched.

    Raises InputError where ``attribution.toml`` can't be read.
    """
    asked, agreed = asked_of(question), agreed_of(question.terms)
    table = collected["transitions"]
    bucket, key, paths = (integers(table[name]) for name in ("bucket", "key", "paths"))
    found = steps(players_of(collected["players"]), Tally.of(bucket, key, paths, BUCKETS))
    notes = [*conventions(agreed, asked), *_merged(collected, asked)]
    refused = sum(row.share_low is None for row in found)
    if refused:
        notes.append(note("refused_chances", rows=refused, needed=FEWEST_BUCKETS))
    return found, tuple(notes)


def steps(
    players: Sequence[Player], tally: Tally, draws: Draws = DRAWS
) -> tuple[TransitionRow, ...]:
    """The rows of counts by key of order 1, with intervals where parties are enough."""
    if not len(tally.keys):
        return ()
    origin = tally.keys >> BITS
    same = (origin[:, None] == origin[None, :]).astype(np.float64)
    paths = np.asarray(tally.total)
    shares = paths / (same @ paths)
    ends = _ends(tally, same, draws)
    order = sorted(range(len(paths)), key=lambda at: (-paths[at], tally.keys[at]))
    return tuple(
        _row(players, int(tally.keys[at]), int(paths[at]), float(shares[at]), ends[at])
        for at in order
    )


def _ends(tally: Tally, same: Floats, draws: Draws) -> list[tuple[float, float] | None]:
    """The interval of each share; None where those who went on from there are in few buckets."""
    counts = tally.counts.toarray()
    wide = ((counts @ same) > 0).sum(axis=0) >= FEWEST_BUCKETS
    drawn = replicates(tally.buckets, draws.size, draws.seed) @ counts
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = drawn / (drawn @ same)
    half = (1 - LEVEL) / 2
    low, high = np.nanquantile(np.where(wide, shares, 0.0), [half, 1 - half], axis=0)
    return [(float(low[at]), float(high[at])) if wide[at] else None for at in range(len(wide))]


def _row(
    players: Sequence[Player], key: int, paths: int, share: float, ends: tuple[float, float] | None
) -> TransitionRow:
    before, after = key >> BITS, key & DIGIT
    kind = Kind.START if not before else _kind(after)
    from_department, from_name = shown(players[before - 1]) if before else (None, None)
    ended = after in (NULL, CONVERTED)
    to_department, to_name = (None, None) if ended else shown(players[after - 1])
    low, high = ends or (None, None)
    return TransitionRow(
        kind=kind.value,
        before=from_name,
        after=to_name,
        before_department=from_department,
        after_department=to_department,
        paths=paths,
        share=share,
        share_low=None if low is None else min(low, share),
        share_high=None if high is None else max(high, share),
    )


def _kind(after: int) -> Kind:
    return {NULL: Kind.NO_CONVERSION, CONVERTED: Kind.CONVERSION}.get(after, Kind.MOVE)


def _merged(collected: Collected, asked: Asked) -> list[Note]:
    merged = int(integers(collected["players"]["merged"]).max(initial=1))
    if merged == 1:
        return []
    limits = {"least": asked.least_touches, "most": MOST_PLAYERS}
    return [note("players_merged", merged=merged, **limits)]
