"""From records to who can move what: rows, notes and thresholds of the measure ``scorecard``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from onefunnel.measures.scorecard.notes import OPPOSED
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.vocabulary import Note, Question, Terms
from tests.spec.engines import ask, on_duckdb

FIRST = datetime(2023, 5, 1, tzinfo=UTC)
MONTHS = 24
NOW = datetime(2025, 5, 2, tzinfo=UTC)
HEAD = """
level = "{level}"
of = "{of}"
department = "{department}"
from = 2023-01-01
"""
MEASURE = """
[[measure]]
source = "{source}"
owner = "{owner}"
weight = {weight}
threshold = {bounds[0]}
target = {bounds[1]}
cap = {bounds[2]}
"""


def card(level: str, of: str, department: str, *sources: str, counter: str = "") -> str:
    text = HEAD.format(level=level, of=of, department=department)
    for source in sources:
        bounds = (3, 2, 1) if source in ("discount", "cost_per_lead") else (1, 2, 3)
        owner, weight = department, round(1 / len(sources), 2)
        text += MEASURE.format(source=source, owner=owner, weight=weight, bounds=bounds)
        text += f'counter = "{counter}"\n' if counter else ""
    return text


def months() -> list[datetime]:
    starts = [FIRST]
    while len(starts) < MONTHS:
        starts.append((starts[-1] + timedelta(days=32)).replace(day=1))
    return starts


def company() -> dict[str, list[dict[str, Any]]]:
    """Two years: what bob sells follows what he tries, not the leads that come; ann sells little.

    Leads follow the square root of what is spent on them.
    """
    random = np.random.default_rng(12)
    leads: list[dict[str, Any]] = []
    tries: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    spent: list[dict[str, Any]] = []
    spend, before = 50, 0
    for number, start in enumerate(months()):
        spend = int(np.clip(spend + random.integers(-15, 16), 20, 80))
        tried = int(random.integers(20, 60))
        earlier = int(spent[-1]["amount"]) if spent else spend
        came = round(3 * (spend + earlier) ** 0.5)
        spent.append({"spend_id": f"s{number}", "day": start.date(), "amount": Decimal(spend)})
        leads += [
            {
                "lead_id": f"l{number}-{at}",
                "party_id": "p",
                "created_at": start + timedelta(hours=at),
            }
            for at in range(came)
        ]
        for at in range(tried):
            who = "ann" if at == 0 else "bob"
            when = start + timedelta(days=20, minutes=at)
            tries.append(
                {
                    "handoff_id": f"h{number}-{at}",
                    "lead_id": f"l{number}-{at % came}",
                    "occurred_at": when,
                    "kind": "attempted",
                    "actor": who,
                }
            )
        sold = (tried - 1) * 10 + (before or tried - 1) * 10 + int(random.integers(-5, 6))
        before = tried - 1
        for who, price in (("bob", sold), ("ann", 4)):
            lines.append(
                {
                    "order_line_id": f"{number}-{who}",
                    "order_id": f"{number}-{who}",
                    "party_id": "p",
                    "ordered_at": start + timedelta(days=25),
                    "quantity": Decimal(1),
                    "net_price": Decimal(price),
                    "unit_cost": Decimal(0),
                    "seller": who,
                }
            )
    return {
        "lead": leads,
        "handoff": tries,
        "order_line": lines,
        "spend": spent,
        "entity": [{"party_id": "p", "entity_code": 0}],
    }


TURNED = card("role", "desk", "support", "discount").replace("threshold = 3", "threshold = 1")
CARDS = {
    "ann": card("person", "ann", "sales", "profit", "revenue"),
    "bob": card("person", "bob", "sales", "profit", "revenue"),
    "care": card("team", "kim", "support", "revenue", "arpu", counter="arpu"),
    "company": card("company", "X", "sales", "revenue").replace('department = "sales"\n', ""),
    "desk": card("person", "kim", "support", "discount"),
    "desks": TURNED.replace("cap = 1", "cap = 3"),
    "marketing": card("department", "marketing", "marketing", "leads", "cost_per_lead"),
    "mia": card("person", "mia", "marketing", "leads", "discount"),
    "nik": card("person", "nik", "sales", "contribution"),
    "sales": card("department", "sales", "sales", "revenue", "leads", "discount"),
    "support": card("department", "support", "support", "repeat_purchase", "revenue"),
}


@dataclass(frozen=True)
class Told:
    rows: dict[tuple[str, str | None], ScorecardRow]
    notes: tuple[Note, ...]

    def said(self, of: str, source: str) -> tuple[str | None, str | None]:
        row = self.rows[f"scorecards/{of}.toml", source]
        return row.influence_code, row.influence_reason or row.influence_by

    def noted(self, code: str) -> list[tuple[str, str]]:
        found = [each.params for each in self.notes if each.code == code]
        return [(str(each["scorecard"])[11:-5], str(each["measure"])) for each in found]


@pytest.fixture(scope="module")
def found() -> Told:
    terms = Terms(tuple((f"scorecards/{name}.toml", text) for name, text in CARDS.items()))
    rows, notes = ask(on_duckdb(company()), "scorecard", Question(now=NOW, terms=terms))
    return Told({(row.scorecard, row.measure): row for row in rows}, notes)


def test_who_sells_little_can_hardly_move_the_profit(found: Told) -> None:
    ann, bob = (found.rows[f"scorecards/{who}.toml", "profit"] for who in ("ann", "bob"))
    assert found.said("ann", "profit") == ("no_influence", "rows")
    assert found.said("bob", "profit") == (None, "history")
    assert ann.influence is not None
    assert bob.influence is not None
    assert 0 < ann.influence < 0.02 < 0.9 < bob.influence
    (note,) = (each for each in found.notes if each.code == "scorecard_no_influence")
    assert (note.params["scorecard"], note.params["measure"]) == ("scorecards/ann.toml", "profit")
    assert (note.params["least"], note.params["most"]) == (0.05, ann.influence_high)


def test_all_of_a_figure_that_is_read_from_their_own_rows_is_theirs(found: Told) -> None:
    assert found.said("ann", "revenue") == (None, "rows")
    assert found.rows["scorecards/ann.toml", "revenue"].influence == 1.0
    # Nobody knows a nik.
    assert found.said("nik", "contribution") == ("influence_unknown", "no_lever")


def test_what_sales_does_moves_the_revenue_and_what_is_spent_moves_the_leads(found: Told) -> None:
    revenue = found.rows["scorecards/sales.toml", "revenue"]
    assert found.said("sales", "revenue") == (None, "history")
    assert revenue.influence == pytest.approx(1.0, abs=0.05)
    assert revenue.moved_own is not None
    assert revenue.moved_others is not None
    assert revenue.moved_own > 0.9 > 0.1 > revenue.moved_others
    leads = found.rows["scorecards/marketing.toml", "leads"]
    assert found.said("marketing", "leads") == (None, "history")
    # They go with the square root of what is spent.
    assert leads.influence == pytest.approx(0.5, abs=0.05)


def test_a_figure_of_the_other_department_is_flagged(found: Told) -> None:
    assert found.said("mia", "discount") == ("others_figure", "no_lever")
    assert found.said("support", "repeat_purchase") == ("others_figure", "no_lever")
    assert found.noted("scorecard_others_figure") == [
        ("care", "arpu"),
        ("desk", "discount"),
        ("desks", "discount"),
        ("mia", "discount"),
        ("sales", "leads"),
        ("support", "repeat_purchase"),
    ]


def test_where_no_record_names_what_somebody_does_nothing_is_claimed(found: Told) -> None:
    assert found.said("mia", "leads") == ("influence_unknown", "no_lever")
    assert found.said("support", "revenue") == ("influence_unknown", "no_lever")
    # No line says what the list does.
    assert found.said("sales", "discount") == ("influence_unknown", "unknown_value")
    assert found.said("company", "revenue") == (None, None)


def test_figures_that_pulled_against_each_other_are_two_contradictory_roles(found: Told) -> None:
    # More is spent: more leads come, and each is dearer.
    opposed = [each for each in found.notes if each.code == "scorecard_opposed_in_history"]
    (note,) = (each for each in opposed if each.params["department"] == "marketing")
    assert (note.params["one"], note.params["other"]) == ("cost_per_lead", "leads")
    assert float(note.params["tau"]) < 0
    assert float(note.params["chance"]) <= 50
    assert "one got worse as the other got better (Kendall's tau -0." in note.text


def test_a_department_with_two_contradictory_roles_is_flagged(found: Told) -> None:
    opposed = [each for each in found.notes if each.params.get("department") == "support"]
    noted = {each.code: each for each in opposed if each.code in OPPOSED}
    assert noted.keys() == {"scorecard_opposed_by_declaration", "scorecard_opposed_directions"}
    assert noted["scorecard_opposed_directions"].params["one"] == "discount"
    assert noted["scorecard_opposed_by_declaration"].text == (
        "support has two contradictory roles: it answers for arpu and for revenue, and one is "
        "named as what would show at what cost the other was reached."
    )
