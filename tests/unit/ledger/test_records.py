"""Records, batches and versions: section 4 of the design, rule by rule."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.errors import Busy
from onefunnel.ledger.disk.system import STORED
from onefunnel.ledger.engines.duckdb import reader
from onefunnel.ledger.store.batch import writing
from onefunnel.ledger.store.rewrite import fold

from .conftest import NOW, Small

A = {"touch_id": "a", "channel": "search", "page": "/gates"}
B = {"touch_id": "b", "channel": None, "page": "/parts"}


def test_the_same_rows_again_change_nothing(small: Small) -> None:
    assert small.put(touch=[A, B])["touch"] == {"new": 2}
    assert small.put(touch=[A, B])["touch"] == {"same": 2}


def test_identical_duplicates_collapse(small: Small) -> None:
    assert small.put(touch=[A, A, B])["touch"] == {"new": 2}


def test_conflicting_duplicates_go_to_the_quarantine_whole(small: Small) -> None:
    counts = small.put(touch=[A, {**A, "page": "/other"}, B])
    assert counts == {"touch": {"new": 1}, "quarantine": {"new": 2}}
    refused = small.rows("quarantine")
    assert {row["code"] for row in refused} == {"conflicting_duplicate"}
    assert sorted(row["line"] for row in refused) == [2, 3]
    assert any('"page":"/other"' in row["record"] for row in refused)


def test_a_changed_record_supersedes_the_stored_one_which_stays_in_history(small: Small) -> None:
    small.put(touch=[A])
    assert small.put(touch=[{**A, "page": "/new"}])["touch"] == {"changed": 1}
    assert [row["page"] for row in small.rows("touch", 1)] == ["/gates"]
    assert [row["page"] for row in small.rows("touch", 2)] == ["/new"]


def test_an_absent_column_keeps_the_stored_value_and_an_empty_cell_sets_null(small: Small) -> None:
    small.put(touch=[A])
    small.put(touch=[{"touch_id": "a", "channel": None}])
    (row,) = small.rows("touch")
    assert (row["channel"], row["page"]) == (None, "/gates")


def test_a_ledger_made_before_a_column_was_added_reads_it_as_null_and_takes_it_in(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = STORED["touch"]
    before = tuple(column for column in touch.columns if column.name != "page")
    with monkeypatch.context() as then:
        then.setitem(STORED, "touch", replace(touch, columns=before))
        small.put(touch=[{"touch_id": "a", "channel": "search"}])
    assert [row["page"] for row in small.rows("touch")] == [None]
    assert small.put(touch=[A, B])["touch"] == {"changed": 1, "new": 1}
    assert [row["page"] for row in small.rows("touch", 1)] == [None]
    assert [row["page"] for row in small.rows("touch", 2)] == ["/gates", "/parts"]


def test_deleted_closes_a_record_and_says_when_there_was_none(small: Small) -> None:
    small.put(touch=[A, B])
    gone = [{"touch_id": "a", "deleted": True}, {"touch_id": "x", "deleted": True}]
    assert small.put(touch=gone)["touch"] == {"deleted": 1, "absent": 1}
    assert [row["touch_id"] for row in small.rows("touch")] == ["b"]
    assert len(small.rows("touch", 1)) == 2


def test_a_deleted_record_can_come_back(small: Small) -> None:
    small.put(touch=[A])
    small.put(touch=[{"touch_id": "a", "deleted": True}])
    assert small.put(touch=[A])["touch"] == {"new": 1}
    assert len(small.rows("touch")) == 1


def test_two_files_for_one_table_with_other_columns_are_one_record(small: Small) -> None:
    with small.writing() as batch:
        first = small.part(batch, "touch", [A])
        second = small.part(batch, "touch", [{"touch_id": "a", "medium": "cpc"}])
        from onefunnel.ledger.store.incoming import gather

        for incoming in gather(batch.reader.backend, [first, second]):
            batch.put("touch", incoming.rows, incoming.present)
        batch.commit(NOW, "import", "test")
    (row,) = small.rows("touch")
    assert (row["channel"], row["medium"]) == ("search", "cpc")


def test_a_column_that_one_of_two_files_lacks_keeps_the_stored_value(small: Small) -> None:
    small.put(touch=[A, B])
    with small.writing() as batch:
        from onefunnel.ledger.store.incoming import gather

        parts = [
            small.part(batch, "touch", [{"touch_id": "a", "medium": "cpc"}]),
            small.part(batch, "touch", [{"touch_id": "b", "page": "/z"}]),
        ]
        for incoming in gather(batch.reader.backend, parts):
            batch.put("touch", incoming.rows, incoming.present)
        batch.commit(NOW, "import", "test")
    rows = small.rows("touch")
    assert [(r["page"], r["medium"]) for r in rows] == [("/gates", "cpc"), ("/z", None)]


def test_a_batch_that_is_not_committed_leaves_nothing(small: Small) -> None:
    small.put(touch=[A])
    with small.writing() as batch:
        small.fill(batch, touch=[B], lead=[{"lead_id": "l"}])
    assert [row["touch_id"] for row in small.rows("touch")] == ["a"]
    assert not (small.ledger / "lead-0").exists()
    assert small.head().version == 1


def test_a_second_writer_waits_and_then_is_told_to_try_again(small: Small) -> None:
    def second_writer() -> None:
        with writing(small.ledger, small.scratch, small.engine, 0.2):
            pass

    with small.writing(), pytest.raises(Busy) as caught:
        second_writer()
    assert caught.value.retry


def test_a_reader_keeps_its_version_while_a_batch_is_written(small: Small) -> None:
    small.put(touch=[A])
    with reader(small.ledger, small.engine, small.scratch) as r:
        small.put(touch=[B])
        assert r.fetch(r.table("touch"))["touch_id"].to_pylist() == ["a"]


def test_money_is_stored_exactly(small: Small) -> None:
    amount = Decimal("123456789012345.6789")
    small.put(spend=[{"spend_id": "s", "amount": amount}])
    assert small.rows("spend")[0]["amount"] == amount


def test_scratch_of_a_dead_owner_is_swept(small: Small) -> None:
    small.scratch.mkdir()
    (small.scratch / "left").mkdir()
    (small.scratch / "left" / "secret").write_text("x")
    small.put(touch=[A])
    assert list(small.scratch.iterdir()) == []


RECORD = st.fixed_dictionaries(
    {"touch_id": st.sampled_from("abcd")},
    optional={
        "channel": st.sampled_from(["x", "y", None]),
        "page": st.sampled_from(["p", None]),
        "deleted": st.booleans(),
    },
)


@given(batches=st.lists(st.lists(RECORD, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=25)
def test_any_version_is_what_a_plain_history_says(make_small: Any, batches: Any) -> None:
    """A dictionary per version is the reference; folding changes nothing."""
    small = make_small()
    current: dict[str, dict[str, Any]] = {}
    versions = [{}]
    for rows in batches:
        unique = list({row["touch_id"]: row for row in rows}.values())
        with small.writing() as batch:
            from onefunnel.ledger.store.incoming import gather

            parts = [small.part(batch, "touch", [row]) for row in unique]
            for incoming in gather(batch.reader.backend, parts):
                batch.put("touch", incoming.rows, incoming.present)
            batch.commit(NOW, "import", "test")
        for row in unique:
            _follow(current, row)
        versions.append({key: dict(row) for key, row in current.items()})
    _same(small, versions)
    with small.writing() as batch:
        fold(batch)
    _same(small, versions)


def _follow(current: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
    if row.get("deleted"):
        current.pop(row["touch_id"], None)
        return
    stored = current.setdefault(row["touch_id"], {"channel": None, "page": None})
    stored.update({k: v for k, v in row.items() if k in ("channel", "page")})


def _same(small: Small, versions: list[dict[str, Any]]) -> None:
    for number, expected in enumerate(versions):
        rows = small.rows("touch", number, "touch_id", "channel", "page")
        found = {row.pop("touch_id"): row for row in rows}
        assert found == expected, number
    assert not any(path.name.endswith(".new") for path in Path(small.ledger).iterdir())
