"""The sample company: brought into an empty ledger, and taken out of it whole, or not at all."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.errors import UsageError
from onefunnel.intake import silent
from onefunnel.ledger.disk.head import read_head
from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.attribution.recorded import effect
from onefunnel.measures.attribution.recording import experiments_of
from onefunnel.measures.scorecard.cards import cards_of
from onefunnel.measures.scorecard.findings import Severity, check
from onefunnel.pay.cliffs import CliffKind, cliffs
from onefunnel.pay.reading import read
from onefunnel.vocabulary import Role
from onefunnel.workflows import sample
from onefunnel.workflows.advance import Whole
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.cast import NAMES, cast
from onefunnel.workflows.computed import compute_answer, kept_answer
from onefunnel.workflows.doctor import examine
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return bootstrap.init_workspace(tmp_path / "firm", currency="USD", language="fa")


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brought") / "firm"
    made = bootstrap.init_workspace(folder, currency="USD", language="fa")
    bring(made)
    return folder


@pytest.fixture
def shown(brought: Path, tmp_path: Path) -> Workspace:
    return bootstrap.open_workspace(shutil.copytree(brought, tmp_path / "shown"))


def bring(workspace: Workspace) -> int:
    return sample.bring(workspace, silent, touches=1_000)


def test_it_is_in_the_firms_currency(shown: Workspace) -> None:
    workspace = shown
    assert sample.shown(workspace) == sample.Sample(alone=True, demonstration=False)
    found = workspace.reading(
        lambda r: r.fetch(r.table("order_line").select("currency").distinct())
    )
    assert found["currency"].to_pylist() == ["USD"]


def test_what_was_taken_away_leaves_nothing(shown: Workspace, tmp_path: Path) -> None:
    workspace = shown
    assert current_terms(workspace).digest == read_head(workspace.ledger).terms != ""
    assert len(current_terms(workspace).under("pay")) == 2
    compute_answer(workspace, "deals", Asked())
    sample.take_away(workspace)
    assert current_terms(workspace).digest == read_head(workspace.ledger).terms == ""
    assert sample.shown(workspace) is None
    assert sample.holds_nothing(workspace)
    assert kept_answer(workspace, "deals", Asked(as_of=1)) is None
    assert [each.name for each in workspace.ledger.iterdir() if each.is_dir()] == ["batch-0"]
    assert all(each.well for each in examine(workspace))
    assert all(row.entered == 0 for row in ask(workspace, "funnel", Asked()).rows)

    (tmp_path / "lead.csv").write_text("lead_id,party_id,created_at\nl1,p1,2024-03-01T08:00:00Z\n")
    import_paths(workspace, [tmp_path / "lead.csv"], silent)
    entered = {row.stage: row.entered for row in ask(workspace, "funnel", Asked()).rows}
    assert max(entered.values()) == 1
    assert sample.shown(workspace) is None


def test_terms_that_somebody_wrote_stay(shown: Workspace) -> None:
    own = shown.path / "incentives.toml"
    own.write_text("hour_cost = 31\n", "utf-8")
    sample.take_away(shown)
    assert own.read_text("utf-8") == "hour_cost = 31\n"
    assert [name for name, _ in current_terms(shown).files] == ["incentives.toml"]


def test_its_scorecards_keep_the_agreed_rules_and_hold_something_to_find(shown: Workspace) -> None:
    cards, bad = cards_of(current_terms(shown))
    levels = ["company", "department", "person", "department", "person"]
    assert (sorted(each.level for each in cards), bad) == (sorted(levels), ())
    assert [each for card in cards for each in check(card) if each.severity is Severity.ERROR] == []
    answer = ask(shown, "scorecard", Asked())
    assert {row.scorecard for row in answer.rows} == {card.file for card in cards}
    told = {each.params["scorecard"] for each in answer.notes if "figure" in each.code}
    assert told == {"scorecards/sample-seller.toml"}


def test_its_experiment_measured_what_is_credited(shown: Workspace) -> None:
    terms = current_terms(shown)
    (tried,) = experiments_of(terms)
    assert tried.counts is agreed_of(terms).value
    change = effect(tried).per_person
    assert change is not None and change.low < 0 < change.high
    codes = {each.code for each in ask(shown, "attribution", Asked(by=("channel",))).notes}
    assert "experiments_measure_otherwise" not in codes
    assert codes & {"experiment_corrects", "experiment_unmet"}


def test_some_of_its_leads_say_what_brought_them(shown: Workspace) -> None:
    (whole,) = (row for row in ask(shown, "self_reported", Asked()).rows if row.kind == "all")
    assert whole.answers and whole.answers < whole.entities


def test_its_pay_plan_has_a_cliff(shown: Workspace) -> None:
    text = current_terms(shown).text("pay/sample-sales.toml")
    (_, big) = read(text or "", "sales.toml").plan.components
    (cliff,) = cliffs(big)
    assert cliff.kind is CliffKind.RETROACTIVE


def test_it_can_come_again_and_its_progress_goes_by_steps(shown: Workspace) -> None:
    workspace = shown
    sample.take_away(workspace)
    told: list[tuple[str, float]] = []

    class Told:
        def step(self, what: str, done: int, total: int | None) -> None:
            told.append((what, done / (total or 1)))

    whole = Whole(Told(), sample.PARTS)
    sample.bring(workspace, whole, touches=1_000)
    assert list(dict.fromkeys(what for what, _ in told if what in sample.PARTS)) == [
        *("records", "files", "tables", "people")
    ]
    shares = [share for _, share in told]
    assert shares == sorted(shares) and len(set(shares)) > 20
    # No step of the import is a large part of the whole; the answers come after it.
    assert max(b - a for a, b in pairwise(shares)) < 0.2
    assert sample.shown(workspace) == sample.Sample(alone=True, demonstration=False)


def test_records_that_came_since_are_never_lost(shown: Workspace, tmp_path: Path) -> None:
    workspace = shown
    (tmp_path / "product.csv").write_text("sku,name\nA,a\n")
    import_paths(workspace, [tmp_path / "product.csv"], silent)
    assert sample.shown(workspace) == sample.Sample(alone=False, demonstration=False)
    with pytest.raises(UsageError, match="can't be told from the sample's"):
        sample.take_away(workspace)
    products = workspace.reading(lambda r: r.fetch(r.table("product")))
    assert "A" in products["sku"].to_pylist()
    assert ask(workspace, "funnel", Asked()).ledger_version == 2


def test_it_does_not_mix_with_records(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "product.csv").write_text("sku,name\nA,a\n")
    import_paths(workspace, [tmp_path / "product.csv"], silent)
    assert sample.shown(workspace) is None
    with pytest.raises(UsageError, match="holds records already"):
        bring(workspace)
    sample.take_away(workspace)  # nothing of it is there: nothing goes
    assert not sample.holds_nothing(workspace)


@pytest.mark.parametrize("language", NAMES)
def test_every_language_has_a_cast_of_different_names(language: str) -> None:
    members = cast(language)
    assert [each.role for each in members] == list(Role)
    assert len({each.name for each in members}) == len(members)
