"""The reference pages say what the code says."""

import pytest

from tools import reference


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_page_is_what_the_code_says(name: str) -> None:
    written = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert written == reference.pages()[name], "Run: python -m tools.reference"


def test_everything_has_words() -> None:
    for table in reference.TABLES.values():
        assert table.about
        assert all(column.about for column in table.columns)
