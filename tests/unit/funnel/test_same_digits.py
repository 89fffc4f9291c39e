"""Figures have the same last digits whichever way the counts behind them came."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import numpy as np
import pyarrow as pa

from onefunnel.funnel.collected import cohort_of
from onefunnel.funnel.dense.answers import Answers
from onefunnel.funnel.dense.entities import INSTANT, Entities
from onefunnel.funnel.dense.history import NEVER, Ints
from onefunnel.funnel.estimates import estimate
from onefunnel.funnel.incidence import Incidence
from onefunnel.funnel.told import truncation_notes
from onefunnel.funnel.transitions import ADJACENT
from onefunnel.funnel.truncation import first
from onefunnel.vocabulary import STAGES, Question

DAY, SECOND = 86_400, 1_000_000
HORIZON = 90
SPAN = 2 * HORIZON * DAY
QUESTION = Question(now=datetime.fromtimestamp(SPAN, UTC), horizon_days=HORIZON)
MOVED, LOST, CENSORED = range(3)


def by_passes(since: Ints, until: Ints, outcome: Ints) -> Incidence:
    """The cohort of the first conversion, as passes over entities tell it."""
    own = np.full((len(STAGES), len(since)), NEVER, np.int64)
    own[0] = since * SECOND
    own[1] = np.where(outcome == MOVED, until * SECOND, NEVER)
    lost_at = np.where(outcome == LOST, until * SECOND, NEVER)
    slots = tuple(f"own_{stage.position}" for stage in STAGES)
    entities = Entities(slots, own, lost_at, np.zeros(len(since), np.int32))
    return cohort_of(Answers(entities, QUESTION).durations(ADJACENT[:1]))


def as_they_are(since: Ints, until: Ints, outcome: Ints) -> Incidence:
    """The same from every case by itself, as queries tell it."""
    ended = np.where(outcome == CENSORED, SPAN, until)
    counts = [(outcome == each).astype(np.int64) for each in range(3)]
    return Incidence.of(ended - since, *counts)


def test_passes_that_put_the_censored_together_give_the_same_estimates() -> None:
    random = np.random.default_rng(20240301)
    for _ in range(100):
        since = random.integers(0, SPAN, 400)
        until = since + random.exponential(HORIZON * DAY, 400).astype(np.int64)
        outcome = np.where(until > SPAN, CENSORED, random.choice([MOVED, MOVED, LOST], 400))
        one, other = (way(since, until, outcome) for way in (by_passes, as_they_are))
        assert len(one.times) < len(other.times)
        assert estimate(one, HORIZON) == estimate(other, HORIZON)


def test_a_note_does_not_depend_on_the_order_of_rows() -> None:
    row = {"position": 1, "outcome": "moved", "entities": 1}
    followed = [{**row, "days": day} for day in range(1, 11)]
    # 1 x 0.1 + 7 x 0.2 + 7 x 0.5 are the five entries that are missed; in floats, in some orders.
    some = [
        {"position": 1, "outcome": "exposed", "days": day, "entities": entities}
        for day, entities in ((1, 1), (2, 7), (5, 7))
    ]
    firsts = pa.table({first(s): pa.nulls(1, INSTANT) for s in STAGES})
    for at, day in enumerate((1, 20)):
        known = pa.array([datetime(2024, 1, day, tzinfo=UTC)], INSTANT)
        firsts = firsts.set_column(at, first(STAGES[at]), known)
    for exposed in permutations(some):
        exposure = pa.Table.from_pylist([*exposed, *followed])
        (note,) = truncation_notes({"first_observed": firsts, "exposure": exposure})
        assert note.params["expected"] == 5
