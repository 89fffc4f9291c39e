"""The journal: on disk before it is acknowledged, drained once, in order."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onefunnel.errors import InputError
from onefunnel.ledger.store import journal

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def test_what_is_recorded_waits_in_order(tmp_path: Path) -> None:
    path = tmp_path / journal.FILE_NAME
    first = journal.record(path, [{"touch": [{"touch_id": "a"}]}], NOW)
    last = journal.record(path, [{"lead": [{"lead_id": "l"}]}, {"lead": []}], NOW)
    assert (first, last) == (1, 3)
    assert [e.number for e in journal.waiting(path, 0, 10)] == [1, 2, 3]
    assert [e.number for e in journal.waiting(path, 1, 1)] == [2]


def test_trimmed_entries_are_overwritten_on_disk(tmp_path: Path) -> None:
    path = tmp_path / journal.FILE_NAME
    journal.record(path, [{"party": [{"party_id": "p", "name": "Ana Ionescu"}]}] * 50, NOW)
    journal.trim(path, 50)
    assert journal.waiting(path, 0, 10) == []
    for file in tmp_path.iterdir():
        assert b"Ana Ionescu" not in file.read_bytes()


def test_numbers_are_never_used_again(tmp_path: Path) -> None:
    path = tmp_path / journal.FILE_NAME
    last = journal.record(path, [{"lead": [{"lead_id": "l"}]}], NOW)
    journal.trim(path, last)
    assert journal.record(path, [{"lead": [{"lead_id": "m"}]}], NOW) == last + 1


def test_a_later_row_of_the_same_key_goes_over_the_earlier_ones_columns(tmp_path: Path) -> None:
    path = tmp_path / journal.FILE_NAME
    journal.record(path, [{"lead": [{"lead_id": "l", "channel": "x", "page": "p"}]}], NOW)
    journal.record(path, [{"lead": [{"lead_id": "l", "channel": "y"}]}], NOW)
    rows = journal.latest_rows(journal.waiting(path, 0, 10))
    assert rows == {"lead": [{"lead_id": "l", "channel": "y", "page": "p"}]}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"touches": []}, "Did you mean 'touch'?"),
        ({"touch": [{"touch_id": "a", "chanel": "x"}]}, "Did you mean 'channel'?"),
        ({"touch": [{"channel": "x"}]}, "The row has no key"),
    ],
)
def test_a_request_that_can_not_be_is_refused_and_nothing_is_written(
    tmp_path: Path, request_: journal.Rows, words: str
) -> None:
    path = tmp_path / journal.FILE_NAME
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        journal.record(path, [{"lead": [{"lead_id": "l"}]}, request_], NOW)
    assert journal.waiting(path, 0, 10) == []


def test_a_commit_is_durable_by_setting(tmp_path: Path) -> None:
    path = tmp_path / journal.FILE_NAME
    journal.record(path, [{"lead": [{"lead_id": "l"}]}], NOW)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_request_over_the_limit_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / journal.FILE_NAME
    with pytest.raises(InputError, match="10 are allowed"):
        journal.record(path, [{"lead": [{"lead_id": "l"}]}], NOW, 10)
    assert journal.waiting(path, 0, 10) == []
