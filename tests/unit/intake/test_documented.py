"""The reference and the code say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onefunnel.intake import FILE_CODES, ROW_CODES, Limits, parse_mapping
from onefunnel.intake.mapping import parse

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "onefunnel"
CODE = [
    *(PACKAGE / "intake").rglob("*.py"),
    PACKAGE / "workflows" / "recognising.py",
    PACKAGE / "workflows" / "sources.py",
]
"""Where input is found wanting."""


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)


def test_every_code_is_explained_and_no_other() -> None:
    text = (DOCS / "reference" / "input-errors.md").read_text("utf-8")
    rows, files = text.split("## Files")
    assert first_cells(rows) == list(ROW_CODES)
    assert first_cells(files) == list(FILE_CODES)


def test_every_code_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in CODE if path.name != "codes.py")
    unused = [name for name in (*ROW_CODES, *FILE_CODES) if f'"{name}"' not in code]
    assert unused == []


def test_every_code_that_is_used_is_listed() -> None:
    used: set[str] = set()
    for path in CODE:
        used |= set(
            re.findall(
                r'"((?:bad|missing|too|unknown|damaged|encrypted)_[a-z_]+)"',
                path.read_text("utf-8"),
            )
        )
    assert used <= set(ROW_CODES) | set(FILE_CODES) | {"missing"}


def test_every_entry_of_a_mapping_is_explained() -> None:
    text = (DOCS / "reference" / "mapping.md").read_text("utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    told = {word for cell in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", cell)}
    entries = {*parse._SOURCE, *parse._CELL, *parse._WHERE, "table", "columns", "where"}
    assert entries <= told


@pytest.mark.parametrize("page", ["how-to/import-your-files.md", "reference/mapping.md"])
def test_the_mappings_in_the_manual_are_right(page: str) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    assert [len(parse_mapping(block, page).sources) for block in blocks] == [1]


def test_the_limits_are_those_of_the_reference() -> None:
    text = (DOCS / "reference" / "input-errors.md").read_text("utf-8")
    limits = Limits()
    for shown, found in [
        ("16 MiB", limits.max_field_bytes >> 20),
        ("64 GiB", limits.max_file_bytes >> 30),
        ("64 GiB, and 200 times", limits.max_unpacked_bytes >> 30),
        ("512 MiB", limits.max_whole_bytes >> 20),
    ]:
        assert f"| {shown}" in text
        assert shown.startswith(str(found))
    assert limits.max_unpack_ratio == 200
