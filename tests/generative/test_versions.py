"""Corrections, versions and instants: the ledger at each version against the plain reference.

A generated company comes in three batches: its records; corrections of some (other values, other
parties, deletions, and parties merged or parted); and corrections again. At each version, and at an
instant of its own, the engine reading the ledger must answer what the reference answers for a
plain list of what was current then.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ibis.util import gen_name

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.disk.system import STORED
from onefunnel.ledger.engines.duckdb import reader
from tests.generative.funnel.agreement import assert_same, reference
from tests.generative.funnel.companies import Company, companies
from tests.spec.engines import ask, complete, keep, schema_of
from tests.unit.ledger.conftest import NOW, Small

Rows = list[dict[str, Any]]
CORRECTED = ("touch", "lead", "deal_event", "order_line", "entity")


def corrected(tables: Mapping[str, Rows], chance: Random) -> dict[str, Rows]:
    """The same records with some changed in one value, some gone, and some parties moved."""
    found = {}
    for name, rows in tables.items():
        key, kept = STORED[name].key, []
        for row in rows:
            fate = chance.random() if name in CORRECTED else 1.0
            if fate < 0.1 and name != "entity":
                continue
            other = chance.choice(rows)
            columns = [column for column in row if column != key]
            change = {chance.choice(columns): None} if fate < 0.3 else {}
            kept.append({**row, **{column: other[column] for column in change}})
        found[name] = kept
    return found


def put(small: Small, before: Mapping[str, Rows], after: Mapping[str, Rows]) -> None:
    """One batch that takes the ledger from one state to the other; what is gone is deleted."""
    with small.writing() as batch:
        for name, rows in after.items():
            key = STORED[name].key
            kept = {row[key] for row in rows}
            gone = [
                {**row, "deleted": True} for row in before.get(name, []) if row[key] not in kept
            ]
            listed = [{**row, "deleted": False} for row in rows] + gone
            if listed:
                schema = schema_of(name).append(pa.field("deleted", pa.bool_()))
                table = pa.Table.from_pylist(listed, schema=schema)
                loaded = batch.reader.backend.create_table(gen_name(name), table, temp=True)
                batch.put(name, loaded, schema_of(name).names)
        batch.commit(NOW, "import", "test")


def distinct(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """The records with each key once, the first standing."""
    return {
        name: list({row[STORED[name].key]: row for row in reversed(rows)}.values())
        for name, rows in tables.items()
    }


def check(root: Path, company: Company, seed: int) -> None:
    """The funnel and the deals at every version."""
    small, chance = Small(root), Random(seed)
    versions = [distinct(complete(company.records))]
    for _ in range(2):
        versions.append(corrected(versions[-1], chance))
    for before, after in zip([{}, *versions], versions, strict=False):
        put(small, before, after)
    for number, records in enumerate(versions, start=1):
        with reader(small.ledger, small.engine, small.scratch) as opened:
            facts = keep(opened.facts(number), default_rules(), company.question)
            for name in ("funnel", "deals"):
                rows, _ = ask(facts, name, company.question)
                assert_same(rows, reference(name, records, company.question))


SEEDS = st.integers(0, 1000)


@settings(max_examples=1, phases=[Phase.generate])
@given(company=companies(), seed=SEEDS)
def test_every_version_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, company: Company, seed: int
) -> None:
    check(tmp_path_factory.mktemp("ledger"), company, seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=100)
@given(company=companies(), seed=SEEDS)
def test_every_version_of_many_companies_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, company: Company, seed: int
) -> None:
    check(tmp_path_factory.mktemp("ledger"), company, seed)
