"""The Olist marketing funnel: leads since June 2017, wins on record only since December."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onefunnel.ledger.schema import Facts
from onefunnel.vocabulary import Question, Stage
from tests.spec.engines import ask, on_duckdb

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "olist"


def read(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the Olist data set is not there: {path.name} in shared/data/olist")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def facts() -> Facts:
    leads = read("olist_marketing_qualified_leads_dataset.csv")
    wins = read("olist_closed_deals_dataset.csv")
    records: dict[str, list[dict[str, Any]]] = {
        "lead": [
            {
                "lead_id": row["mql_id"],
                "created_at": instant(row["first_contact_date"]),
                "channel": row["origin"] or None,
            }
            for row in leads
        ],
        "deal": [{"deal_id": row["mql_id"], "lead_id": row["mql_id"]} for row in wins],
        "deal_event": [
            {
                "deal_event_id": row["mql_id"],
                "deal_id": row["mql_id"],
                "occurred_at": instant(row["won_date"]),
                "status": "won",
            }
            for row in wins
        ],
        "entity": [
            {"party_id": f"lead:{row['mql_id']}", "entity_code": code}
            for code, row in enumerate(leads)
        ],
    }
    return on_duckdb(records)


NOW = datetime(2018, 11, 14, 18, 4, 19, tzinfo=UTC)


def test_olist_has_8000_leads_and_842_wins_and_says_what_is_wrong_with_them(facts: Facts) -> None:
    rows, notes = ask(facts, "funnel", Question(now=NOW))
    by_stage = {row.stage: row for row in rows}
    assert by_stage[Stage.BRAND_CONSIDERATION].entered == 8000
    assert by_stage[Stage.PURCHASE].entered == by_stage[Stage.PURCHASE].observed == 842
    (late,) = [note for note in notes if note.code == "left_truncation"]
    assert late.params["stage"] == "purchase"
    assert late.params["from_stage"] == "brand_consideration"
    assert late.params["date"] == "2017-12-05"
    leads = read("olist_marketing_qualified_leads_dataset.csv")
    before = sum(1 for row in leads if row["first_contact_date"] < "2017-12-05 ")
    first_win = min(row["won_date"] for row in read("olist_closed_deals_dataset.csv"))
    assert first_win.startswith("2017-12-05")
    assert late.params["exposed"] == before
    (odd,) = [note for note in notes if note.code == "out_of_order"]
    assert odd.params == {"stage": "brand_consideration", "entities": 1}
    assert by_stage[Stage.BRAND_CONSIDERATION].implied == 1


def test_olist_wins_known_only_by_their_close_give_no_incidence_per_deal(facts: Facts) -> None:
    ((row,), notes) = ask(facts, "deals", Question(now=NOW))
    assert (row.won, row.lost, row.open) == (842, 0, 0)
    assert row.win_incidence is None
    assert {note.code: note.params.get("deals") for note in notes} == {
        "deals_known_only_by_close": 842,
        "refused_win_incidence": None,
    }


def test_olist_leads_without_origin_are_apart_from_those_of_origin_unknown(facts: Facts) -> None:
    rows, _ = ask(facts, "funnel", Question(now=NOW, by=("channel",)))
    entered = {
        row.dimensions["channel"]: row.entered
        for row in rows
        if row.stage is Stage.BRAND_CONSIDERATION
    }
    counted = Counter(
        row["origin"] or None for row in read("olist_marketing_qualified_leads_dataset.csv")
    )
    assert entered == dict(counted)
    assert entered[None] == 60


def test_olist_lead_to_win_within_90_days_is_far_below_wins_over_leads_of_no_period(
    facts: Facts,
) -> None:
    # Plain counting over leads that all have 90 days of follow-up, none censored or lost before.
    start = datetime(2018, 1, 1, tzinfo=UTC)
    end = datetime(2018, 3, 1, tzinfo=UTC)
    rows, _ = ask(facts, "conversion", Question(now=NOW, start=start, end=end))
    row = next(
        row
        for row in rows
        if (row.from_stage, row.to_stage) == (Stage.BRAND_CONSIDERATION, Stage.PURCHASE)
    )
    wins = {r["mql_id"]: instant(r["won_date"]) for r in read("olist_closed_deals_dataset.csv")}
    cohort = [
        (instant(r["first_contact_date"]), wins.get(r["mql_id"]))
        for r in read("olist_marketing_qualified_leads_dataset.csv")
        if start <= instant(r["first_contact_date"]) < end
    ]
    won = [1 for at, win in cohort if win and (win - at).total_seconds() // 86_400 < 90]
    assert row.at_risk == len(cohort)
    assert row.conversion == pytest.approx(len(won) / len(cohort), rel=1e-9)
    assert row.maturity == 1.0
