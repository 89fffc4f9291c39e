"""Steps: how they are written, what is refused, and the compiled pass at its edges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.errors import UnknownName, UsageError
from onefunnel.funnel.dense import packed, sorting
from onefunnel.funnel.dense.packed import furthest_steps, window_funnel_levels
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.registry import measure
from onefunnel.measures.steps.conditions import Given, step_of
from onefunnel.vocabulary import Question
from tests.spec.case import NOW
from tests.spec.cases.steps import STORIES
from tests.spec.engines import on_duckdb

Act = tuple[int, int, int]
"""Whose, when, and the mask of its steps."""


def levels(acts: list[Act], steps: int, window: int) -> list[int]:
    """What the compiled pass says: how many reached each step."""
    entity, at, mask = np.array(acts, np.int64).reshape(-1, 3).T
    return window_funnel_levels(entity, at, mask, steps, window)


def by_search(acts: list[Act], steps: int, window: int) -> list[int]:
    """The same by trying every chain."""
    furthest = dict.fromkeys((entity for entity, _, _ in acts), 0)
    for entity in furthest:
        own = [(at, mask) for each, at, mask in acts if each == entity]
        chains = [(at, at) for at, mask in own if mask & 1]  # when it began, and where it is
        while chains and furthest[entity] < steps:
            furthest[entity] += 1
            bit = 1 << furthest[entity]
            chains = [
                (began, at)
                for began, last in set(chains)
                for at, mask in own
                if mask & bit and last <= at <= began + window
            ]
    return [sum(level >= k for level in furthest.values()) for k in range(1, steps + 1)]


@pytest.mark.parametrize(("text", "level"), STORIES.items())
def test_the_compiled_pass_counts_as_clickhouse_does(text: str, level: int) -> None:
    acts = [
        (5, int(day), sum(1 << (int(k) - 1) for k in content))
        for content, day in (act.split("@") for act in text.split())
    ]
    assert levels(acts, 4, 10) == [int(k <= level) for k in range(1, 5)]


acts = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 25), st.integers(0, 15)), max_size=60)


@settings(max_examples=300)
@given(acts, st.integers(1, 5), st.integers(0, 12))
def test_the_compiled_pass_finds_what_a_search_finds(
    acts: list[Act], steps: int, window: int
) -> None:
    assert levels(acts, steps, window) == by_search(acts, steps, window)


def test_many_runs_and_buckets_are_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    size = 40_000
    entity = random.integers(0, 3 * sorting.BUCKET, size)
    entity[:200] = 7  # one that has far more than the others
    at, mask = random.integers(0, 4_000, size), random.integers(0, 16, size)
    acts = list(zip(entity.tolist(), at.tolist(), mask.tolist(), strict=True))
    whole = levels(acts, 4, 300)
    monkeypatch.setattr(packed, "RUN", 1_000)
    assert levels(acts, 4, 300) == whole
    shuffled = random.permutation(size)
    assert levels([acts[i] for i in shuffled], 4, 300) == whole
    chosen = [act for act in acts if act[0] % 400 == 7]
    assert levels(chosen, 4, 300) == by_search(chosen, 4, 300)


def test_codes_and_instants_far_apart_are_told_apart() -> None:
    far = 250_000_000_000_000_000  # the year 9892 in microseconds, and as long before 1970
    big = 2**61
    assert levels([(big, -far, 1), (big, far, 2), (big + 1, far, 1), (big + 1, far, 2)], 2, 5) == [
        2,
        1,
    ]
    assert levels([(0, -far, 1), (0, far, 2)], 2, 2 * far) == [1, 1]


def test_thirty_two_steps_fit() -> None:
    assert levels([(0, k, 1 << k) for k in range(32)], 32, 31) == [1] * 32
    assert levels([(0, 0, (1 << 32) - 1)], 32, 0) == [1] * 32


@pytest.mark.parametrize("kind", ["int8", "uint8", "uint32", "int32", "uint64", "int64"])
def test_integers_of_any_size_are_taken(kind: str) -> None:
    entity, at, mask = np.array([[3, 3, 3], [1, 5, 100], [1, 2, 5]], kind)
    assert window_funnel_levels(entity, at, mask, 3, 99) == [1, 1, 1]
    assert window_funnel_levels(entity, at, mask, 3, 98) == [1, 1, 0]


def test_a_window_longer_than_all_time_takes_everything_in() -> None:
    assert levels([(0, -(2**57), 1), (0, 2**57, 2)], 2, 2**63 - 1) == [1, 1]


def test_without_a_folder_for_the_cache_it_is_compiled_all_the_same() -> None:
    namespace: dict[str, Any] = {}
    exec("def twice(number):\n    return 2 * number", namespace)  # code that lies in no file
    assert sorting.compiled(namespace["twice"])(21) == 42


def test_nothing_at_all_reaches_no_step() -> None:
    assert levels([], 3, 10) == [0, 0, 0]
    assert furthest_steps([], 3, 10).levels.tolist() == []


@pytest.mark.parametrize(
    ("acts", "steps", "window", "words"),
    [
        ([(-1, 0, 1)], 1, 0, "entity code -1"),
        ([(0, 2**60, 1)], 1, 0, "instant 1152921504606846976"),
        ([(0, 0, 1 << 33)], 1, 0, "mask"),
        ([(0, 0, 1)], 33, 0, "33 is no number of steps"),
        ([(0, 0, 1)], 0, 0, "0 is no number of steps"),
        ([(0, 0, 1)], 1, -1, "-1 is no window"),
    ],
)
def test_what_no_key_can_hold_is_refused(
    acts: list[Act], steps: int, window: int, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        levels(acts, steps, window)


def batch(entity: list[int | None], at: list[int | None], unit: str = "us") -> pa.RecordBatch:
    instants = pa.array(at, pa.timestamp(unit, "UTC"))
    arrays = [pa.array(entity, pa.int32()), instants, pa.array([1] * len(at), pa.int32())]
    return pa.record_batch(arrays, ["entity_code", "at", "mask"])


def test_acts_of_nobody_and_of_no_time_are_counted_apart() -> None:
    found = furthest_steps([batch([None, 1, None, 3], [5, None, None, 5])], 1, 0)
    assert (found.without_entity, found.without_instant) == (2, 1)
    assert found.levels.tolist() == [0, 0, 0, 1]


def test_instants_of_any_unit_are_microseconds() -> None:
    found = furthest_steps([batch([0], [10], "s")], 2, 10, open_since=10_000_000)
    assert found.open.tolist() == [True]
    assert furthest_steps([batch([0], [10], "s")], 2, 10, 10_000_001).open.tolist() == [False]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("kind=click", "kind=click"),
        (" kind = visit | call ,channel=search", "kind=visit|call, channel=search"),
        ('campaign="spring, big|small"', 'campaign="spring, big|small"'),
        ('term="say ""hi"""', 'term="say ""hi"""'),
        ('channel=unknown|"unknown"', 'channel=unknown|"unknown"'),
        ("page=/price?a=b", "page=/price?a=b"),
        ({"intent": ["price", "quote"], "channel": None}, "intent=price|quote, channel=unknown"),
    ],
)
def test_a_step_is_read_as_it_is_written(given: Given, written: str) -> None:
    step = step_of(given)
    assert str(step) == written
    assert step_of(written) == step == step_of(step)


values = st.one_of(st.none(), st.text(min_size=1, max_size=8))


@given(
    st.dictionaries(st.sampled_from(["campaign", "page"]), st.lists(values, min_size=1), min_size=1)
)
def test_what_is_written_is_read_back(given: dict[str, list[str | None]]) -> None:
    step = step_of(given)
    assert step_of(str(step)) == step


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("chanel=search", "Did you mean 'channel'"),
        ("click_id=1", "no column of a touch for steps 'click_id'"),
        ("party_id=1", "no column of a touch for steps 'party_id'"),
        ("kind=clik", "no kind 'clik'. Did you mean 'click'"),
        ("intent=price|quot", "Did you mean 'quote'"),
        ("click", "can't be read"),
        ("kind=", "can't be read"),
        ("kind=click,", "can't be read"),
        ('campaign="open', "can't be read"),
        ("", "can't be read"),
        ("kind=click, kind=visit", "names 'kind' twice"),
        ({}, "asks for nothing"),
        ({"kind": []}, "asks for nothing"),
    ],
)
def test_a_step_that_can_not_be_is_explained(given: Given, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        step_of(given)


@pytest.mark.parametrize("number", ["", "0", "2", "one"])
def test_rows_of_a_step_that_is_not_asked_are_refused(number: str) -> None:
    question = Question(now=NOW, steps=(step_of("kind=visit"),))
    where: Mapping[str, str | None] = {"step": number}
    with pytest.raises(UnknownName, match="Valid: 1"):
        measure("steps").rows(on_duckdb({}), default_rules(), question, "reached", where)
