"""What kind of file it is: by its name, and by its first bytes."""

from pathlib import Path

from onefunnel.errors import InputError, Place

KINDS = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
    ".txt": "delimited",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".zip": "zip",
}
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"PK\x05\x06", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Excel workbook (.xls)"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a file packed with gzip"),
    (b"BZh", "a file packed with bzip2"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path, file: str) -> str:
    """The kind of a file, by its name; its beginning must agree.

    Raises InputError: ``unknown_kind``, ``empty_file``, ``wrong_kind``, ``encrypted_file``.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            Place(file),
            "unknown_kind",
            f"Files of this kind ({path.suffix or 'no suffix'}) can't be read.",
            remedy=f"Save it as one of: {', '.join(KINDS)}.",
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\r\n\t \0\xef\xbb\xbf"):
        raise InputError(Place(file), "empty_file", "The file is empty.", remedy="Export it again.")
    _agree(kind, head, file)
    return kind


def _agree(kind: str, head: bytes, file: str) -> None:
    found = _what_it_is(head)
    if kind == "xlsx" and head.startswith(b"\xd0\xcf\x11\xe0"):
        message = "The workbook is encrypted, or an old one (.xls)."
        remedy = "Save it without a password as .xlsx."
        raise InputError(Place(file), "encrypted_file", message, remedy=remedy)
    expected = {"xlsx": b"PK", "zip": b"PK", "parquet": b"PAR1"}.get(kind)
    if expected is not None and not head.startswith(expected):
        # A beginning that belongs to no other kind either: the right kind, but damaged.
        code = "wrong_kind" if found or kind != "zip" else "damaged_zip"
        message = f"This is {found or 'something else'}, not what {kind} files hold."
        raise InputError(Place(file), code, message, remedy="Export it again, or rename it.")
    if expected is None and found:
        message = f"This is {found}, not text."
        remedy = "Export it as CSV, or give it the name of its kind."
        raise InputError(Place(file), "wrong_kind", message, remedy=remedy)


def _what_it_is(head: bytes) -> str | None:
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        return "a web page or XML"
    if head.startswith(_BYTE_ORDER_MARKS) or not _is_binary(head):
        return None
    return "a binary file"


def _is_binary(head: bytes) -> bool:
    """Control characters that text does not have, but for the zeros of UTF-16."""
    if zeros_alternate(head):
        return False
    strange = sum(head.count(bytes([code])) for code in (*range(1, 8), *range(14, 27)))
    return head.count(0) > len(head) // 100 + 1 or strange > len(head) // 20


def zeros_alternate(head: bytes) -> bool:
    """Whether nearly every other byte is zero, as in UTF-16 of Latin letters."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > len(head) * 2 // 5 and min(even, odd) <= max(even, odd) // 10
