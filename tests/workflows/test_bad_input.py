"""Files that can't be read as a whole leave the ledger as it was; bad rows can be mended."""

from __future__ import annotations

import csv
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from onefunnel.errors import InputError, UsageError
from onefunnel.intake import silent
from onefunnel.ledger.disk import faults
from onefunnel.ledger.disk.head import read_head
from onefunnel.workflows import quarantine
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.taking_in import Taken
from onefunnel.workflows.workspace import Workspace

Take = Callable[..., Taken]
ODD = ['=HYPERLINK("x")', "+49", "two\nlines", "@x", "'quoted", "-1", "سلام", "\r\nx"]


@pytest.fixture
def take(workspace: Workspace) -> Take:
    return lambda *paths: import_paths(workspace, paths, silent)


def refused(take: Take, workspace: Workspace, path: Path) -> InputError:
    before = read_head(workspace.ledger)
    with pytest.raises(InputError) as told:
        take(path)
    assert read_head(workspace.ledger) == before
    assert "scratch" not in str(told.value)
    return told.value


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


CONTACTS = (
    "Record ID,First Name,Email,Create Date,Original Source\n7,Ana,a@firm.example,2024-03-05,Ads\n"
)


def test_exports_that_are_known_need_no_mapping(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    write(tmp_path / "exports" / "hubspot-all-contacts.csv", CONTACTS)
    write(tmp_path / "exports" / "lead.csv", "lead_id,created_at\nl1,2024-03-01T00:00:00Z\n")
    write(tmp_path / "exports" / "README.txt", "Exported on Monday.\n")
    taken = take(tmp_path / "exports")
    assert taken.counts["lead"]["new"] == 2
    assert taken.counts["party"]["new"] == 1


def test_a_list_that_nobody_knows_is_refused_with_what_to_do(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    error = refused(take, workspace, write(tmp_path / "odd.csv", "colour,when\nred,2024-03-01\n"))
    assert (error.code, error.place.file) == ("unknown_list", "odd.csv")
    assert "--mapping" in error.remedy


def test_an_archive_in_an_archive_is_told_as_such(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", b"PK\x05\x06" + bytes(18))
    assert refused(take, workspace, tmp_path / "outer.zip").code == "unknown_kind"


def test_a_folder_without_files_is_called_by_its_name(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    write(tmp_path / "exports" / "README.txt", "Exported on Monday.\n")
    error = refused(take, workspace, tmp_path / "exports")
    assert error.code == "no_files"


def test_a_doubtful_number_is_told_with_its_line(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    text = 'spend_id,amount,currency\n1,5,EUR\n2,"1,234",EUR\n'
    error = refused(take, workspace, write(tmp_path / "spend.csv", text))
    assert (error.code, error.place.line) == ("ambiguous_number", 3)


def test_the_nearest_currency_is_said(take: Take, workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "spend.csv", "spend_id,amount,currency\n1,5,EUE\n")
    assert "Did you mean 'EUR'?" in refused(take, workspace, path).remedy


def test_what_is_no_plain_file_is_refused(take: Take, workspace: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lead.csv")
    assert refused(take, workspace, tmp_path / "lead.csv").code == "not_readable"


def test_a_file_without_permission_is_refused(
    take: Take, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "lead.csv", "lead_id\n1\n")
    open_file = Path.open

    def forbidden(self: Path, *arguments: Any, **named: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return open_file(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", forbidden)
    assert refused(take, workspace, path).code == "not_readable"


def add_a_line(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("2\n")


def put_another_in_its_place(path: Path) -> None:
    write(path.with_name("other"), path.read_text("utf-8")).replace(path)


def put_another_beside(path: Path) -> None:
    write(path.with_name("party.csv"), "party_id\nP\n")


@pytest.mark.parametrize("point", ["files_seen", "staged"])
@pytest.mark.parametrize(
    "change", [add_a_line, put_another_in_its_place, put_another_beside, Path.unlink]
)
def test_a_file_that_changes_while_it_is_read_is_refused(
    take: Take,
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    change: Callable[[Path], object],
) -> None:
    path = write(tmp_path / "exports" / "lead.csv", "lead_id\n1\n")
    monkeypatch.setattr(faults, "_hook", lambda name: change(path) if name == point else None)
    error = refused(take, workspace, path.parent)
    assert (error.code, error.__class__) == ("changed_meanwhile", InputError)
    monkeypatch.undo()
    write(path, "lead_id\n1\n2\n")
    assert take(path).counts["lead"] == {"new": 2}


def test_a_log_that_grows_beside_what_is_read_does_no_harm(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "exports" / "lead.csv", "lead_id\n1\n")
    log = write(tmp_path / "exports" / "sync.log", "begun\n")
    monkeypatch.setattr(faults, "_hook", lambda name: add_a_line(log) if name == "staged" else None)
    assert take(path.parent).counts["lead"] == {"new": 1}


def test_a_file_beyond_the_limit_is_not_even_read(workspace: Workspace, tmp_path: Path) -> None:
    limits = replace(workspace.settings.limits, max_file_bytes=10)
    small = replace(workspace, settings=replace(workspace.settings, limits=limits))
    with pytest.raises(InputError, match="the limit is 10") as told:
        import_paths(small, [write(tmp_path / "lead.csv", "lead_id\n1234567\n")], silent)
    assert told.value.code == "file_too_large"


def test_stray_files_in_a_folder_are_passed_over(take: Take, tmp_path: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "README.txt", ".git/a/b/c", "desktop.ini"):
        write(tmp_path / "exports" / name, "hello, there\n")
    write(tmp_path / "exports" / "product.csv", "sku,name\nA,a\n")
    taken = take(tmp_path / "exports")
    assert taken.counts["product"]["new"] == 1
    assert any("README.txt" in note.text for note in taken.notes)


def mend(path: Path, change: Callable[[dict[str, str]], object], encoding: str, mark: str) -> None:
    """As a spreadsheet does it: read the file, change it, write it in the manner of the place."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=mark)
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("encoding", "mark", "folder"),
    [("utf-8", ",", False), ("utf-8-sig", ";", False), ("utf-16", "\t", True)],
)
def test_rows_come_back_from_the_quarantine_as_they_were(
    take: Take, workspace: Workspace, tmp_path: Path, encoding: str, mark: str, folder: bool
) -> None:
    first = tmp_path / "lead.csv"
    with first.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["lead_id", "created_at", "channel"])
        writer.writerows([f"L{at}", "soon", text] for at, text in enumerate(ODD))
    assert take(first).quarantined == len(ODD)
    # By its name the file is of no table: its rows say which; in a folder it is named after it.
    out = tmp_path / "mended" / ("lead.csv" if folder else "by hand.csv")
    out.parent.mkdir()
    assert quarantine.export(workspace, out) == len(ODD)
    mend(out, lambda row: row.update(created_at="2024-05-01"), encoding, mark)
    taken = take(out.parent if folder else out)
    assert (taken.counts["lead"]["new"], taken.quarantined) == (len(ODD), 0)
    assert len(quarantine.listed(workspace)) == 0
    stored = workspace.reading(lambda reader: reader.fetch(reader.table("lead")))
    assert sorted(stored["channel"].to_pylist()) == sorted(ODD)


def test_what_is_not_mended_stays_in_the_quarantine(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    text = 'lead_id,created_at\nL1,soon\nL2,2024-05-01,more\n"L3,2024-05-01\n'
    assert take(write(tmp_path / "lead.csv", text)).quarantined == 3
    out = tmp_path / "mended.csv"
    quarantine.export(workspace, out)
    mend(out, lambda row: row.update(created_at=row["created_at"] and "2024-05-02"), "utf-8", ",")
    taken = take(out)
    assert taken.counts["lead"] == {"new": 1}
    assert sorted(quarantine.listed(workspace)["code"].to_pylist()) == [
        "bad_quote",
        "too_many_columns",
    ]


def test_rows_of_several_tables_are_not_exported_into_one_file(
    take: Take, workspace: Workspace, tmp_path: Path
) -> None:
    take(write(tmp_path / "lead.csv", "lead_id,created_at\nL1,soon\n"))
    take(write(tmp_path / "deal.csv", "deal_id,party_id\n,P1\n"))
    with pytest.raises(UsageError, match="--table deal"):
        quarantine.export(workspace, tmp_path / "out.csv")
    assert quarantine.export(workspace, tmp_path / "out.csv", "lead") == 1


def test_copies_of_what_is_read_lie_in_the_workspace_where_they_are_swept(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed must not leave personal data in the system's temporary folder."""
    made: list[Path] = []

    def noted(*, prefix: str, dir: Path) -> TemporaryDirectory[str]:
        folder = TemporaryDirectory(prefix=prefix, dir=dir)
        made.append(Path(folder.name))
        return folder

    monkeypatch.setattr("onefunnel.intake.reading.TemporaryDirectory", noted)
    path = tmp_path / "party.csv"
    path.write_bytes("party_id,name\n1,Анна\n".encode("utf-16"))
    import_paths(workspace, [path], silent)
    assert made
    assert all(folder.is_relative_to(workspace.scratch) for folder in made)
