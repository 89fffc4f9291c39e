"""Leads say what brought them as it was set, and nothing else of a company changes by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import binom

from onefunnel.errors import UsageError
from onefunnel.simulator import SCENARIOS, Channel, Company, SelfReports, Truth, simulate
from onefunnel.simulator.truth_said import SelfReportTruth

SIZE = {"touches": 30_000, "touches_per_person": 2.0, "seed": 12}
ASKED = SelfReports(share=0.8)


@pytest.fixture(scope="module")
def asked() -> Company:
    return simulate(SCENARIOS["company-x"](self_reports=ASKED, **SIZE))


@pytest.fixture(scope="module")
def told(asked: Company) -> SelfReportTruth:
    found = asked.truth.self_reports
    assert found is not None
    return found


def answers(company: Company) -> pa.Table:
    touches = company.tables()["touch"]
    return touches.filter(pc.equal(touches["kind"], "self_report"))


def likely(hits: int, size: int, chance: float) -> bool:
    return bool(min(binom.cdf(hits, size, chance), binom.sf(hits - 1, size, chance)) > 1e-6)


def test_all_else_is_as_without_answers(asked: Company) -> None:
    silent = simulate(replace(asked.scenario, self_reports=None))
    with_answers = asked.tables()
    for name, rows in silent.tables().items():
        found = with_answers[name]
        if name == "touch":
            found = found.filter(pc.not_equal(found["kind"], "self_report"))
        assert found.equals(rows), name
    assert silent.truth.self_reports is None
    assert asked.truth.touches == silent.truth.touches


def test_nobody_is_asked_unless_the_scenario_says_so() -> None:
    assert answers(simulate(SCENARIOS["company-x"](touches=2_000, seed=1))).num_rows == 0


def test_leads_answer_once_and_after_they_are_leads(asked: Company) -> None:
    rows, leads = answers(asked), asked.tables()["lead"]
    came = dict(zip(*(leads[name].to_pylist() for name in ("party_id", "created_at")), strict=True))
    whose = rows["party_id"].to_pylist()
    assert len(set(whose)) == len(whose)
    assert all(
        at > came[who] for who, at in zip(whose, rows["occurred_at"].to_pylist(), strict=True)
    )
    assert likely(len(whose), len(came), ASKED.share)


def test_the_truth_holds_who_said_what(asked: Company, told: SelfReportTruth) -> None:
    rows, leads = answers(asked), asked.tables()["lead"]
    tracked = dict(zip(*(leads[name].to_pylist() for name in ("party_id", "channel")), strict=True))
    said = zip(*(rows[name].to_pylist() for name in ("party_id", "channel")), strict=True)
    found = Counter((tracked[who], name) for who, name in said)
    assert {(each.tracked, each.said): each.people for each in told.pairs} == found
    assert sum(each.answers for each in told.channels) == rows.num_rows


def test_channels_are_named_as_often_as_they_are_recalled(told: SelfReportTruth) -> None:
    unseen = sum(told.unseen.values())
    assert told.unseen == dict(ASKED.unseen) and told.unusable == ASKED.unusable
    recalled = {each.name: each.recalled for each in SCENARIOS["company-x"](**SIZE).channels}
    for each in told.channels:
        assert each.agreement == pytest.approx((1 - unseen) * recalled[each.channel])
        assert each.usable > 20 and likely(each.agreed, each.usable, each.agreement), each
        assert likely(each.answers - each.usable, each.answers, ASKED.unusable), each


def test_what_no_touch_shows_is_named_by_those_it_brought(told: SelfReportTruth) -> None:
    usable = sum(each.usable for each in told.channels)
    for name, share in ASKED.unseen:
        people = sum(each.people for each in told.pairs if each.said == name)
        assert likely(people, usable, share), name


def test_answers_come_back_from_the_text_of_the_truth(asked: Company) -> None:
    assert Truth.from_json(asked.truth.to_json()) == asked.truth


def test_who_knows_one_channel_only_can_name_no_other() -> None:
    alone = (Channel("search", "google", "cpc", 1.0, recalled=0.0),)
    company = simulate(SCENARIOS["healthy"](touches=5_000, channels=alone, self_reports=ASKED))
    assert set(answers(company)["channel"].to_pylist()) == {*ASKED.unseen_names, None}


@pytest.mark.parametrize(
    "given",
    [
        {"share": 1.2},
        {"unusable": -0.1},
        {"unseen": (("word of mouth", 0.7), ("trade press", 0.6))},
        {"unseen": (("search", 0.1),)},
        {"unseen": (("direct", 0.1),)},
        {"unseen": (("word of mouth", 0.1), ("word of mouth", 0.1))},
    ],
)
def test_what_can_not_be_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        SCENARIOS["healthy"](self_reports=SelfReports(**given))  # type: ignore[arg-type]


def test_a_channel_is_recalled_with_a_chance() -> None:
    with pytest.raises(UsageError, match="recalled"):
        Channel("search", "google", "cpc", 1.0, recalled=1.2)
