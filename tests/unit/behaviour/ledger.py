"""A ledger of leads that salespeople choose from with known strengths."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from scipy.special import expit

from onefunnel.vocabulary import Question, Terms

NOW = datetime(2024, 7, 1, tzinfo=UTC)
START = datetime(2024, 1, 1, tzinfo=UTC)
RATES = np.exp([[0.6, 3.1], [1.1, 4.0], [1.6, 2.2], [1.9, 3.5], [2.4, 2.4], [1.7, 2.9]])
SEGMENTS = [f"s{place}" for place in range(len(RATES))]
HOURS = 8

Rows = dict[str, list[dict[str, Any]]]


def ranges(rates: np.ndarray = RATES, more: str = f"work_within_hours = {HOURS}\n") -> str:
    """Typed inputs under which an hour pays and brings these rates."""
    return more + "".join(
        f"[segments.{name}]\nminutes_per_lead = 60\nwin_probability = 0.5\n"
        f"pay_per_win = {2 * pay:.12g}\ncontribution_per_win = {2 * brings:.12g}\n"
        for name, (pay, brings) in zip(SEGMENTS, rates, strict=True)
    )


def question(text: str | None = None, **others: Any) -> Question:
    """About the first half of 2024."""
    terms = Terms((("incentives.toml", ranges() if text is None else text),))
    return Question(**{"now": NOW, "start": START, "end": NOW, "terms": terms, **others})


def leads(
    by_pay: float, by_contribution: float, people: int = 8, each: int = 120, seed: int = 3
) -> Rows:
    """Leads, each assigned to one of the people, who work some of them the hours after."""
    random, tables = np.random.default_rng(seed), {"lead": [], "handoff": [], "entity": []}
    liking = random.normal(0.0, 0.5, people)
    for number in range(people * each):
        person, segment = number % people, int(random.integers(len(RATES)))
        came = START + timedelta(minutes=int(random.integers(170 * 24 * 60)))
        got = came + timedelta(hours=float(random.exponential(5.0)))
        odds = by_pay * np.log(RATES[segment, 0]) + by_contribution * np.log(RATES[segment, 1])
        odds = odds - 1.7 * by_pay - 3.0 * by_contribution + liking[person]
        steps = [("assigned", got)]
        if random.random() < expit(odds):
            steps.append(("attempted", got + timedelta(hours=float(random.uniform(0.1, 7.9)))))
        elif random.random() < 0.5:
            steps.append(("attempted", got + timedelta(hours=float(random.uniform(9, 90)))))
        lead = f"l{number}"
        tables["lead"].append(
            {
                "lead_id": lead,
                "party_id": lead,
                "created_at": came,
                "segment": SEGMENTS[segment],
            }
        )
        tables["entity"].append({"party_id": lead, "entity_code": number})
        tables["handoff"] += [
            {
                "handoff_id": f"{lead}-{kind}",
                "lead_id": lead,
                "occurred_at": at,
                "kind": kind,
                "actor": f"e{person}",
            }
            for kind, at in steps
        ]
    return tables
