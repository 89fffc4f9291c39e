"""Questions to a workspace: what was known, what had happened, under which rules."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onefunnel.errors import Refused, UnknownName, UsageError
from onefunnel.funnel import rules
from onefunnel.funnel.result import FunnelRow
from onefunnel.intake import silent
from onefunnel.ledger.disk.head import Stored, read_head, write_head
from onefunnel.vocabulary import Stage
from onefunnel.workflows.asking import Asked, ask, rows_behind
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.journaling import drain, record
from onefunnel.workflows.workspace import Workspace

from .company import company, write_folder
from .conftest import NOON, Ready, fill


def entered(workspace: Workspace, stage: Stage, asked: Asked = Asked()) -> int | None:  # noqa: B008
    rows: tuple[FunnelRow, ...] = ask(workspace, "funnel", asked).rows
    return next(row.entered for row in rows if row.stage is stage)


@pytest.fixture
def filled(ready: Ready) -> Workspace:
    return ready(fill)


def test_as_of_and_now_are_independent(filled: Workspace, tmp_path: Path) -> None:
    third = {"party_id": "P-new", "kind": "person", "name": "Carmen", "email": "", "phone": ""}
    lead = {"lead_id": "l9", "party_id": "P-new", "created_at": "2024-01-02T00:00:00Z"}
    import_paths(filled, [write_folder(tmp_path / "later", party=[third], lead=[lead])], silent)
    early = datetime(2024, 1, 3, 12, tzinfo=UTC)
    stage = Stage.BRAND_CONSIDERATION
    assert entered(filled, stage) == 3
    assert entered(filled, stage, Asked(as_of=1)) == 2
    assert entered(filled, stage, Asked(now=early)) == 2
    assert entered(filled, stage, Asked(as_of=1, now=early)) == 1


def test_a_date_that_is_still_to_come_does_not_move_what_is_seen(
    workspace: Workspace, tmp_path: Path
) -> None:
    """The clock of the workspace stands at noon of June 1; somebody typed a year too late."""
    known = {"lead_id": "l1", "party_id": "P1", "created_at": "2024-05-01T00:00:00Z"}
    mistyped = {"lead_id": "l2", "party_id": "P2", "created_at": "2042-05-01T00:00:00Z"}
    import_paths(workspace, [write_folder(tmp_path / "files", lead=[known, mistyped])], silent)
    answer = ask(workspace, "funnel", Asked())
    assert answer.now == NOON
    (note,) = [each for each in answer.notes if each.code == "dated_in_the_future"]
    assert note.params == {"date": "2042-05-01", "day": "2024-06-01"}
    assert entered(workspace, Stage.BRAND_CONSIDERATION) == 1
    later = ask(workspace, "funnel", Asked(now=datetime(2043, 1, 1, tzinfo=UTC)))
    assert [row.entered for row in later.rows if row.stage is Stage.BRAND_CONSIDERATION] == [2]
    assert "dated_in_the_future" not in {each.code for each in later.notes}


def test_an_amount_that_can_not_be_converted_is_refused_in_words(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Ten million million pieces at a million each: what somebody mistyped."""
    line = {"order_line_id": "o1", "party_id": "P1", "ordered_at": "2024-03-02T00:00:00Z"}
    line |= {"quantity": "10000000000000", "net_price": "1000000", "currency": "VND"}
    rate = {"rate_id": "r1", "day": "2024-03-01", "currency": "EUR", "base": "VND", "rate": "27000"}
    import_paths(workspace, [write_folder(tmp_path / "it", order_line=[line], rate=[rate])], silent)
    with pytest.raises(Refused, match=r"amount is too large.+ 10\^18 are converted"):
        ask(workspace, "funnel", Asked())
    kept = {**line, "net_price": "90000"}
    import_paths(workspace, [write_folder(tmp_path / "mended", order_line=[kept])], silent)
    assert entered(workspace, Stage.PURCHASE) == 1


def test_an_edited_rule_makes_a_version_and_the_old_figure_stays_under_the_old_rule(
    filled: Workspace,
) -> None:
    stage = Stage.BRAND_PREFERENCE
    before = entered(filled, stage)
    (filled.path / "funnel.toml").write_text(
        '[stage.brand_preference]\nowner = "both"\n[[stage.brand_preference.rule]]\n'
        'fact = "touch"\nwhere.kind = ["no-such"]\n'.replace("no-such", "meeting")
    )
    answer = ask(filled, "funnel", Asked())
    assert answer.ledger_version == 2
    assert {row.owner.value for row in answer.rows if row.stage is stage} == {"both"}
    assert entered(filled, stage, Asked(as_of=1)) == before
    old = ask(filled, "funnel", Asked(as_of=1)).parameters["rules"]
    assert old != answer.parameters["rules"]


def test_what_is_kept_is_what_was_answered(filled: Workspace) -> None:
    asked = Asked(by=("channel",), since=date(2024, 1, 1), until=date(2024, 2, 1))
    first = ask(filled, "funnel", asked)
    assert any((filled.path / "cache").rglob("*.arrow"))
    assert ask(filled, "funnel", asked) == first


def test_an_undone_link_parts_two_parties_in_the_next_version(filled: Workspace) -> None:
    stage = Stage.BRAND_CONSIDERATION
    undone = {"party_id": "P-ana-2", "kind": "email", "value": "ana.vlad@example.org"}
    undone_phone = {"party_id": "P-ana-2", "kind": "phone", "value": "+40 721 555 001"}
    rows = [{"unlink_id": "1", **undone}, {"unlink_id": "2", **undone_phone}]
    record(filled, [{"unlink": rows}])
    drain(filled, silent)
    assert entered(filled, stage) == 3
    assert entered(filled, stage, Asked(as_of=1)) == 2


def test_the_rows_behind_a_figure_are_as_many(filled: Workspace) -> None:
    stage = Stage.BRAND_CONSIDERATION
    rows = rows_behind(filled, "funnel", Asked(), "entered", {"stage": stage.value})
    assert len(rows.rows) == entered(filled, stage)


def test_an_empty_ledger_answers_with_zeros(workspace: Workspace) -> None:
    rows = ask(workspace, "funnel", Asked()).rows
    assert [row.entered for row in rows] == [0] * 8


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(by=("chanel",)), "Did you mean 'channel'"),
        (Asked(since=date(2024, 2, 1), until=date(2024, 1, 1)), "ends before it begins"),
        (Asked(horizon_days=0), "That is no horizon"),
        (Asked(as_of=7), "The versions are 0 to"),
    ],
)
def test_a_question_that_can_not_be_is_refused(
    workspace: Workspace, asked: Asked, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        ask(workspace, "funnel", asked)


def test_a_measure_that_is_not_there_is_named_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'funnel'"):
        ask(workspace, "funel", Asked())


def test_repeats_in_the_journal_are_one_record(workspace: Workspace) -> None:
    tables = company()
    record(workspace, [{"lead": tables["lead"][:1]}, {"lead": tables["lead"][:1]}])
    record(workspace, [{"lead": tables["lead"][:1]}])
    taken = drain(workspace, silent)
    assert taken is not None
    assert taken.counts["lead"] == {"new": 1}


def test_a_version_keeps_the_default_rules_of_its_time(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage.BRAND_CONSIDERATION
    before = entered(filled, stage)
    later = rules.default_text().replace('fact = "lead"', 'fact = "advocacy"')
    monkeypatch.setattr("onefunnel.workflows.rules.default_text", lambda: later)
    monkeypatch.setattr(
        "onefunnel.workflows.rules.default_rules", lambda: rules.load_default(later)
    )
    assert ask(filled, "funnel", Asked()).ledger_version == 2
    assert entered(filled, stage, Asked(as_of=1)) == before


def test_a_ledger_of_a_later_release_is_refused_in_words(filled: Workspace) -> None:
    head = read_head(filled.ledger)
    write_head(filled.ledger, head.with_table("hologram", Stored("hologram-0", 0)))
    with pytest.raises(UsageError, match="does not know: hologram"):
        ask(filled, "funnel", Asked())
