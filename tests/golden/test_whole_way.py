"""Published figures, the whole way: files in, `onefunnel show --format json` out."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onefunnel.cli import main

DATA = Path(__file__).parents[2].parent / "shared" / "data"
NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)

# Methods, section 3: days, and how it ended: 0 censored, 1 won, 2 lost.
TEN_DEALS = [(1, 2), (2, 1), (3, 0), (4, 2), (5, 1), (6, 0), (7, 1), (8, 2), (9, 0), (10, 0)]


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert left.value.code == 0


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Any:
    def show(*arguments: object) -> dict[str, Any]:
        capsys.readouterr()
        run("show", *arguments, "--format", "json")
        return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]

    return show


def needs(folder: str) -> Path:
    if not (DATA / folder).is_dir():
        pytest.skip(f"the published data {folder} is not beside the checkout")
    return DATA / folder


def ten_deals(folder: Path) -> Path:
    """A canonical folder; the open ones were opened as many days before now as they are old."""
    folder.mkdir()
    deals, events = [], []
    for number, (days, end) in enumerate(TEN_DEALS):
        name = f"d{number}"
        opened = NOW - timedelta(days=days if end == 0 else 10)
        deals.append({"deal_id": name, "party_id": f"p{number}"})
        events.append((f"{name}-1", name, opened, "open"))
        if end:
            closed = opened + timedelta(days=days)
            events.append((f"{name}-2", name, closed, "won" if end == 1 else "lost"))
    with (folder / "deal.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["deal_id", "party_id"])
        writer.writeheader()
        writer.writerows(deals)
    with (folder / "deal_event.csv").open("w", newline="") as file:
        plain = csv.writer(file)
        plain.writerow(["deal_event_id", "deal_id", "occurred_at", "status"])
        plain.writerows([key, deal, at.isoformat(), status] for key, deal, at, status in events)
    return folder


def test_ten_deals_through_a_canonical_folder(tmp_path: Path, shown: Any) -> None:
    run("init", tmp_path / "firm")
    run("import", tmp_path / "firm", ten_deals(tmp_path / "exports"))
    asked = (tmp_path / "firm", "--horizon", 10, "--now", NOW.isoformat())
    (row,) = shown(asked[0], "deals", *asked[1:])["rows"]
    assert (row["won"], row["lost"], row["open"]) == (3, 3, 4)
    assert row["win_incidence"] == pytest.approx(0.357143, abs=5e-7)
    assert row["lost_incidence"] == pytest.approx(0.357143, abs=5e-7)
    assert row["one_minus_km"] == pytest.approx(0.444444, abs=5e-7)
    assert (row["won_of_all"], row["won_of_closed"]) == (0.3, 0.5)
    stages = {each["stage"]: each for each in shown(asked[0], "funnel", *asked[1:])["rows"]}
    assert stages["purchase"]["conversion"] == pytest.approx(0.357143, abs=5e-7)
    assert stages["purchase"]["lost"] == pytest.approx(0.357143, abs=5e-7)


def test_olist_through_its_mapping(tmp_path: Path, shown: Any) -> None:
    data, firm = needs("olist"), tmp_path / "firm"
    run("init", firm, "--currency", "BRL", "--timezone", "America/Sao_Paulo")
    run("import", firm, data, "--preset", "olist")
    answer = shown(firm, "funnel")
    stages = {each["stage"]: each for each in answer["rows"]}
    assert stages["brand_consideration"]["entered"] == 8000
    assert stages["purchase"]["entered"] == 842
    assert stages["purchase"]["revenue"] == "676851.4800"
    assert stages["purchase"]["realised_contribution"] is None
    assert stages["purchase"]["unknown_contribution_lines"] == 5044
    codes = {note["code"] for note in answer["notes"]}
    assert {"left_truncation", "out_of_order"} <= codes
    channels = shown(firm, "funnel", "--by", "channel")["rows"]
    leads = {r["channel"]: r["entered"] for r in channels if r["stage"] == "brand_consideration"}
    assert (leads[None], sum(leads.values())) == (60, 8000)
    run("import", firm, data, "--preset", "olist")
    assert shown(firm, "funnel") == answer


def test_maven_through_its_mapping(
    tmp_path: Path, shown: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    data, firm = needs("maven_crm"), tmp_path / "firm"
    run("init", firm, "--currency", "USD")
    run("import", firm, data, "--preset", "maven")
    said = capsys.readouterr().err
    assert "'GTX Pro' and 'GTXPro' are probably the same" in said
    (row,) = shown(firm, "deals")["rows"]
    assert (row["won"], row["lost"]) == (4238, 2473)
    assert row["won_of_closed"] == pytest.approx(0.6315, abs=5e-5)
