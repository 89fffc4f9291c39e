"""What leads say beside what was tracked of them is what the truth says, intervals and all."""

from __future__ import annotations

import ibis
import pytest

from onefunnel.measures.self_reported.result import Kind, SelfReportedRow
from onefunnel.simulator import SCENARIOS, SelfReports, simulate
from onefunnel.simulator.truth_said import SelfReportTruth
from onefunnel.vocabulary import Note, Question
from tests.spec.engines import ask
from tools.recovery import facts_of

ASKED = SelfReports(share=0.9)
EACH_ONE_RECORD = {"several": 0.0, "twice": 0.0}
Found = tuple[tuple[SelfReportedRow, ...], tuple[Note, ...], SelfReportTruth]


@pytest.fixture(scope="module")
def found() -> Found:
    size = {"touches": 9_000, "touches_per_person": 3.0, "seed": 31}
    company = simulate(SCENARIOS["healthy"](self_reports=ASKED, **size, **EACH_ONE_RECORD))
    truth = company.truth
    question = Question(now=truth.now)
    facts = facts_of(ibis.duckdb.connect(), company, question)
    assert truth.self_reports is not None
    return *ask(facts, "self_reported", question), truth.self_reports


def of(found: Found, kind: Kind) -> list[SelfReportedRow]:
    return [row for row in found[0] if row.kind == kind]


def test_who_was_tracked_as_what_and_said_what_is_found(found: Found) -> None:
    pairs = {(row.tracked, row.said): row.entities for row in of(found, Kind.PAIR)}
    assert pairs == {(each.tracked, each.said): each.people for each in found[2].pairs}
    silent = {row.tracked: row.entities for row in of(found, Kind.SILENT)}
    left = {each.channel: each.leads - each.answers for each in found[2].channels}
    assert silent == {channel: people for channel, people in left.items() if people}


def test_both_sources_agree_as_often_as_was_set(found: Found) -> None:
    (whole,), truth = of(found, Kind.ALL), found[2]
    assert whole.agreement_low is not None and whole.agreement_high is not None
    assert truth.agreement is not None
    assert whole.agreement_low <= truth.agreement <= whole.agreement_high
    assert whole.agreement_high - whole.agreement_low < 0.15
    assert whole.kappa is not None and whole.agreement is not None
    assert 0.0 < whole.kappa < whole.agreement


def test_what_no_touch_shows_is_said_as_often_as_it_brought(found: Found) -> None:
    said = {row.said: row for row in of(found, Kind.CHANNEL)}
    for name, share in ASKED.unseen:
        row = said[name]
        assert row.entities == 0 and row.share_said_low is not None
        brought = share * (1 - ASKED.unusable)
        assert row.share_said_low <= brought <= (row.share_said_high or 0.0), name
    assert {"answers_never_tracked", "answers_unusable"} <= {each.code for each in found[1]}
