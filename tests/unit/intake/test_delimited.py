"""Delimited text as real systems export it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.intake.files import records
from tests.unit.intake.conftest import Reader, load_path

RUSSIAN = "sku,name\n1,Откатные ворота для склада\n2,Запасные части и ремонт\n"
ROMANIAN = "sku,name\n1,Uși de garaj și porți automate în țară\n2,Mâner pentru ușă\n"
VIETNAMESE = "sku,name\n1,Cửa cuốn tự động cho nhà kho\n2,Phụ kiện thay thế và sửa chữa\n"
WITH_CEDILLA = str.maketrans("șțȘȚ", "şţŞŢ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_russian_is_read_in_the_encodings_it_is_exported_in(load: Reader, encoding: str) -> None:
    outcome = load("product.csv", RUSSIAN.encode(encoding))
    assert outcome.column("name") == ["Откатные ворота для склада", "Запасные части и ремонт"]
    assert outcome.notes == (["encoding"] if encoding == "windows-1251" else [])


def test_romanian_in_windows_1250_is_read(load: Reader) -> None:
    text = ROMANIAN.translate(WITH_CEDILLA)
    outcome = load("product.csv", text.encode("windows-1250"))
    assert outcome.column("name")[1] == "Mâner pentru uşă"


def test_vietnamese_in_windows_1258_is_read_with_composed_letters(load: Reader) -> None:
    outcome = load("product.csv", _windows_1258(VIETNAMESE))
    assert outcome.column("name")[0] == "Cửa cuốn tự động cho nhà kho"


def test_utf16_without_a_byte_order_mark_is_read(load: Reader) -> None:
    assert load("product.csv", "sku,name\n1,door\n".encode("utf-16-le")).column("name") == ["door"]


def test_a_mapping_states_the_encoding(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "goods.csv"
    encoding = "koi8-r"
    [[source.into]]
    table = "product"
    columns = { sku = "sku", name = "name" }
    """
    outcome = load("goods.csv", "sku,name\n1,Ёж\n".encode("koi8-r"), mapping)
    assert outcome.column("name") == ["Ёж"]


def test_a_few_invalid_bytes_do_not_make_utf8_another_encoding(load: Reader) -> None:
    data = RUSSIAN.encode() + b"3,\xff\n4,\xd0\n5,ok\n"
    outcome = load("product.csv", data)
    assert outcome.column("sku") == ["1", "2", "5"]
    assert outcome.codes() == [(4, "bad_bytes"), (5, "bad_bytes")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(load: Reader, delimiter: str) -> None:
    lines = ["sku,name,list_price", "1,a,5", "2,b,6"]
    outcome = load("product.csv", "\n".join(lines).replace(",", delimiter))
    assert outcome.column("name") == ["a", "b"]


def test_a_sep_line_of_excel_names_the_delimiter(load: Reader) -> None:
    outcome = load("product.csv", "sep=;\nsku;name\n1;a\n")
    assert [(row["sku"], row["line"]) for row in outcome.rows] == [("1", 3)]


def test_lines_are_those_of_the_file_when_values_have_line_breaks(load: Reader) -> None:
    text = 'sku,name\n1,"two\nlines"\n\n2,b\n3,"x\n\ny"\n4,d\n,e\n'
    outcome = load("product.csv", text)
    assert outcome.column("line") == [2, 5, 6, 9]
    assert outcome.column("name")[0] == "two\nlines"
    assert outcome.codes() == [(10, "missing_key")]


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_endings_of_every_system_are_read(load: Reader, ending: str) -> None:
    outcome = load("product.csv", ending.join(["sku,name", "1,a", "2,b", ""]))
    assert [(row["sku"], row["name"], row["line"]) for row in outcome.rows] == [
        ("1", "a", 2),
        ("2", "b", 3),
    ]


def test_mixed_line_endings_are_read(load: Reader) -> None:
    outcome = load("product.csv", b'sku,name\n1,a\r\n2,"x\r\ny"\n3,c')
    assert outcome.column("line") == [2, 3, 5]
    assert outcome.column("sku") == ["1", "2", "3"]


def test_malformed_records_are_rejected_and_nothing_is_lost(load: Reader) -> None:
    text = 'sku,name\n1,a\n2,b,c\n3\n4,"x"y\n5,e\n6,7" pipe\n7,"never closed\n8,h\n'
    outcome = load("product.csv", text)
    assert outcome.column("sku") == ["1", "5", "6", "8"]
    assert outcome.column("name")[2] == '7" pipe'
    assert outcome.codes() == [
        (3, "too_many_columns"),
        (4, "too_few_columns"),
        (5, "bad_quote"),
        (8, "bad_quote"),
    ]
    assert json.loads(outcome.rejected[0]["record"]) == {"sku": "2", "name": "b", "_more": ["c"]}


def test_a_carriage_return_inside_an_open_value_is_rejected(load: Reader) -> None:
    outcome = load("product.csv", b"sku,name\n1,a\rb\n2,c\n")
    assert outcome.codes() == [(2, "bad_line_break")]
    assert outcome.column("sku") == ["2"]


def test_blank_lines_and_rows_of_empty_cells_are_no_records(load: Reader) -> None:
    outcome = load("product.csv", "sku,name\n\n1,a\n   \n,\n2,b\n\n\n")
    assert outcome.column("line") == [3, 6]
    assert outcome.rejected == []


def test_a_file_of_one_column_has_no_empty_records(load: Reader) -> None:
    outcome = load("product.csv", "sku\n1\n\n2\n")
    assert [(row["sku"], row["line"]) for row in outcome.rows] == [("1", 2), ("2", 4)]


def test_a_header_is_cleaned_of_what_nobody_sees(load: Reader) -> None:
    outcome = load("product.csv", "\ufeff sku ,\u200bname\n1,a\n")
    assert outcome.staged[0].columns == ("sku", "name")


def test_a_repeated_name_gets_a_suffix_and_it_is_said(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "goods.csv"
    [[source.into]]
    table = "product"
    columns = { sku = "code", name = "name_2" }
    """
    outcome = load("goods.csv", "code,name,name\n1,short,long\n", mapping)
    assert outcome.column("name") == ["long"]
    assert outcome.notes == ["repeated_column", "unused_columns"]


def test_names_that_differ_in_case_only_stay_apart(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "goods.csv"
    [[source.into]]
    table = "product"
    columns = { sku = "id", name = "ID" }
    """
    assert load("goods.csv", "id,ID\n1,x\n", mapping).column("name") == ["x"]


def test_lines_before_the_header_are_skipped(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "report.csv"
    skip = 2
    [[source.into]]
    table = "product"
    columns = { sku = "code" }
    """
    outcome = load("report.csv", 'Report "of, goods\nMay 2024\ncode\nA\n', mapping)
    assert [(row["sku"], row["line"]) for row in outcome.rows] == [("A", 4)]


@pytest.mark.parametrize("word", ["Total", "Итого:", "جمع", "Tổng cộng", "Sumă"])
def test_a_last_row_of_totals_is_rejected(load: Reader, word: str) -> None:
    outcome = load("spend.csv", f"spend_id,channel,amount\n1,a,5\n,{word},5\n")
    assert outcome.codes() == [(3, "totals_row")]


def test_a_company_called_total_is_no_row_of_totals(load: Reader) -> None:
    outcome = load("party.csv", "party_id,name\nTotal,Total\nb,B\n")
    assert outcome.column("party_id") == ["Total", "b"]


def test_a_declared_pattern_finds_totals_anywhere(load: Reader) -> None:
    mapping = """
    [[source]]
    file = "s.csv"
    totals = "^Subtotal"
    [[source.into]]
    table = "spend"
    columns = { spend_id = "id", channel = "channel" }
    """
    outcome = load("s.csv", "id,channel\n1,a\n,Subtotal a\nSubtotal,b\n2,c\n", mapping)
    assert outcome.codes() == [(3, "totals_row"), (4, "totals_row")]
    assert outcome.column("spend_id") == ["1", "2"]


def test_keys_are_trimmed_and_texts_are_not(load: Reader) -> None:
    outcome = load("product.csv", "sku,name\n\u00a0 A1 ,  x \n")
    assert (outcome.rows[0]["sku"], outcome.rows[0]["name"]) == ("A1", "  x ")


def test_a_path_with_pattern_letters_is_read(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    folder = tmp_path / "[2024]*"
    folder.mkdir()
    (folder / "product.csv").write_text("sku\n1\n")
    assert load_path(folder / "product.csv", con).column("sku") == ["1"]


CELLS = st.text(st.sampled_from('ab",\n é'), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=12), st.sampled_from([7, 64, 8192]))
def test_every_value_that_csv_can_write_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], block: int
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["sku", "name", "segment"])
    lines = []
    for number, pair in enumerate(cells):
        lines.append(buffer.getvalue().count("\n") + 1)
        writer.writerow([f"k{number}", *pair])
    path = tmp_path_factory.mktemp("csv") / "product.csv"
    path.write_text(buffer.getvalue(), newline="")
    con = ibis.duckdb.connect()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        outcome = load_path(path, con)
    con.disconnect()
    assert outcome.rejected == []
    assert outcome.column("line") == lines
    found = [(row["name"] or "", row["segment"] or "") for row in outcome.rows]
    assert found == cells


LINES = st.lists(st.text(st.sampled_from('ab",é '), min_size=1, max_size=9), max_size=15)


@given(LINES, st.sampled_from([7, 64, 8192]))
def test_rows_and_rejected_are_all_records_however_broken_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], block: int
) -> None:
    """Every line with a letter is accounted for, in a row or in a rejected record."""
    path = tmp_path_factory.mktemp("csv") / "product.csv"
    path.write_text("\n".join(["sku,name", *lines]) + "\n")
    con = ibis.duckdb.connect()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        outcome = load_path(path, con)
    con.disconnect()
    shown = "".join(str(row["sku"]) + str(row["name"]) for row in outcome.rows)
    shown += "".join(row["record"] for row in outcome.rejected)
    # Letters that no name of a column has.
    for letter in "bé":
        assert shown.count(letter) == sum(line.count(letter) for line in lines)
    started = [row["line"] for row in (*outcome.rows, *outcome.rejected)]
    assert len(started) == len(set(started))


def _windows_1258(text: str) -> bytes:
    """Vietnamese as Windows writes it: letters of the code page, tone marks after them."""
    import unicodedata

    data = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            data += letter.encode("windows-1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in "\u0300\u0309\u0303\u0301\u0323")
            base = unicodedata.normalize("NFC", marks.replace(tone, ""))
            data += (base + tone).encode("windows-1258")
    return data


def test_a_file_of_many_columns_is_read_and_its_bad_rows_are_whole(load: Reader) -> None:
    """CRMs export several hundred columns: no expression may be as deep as the file is wide."""
    names = ["lead_id", "created_at", *(f"x{n}" for n in range(800))]
    cells = ["L1", "2024-03-01", *["v"] * 800]
    bad = ["L2", "soon", *["w"] * 800]
    text = "\n".join(",".join(row) for row in (names, cells, bad, [""] * 802)) + "\n"
    mapping = (
        '[[source]]\nfile = "wide.csv"\n[[source.into]]\ntable = "lead"\n'
        '[source.into.columns]\nlead_id = "lead_id"\ncreated_at = "created_at"\n'
    )
    outcome = load("wide.csv", text, mapping)
    assert outcome.column("lead_id") == ["L1"]
    [refused] = outcome.rejected
    assert refused["line"] == 3
    assert json.loads(refused["record"]) == dict(zip(names, bad, strict=True))
