"""The directory: every lead and record is in it, at its place, and nobody who was erased."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.simulator import SCENARIOS, simulate
from onefunnel.workflows.directory.building import build, places
from onefunnel.workflows.directory.reading import Directory, Lead, Wanted, newest
from onefunnel.workflows.erasing import erase_party
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace

from .company import company, write_folder
from .conftest import Ready, answering_by_passes, fill, still
from .test_erasing import traces

T = "2024-03-{:02d}T10:00:00Z"


def steps(lead: str, *kinds: str) -> list[dict[str, Any]]:
    return [
        {
            "handoff_id": f"{lead}-{at}",
            "lead_id": lead,
            "occurred_at": T.format(5 + at),
            "kind": kind,
            "actor": "e1" if kind != "offered" else "",
        }
        for at, kind in enumerate(kinds)
    ]


def deal(lead: str, *statuses: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return {"deal_id": f"d-{lead}", "party_id": f"P-{lead}", "lead_id": lead, "owner": "e2"}, [
        {
            "deal_event_id": f"x-{lead}-{at}",
            "deal_id": f"d-{lead}",
            "occurred_at": T.format(15 + at),
            "status": status,
            "amount": "100",
        }
        for at, status in enumerate(statuses)
    ]


STEPS = {
    "new": (),
    "offered": ("offered",),
    "accepted": ("offered", "accepted"),
    "tried": ("offered", "attempted"),
    "back": ("offered", "rejected"),
    "back-again": ("offered", "rejected", "assigned"),
    "asleep": ("offered", "connected", "recycled"),
}
STATES = {
    "new": "new",
    "offered": "waiting",
    "accepted": "waiting",
    "tried": "worked",
    "back": "rejected",
    "back-again": "worked",
    "asleep": "recycled",
    "open": "open",
    "won": "won",
    "lost": "lost",
    "bought": "won",
}


@pytest.fixture(scope="module")
def leads(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A lead of every state; who bought has no deal; ``new`` is of a party nobody knows."""
    root = tmp_path_factory.mktemp("leads")
    workspace = still(bootstrap.init_workspace(root / "firm", country="RO"))
    deals = [deal("open", "open"), deal("won", "open", "won"), deal("lost", "lost")]
    rows: dict[str, list[dict[str, Any]]] = {
        "party": [{"party_id": f"P-{name}", "name": f"Țurcan {name}"} for name in STATES],
        "lead": [
            {
                "lead_id": name,
                "party_id": f"P-{name}" if name != "new" else "",
                "created_at": T.format(1 + at),
                "channel": "search" if at % 2 else "",
                "campaign": "Spring",
            }
            for at, name in enumerate(STATES)
        ],
        "handoff": [each for name, kinds in STEPS.items() for each in steps(name, *kinds)],
        "deal": [each for each, _ in deals],
        "deal_event": [event for _, events in deals for event in events],
        "order_line": [
            {
                "order_line_id": f"i{at}",
                "order_id": "o1",
                "party_id": "P-bought",
                "ordered_at": T.format(28),
                "quantity": 2,
                "net_price": "10.5",
                "unit_cost": "4",
            }
            for at in range(2)
        ],
        "employee": [{"employee_id": "e2", "name": "Dan", "department": "sales"}],
    }
    import_paths(workspace, [write_folder(root / "files", **rows)], silent)
    build(workspace)
    return workspace


ALL = Wanted()


def looked(workspace: Workspace, look: Callable[[Directory], Any]) -> Any:
    with newest(workspace) as directory:
        assert directory is not None
        return look(directory)


def listed(workspace: Workspace, wanted: Wanted = ALL, after: int = 0) -> list[Lead]:
    found: list[Lead] = looked(workspace, lambda d: d.leads(wanted, after, 50))
    return found


def test_where_each_lead_stands(leads: Workspace) -> None:
    assert {each.lead_id: str(each.state) for each in listed(leads)} == STATES


def test_who_waits_stands_first_then_the_newest(leads: Workspace) -> None:
    found = [each.lead_id for each in listed(leads)]
    assert found[:2] == ["accepted", "offered"]
    rest = [each for each in reversed(STATES) if each not in ("accepted", "offered")]
    assert found[2:] == rest
    waits = {each.lead_id: each.waiting_since for each in listed(leads) if each.waiting_since}
    assert {key: since.day for key, since in waits.items()} == {"accepted": 5, "offered": 5}
    second = listed(leads, after=listed(leads)[3].place)
    assert [each.lead_id for each in second] == found[4:]


def test_filters_and_names(leads: Workspace) -> None:
    def keys(wanted: Wanted) -> set[str]:
        return {each.lead_id for each in listed(leads, wanted)}

    assert keys(Wanted("lost")) == {"lost", "back"}
    assert keys(Wanted("worked")) == {"open", "asleep", "tried", "back-again"}
    assert keys(Wanted(channel=(None,))) | keys(Wanted(channel=("search",))) == set(STATES)
    assert not keys(Wanted(channel=(None,))) & keys(Wanted(channel=("search",)))
    assert keys(Wanted(of="TURC wo")) == {"won"}
    assert keys(Wanted("lost", of="țurcan")) == {"lost", "back"}
    assert keys(Wanted(of="--")) == set()
    assert keys(Wanted(of='"* OR NOT (')) == set()


def test_a_journey_is_whole_and_in_order(leads: Workspace) -> None:
    def journey(directory: Directory, party: str) -> list[dict[str, Any]]:
        code = directory.entity_of(party)
        assert code is not None
        rows: list[dict[str, Any]] = directory.journey(code).to_pylist()
        return rows

    bought = looked(leads, lambda d: journey(d, "P-bought"))
    assert [each["source"] for each in bought] == ["lead", "order"]
    assert (bought[1]["amount"], bought[1]["contribution"]) == (42, 26)
    assert bought[1]["number"] == 2
    asleep = looked(leads, lambda d: journey(d, "P-asleep"))
    steps = [each["kind"] for each in asleep if each["source"] == "handoff"]
    assert (steps, len(asleep)) == (list(STEPS["asleep"]), 4)
    nobody = looked(leads, lambda d: journey(d, "lead:new"))
    assert [each["key"] for each in nobody] == ["new"]
    assert looked(leads, lambda d: d.entity_of("P-nobody")) is None
    assert looked(leads, lambda d: d.lead("nothing")) is None


def test_how_far_somebody_came(leads: Workspace) -> None:
    def progress(directory: Directory) -> Any:
        return directory.progress(directory.entity_of("P-bought") or 0)

    found = looked(leads, progress)
    assert (found["revenue"], found["contribution"], found["lines"]) == (42, 26, 2)
    assert found["at_5"].day == 28
    assert found["at_6"] is None


@pytest.mark.parametrize("passes", [pytest.param(False, marks=pytest.mark.long), True])
def test_every_record_of_a_company_is_in_a_journey(
    workspace: Workspace, tmp_path: Path, passes: bool
) -> None:
    """Whatever the engine counts of each table, the journeys hold."""
    workspace = answering_by_passes(workspace) if passes else workspace
    made = simulate(SCENARIOS["company-x"](touches=1_500, seed=3, language="en"))
    made.write(tmp_path / "files")
    import_paths(workspace, [tmp_path / "files"], silent)
    about = build(workspace)
    wanted = {"touch", "lead", "handoff", "deal_event", "quote", "commitment", "advocacy"}
    counts: dict[str, int] = workspace.reading(
        lambda reader: {name: len(reader.fetch(reader.table(name))) for name in wanted}
    )
    codes = workspace.reading(
        lambda reader: set(reader.fetch(reader.table("entity"))["entity_code"].to_pylist())
    )
    held: dict[str, int] = {}

    def count(directory: Directory) -> None:
        for code in codes:
            rows = directory.journey(code)
            at = [each for each in rows["at"].to_pylist() if each is not None]
            assert at == sorted(at)
            for source in rows["source"].to_pylist():
                held[source] = held.get(source, 0) + 1

    looked(workspace, count)
    assert held.pop("order") > 0
    assert {("deal_event" if k == "deal" else k): n for k, n in held.items()} == counts
    tally = looked(workspace, lambda d: d.tally())
    assert about.leads == counts["lead"] == sum(each[2] for each in tally)


def test_an_earlier_directory_stands_until_the_next(ready: Ready, tmp_path: Path) -> None:
    workspace = ready(fill_and_build)
    for version in (2, 3):
        rows = {"lead": [{"lead_id": f"later-{version}", "created_at": T.format(30)}]}
        import_paths(workspace, [write_folder(tmp_path / f"{version}", **rows)], silent)
        assert looked(workspace, lambda d: d.about.version) == version - 1
        build(workspace)
        assert looked(workspace, lambda d: d.about.version) == version
    assert len(places(workspace)) == 2
    assert looked(workspace, lambda d: d.lead("later-3")) is not None


def fill_and_build(workspace: Workspace, files: Path) -> None:
    fill(workspace, files)
    build(workspace)


def test_erasure_leaves_nothing_in_it(ready: Ready) -> None:
    workspace = ready(fill_and_build)
    assert "listing.sqlite" in {name for name, _ in traces(workspace.path)}
    erase_party(workspace, "P-ana")
    assert traces(workspace.path) == []
    build(workspace)
    assert traces(workspace.path) == []
    assert looked(workspace, lambda d: d.entity_of("P-ana")) is None


def test_who_is_erased_while_it_is_made_is_not_in_it(ready: Ready) -> None:
    workspace = ready(fill)
    erased = []

    class Erasing:
        def step(self, what: str, done: int, total: int | None) -> None:
            if what == "directory: leads" and not erased:
                erased.append(erase_party(workspace, "P-ana"))

    build(workspace, Erasing())
    assert erased
    assert traces(workspace.path) == []


def test_names_of_two_parties_are_one_customer(ready: Ready) -> None:
    workspace = ready(fill_and_build)
    assert company()["party"][0]["party_id"] == "P-ana"

    def find(directory: Directory) -> list[set[int]]:
        asked = ("ana ionescu", "ANA.vlad", "0721 555 0", "vlad ana")
        return [{each.entity_code for each in directory.find_customers(q, 5)} for q in asked]

    found = looked(workspace, find)
    code = looked(workspace, lambda d: d.entity_of("P-ana-2"))
    assert code == looked(workspace, lambda d: d.entity_of("P-ana"))
    assert found == [{code}] * 4
    parties = looked(workspace, lambda d: {each["party_id"] for each in d.contacts(code)})
    assert parties >= {"P-ana", "P-ana-2", "cookie-ana-123456"}
