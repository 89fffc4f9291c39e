"""Offline conversions by the engines are what plain loops say, on generated companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.funnel.reference.company import Company as Records
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.offline_conversions.behind import TO_ADJUST
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform, read
from onefunnel.measures.offline_conversions.reference import Plain, offline_conversions
from onefunnel.measures.offline_conversions.statuses import Status
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import flat
from tests.generative.funnel.agreement import assert_same
from tests.generative.funnel.companies import START, Company, company
from tests.spec.engines import (
    Loader,
    ask,
    complete,
    keep,
    on_duckdb,
    on_postgres,
    on_spark,
    rows_behind,
)

NAME = "offline_conversions"
HEX = "0123456789abcdefABCDEF0123456789"
IDS = (
    *(None, None, "gclid:Cj0KCQ-1", "GBRAID=0AAAA_2", "wbraid:x", "Cj0KCQtouch", "EAIaIQtouch"),
    *("0AAAAtouch", HEX, f"msclkid:{HEX}", "IwARtouch", "fb.1.1700000000000.IwARx", "fbclid=abc"),
    *("fbc:fb.1.1700000000000.x", "yclid:9", "plain", "with space", "gclid:", "erased-12", "ünder"),
)
SOURCES = (None, None, "google", "Bing", "facebook_ads", "newsletter", "Google Ads")


def made(seed: int, people: int, damage: float) -> Company:
    """A company whose touches have identifiers, whose orders come back, some of it erased."""
    given, random = company(seed, people, damage), Random(seed)
    tables = {name: [dict(row) for row in rows] for name, rows in given.records.items()}
    for row in tables["touch"]:
        row["click_id"] = random.choice(IDS)
        row |= {name: random.choice(SOURCES) for name in ("source", "channel", "medium")}
        if row["occurred_at"] is not None and random.random() < 0.2:
            row["occurred_at"] -= timedelta(days=random.choice([61, 89, 90, 91]))
    for name in ("lead", "order_line"):  # people come, and buy, again
        for row in tables[name]:
            if random.random() < 0.3:
                row["party_id"] = random.choice(tables[name])["party_id"]
    for row in tables["handoff"]:
        row["kind"] = random.choice([row["kind"], "accepted", "accepted", "returned"])
    tables["order_line"] += [_return(row, random) for row in tables["order_line"][::3]]
    for row in tables["party"]:
        row["attributes"] = random.choice([None, "{}", '{"no_advertising" : true}'])
    question = replace(
        given.question,
        by=(),
        now=START + timedelta(days=random.choice([50, 80, 120, 400])),
        start=random.choice([None, START + timedelta(days=5)]),
        end=random.choice([None, START + timedelta(days=45)]),
    )
    return Company(_erased(tables, random), question)


def _return(row: dict[str, Any], random: Random) -> dict[str, Any]:
    """A line that takes all or a part of another one back, soon or in the same instant."""
    part = random.choice([1, 1, 2])
    at = row["ordered_at"] and row["ordered_at"] + timedelta(days=random.choice([0, 3, 40]))
    return {
        **row,
        "order_line_id": f"back-{row['order_line_id']}",
        "ordered_at": at,
        "quantity": row["quantity"] and (-row["quantity"] / part).quantize(Decimal("0.0001")),
        "returns": random.choice([row["order_line_id"], row["order_line_id"], None]),
    }


def _erased(tables: dict[str, list[Any]], random: Random) -> dict[str, list[Any]]:
    """The tables with one of the parties under a pseudonym."""
    parties = sorted({row["party_id"] for row in tables["entity"]})
    gone = random.choice(parties) if parties and random.random() < 0.7 else None
    if gone is None or ":" in gone:
        return tables
    for rows in tables.values():
        for row in rows:
            row |= {name: "erased-99" for name, value in row.items() if value == gone}
    return tables


COMPANIES = st.builds(
    made, st.integers(0, 2**32), st.integers(0, 40), st.sampled_from([0.0, 0.05, 0.2])
)
SEEN = made(57, 40, 0.05)
"""A company in which conversions meet every fate."""


def check(load: Loader, given: Company) -> tuple[Any, ...]:
    facts = keep(load(given.records), default_rules(), given.question)
    found, _ = ask(facts, NAME, given.question)
    every = complete(given.records)
    wanted = offline_conversions(every, default_rules(), given.question)
    assert_same(found, [flat(row) for row in wanted])
    plain = Plain(Records(every, default_rules(), given.question))
    platform, of = max(
        ((platform, of) for platform in Platform for of in Conversion),
        key=lambda which: len(plain.adjusted(*which)),
    )
    check_rows(facts, given, plain, platform, of)
    return found


def check_rows(
    facts: Any, given: Company, plain: Plain, platform: Platform, of: Conversion
) -> None:
    """The rows of both files are those of the reference, one for one."""
    for figure in (Status.RETURNED.value, TO_ADJUST):
        where = {"platform": platform.value, "of": of.value}
        table = measure(NAME).rows(facts, default_rules(), given.question, figure, where)
        met = (
            plain.adjusted(platform, of)
            if figure == TO_ADJUST
            else [
                each
                for each in plain.conversions
                if each.of is of and plain.status(each, platform)[0] is Status.RETURNED
            ]
        )
        wanted = sorted(
            (each.conversion_id, each.at, plain.status(each, platform)[1]) for each in met
        )
        found = sorted(
            (row["conversion_id"], row["at"], (row["click_at"], row["click"], row["kind"]))
            for row in rows_behind(table)
        )
        told = [(name, at, (on, click.text, click.kind)) for name, at, (on, click) in wanted]
        assert found == told


def test_duckdb_agrees_with_the_reference_on_every_fate() -> None:
    found = check(on_duckdb, SEEN)
    for status in Status:
        assert sum(getattr(row, status.value) for row in found), status
    assert sum(row.to_adjust for row in found)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=300)
@given(COMPANIES)
def test_duckdb_agrees_with_the_reference_on_many_companies(given: Company) -> None:
    check(on_duckdb, given)


@pytest.mark.long
def test_postgres_agrees_with_the_reference(postgres_url: str) -> None:
    with on_postgres(postgres_url) as load:
        check(load, SEEN)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_spark_agrees_with_the_reference(spark_session: Any) -> None:
    check(on_spark(spark_session), SEEN)


@given(st.text(max_size=40), st.sampled_from(SOURCES))
def test_whatever_stands_there_is_read(text: str, source: str | None) -> None:
    click = read(text, source)
    assert click is None or click.kind is None or click.platform == click.kind.platform
