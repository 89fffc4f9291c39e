"""What stops an import: the file as a whole can't be read, and nothing of it is staged."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import ibis
import pytest

from onefunnel.errors import InputError
from onefunnel.intake import Limits, Options, Staged, first_rejection, read, silent
from tests.unit.intake.conftest import Reader, load_path

MIB = 1024 * 1024


def refused(
    load: Reader, name: str, content: str | bytes, *rest: str, **options: object
) -> InputError:
    with pytest.raises(InputError) as told:
        load(name, content, *rest, **options)
    return told.value


def test_an_unknown_column_is_told_with_the_nearest(load: Reader) -> None:
    error = refused(load, "touch.csv", "touch_id,chanel\n1,a\n")
    assert error.code == "unknown_column"
    assert (error.place.file, error.place.line, error.place.column) == ("touch.csv", 1, "chanel")
    assert "Did you mean 'channel'?" in error.remedy


def test_a_repeated_column_of_the_canonical_import_is_refused(load: Reader) -> None:
    assert refused(load, "touch.csv", "touch_id,page,page\n1,a,b\n").code == "duplicate_column"


def test_a_file_without_the_key_is_refused(load: Reader) -> None:
    assert refused(load, "touch.csv", "channel\na\n").code == "missing_key_column"


def test_a_file_named_after_no_table_is_refused_with_the_nearest(load: Reader) -> None:
    error = refused(load, "touches.csv", "touch_id\n1\n")
    assert error.code == "unknown_table"
    assert "Did you mean 'touch'?" in error.remedy


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n", "empty_file"),
        (b"%PDF-1.7\n", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wrong_kind"),
        (b"PK\x03\x04 ", "wrong_kind"),
        (b"PAR1", "wrong_kind"),
        (b"  <!DOCTYPE html><html>", "wrong_kind"),
        (b"\x00\x01\x02\x03" * 100, "wrong_kind"),
        (b"sku,name\n1,\xb1\xb2\xd7\xac\xa4\xb6\xa9\n" * 3, "unreadable_encoding"),
    ],
)
def test_what_is_no_csv_is_refused(load: Reader, content: bytes, code: str) -> None:
    assert refused(load, "product.csv", content).code == code


@pytest.mark.parametrize("name", ["product.xlsx", "product.parquet", "product.json"])
def test_text_under_another_name_is_refused(load: Reader, name: str) -> None:
    assert refused(load, name, "sku,name\n1,a\n").code in ("wrong_kind", "damaged_file")


def test_an_encrypted_workbook_is_told_from_a_damaged_one(load: Reader) -> None:
    assert refused(load, "product.xlsx", b"\xd0\xcf\x11\xe0 ").code == "encrypted_file"
    assert refused(load, "product.xlsx", b"PK\x03\x04 ").code == "damaged_zip"


def test_a_kind_that_is_not_read_is_refused(load: Reader) -> None:
    assert refused(load, "product.docx", b"PK").code == "unknown_kind"


def test_a_missing_path_is_refused(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        load_path(tmp_path / "product.csv", con)
    assert told.value.code == "not_found"


def test_a_folder_without_files_is_refused(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(InputError) as told:
        load_path(tmp_path, con)
    assert told.value.code == "no_files"


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_value_beyond_the_limit_stops_the_import(load: Reader, quote: str) -> None:
    text = f"sku,name\n1,a\n2,{quote}{'x' * 2000}{quote}\n"
    error = refused(load, "product.csv", text, limits=Limits(max_field_bytes=1000))
    assert (error.code, error.place.line, error.place.column) == ("field_too_large", 3, "name")


def test_a_huge_value_is_not_held_in_memory(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    """What is held does not grow with the value: it is refused after the first blocks."""
    path = tmp_path / "product.csv"
    with path.open("wb") as stream:
        stream.write(b'sku,name\n1,"')
        for _ in range(256):
            stream.write(b"x" * MIB)
        stream.write(b'"\n')
    tracemalloc.start()
    with pytest.raises(InputError) as told:
        load_path(path, con)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told.value.code == "field_too_large"
    assert peak < 128 * MIB


def test_a_mark_that_is_never_closed_is_no_huge_value(load: Reader) -> None:
    lines = [f"{number},{'x' * 90}" for number in range(400)]
    lines[7] = '7,"never closed'
    outcome = load("product.csv", "\n".join(["sku,name", *lines]), limits=Limits(20_000))
    assert outcome.codes() == [(9, "bad_quote")]
    assert len(outcome.rows) == 399


def test_a_file_beyond_the_limit_is_refused(load: Reader) -> None:
    error = refused(load, "product.csv", "sku\n1\n", limits=Limits(max_file_bytes=3))
    assert error.code == "file_too_large"


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_zip_of_files_and_of_one_folder_is_read(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    files = {
        "export/product.csv": b"sku\n1\n",
        "export/touch-1.csv": b"touch_id\na\n",
        "export/touch.part2.csv": b"touch_id\nb\n",
        "export/touch-3.csv": b"touch_id,page\nc,x\n",
        "__MACOSX/._product.csv": b"junk",
        "export/README.md": b"hello",
    }
    outcome = load_path(packed(tmp_path / "all.zip", files), con)
    parts = sorted((part.table, part.columns) for part in outcome.staged)
    assert parts == [
        ("product", ("sku",)),
        ("touch", ("touch_id",)),
        ("touch", ("touch_id", "page")),
    ]
    assert {row["file"] for row in outcome.rows if "sku" in row} == {"all.zip/export/product.csv"}
    assert len(outcome.rows) == 4
    assert outcome.notes == ["file_ignored"]


def test_archives_that_must_not_be_trusted_are_refused(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    cases = {
        "../product.csv": "unsafe_zip",
        "/product.csv": "unsafe_zip",
        "a/b/product.csv": "zip_too_deep",
    }
    for name, code in cases.items():
        with pytest.raises(InputError) as told:
            load_path(packed(tmp_path / "x.zip", {name: b"sku\n1\n"}), con)
        assert told.value.code == code, name


def test_a_damaged_zip_is_refused(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"product.csv": b"sku\n" + b"1\n" * 500})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError) as told:
        load_path(path, con)
    assert told.value.code == "damaged_zip"


def test_an_encrypted_zip_is_refused(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"product.csv": b"sku\n1\n"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(InputError) as told:
        load_path(path, con)
    assert told.value.code == "encrypted_zip"


def test_a_zip_bomb_is_refused(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"product.csv": b"sku\n" + b"1" * 30 * MIB})
    with pytest.raises(InputError) as told:
        load_path(path, con)
    assert told.value.code == "zip_too_large"
    small = packed(tmp_path / "y.zip", {"product.csv": b"sku\n" + b"1\n" * 500})
    with pytest.raises(InputError) as told:
        load_path(small, con, limits=Limits(max_unpacked_bytes=100))
    assert told.value.code == "zip_too_large"


def test_the_first_rejected_row_is_an_error_for_strict(
    con: ibis.backends.duckdb.Backend, tmp_path: Path
) -> None:
    path = tmp_path / "product.csv"
    path.write_text("sku,list_price\n1,5\n2,x\n,y\n")
    staged: list[Staged] = read([path], con, Options(strict=True), silent)
    error = first_rejection(staged, con)
    assert error is not None
    assert (error.code, error.place.line, error.place.value) == ("bad_number", 3, "x")
    path.write_text("sku\n1\n")
    assert first_rejection(read([path], con, Options(), silent), con) is None


def test_progress_is_told(con: ibis.backends.duckdb.Backend, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []

    class Told:
        def step(self, what: str, done: int, total: int | None) -> None:
            told.append((what, done, total))

    path = tmp_path / "product.csv"
    path.write_text("sku\n1\n")
    read([path], con, Options(), Told())
    assert told[-1] == ("product.csv", 6, 6)
