"""Shares, agreement and refusals, from what was tracked and said; and what the notes say."""

from __future__ import annotations

import pyarrow as pa
import pytest

from onefunnel.errors import UnknownName
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.self_reported.answers import FEWEST_ANSWERS, Said
from onefunnel.measures.self_reported.assemble import assemble
from onefunnel.measures.self_reported.behind import rows
from onefunnel.measures.self_reported.notes import NOTES
from onefunnel.measures.self_reported.remarks import remarks
from onefunnel.measures.self_reported.result import Kind, SelfReportedRow
from onefunnel.vocabulary import Note, Question
from tests.spec.case import NOW
from tests.spec.engines import on_duckdb

ANSWERS = {
    ("search", "search"): 20,
    ("search", "podcast"): 10,
    ("mail", "mail"): 15,
    ("mail", "search"): 5,
    ("direct", "podcast"): 24,
    (None, "podcast"): 6,
    (None, None): 10,
    ("direct", "search"): 10,
}
SILENT = {"search": 100, None: 50}
GIVEN = Said(ANSWERS, SILENT, frozenset({"direct"}))


def codes(said: Said) -> dict[str, Note]:
    return {each.code: each for each in remarks(said, 0, 0)}


def test_shares_agreement_and_what_tracking_hides() -> None:
    said = GIVEN.share_said("podcast")
    assert said is not None
    assert said[0] == 40 / 100
    dark = GIVEN.dark_share("podcast")
    assert dark is not None
    assert dark[0] == 30 / 50
    assert GIVEN.tracked["podcast"] == 0
    assert GIVEN.agreement is not None
    assert GIVEN.agreement[0] == 35 / 50
    of_search = GIVEN.agreement_of("search")
    assert of_search is not None
    assert of_search[0] == 20 / 25
    # Nobody tracked as direct or unknown is compared: 30 and 20 tracked, 25, 15 and 10 said.
    chance = (30 * 25 + 20 * 15) / 50**2
    assert GIVEN.kappa is not None
    assert GIVEN.kappa[0] == pytest.approx((0.7 - chance) / (1 - chance))


def test_notes_say_who_answered_and_what_it_is_worth() -> None:
    found = codes(GIVEN)
    assert found["answers_few_of_all"].params == {
        "entities": 250, "answers": 100, "share": 0.4,
    }  # fmt: skip
    assert found["answers_unusable"].params == {"answers": 10, "of": 100}
    assert found["answers_never_tracked"].params == {"answers": 40, "names": "podcast"}
    assert found["tracked_nowhere"].params == {"answers": 50, "of": 100}
    text = found["answers_are_memories"].text
    for bias in ("remember", "comes to mind first", "who answers differs", "measures no effect"):
        assert bias in text
    assert not [code for code in found if code.startswith("refused")]


def test_few_answers_are_refused_with_their_number() -> None:
    few = Said({("search", "search"): FEWEST_ANSWERS - 1})
    assert (few.share_said("search"), few.agreement, few.kappa) == (None, None, None)
    assert few.kappa_of("search") is None
    found = codes(few)
    assert found["refused_share_said"].params == {"given": 29, "needed": 30}
    assert "refused_agreement" not in found
    enough = Said({("search", "search"): FEWEST_ANSWERS})
    assert enough.share_said("search") is not None
    assert codes(enough)["refused_dark_share"].params == {"given": 0, "needed": 30}
    # All are one name: there is nothing that chance could have got wrong.
    assert enough.kappa is None
    assert enough.agreement is not None
    assert enough.agreement[0] == 1.0


def test_many_names_need_many_answers() -> None:
    names = [f"c{number}" for number in range(6)]
    some = Said({(name, name): 10 for name in names})
    assert some.kappa is None
    assert some.kappa_of("c0") is not None
    assert codes(some)["refused_kappa"].params == {"given": 60, "needed": 72, "names": 6}
    assert Said({(name, name): 12 for name in names}).kappa is not None


def test_only_direct_answers_leave_nothing_to_agree_with() -> None:
    dark = Said({("direct", "podcast"): 40}, {}, frozenset({"direct"}))
    assert dark.agreement is None
    assert codes(dark)["refused_agreement"].params == {"given": 0, "needed": 30}


def test_the_names_in_a_note_are_few() -> None:
    said = Said({("search", f"word {number}"): number + 1 for number in range(9)})
    names = codes(said)["answers_never_tracked"].params["names"]
    assert names == "word 8, word 7, word 6, word 5, word 4 …"


def test_an_empty_ledger_has_one_row_and_no_notes() -> None:
    pair = [("tracked", pa.string()), ("said", pa.string()), ("answered", pa.int64())]
    counts = ("entities", "customers", "changed")
    people = pa.schema([*pair, *((name, pa.int64()) for name in counts)])
    money = pa.schema([*pair, ("contribution", pa.decimal128(38, 4)), ("lines", pa.int64())])
    collected = {
        "people": people.empty_table(),
        "money": money.empty_table(),
        "undated": pa.table({"rows": [0]}),
    }
    (row,), notes = assemble(collected, default_rules(), Question(now=NOW))
    assert (row.kind, row.entities, row.answers, row.kappa) == ("all", 0, 0, None)
    assert notes == ()


def test_every_row_is_of_the_grade_of_what_people_say() -> None:
    row = SelfReportedRow(Kind.ALL, None, None, 0, 0, None, 0)
    assert row.grade == Grade.SELF_REPORT.value
    assert {"said", "kappa", "answers"} <= SelfReportedRow(
        Kind.SILENT, "search", None, 1, 0, None, 0
    ).not_of_row
    assert "share_said" in row.not_of_row
    assert "kappa" not in row.not_of_row


def test_what_is_asked_behind_must_exist() -> None:
    facts = on_duckdb({})
    question = Question(now=NOW)
    with pytest.raises(UnknownName, match="pairs"):
        rows(facts, default_rules(), question, "entities", {"kind": "pairs"})
    with pytest.raises(UnknownName, match="channel"):
        rows(facts, default_rules(), question, "entities", {"channel": "search"})
    with pytest.raises(UnknownName, match="leads"):
        rows(facts, default_rules(), question, "leads", {})


def test_no_code_is_another_measures() -> None:
    from onefunnel.web.report.notes import OTHER_NOTES

    assert {code: OTHER_NOTES[code] for code in NOTES} == {
        code: kind.text for code, kind in NOTES.items()
    }
