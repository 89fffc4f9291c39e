"""Terms: pay plans, ranges and scorecards are versioned by content, as funnel rules are."""

from pathlib import Path

import pytest

from onefunnel import bootstrap
from onefunnel.errors import Damaged, InputError, UsageError
from onefunnel.intake import silent
from onefunnel.ledger.disk.head import read_head
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.measures.attribution.agreed import Shared, agreed_of
from onefunnel.measures.attribution.recording import experiments_of
from onefunnel.vocabulary import Terms
from onefunnel.workflows.asking import Asked, ask, question_of
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.keeping import back_up, unpack
from onefunnel.workflows.terms import adopt, current_terms, terms_at
from onefunnel.workflows.terms_files import place_of, put_terms
from onefunnel.workflows.workspace import Workspace
from tests.unit.attribution.test_recording import HOLDOUT


def named_at(workspace: Workspace, version: int) -> Terms:
    def work(reader: Reader) -> Terms:
        return terms_at(workspace, reader, version)

    return workspace.reading(work)


def write(workspace: Workspace, name: str, text: str) -> None:
    path = workspace.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def test_terms_are_read_in_order_of_their_paths(workspace: Workspace) -> None:
    write(workspace, "scorecards/sales.toml", "c")
    write(workspace, "pay/b.toml", "b\r\n")
    write(workspace, "pay/a.toml", "\ufeffa")
    write(workspace, "pay/notes.txt", "no terms")
    write(workspace, "incentives.toml", "i")
    found = current_terms(workspace)
    assert found.files == (
        ("incentives.toml", "i"),
        ("pay/a.toml", "a"),
        ("pay/b.toml", "b\n"),
        ("scorecards/sales.toml", "c"),
    )
    assert found.under("pay") == (("pay/a.toml", "a"), ("pay/b.toml", "b\n"))


def test_a_version_names_the_terms_it_was_made_under(workspace: Workspace, folder: Path) -> None:
    import_paths(workspace, [folder], silent)
    assert read_head(workspace.ledger).terms == ""
    write(workspace, "pay/sales.toml", "rate = 3")
    assert adopt(workspace).version == 2
    assert adopt(workspace).version == 2
    write(workspace, "pay/sales.toml", "rate = 4")
    question, version = question_of(workspace, Asked())
    assert (version, question.terms.text("pay/sales.toml")) == (3, "rate = 4")
    assert named_at(workspace, 1) == Terms()
    assert named_at(workspace, 2).text("pay/sales.toml") == "rate = 3"
    earlier, _ = question_of(workspace, Asked(as_of=2))
    assert earlier.terms.text("pay/sales.toml") == "rate = 3"
    (workspace.path / "pay" / "sales.toml").unlink()
    assert named_at(workspace, adopt(workspace).version) == Terms()


def test_an_import_names_the_terms_that_stand(workspace: Workspace, folder: Path) -> None:
    write(workspace, "incentives.toml", "hour_cost = 20")
    import_paths(workspace, [folder], silent)
    assert named_at(workspace, 1).text("incentives.toml") == "hour_cost = 20"


def test_terms_come_back_with_a_backup(workspace: Workspace, folder: Path, tmp_path: Path) -> None:
    import_paths(workspace, [folder], silent)
    write(workspace, "pay/sales.toml", "rate = 3")
    adopt(workspace)
    write(workspace, "pay/sales.toml", "rate = 4")
    adopt(workspace)
    back_up(workspace, tmp_path / "all.zip")
    unpack(tmp_path / "all.zip", tmp_path / "again", [])
    restored = bootstrap.open_workspace(tmp_path / "again")
    assert named_at(restored, 2).text("pay/sales.toml") == "rate = 3"
    assert current_terms(restored).text("pay/sales.toml") == "rate = 4"


def test_what_is_no_text_or_gone_is_said(workspace: Workspace, folder: Path) -> None:
    import_paths(workspace, [folder], silent)
    write(workspace, "pay/sales.toml", "rate = 3")
    adopt(workspace)
    (kept,) = workspace.terms.iterdir()
    kept.write_text(kept.read_text("utf-8").replace("3", "9"), "utf-8")
    with pytest.raises(Damaged, match="or were changed"):
        ask(workspace, "funnel", Asked())
    (workspace.path / "pay" / "sales.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="It is no text"):
        ask(workspace, "funnel", Asked())


def test_how_spend_is_shared_out_is_fixed_with_the_terms(
    workspace: Workspace, folder: Path
) -> None:
    import_paths(workspace, [folder], silent)
    put_terms(workspace, {"attribution.toml": '[spend]\nshared = "by_leads"\n'})
    question, _ = question_of(workspace, Asked())
    assert agreed_of(question.terms).shared is Shared.BY_LEADS
    with pytest.raises(InputError, match="line 2"):
        put_terms(workspace, {"attribution.toml": '[spend]\nshared = "by_luck"\n'})
    assert current_terms(workspace) == question.terms
    assert place_of('[spend]\nshared = "by_leads"\n', "any.toml") == "attribution.toml"


def test_an_experiment_is_a_file_of_terms(workspace: Workspace, folder: Path) -> None:
    import_paths(workspace, [folder], silent)
    name = place_of(HOLDOUT, "spring.toml")
    assert name == "experiments/spring.toml"
    before = put_terms(workspace, {}).version
    assert put_terms(workspace, {name: HOLDOUT}).version == before + 1
    question, _ = question_of(workspace, Asked())
    (found,) = experiments_of(question.terms)
    assert (found.name, found.of) == ("spring", "retargeting")
    with pytest.raises(InputError, match="line 8, column 'converted'"):
        put_terms(workspace, {name: HOLDOUT.replace("230", "23000")})
    with pytest.raises(UsageError, match="is no file of terms"):
        put_terms(workspace, {"experiments/../spring.toml": HOLDOUT})
    earlier, _ = question_of(workspace, Asked(as_of=before))
    assert experiments_of(earlier.terms) == (), "what held before holds before"
