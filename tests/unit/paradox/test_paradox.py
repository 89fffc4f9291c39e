"""Company X: both departments meet their targets, and nobody calls the spare parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import TABLES
from onefunnel.measures.incentives.alarm import Kind, Light
from onefunnel.measures.paradox.assemble import assemble
from onefunnel.measures.paradox.query import pace, queries, rows
from onefunnel.measures.paradox.result import ParadoxRow
from onefunnel.vocabulary import Note, Question, Terms
from tests import company_x
from tests.spec.engines import on_duckdb
from tests.spec.tables import READERS

Collected = Mapping[str, pa.Table]
MET = (("marketing", "leads", 500), ("marketing", "leads:parts", 400), ("sales", "revenue", 50_000))


def june() -> Question:
    files = (("incentives.toml", company_x.RANGES), ("pay/sales.toml", company_x.PLAN))
    start, end, now = (datetime(2024, month, 1, tzinfo=UTC) for month in (6, 7, 11))
    return Question(now=now, start=start, end=end, terms=Terms(files))


def facts() -> Any:
    records: dict[str, list[dict[str, Any]]] = {
        name: [
            {key: READERS[TABLES[name].by_name[key].kind](str(v)) for key, v in row.items()}
            for row in rows
        ]
        for name, rows in company_x.tables().items()
    }
    parties = sorted(
        {row["party_id"] for rows in records.values() for row in rows if "party_id" in row}
    )
    records["entity"] = [
        {"party_id": party, "entity_code": code} for code, party in enumerate(parties)
    ]
    return on_duckdb(records)


@pytest.fixture(scope="module")
def collected() -> Collected:
    asked = queries(facts(), default_rules(), june())
    return {name: each.to_pyarrow() for name, each in asked.items()}


def targets(*given: tuple[str, str, float]) -> pa.Table:
    columns = [("target_id", pa.string()), ("department", pa.string())]
    schema = pa.schema([*columns, ("measure", pa.string()), ("value", pa.float64())])
    names = [field.name for field in schema]
    made = [dict(zip(names, (str(n), *each), strict=True)) for n, each in enumerate(given)]
    return pa.Table.from_pylist(made, schema)


def answer(
    collected: Collected, *given: tuple[str, str, float], **others: Any
) -> tuple[dict[str, ParadoxRow], list[Note]]:
    tables = {**collected, "targets": targets(*given)}
    found, notes = assemble(tables, default_rules(), replace(june(), **others))
    return {row.segment: row for row in found}, list(notes)


def test_the_alarm_is_raised_for_the_segment_that_nobody_calls(collected: Collected) -> None:
    found, notes = answer(collected, *MET)
    assert list(found) == ["parts", "gates"]
    parts, gates = found["parts"], found["gates"]
    assert (parts.marketing, parts.sales, parts.company) == (Light.GREEN, Light.GREEN, Light.RED)
    assert (parts.alarm, parts.kind) == (True, Kind.BELOW_REACHABLE)
    assert (parts.contribution, parts.reachable) == (Decimal(0), Decimal("5760.0000"))
    assert parts.missed == Decimal("5760.0000")
    assert parts.missed_low is not None and 0 < parts.missed_low < parts.missed
    assert (parts.leads, parts.left) == (400, 400)
    assert (gates.company, gates.alarm, gates.left) == (Light.GREEN, False, 0)
    assert notes == []


@pytest.mark.parametrize(
    ("target", "which", "light"),
    [
        (("marketing", "leads", 501), "marketing", Light.RED),
        (("marketing", "leads:gates", 101), "marketing", Light.GREEN),
        (("sales", "revenue", 50_001), "sales", Light.RED),
        (("sales", "customers", 25), "sales", Light.GREEN),
        (("sales", "contribution", 7_501), "sales", Light.RED),
        (("sales", "smiles", 3), "sales", Light.UNKNOWN),
        (("marketing", "cost_per_lead", 10), "marketing", Light.UNKNOWN),
    ],
)
def test_a_target_missed_or_unknown_silences_the_alarm(
    collected: Collected, target: tuple[str, str, float], which: str, light: Light
) -> None:
    found, notes = answer(collected, *MET, target)
    assert getattr(found["parts"], which) is light
    assert found["parts"].alarm == (light is Light.GREEN)
    codes = [each.code for each in notes]
    assert codes == (["unknown_targets"] if light is Light.UNKNOWN else [])


def test_spend_is_met_from_above(collected: Collected) -> None:
    spent = pa.table({"segment": ["parts"], "amount": [Decimal(900)], "unknown": [0]})
    with_spend = {**collected, "spent": spent}
    for most, light in ((2, Light.GREEN), (1, Light.RED)):
        found, _ = answer(with_spend, *MET, ("marketing", "cost_per_lead", most))
        assert found["parts"].marketing is light


def test_fewer_worked_than_last_month_is_told(collected: Collected) -> None:
    before = pa.table({"segment": ["gates", "parts"], "leads": [300, 0], "worked": [300, 0]})
    found, _ = answer({**collected, "before": before}, *MET)
    assert (found["gates"].alarm, found["gates"].kind) == (True, Kind.BELOW_LAST)
    # May has a day more: 300 leads in 31 days are 290.3 in 30, of which 100 were worked.
    assert found["gates"].missed == Decimal("14274.1935")
    assert found["gates"].last == Decimal("21774.1935")


def test_the_month_before_is_taken_for_as_many_days() -> None:
    def told(start: datetime, end: datetime, now: datetime | None = None) -> float:
        return pace(replace(june(), start=start, end=end, now=now or end))

    february, march = (datetime(2023, month, 1, tzinfo=UTC) for month in (2, 3))
    assert told(february, march) == pytest.approx(28 / 31)
    assert told(february, march, february + timedelta(days=9, hours=5)) == pytest.approx(10 / 31)
    assert told(february, february + timedelta(days=10)) == 1.0


def test_without_targets_nothing_is_green(collected: Collected) -> None:
    found, notes = answer(collected)
    assert found["parts"].marketing is found["parts"].sales is Light.UNKNOWN
    assert not found["parts"].alarm
    assert [each.code for each in notes] == ["no_targets"]


def test_a_period_that_is_no_month_has_no_targets(collected: Collected) -> None:
    end = datetime(2024, 6, 30, tzinfo=UTC)
    _, notes = answer(collected, end=end)
    assert "refused_not_a_month" in [each.code for each in notes]


def test_the_rows_are_the_leads_that_were_left() -> None:
    found = rows(facts(), default_rules(), june(), "left", {"segment": "parts"}).to_pyarrow()
    assert len(found) == 400
    assert set(found["worked"].to_pylist()) == {False}
