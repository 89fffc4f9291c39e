"""Workbooks, JSON and Parquet come the same way as delimited text."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefunnel.errors import InputError
from tests.unit.intake.conftest import Reader, load_path

Cell = str | float | date | None


def workbook(sheets: dict[str, list[list[Cell]]]) -> bytes:
    """The least that is a workbook: numbers, inline texts, and dates in the date format."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        "</Types>",
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    listed, related = "", {"rId0": ("styles", "styles.xml")}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        related[f"rId{number}"] = ("worksheet", f"worksheets/sheet{number}.xml")
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = _relations(related)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return buffer.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relations(related: dict[str, tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in related.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{inner}</Relationships>'


def _sheet(rows: list[list[Cell]]) -> str:
    text = ""
    for number, row in enumerate(rows, 1):
        cells = ""
        for letter, cell in zip("ABCDEFGH", row, strict=False):
            at = f'r="{letter}{number}"'
            if isinstance(cell, date):
                cells += f'<c {at} s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
            elif isinstance(cell, str):
                cells += f'<c {at} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            elif cell is not None:
                cells += f"<c {at}><v>{cell}</v></c>"
        text += f'<row r="{number}">{cells}</row>'
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{text}</sheetData></worksheet>'


SPEND: list[list[Cell]] = [
    ["spend_id", "day", "amount", "clicks"],
    ["a", date(2024, 3, 1), 12.5, 3.0],
    ["b", 45352.75, 1e3, None],
    [None, None, None, None],
    ["c", "2024-03-03", "7", 1.5],
    ["Total", None, 1019.5, None],
]


def test_a_workbook_with_real_and_serial_dates(load: Reader) -> None:
    outcome = load("spend.xlsx", workbook({"Sheet1": SPEND}))
    assert outcome.column("day") == [date(2024, 3, 1), date(2024, 3, 1)]
    assert outcome.column("amount") == [Decimal("12.5"), Decimal(1000)]
    assert outcome.column("clicks") == [3, None]
    assert outcome.column("line") == [2, 3]
    assert outcome.codes() == [(5, "too_many_decimals"), (6, "totals_row")]


def test_serial_dates_are_instants_in_the_local_zone(load: Reader) -> None:
    sheet: list[list[Cell]] = [["touch_id", "occurred_at"], ["a", 45352.75]]
    outcome = load("touch.xlsx", workbook({"S": sheet}), zone="Asia/Tehran")
    assert outcome.column("occurred_at") == [datetime(2024, 3, 1, 14, 30, tzinfo=UTC)]


def test_a_serial_number_in_a_csv_is_no_date(load: Reader) -> None:
    assert load("spend.csv", "spend_id,day\na,45352\n").codes() == [(2, "bad_day")]


def test_a_sheet_is_named_by_the_mapping(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "book.xlsx"
    sheet = "Costs"
    skip = 1
    [[source.into]]
    table = "spend"
    columns = { spend_id = "id" }
    """
    book = workbook({"Intro": [["x"]], "Costs": [["Report"], ["id"], ["1"]]})
    outcome = load("book.xlsx", book, mapping)
    assert [(row["spend_id"], row["line"]) for row in outcome.rows] == [("1", 3)]
    with pytest.raises(InputError, match=r"no sheet 'Cost'.*Did you mean") as told:
        load("book.xlsx", book, mapping.replace("Costs", "Cost"))
    assert told.value.code == "unknown_sheet"


def test_json_lines(load: Reader) -> None:
    lines = ['{"sku": "1", "list_price": 12.50}', "", '{"sku": 2, "name": "b"}', "{broken", "[1]"]
    outcome = load("product.jsonl", "\n".join(lines))
    assert [(row["sku"], row["list_price"], row["line"]) for row in outcome.rows] == [
        ("1", Decimal("12.5"), 1),
        ("2", None, 3),
    ]
    assert outcome.codes() == [(4, "bad_record"), (5, "bad_record")]


def test_a_json_document_with_a_path_to_its_records(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "deals.json"
    records = "result.items"
    [[source.into]]
    table = "deal"
    columns = { deal_id = "id", owner = "owner.name" }
    """
    deals = [{"id": 7, "owner": {"name": "Ana"}, "tags": ["a"]}, {"id": 8, "owner": None}, 5]
    document = {"result": {"items": deals, "other": []}, "total": 2}
    outcome = load("deals.json", json.dumps(document), mapping)
    assert [(row["deal_id"], row["owner"]) for row in outcome.rows] == [("7", "Ana"), ("8", None)]
    assert outcome.codes() == [(3, "bad_record")]


def test_a_json_document_with_one_list_needs_no_path(load: Reader) -> None:
    assert load("product.json", '{"data": [{"sku": "1"}], "n": 1}').column("sku") == ["1"]
    assert load("product.json", '[{"sku": "1"}]').column("sku") == ["1"]
    with pytest.raises(InputError) as told:
        load("product.json", '{"a": [], "b": []}')
    assert told.value.code == "no_records"


def test_parquet_with_types(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> None:
    table = pa.table(
        {
            "touch_id": pa.array([1, 2], pa.int64()),
            "occurred_at": pa.array([1_700_000_000_000_000, None], pa.timestamp("us", tz="UTC")),
            "channel": ["a", ""],
        }
    )
    pq.write_table(table, tmp_path / "touch.parquet")
    outcome = load_path(tmp_path / "touch.parquet", con, zone="Asia/Tehran")
    assert outcome.column("touch_id") == ["1", "2"]
    assert outcome.column("occurred_at") == [datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), None]
    assert outcome.column("channel") == ["a", None]
    assert outcome.column("line") == [2, 3]


def test_parquet_values_that_do_not_fit_exactly_are_rejected(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    table = pa.table({"spend_id": ["a", "b"], "amount": [0.1, 0.12345], "clicks": [1.0, 2.0]})
    pq.write_table(table, tmp_path / "spend.parquet")
    outcome = load_path(tmp_path / "spend.parquet", con)
    assert outcome.column("amount") == [Decimal("0.1")]
    assert outcome.codes() == [(3, "too_many_decimals")]


def test_a_damaged_parquet_file_is_refused(load: Reader) -> None:
    with pytest.raises(InputError) as told:
        load("touch.parquet", b"PAR1 and then nothing")
    assert told.value.code == "damaged_file"


def test_a_parquet_file_with_spoilt_pages_is_refused(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    path = tmp_path / "touch.parquet"
    pq.write_table(pa.table({"touch_id": [str(number) for number in range(1000)]}), path)
    data = bytearray(path.read_bytes())
    data[4:2000] = b"\xff" * 1996
    path.write_bytes(data)
    with pytest.raises(InputError) as told:
        load_path(path, con)
    assert told.value.code == "damaged_file"
