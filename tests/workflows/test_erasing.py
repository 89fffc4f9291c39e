"""Erasure: nothing that names the person is left, no total moves, nobody comes back."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from onefunnel.errors import UsageError
from onefunnel.intake import silent
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.journal import Rows
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.erasing import erase_party, replay_erasures
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.journaling import drain, record
from onefunnel.workflows.keeping import back_up, unpack
from onefunnel.workflows.workspace import Workspace

from .company import ANA, company, write_folder
from .conftest import Ready, answering_by_passes

NAMES = (
    "ana ionescu-vlad",
    "ana.vlad@example.org",
    "+40 721 555 001",
    "0721 555 001",
    "+40721555001",
    "cookie-ana-123456",
    "p-ana",
)
TABLES = ("touch", "lead", "handoff", "deal", "order_line", "party", "alias")


def traces(workspace: Path) -> list[tuple[str, str]]:
    """Where any of the person's names still stands: raw bytes, and what Parquet files hold."""
    found = []
    for path in sorted(p for p in workspace.rglob("*") if p.is_file()):
        texts = [path.read_bytes().decode("latin-1").lower(), path.name.lower()]
        if path.suffix == ".parquet":
            texts.append(str(pq.read_table(path).to_pylist()).lower())
            texts.append(str(pq.read_metadata(path).to_dict()).lower())
        found += [(path.name, name) for name in NAMES for text in texts if name in text]
    return found


def totals(workspace: Workspace) -> list[object]:
    """Counts and money of the third version, and how many rows the tables of every one have."""
    last = workspace.reading(lambda reader: reader.head.version)
    answers: list[object] = [
        ask(workspace, "funnel", Asked(as_of=3, by=("channel",))).rows,
        ask(workspace, "deals", Asked(as_of=3, by=("owner",))).rows,
    ]
    answers += workspace.reading(
        lambda reader: [_counts(reader, version) for version in range(1, last + 1)]
    )
    return answers


def _counts(reader: Reader, version: int) -> list[int]:
    return [len(reader.fetch(reader.table(name, version))) for name in TABLES]


def exports(files: Path) -> tuple[Path, Path]:
    """Two exports that name Ana; a touch of the second can't be read."""
    tables = company()
    tables["party"][0] = {**ANA, "phone": "0721 555 001"}
    tables["touch"].append(
        {**tables["touch"][1], "touch_id": "t7", "occurred_at": "Ana.Vlad@example.org"}
    )
    tables["lead"][1]["channel"] = "fair"
    return write_folder(files / "first", **company()), write_folder(files / "second", **tables)


def known_by_all(workspace: Workspace, files: Path) -> None:
    """Ana in three versions, in the quarantine and in the journal's history."""
    for folder in exports(files):
        import_paths(workspace, [folder], silent)
    later: Rows = {"touch": [{"touch_id": "t8", "party_id": "P-ana", "channel": "search"}]}
    record(workspace, [later])
    drain(workspace, silent)
    assert traces(workspace.path)


def known_by_passes(workspace: Workspace, files: Path) -> None:
    known_by_all(answering_by_passes(workspace), files)


@pytest.fixture(params=["engine", "passes"])
def known(request: pytest.FixtureRequest, ready: Ready) -> Workspace:
    """What people asked for is kept in more places where passes answer."""
    if request.param == "passes":
        return answering_by_passes(ready(known_by_passes))
    return ready(known_by_all)


def test_nothing_names_the_person_and_every_total_holds(known: Workspace) -> None:
    before = totals(known)
    assert erase_party(known, "P-ana") == 3
    assert traces(known.path) == []
    assert totals(known) == before
    assert [f for f in examine(known) if not f.well] == []


@pytest.mark.parametrize("known", ["engine"], indirect=True)
def test_lines_that_are_named_after_the_person_go_with_their_credits_and_returns(
    known: Workspace, tmp_path: Path
) -> None:
    """A return and a credit name the line only; both still name the same one afterwards."""
    key = "Ana Ionescu-Vlad 2024"
    sold = {"order_line_id": key, "party_id": "P-ana", "ordered_at": "2024-03-21T09:00:00Z"}
    back = {"order_line_id": "r1", "returns": key, "ordered_at": "2024-03-22T09:00:00Z"}
    credit = {"credit_id": "k1", "order_line_id": key, "employee_id": "e1"}
    columns = {"order_line_id": "", "party_id": "", "returns": "", "ordered_at": ""}
    lines = [columns | sold, columns | back]
    import_paths(known, [write_folder(tmp_path / "k", order_line=lines, credit=[credit])], silent)
    erase_party(known, "P-ana")
    assert traces(known.path) == []

    def named(reader: Reader) -> tuple[list[str], ...]:
        line, credit = (reader.fetch(reader.table(n)) for n in ("order_line", "credit"))
        returned = [each for each in line["returns"].to_pylist() if each]
        return line["order_line_id"].to_pylist(), returned, credit["order_line_id"].to_pylist()

    keys, returned, credited = known.reading(named)
    assert returned == credited
    assert set(returned) < set(keys)


@pytest.mark.parametrize("known", ["engine"], indirect=True)
def test_importing_the_old_files_again_does_not_bring_the_person_back(
    known: Workspace, tmp_path: Path
) -> None:
    erase_party(known, "P-ana")
    before = totals(known)
    version = known.reading(lambda reader: reader.head.version)
    for folder in exports(tmp_path):
        import_paths(known, [folder], silent)
    assert traces(known.path) == []
    assert totals(known)[: len(before)] == before
    assert known.reading(lambda reader: reader.head.version) >= version


@pytest.mark.parametrize("known", ["engine"], indirect=True)
def test_new_rows_of_an_erased_person_come_in_without_a_name(
    known: Workspace, tmp_path: Path
) -> None:
    erase_party(known, "P-ana")
    again = {"party_id": "P-new", "name": "Ana Ionescu-Vlad", "email": "ana.vlad@example.org"}
    touch = {"touch_id": "t99", "party_id": "P-ana", "channel": "search", "kind": "visit"}
    import_paths(known, [write_folder(tmp_path / "third", party=[again], touch=[touch])], silent)
    assert traces(known.path) == []
    last = known.reading(lambda reader: reader.head.version)
    assert known.reading(lambda reader: _counts(reader, last))[TABLES.index("touch")] == 5


@pytest.mark.parametrize("known", ["engine"], indirect=True)
def test_others_keep_their_names(known: Workspace) -> None:
    erase_party(known, "P-ana")
    parties = known.reading(lambda reader: reader.fetch(reader.table("party")).to_pylist())
    assert "Bogdan Marin" in {party["name"] for party in parties}


@pytest.mark.parametrize("known", ["engine"], indirect=True)
def test_a_restored_backup_does_not_bring_the_person_back(
    known: Workspace, tmp_path: Path, reopen: Callable[[Path], Workspace]
) -> None:
    back_up(known, tmp_path / "backup.zip")
    before = totals(known)
    erase_party(known, "P-ana")
    _, register = unpack(tmp_path / "backup.zip", tmp_path / "restored", [])
    restored = reopen(tmp_path / "restored")
    assert register is not None
    replay_erasures(restored, register)
    assert traces(restored.path) == []
    assert totals(restored) == before


@pytest.mark.parametrize("known", ["engine"], indirect=True)
def test_nobody_known_is_said(known: Workspace) -> None:
    with pytest.raises(UsageError, match="No party 'P-nobody'"):
        erase_party(known, "P-nobody")
