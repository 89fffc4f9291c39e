"""The same export again, one that grew, one that changed: only what is new is written."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from onefunnel.intake import silent
from onefunnel.ledger.disk.system import STORED
from onefunnel.ledger.schema import TABLES
from onefunnel.ledger.store import alike, hashes
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace

from .company import write_folder

GROUP = 122_880


def _touch(number: int, **other: str) -> dict[str, str]:
    return {
        "touch_id": f"t{number}",
        "party_id": f"p{number % 3}",
        "occurred_at": f"2024-03-{1 + number % 28:02d}T09:30:00Z",
        "channel": "search",
        **other,
    }


def _taken(workspace: Workspace, folder: Path, *rows: dict[str, str]) -> dict[str, int]:
    write_folder(folder, touch=rows)
    taken = import_paths(workspace, [folder], silent)
    return {outcome: n for outcome, n in taken.counts["touch"].items() if n}


def _stored(workspace: Workspace) -> list[str]:
    return [path.name for path in sorted((workspace.ledger / "touch-0").glob("*.parquet"))]


def test_the_same_export_again_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    rows = [_touch(number) for number in range(5)]
    assert _taken(workspace, tmp_path / "a", *rows) == {"new": 5}
    before = _stored(workspace)
    assert _taken(workspace, tmp_path / "a", *rows) == {"same": 5}
    assert _taken(workspace, tmp_path / "b", *reversed(rows)) == {"same": 5}
    assert _stored(workspace) == before


def test_what_a_later_import_changed_is_changed_back(workspace: Workspace, tmp_path: Path) -> None:
    rows = [_touch(number) for number in range(5)]
    _taken(workspace, tmp_path / "a", *rows)
    assert _taken(workspace, tmp_path / "b", _touch(3, channel="fair")) == {"changed": 1}
    assert _taken(workspace, tmp_path / "a", *rows) == {"same": 4, "changed": 1}
    assert _taken(workspace, tmp_path / "c", _touch(2, channel="fair")) == {"changed": 1}


def test_an_absent_column_is_no_change_though_its_file_has_it_empty(
    workspace: Workspace, tmp_path: Path
) -> None:
    _taken(workspace, tmp_path / "a", _touch(1, page="/gates"))
    assert _taken(workspace, tmp_path / "b", _touch(1)) == {"same": 1}
    assert _taken(workspace, tmp_path / "c", _touch(1), _touch(2)) == {"same": 1, "new": 1}


def test_of_an_export_that_grew_the_beginning_is_known_by_its_bytes(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [_touch(number) for number in range(GROUP + 10)]
    known: list[int] = []
    plain = alike.alike_rows
    monkeypatch.setattr(
        "onefunnel.ledger.store.batch.alike_rows",
        lambda file, stored: known.append(plain(file, stored)) or known[-1],
    )
    assert _taken(workspace, tmp_path / "a", *rows) == {"new": GROUP + 10}
    grown = [*rows[:-1], _touch(GROUP + 9, channel="fair"), _touch(GROUP + 10)]
    assert _taken(workspace, tmp_path / "a", *grown) == {
        "same": GROUP + 9,
        "changed": 1,
        "new": 1,
    }
    assert known == [GROUP]


def test_adopted_files_tell_the_log_their_rows_and_nothing_of_anybody(
    workspace: Workspace, tmp_path: Path
) -> None:
    _taken(workspace, tmp_path / "a", *[_touch(number) for number in range(5)])
    _taken(workspace, tmp_path / "b", *[_touch(number) for number in range(5, 7)])
    table = DeltaTable(str(workspace.ledger / "touch-0"))
    logs = "".join(each.read_text() for each in (workspace.ledger / "touch-0").rglob("*.json"))
    assert '\\"numRecords\\":5' in logs.replace(" ", "")
    assert not {"p1", "t1", "search"} & set(logs.replace('\\"', '"').split('"'))
    for path in table.file_uris():
        group = pq.read_metadata(path).row_group(0)
        columns = [group.column(at) for at in range(group.num_columns)]
        told = {c.path_in_schema for c in columns if c.statistics and c.statistics.has_min_max}
        assert {"occurred_at", "since"} <= told
        assert not told & {"touch_id", "party_id"}
        assert [c.path_in_schema for c in columns][:-2] == [*TABLES["touch"].column_names]


def test_repeated_keys_are_found_in_any_number_of_rounds(workspace: Workspace) -> None:
    with workspace.writing() as batch:
        backend = batch.reader.backend
        table = backend.create_table("keys", {"key": [f"k{each % 900}" for each in range(1000)]})
        repeated = backend.create_table("repeated", {"key": [f"k{each}" for each in range(100)]})
        wanted = backend.to_pyarrow(repeated.select(hash=hashes.hash_of(repeated.key)))["hash"]
        for at_once in (1000, 300, 7):
            found = hashes.repeated_hashes(backend, table, "key", at_once)
            assert sorted(found.tolist()) == sorted(wanted.to_pylist())


def test_a_table_made_before_a_column_was_added_adopts_files_that_have_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = STORED["touch"]
    before = replace(touch, columns=tuple(c for c in touch.columns if c.name != "page"))
    with monkeypatch.context() as then:
        for tables in (STORED, TABLES):
            then.setitem(tables, "touch", before)
        assert _taken(workspace, tmp_path / "a", _touch(1)) == {"new": 1}
    assert _taken(workspace, tmp_path / "b", _touch(2, page="/gates")) == {"new": 1}
    schema = DeltaTable(str(workspace.ledger / "touch-0")).schema()
    assert "page" in {field.name for field in schema.fields}
    found = workspace.reading(lambda r: r.fetch(r.table("touch").select("touch_id", "page")))
    assert sorted(found.to_pylist(), key=str) == [
        {"touch_id": "t1", "page": None},
        {"touch_id": "t2", "page": "/gates"},
    ]
