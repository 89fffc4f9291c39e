"""Small companies whose people are touched often: ties, repeats, long paths, several purchases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from onefunnel.measures.attribution.asked import DIMENSIONS, Asked
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.rules import Settings
from onefunnel.vocabulary import Question
from tests.generative.funnel.companies import START, WORDS, Records, company

KINDS = (None, "click", "visit", "call", "meeting", "self_report")
DEPARTMENTS = (None, "marketing", "marketing", "marketing", "sales", "sales", "support")
CHANNELS = (*WORDS, "direct")
LONG = 120
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Records by table, a question to them, and the conventions."""

    records: dict[str, list[Row]]
    question: Question
    asked: Asked

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", Records(self.records))


def made(seed: int, people: int, damage: float) -> Case:
    """A company of the seed whose touches are of several departments, and more of them."""
    random, given = Random(seed), company(seed, people, damage)
    tables = {name: [dict(row) for row in rows] for name, rows in given.records.items()}
    tables["touch"] = [_contact(row, random) for row in tables["touch"]]
    tables["touch"] += [each for row in tables["touch"] for each in _again(row, random)]
    if tables["touch"] and random.random() < 0.3:
        tables["touch"] += _long(random.choice(tables["touch"]), random)
    for name in ("lead", "order_line"):  # people come, and buy, again
        for row in tables[name]:
            if random.random() < 0.3:
                row["party_id"] = random.choice(tables[name])["party_id"]
    return Case(tables, _question(given.question, random), _asked(random))


def _contact(row: Row, random: Random) -> Row:
    kind, department = random.choice(KINDS), random.choice(DEPARTMENTS)
    return {**row, "kind": kind, "department": department}


def _again(row: Row, random: Random) -> list[Row]:
    """Up to three more touches of the same party, often the very same but for the key."""
    found = []
    for number in range(random.choice([0, 0, 1, 3])):
        other = random.choice([{}, {"channel": random.choice(CHANNELS)}])
        days = random.choice([0, 0, random.randint(-30, 60)])
        at = row["occurred_at"] and row["occurred_at"] + timedelta(days=days)
        key = f"{random.choice('aB')}{row['touch_id']}-{number}"
        found.append({**row, **other, "touch_id": key, "occurred_at": at})
    return found


def _long(row: Row, random: Random) -> list[Row]:
    """More than a hundred touches of one party within two days."""
    at = row["occurred_at"] or START
    return [
        {
            **row,
            "touch_id": f"long-{number}",
            "occurred_at": at - timedelta(minutes=random.randint(0, 2880)),
            "channel": random.choice(CHANNELS),
        }
        for number in range(LONG)
    ]


def _question(question: Question, random: Random) -> Question:
    start, end = START + timedelta(days=10), START + timedelta(days=45)
    return replace(
        question,
        by=(),
        start=random.choice([None, None, start]),
        end=random.choice([None, None, end]),
    )


def _asked(random: Random) -> Asked:
    settings = Settings(
        window_days=random.choice([2, 20, 90]),
        half_life_days=random.choice([0.5, 7.0]),
        direct=random.choice([frozenset(), frozenset({"direct"}), frozenset({"direct", "web"})]),
        collapse=random.random() < 0.3,
        reuse=random.random() < 0.3,
    )
    orders = random.choice([(), (1,), (2, 1), (1, 2, 3, 4)])
    value, dimension = random.choice(list(Value)), random.choice(DIMENSIONS)
    least = random.choice([1, 1, 4])
    return Asked(value, dimension, settings, orders, least_touches=least)


CASES = st.builds(
    made, st.integers(0, 2**32), st.integers(0, 40), st.sampled_from([0.0, 0.05, 0.2])
)
