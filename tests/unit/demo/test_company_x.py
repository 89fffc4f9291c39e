"""Company X: the files are what the generator makes, can be read, and hold the quarrel."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.intake.staged import silent
from onefunnel.ledger.schema import TABLES, Column, Kind
from onefunnel.workflows.importing import import_paths
from tests.unit.demo.files import quarrel, rows, tables
from tools.make_demo_company.calendar import END, FIRST_DAY, LAST_DAY, START
from tools.make_demo_company.company import FOLDER, UNREADABLE, make

LARGEST = 3_000_000
"""Bytes of all files together: they go into every installed copy."""

MENDED_BY_HAND = {"unlink"}
"""Tables of what a person undoes: a source brings none."""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return make()


def test_the_files_are_what_the_generator_makes(made: dict[str, str]) -> None:
    on_disk = {path.name: path.read_bytes().decode() for path in FOLDER.iterdir()}
    assert sorted(on_disk) == sorted(made)
    changed = [name for name in made if made[name] != on_disk[name]]
    assert changed == [], "Run: python -m tools.make_demo_company"


def test_every_table_has_its_file_and_they_are_small() -> None:
    assert set(tables()) == set(TABLES) - MENDED_BY_HAND
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LARGEST


@pytest.mark.parametrize("table", tables())
def test_every_value_can_be_read(table: str) -> None:
    columns = TABLES[table].by_name
    assert set(rows(table)[0]) <= set(columns)
    wrong = [
        (name, value)
        for row in rows(table)
        for name, value in row.items()
        if value and not readable(columns[name], value)
    ]
    assert wrong == []


@pytest.mark.parametrize("table", tables())
def test_keys_are_there_once_and_references_lead_somewhere(table: str) -> None:
    key = TABLES[table].key
    counts = Counter(row[key] for row in rows(table))
    assert "" not in counts
    assert [value for value, count in counts.items() if count > 1] == []
    for column in TABLES[table].columns:
        if column.references and column.name in rows(table)[0]:
            assert dangling(table, column) == set()


@pytest.mark.parametrize("table", [name for name in tables() if TABLES[name].instant])
def test_everything_happened_within_the_year(table: str) -> None:
    column = TABLES[table].by_name[str(TABLES[table].instant)]
    if column.kind is Kind.INSTANT:
        instants = [datetime.fromisoformat(row[column.name]) for row in rows(table)]
        assert min(instants) >= START
        assert max(instants) <= END
    else:
        found = [date.fromisoformat(row[column.name]) for row in rows(table)]
        assert min(found) >= FIRST_DAY
        assert max(found) <= LAST_DAY


def test_nobody_can_be_reached_by_what_stands_there() -> None:
    hosts = {row["email"].lower().partition("@")[2] for row in rows("party") if row["email"]}
    domains = {row["domain"] for row in rows("party") if row["domain"]}
    phones = {row["phone"] for row in rows("party") if row["phone"]}
    assert [h for h in hosts | domains if not h.endswith((".example", *RESERVED))] == []
    assert all(phone.startswith("+33 1 99 00 ") for phone in phones)


RESERVED = ("example.com", "example.net", "example.org")


def test_gates_are_worked_and_parts_are_left() -> None:
    gates, parts = quarrel("gates"), quarrel("parts")
    assert gates.worked / gates.leads > 0.85
    assert parts.worked / parts.leads < 0.2
    assert 3 < parts.leads / gates.leads < 5


@pytest.mark.parametrize(
    ("segment", "wins", "price", "share", "hours"),
    [("gates", 0.25, 2000, 0.15, 3.0), ("parts", 0.40, 60, 0.60, 0.4)],
)
def test_a_worked_lead_is_worth_what_the_quarrel_says(
    segment: str, wins: float, price: float, share: float, hours: float
) -> None:
    found = quarrel(segment)
    assert found.won / found.worked == pytest.approx(wins, abs=0.05)
    assert found.price == pytest.approx(price, rel=0.08)
    assert found.contribution_share == pytest.approx(share, abs=0.03)
    assert found.hours / found.worked == pytest.approx(hours, rel=0.1)


def test_an_hour_pays_the_salesperson_one_way_and_the_company_the_other() -> None:
    gates, parts = quarrel("gates"), quarrel("parts")
    assert gates.commission_an_hour > 2 * parts.commission_an_hour
    assert parts.contribution_an_hour > 1.2 * gates.contribution_an_hour


def test_what_cannot_be_read_goes_to_the_quarantine(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "x", name="Company X", country="RO")
    taken = import_paths(workspace, [FOLDER], silent)
    assert taken.quarantined == len(UNREADABLE)
    for table in tables():
        assert taken.counts[table] == {"new": len(rows(table))}


def readable(column: Column, text: str) -> bool:
    """Whether a text is what the canonical import takes for a column, in its strictest spelling."""
    if column.choices and text not in column.choices:
        return False
    try:
        parse(column.kind, text)
    except (ValueError, ArithmeticError):
        return False
    return True


def parse(kind: Kind, text: str) -> object:
    """The value of a text; ValueError or ArithmeticError where it is none."""
    if kind is Kind.INSTANT:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    if kind is Kind.DAY:
        return date.fromisoformat(text)
    if kind is Kind.COUNT:
        return int(text)
    if kind is Kind.FLAG:
        return ["false", "true"].index(text)
    if kind in (Kind.MONEY, Kind.QUANTITY, Kind.RATE, Kind.RATIO):
        return Decimal(text)
    return text


def dangling(table: str, column: Column) -> set[str]:
    """What a column names that is no record; cookies of unknown visitors have none by nature."""
    target = str(column.references)
    known = {row[TABLES[target].key] for row in rows(target)}
    if target == "party":
        known |= {row["value"] for row in rows("alias") if row["kind"] == "anonymous"}
    named = {row[column.name] for row in rows(table) if row[column.name]}
    strangers = {each for each in named if table == "touch" and each.startswith("v")}
    return named - known - strangers
