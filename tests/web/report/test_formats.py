"""Answers for other programs: one shape of JSON, harmless CSV, typed Parquet."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO, StringIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefunnel.vocabulary import Answer, Stage
from onefunnel.workflows.formats import to_csv, to_json, to_parquet
from tests.web.report.examples import NOW, answer, by_channel, company_x

MOSCOW = timezone(timedelta(hours=3))


@dataclass(frozen=True)
class Sample:
    """A row with every kind of value."""

    stage: Stage
    name: str | None
    entered: int | None
    share: float | None
    amount: Decimal | None
    at: datetime | None
    dimensions: dict[str, str | None] = field(default_factory=dict)


def sample(**changed: object) -> Sample:
    values: dict[str, object] = {
        "stage": Stage.PURCHASE,
        "name": "x",
        "entered": -3,
        "share": 0.25,
        "amount": Decimal("-2.00005"),
        "at": datetime(2025, 1, 1, 3, 0, tzinfo=MOSCOW),
        "dimensions": {"channel": None},
    }
    return Sample(**(values | changed))  # type: ignore[arg-type]


def test_json_has_the_documented_shape() -> None:
    whole = json.loads(to_json(company_x().funnel))
    assert list(whole) == ["measure", "ledger_version", "now", "parameters", "rows", "notes"]
    assert (whole["measure"], whole["ledger_version"]) == ("funnel", 412)
    assert whole["now"] == "2025-11-04T05:10:00Z"
    assert whole["parameters"] == {"horizon_days": 30}
    assert all(set(note) == {"code", "text"} for note in whole["notes"])


def test_json_values_are_plain() -> None:
    (row,) = json.loads(to_json(answer("sample", (sample(name=None),))))["rows"]
    assert row == {
        "channel": None,
        "stage": "purchase",
        "name": None,
        "entered": -3,
        "share": 0.25,
        "amount": "-2.0001",
        "at": "2025-01-01T00:00:00Z",
    }


def test_json_has_no_number_that_json_does_not_know() -> None:
    (row,) = json.loads(to_json(answer("sample", (sample(share=float("nan")),))))["rows"]
    assert row["share"] is None


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_text_that_could_start_a_formula_is_made_harmless(start: str) -> None:
    text = to_csv(answer("sample", (sample(name=start, dimensions={"channel": start}),)))
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert (row["name"], row["channel"]) == (f"'{start}", f"'{start}")


def test_numbers_in_csv_stay_numbers() -> None:
    (row,) = csv.DictReader(StringIO(to_csv(answer("sample", (sample(),)))))
    assert (row["entered"], row["amount"], row["channel"]) == ("-3", "-2.0001", "")


def test_csv_keeps_what_needs_quotation_marks() -> None:
    name = 'a "b", c\nd'
    (row,) = csv.DictReader(StringIO(to_csv(answer("sample", (sample(name=name),))), newline=""))
    assert row["name"] == name


def test_csv_of_no_rows_is_empty() -> None:
    assert to_csv(Answer("funnel", ())) == ""


def test_parquet_types_do_not_depend_on_what_the_rows_hold() -> None:
    blank = sample(name=None, entered=None, share=None, amount=None, at=None)
    schemas = [
        pq.read_schema(BytesIO(to_parquet(answer("sample", (row,))))) for row in (sample(), blank)
    ]
    assert schemas[0] == schemas[1]
    assert schemas[0].field("amount").type == pa.decimal128(38, 4)
    assert schemas[0].field("at").type == pa.timestamp("us", tz="UTC")
    assert schemas[0].field("channel").type == pa.string()


def test_parquet_holds_the_rows() -> None:
    rows = by_channel("=x", (5, 4, 3, 2), "12.5")
    table = pq.read_table(BytesIO(to_parquet(answer("funnel", rows))))
    assert table.num_rows == 4
    first = table.to_pylist()[0]
    assert (first["channel"], first["stage"]) == ("=x", "brand_consideration")
    assert first["realised_contribution"] == Decimal("12.5000")


def test_parquet_of_no_rows_is_a_file() -> None:
    assert pq.read_table(BytesIO(to_parquet(Answer("funnel", ())))).num_rows == 0


def test_now_is_written_in_utc_whatever_its_zone() -> None:
    moved = Answer("funnel", (), (), 1, NOW.astimezone(MOSCOW))
    assert json.loads(to_json(moved))["now"] == NOW.astimezone(UTC).isoformat().replace(
        "+00:00", "Z"
    )
