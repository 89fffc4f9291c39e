"""Simulated companies in workspaces, taken in as a user does it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from onefunnel import bootstrap
from onefunnel.api import Opened
from onefunnel.api import open as open_workspace
from onefunnel.ledger.schema import TABLES
from onefunnel.simulator import Company


def take_in(
    company: Company, folder: Path, format: str = "parquet", tables: Collection[str] = TABLES
) -> Opened:
    """A workspace in a new folder with these tables of a company; no row of them is refused."""
    scenario, words = company.scenario, company.scenario.words
    for path in company.write(folder / "company", format).iterdir():
        if path.stem not in tables:
            path.unlink()
    bootstrap.init_workspace(
        folder / "firm",
        currency=scenario.money,
        timezone=words.zone,
        language=scenario.language,
        calendar_name=words.calendar,
        country=words.country,
    )
    opened = open_workspace(folder / "firm")
    summary = opened.import_files(folder / "company", strict=True)
    made = {name: rows.num_rows for name, rows in company.tables().items() if name in tables}
    assert summary.quarantined == 0
    assert summary.counts == {name: {"new": rows} for name, rows in made.items() if rows}
    return opened
