"""The touches in order: kept by imports, mended by what is new, thrown away without loss."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from onefunnel.errors import SystemFailed
from onefunnel.intake import silent
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.workflows import upkeep
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.keeping import back_up
from onefunnel.workflows.kept import forget
from onefunnel.workflows.put import Put
from onefunnel.workflows.workspace import Workspace

from .company import ANA, company, write_folder
from .conftest import Ready, answering_by_passes, fill

ASKED = Asked(by=("channel",))
NEVER = 1 << 60
MEASURES = ("funnel", "leaks", "conversion", "lost_reasons", "deals")


def fill_by_passes(workspace: Workspace, files: Path) -> None:
    fill(answering_by_passes(workspace), files)


@pytest.fixture
def quick(ready: Ready) -> Workspace:
    """A workspace of some touches that answers by passes."""
    return answering_by_passes(ready(fill_by_passes))


def answers(
    workspace: Workspace, asked: Asked = ASKED, measures: Sequence[str] = ("funnel",)
) -> list[tuple[Any, Any]]:
    """Rows and notes of measures, none of them taken from what was answered before."""
    forget(workspace.path)
    found = (ask(workspace, name, asked) for name in measures)
    return [(answer.rows, answer.notes) for answer in found]


def kept(workspace: Workspace) -> list[str]:
    """The names of the histories there are."""
    names = sorted(path.name for path in (workspace.path / "history").iterdir())
    return [name for name in names if not name.startswith(("known-", "rest-", "span-"))]


def by_engine(workspace: Workspace) -> Workspace:
    """The same workspace, answered by the engine's queries."""
    return answering_by_passes(workspace, NEVER)


def test_an_import_puts_touches_in_order_and_answers_are_those_of_the_engine(
    quick: Workspace,
) -> None:
    assert len(kept(quick)) == 1
    found = answers(quick, measures=MEASURES)
    assert answers(by_engine(quick), measures=MEASURES) == found


def test_few_touches_are_left_to_the_engine(workspace: Workspace, folder: Path) -> None:
    import_paths(workspace, [folder], silent)
    answers(workspace)
    assert not (workspace.path / "history").exists()


def test_new_touches_are_added_to_what_is_kept(quick: Workspace, tmp_path: Path) -> None:
    answers(quick)
    before = quick.path / "history" / kept(quick)[0]
    (base,) = [path.name for path in before.iterdir() if path.is_dir()]
    at = (before / base / "at.npy").stat().st_ino
    touches = [
        {
            "touch_id": f"more{i}",
            "party_id": party,
            "occurred_at": f"2024-0{3 + i}-05T08:00:00Z",
            "channel": "fair",
            "kind": "visit",
        }
        for i, party in enumerate(("P-bogdan", "P-somebody", "P-somebody"))
    ]
    import_paths(quick, [write_folder(tmp_path / "more", touch=touches)], silent)
    (after,) = kept(quick)
    parts = [path.name for path in (quick.path / "history" / after).iterdir() if path.is_dir()]
    assert len(parts) == 2
    assert (quick.path / "history" / after / base / "at.npy").stat().st_ino == at
    assert answers(by_engine(quick)) == answers(quick)


def test_what_somebody_says_of_how_they_came_is_no_origin(quick: Workspace, tmp_path: Path) -> None:
    known = [
        touched("a1", "P-only", 1, "self_report", "fair"),
        touched("a2", "P-later", 1, "self_report", "fair"),
        touched("a3", "P-tied", 1, "self_report", "fair"),
        touched("z4", "P-tied", 2, "visit", "web"),
        touched("z5", "P-told", 2, "visit", "letter"),
    ]
    import_paths(quick, [write_folder(tmp_path / "known", touch=known)], silent)
    assert answers(by_engine(quick)) == answers(quick)
    # Of one instant the smaller key comes first, whatever somebody said before or then.
    more = [
        touched("b2", "P-later", 3, "visit", "mail"),
        touched("b3", "P-tied", 2, "click", "press"),
        touched("b5", "P-told", 2, "self_report", "fair"),
    ]
    import_paths(quick, [write_folder(tmp_path / "more", touch=more)], silent)
    found = answers(quick)
    assert answers(by_engine(quick)) == found
    ((rows, _),) = found
    aware = {r.dimensions["channel"]: r.entered for r in rows if r.stage == "customer_awareness"}
    assert (aware["mail"], aware["press"], aware["letter"]) == (1, 1, 1)
    assert not {"fair", "web"} & aware.keys()


def touched(key: str, party: str, day: int, kind: str, channel: str) -> dict[str, str]:
    at = f"2024-01-0{day}T08:00:00Z"
    return {
        "touch_id": key,
        "party_id": party,
        "occurred_at": at,
        "kind": kind,
        "channel": channel,
    }


def test_whoever_changes_is_read_again(quick: Workspace, tmp_path: Path) -> None:
    answers(quick)
    touch = {**company()["touch"][0], "channel": "letter"}
    # Bogdan turns out to be Ana: their touches are one person's now.
    bogdan = {"party_id": "P-bogdan", "kind": "person", "email": ANA["email"]}
    parts = write_folder(tmp_path / "more", touch=[touch], party=[bogdan])
    import_paths(quick, [parts], silent)
    assert answers(by_engine(quick)) == answers(quick)


def test_who_is_left_without_a_touch_came_when_something_else_says(
    quick: Workspace, tmp_path: Path
) -> None:
    by_month = Asked(by=("cohort_month",))
    order = {
        "order_line_id": "late",
        "order_id": "late",
        "party_id": "P-late",
        "ordered_at": "2024-03-05T08:00:00Z",
        "quantity": "1",
        "net_price": "60",
        "unit_cost": "24",
    }
    touch = touched("a1", "P-late", 1, "visit", "fair")
    import_paths(quick, [write_folder(tmp_path / "1", touch=[touch], order_line=[order])], silent)
    assert _buyers_by_month(quick) == {"2024-01": 2}
    # The visit was somebody else's: the order is all that tells when its customer came.
    somebody = {**touch, "party_id": "P-somebody"}
    import_paths(quick, [write_folder(tmp_path / "2", touch=[somebody])], silent)
    assert _buyers_by_month(quick) == {"2024-01": 1, "2024-03": 1}
    assert answers(by_engine(quick), by_month) == answers(quick, by_month)


def _buyers_by_month(workspace: Workspace) -> dict[str | None, int]:
    ((rows, _),) = answers(workspace, Asked(by=("cohort_month",)))
    bought = [row for row in rows if row.stage == "purchase" and row.entered]
    return {row.dimensions["cohort_month"]: row.entered for row in bought}


def test_an_earlier_version_and_an_earlier_now_are_answered_too(
    quick: Workspace, tmp_path: Path
) -> None:
    first = answers(quick)
    touch = {"touch_id": "late", "party_id": "P-late", "occurred_at": "2024-05-05T08:00:00Z"}
    import_paths(quick, [write_folder(tmp_path / "more", touch=[touch])], silent)
    assert answers(quick, Asked(by=("channel",), as_of=1)) == first
    at_first = ask(quick, "funnel", Asked(as_of=1)).now
    earlier = answers(quick, Asked(by=("channel",), now=at_first))
    assert [rows for rows, _ in earlier] == [rows for rows, _ in first]


def test_what_is_lost_is_made_again(quick: Workspace) -> None:
    found = answers(quick)
    for path in sorted((quick.path / "history").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert answers(quick) == found


def test_a_backup_leaves_it_out(quick: Workspace, tmp_path: Path) -> None:
    back_up(quick, tmp_path / "backup.zip")
    names = zipfile.ZipFile(tmp_path / "backup.zip").namelist()
    assert not [name for name in names if name.startswith(("history", "cache"))]


def test_an_import_stands_though_its_touches_could_not_be_put_in_order(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(put: Put) -> None:
        raise SystemFailed("The engine's memory does not suffice.")

    monkeypatch.setattr(Put, "bring_up_to_date", fail)
    taken = import_paths(answering_by_passes(workspace), [folder], silent)
    assert taken.committed
    assert workspace.reading(version) == taken.version


def version(reader: Reader) -> int:
    return reader.head.version


def test_an_import_says_that_touches_are_put_in_order(workspace: Workspace, folder: Path) -> None:
    said: list[str] = []

    class Told:
        def step(self, what: str, done: int, total: int | None) -> None:
            said.append(what)

    import_paths(answering_by_passes(workspace), [folder], Told())
    assert said[-1] == "touches in order"
    assert upkeep.put_in_order(answering_by_passes(workspace), Told()) is None
