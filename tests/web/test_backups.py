"""Backups hold the people and no secrets; a restored one stands where the workspace stood."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from onefunnel.ledger.store.application import APPLICATION
from onefunnel.vocabulary import Role
from onefunnel.workflows import backups
from onefunnel.workflows.workspace import Workspace
from tests.web.site import CAST, work_all

FIRM = {"firm": "Company X"}


def version(workspace: Workspace) -> int:
    return workspace.reading(lambda reader: reader.head.version)


def new_rules(workspace: Workspace) -> None:
    """Another version of the ledger."""
    from onefunnel.workflows.terms import adopt

    (workspace.path / "funnel.toml").write_text('[stage.purchase]\nowner = "both"\n', "utf-8")
    adopt(workspace)


def asked(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as opened:
        return [row[0] for row in opened.execute(sql)]


def restored(client: Client, name: str) -> Any:
    """The job that restored a backup."""
    from onefunnel.store.models import Job

    sent = client.post(f"/backups/file/{name}/restore/", FIRM)
    assert sent.status_code == 302, sent.text
    work_all()
    return Job.objects.get(kind="restore")


def test_a_backup_holds_the_people_and_no_secrets(own_site: Workspace) -> None:
    (own_site.path / "uploads").mkdir(exist_ok=True)
    (own_site.path / "uploads" / "dropped.csv").write_text("a", "utf-8")
    (own_site.path / "secrets.toml").write_text('key = "very secret"\n', "utf-8")
    with closing(sqlite3.connect(own_site.path / APPLICATION)) as opened:
        opened.execute("INSERT INTO django_session VALUES ('stolen', 'x', '2099-01-01')")
        opened.commit()
    made = backups.make(own_site)
    assert made.has_people
    assert made.verified_at
    path = backups.path_of(own_site, made.name)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        copy = path.with_suffix(".sqlite")
        copy.write_bytes(archive.read(APPLICATION))
    assert [name for name in names if name.startswith(("app", "uploads", "secrets", "worker"))] == [
        APPLICATION
    ]
    assert set(asked(copy, "SELECT email FROM store_person")) == set(CAST.values())
    assert asked(copy, "SELECT count(*) FROM django_session") == [0]
    assert b"stolen" not in copy.read_bytes()


def test_a_backup_is_made_listed_taken_and_deleted(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.DIRECTOR)
    made = client.post("/backups/make/")
    assert "Making a backup" in client.get(made.headers["Location"]).text
    work_all()
    assert client.get(made.headers["Location"]).headers["Location"] == "/backups/"
    (backup,) = backups.listed(own_site)
    page = client.get("/backups/").text
    assert backup.name in page
    assert "verified" in page
    taken = client.get(f"/backups/file/{backup.name}")
    content = b"".join(taken.streaming_content)  # type: ignore[attr-defined]
    assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    assert client.post(f"/backups/file/{backup.name}/delete/").status_code == 302
    assert backups.listed(own_site) == ()
    assert not list(backups.folder(own_site.path).iterdir())
    done = set(AuditLine.objects.values_list("action", flat=True))
    assert {"backup_made", "backup_taken", "backup_deleted"} <= done


@pytest.mark.parametrize("name", ["..%2Fcompany-x%2Fsecrets.toml", "a.zip", "x.toml", "..zip"])
def test_only_what_is_listed_is_handed_out(
    name: str, own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.DIRECTOR)
    assert client.get(f"/backups/file/{name}").status_code in (400, 404)
    assert client.post(f"/backups/file/{name}/delete/").status_code in (400, 404)


def test_a_changed_backup_counts_as_not_verified(own_site: Workspace) -> None:
    made = backups.make(own_site)
    path = backups.path_of(own_site, made.name)
    path.write_bytes(path.read_bytes() + b" ")
    (found,) = backups.listed(own_site)
    assert found.verified_at == ""


def test_what_is_no_backup_is_said_to_be_none(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.DIRECTOR)
    file = BytesIO(b"not a zip")
    file.name = "x.zip"
    sent = client.post("/backups/upload/", {"file": file})
    work_all()
    assert "It is not a whole backup" in client.get(sent.headers["Location"]).text
    assert "not a valid backup" in client.get("/backups/").text
    assert client.post("/backups/upload/", {}).status_code == 422


def test_a_backup_from_elsewhere_is_uploaded_and_verified(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    made = backups.make(own_site)
    content = backups.path_of(own_site, made.name).read_bytes()
    backups.remove(own_site, made.name)
    file = BytesIO(content)
    file.name = "backup.zip"
    signed_in(Role.DIRECTOR).post("/backups/upload/", {"file": file})
    work_all()
    (found,) = backups.listed(own_site)
    assert found.name.startswith("uploaded-")
    assert found.verified_at


def test_restored_and_what_was_there_is_kept(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    made = backups.make(own_site)
    old = version(own_site)
    new_rules(own_site)
    (own_site.path / "secrets.toml").write_text('key = "of today"\n', "utf-8")
    assert version(own_site) == old + 1
    job = restored(signed_in(Role.DIRECTOR), made.name)
    assert job.state == "done", job.error
    assert version(own_site) == old
    assert not (own_site.path / "funnel.toml").exists()
    assert "of today" in (own_site.path / "secrets.toml").read_text("utf-8")
    before = own_site.path.parent / job.result["before"]
    assert ".before-" in before.name
    assert (before / "funnel.toml").is_file()
    assert json.loads((before / "ledger" / "head.json").read_text())["version"] == old + 1
    database = own_site.path / APPLICATION
    assert set(asked(database, "SELECT email FROM store_person")) == set(CAST.values())
    who = "SELECT email FROM store_auditline JOIN store_person p ON p.id = person_id "
    assert asked(database, f"{who} WHERE action = 'restored'") == [CAST[Role.DIRECTOR]]
    assert not list(own_site.path.parent.glob("*.restored-*"))


def test_the_firm_is_named_before_anything_is_done(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.store.models import Job

    made = backups.make(own_site)
    client = signed_in(Role.DIRECTOR)
    page = client.get(f"/backups/file/{made.name}/restore/")
    assert "The firm&#39;s records go back to" in page.text
    refused = client.post(f"/backups/file/{made.name}/restore/", {"firm": "company"})
    assert refused.status_code == 422
    assert 'id="id_firm_error"' in refused.text
    assert not Job.objects.filter(kind="restore").exists()


def test_a_damaged_backup_changes_nothing(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    made = backups.make(own_site)
    path = backups.path_of(own_site, made.name)
    _rewritten(path, "onefunnel.toml", b"other")
    new_rules(own_site)
    at = version(own_site)
    job = restored(signed_in(Role.DIRECTOR), made.name)
    assert job.state == "failed"
    assert job.error["code"] == "bad_backup"
    assert version(own_site) == at
    beside = [each.name for each in own_site.path.parent.iterdir()]
    assert sorted(beside) == ["company-x", "company-x-backups"]


def _rewritten(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {each: archive.read(each) for each in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for each, found in {**held, name: content}.items():
            archive.writestr(each, found)


def test_a_backup_in_which_nobody_could_sign_in_leaves_todays_people(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    kept = own_site.path.parent / "kept.sqlite"
    shutil.move(own_site.path / APPLICATION, kept)
    made = backups.make(own_site)
    assert not made.has_people
    shutil.move(kept, own_site.path / APPLICATION)
    client = signed_in(Role.DIRECTOR)
    assert "The backup holds no people" in client.get(f"/backups/file/{made.name}/restore/").text
    job = restored(client, made.name)
    assert job.state == "done", job.error
    assert job.result["people"] is False
    emails = asked(own_site.path / APPLICATION, "SELECT email FROM store_person")
    assert set(emails) == set(CAST.values())


def test_a_database_of_a_later_release_is_refused(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    with closing(sqlite3.connect(own_site.path / APPLICATION)) as opened:
        later = "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999', 'x')"
        opened.execute(later.replace("'x'", "'2030-01-01'"))
        opened.commit()
    made = backups.make(own_site)
    job = restored(signed_in(Role.DIRECTOR), made.name)
    assert job.state == "failed"
    assert "later release" in job.error["message"]
    assert not list(own_site.path.parent.glob("company-x.*"))


def test_who_was_erased_since_stays_erased(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.workflows.erasing import erase_party

    def names() -> set[str]:
        table = own_site.reading(
            lambda reader: reader.fetch(reader.table("party").select("party_id", "name"))
        )
        return {row["name"] for row in table.to_pylist() if row["name"]}

    made = backups.make(own_site)
    party = own_site.reading(
        lambda reader: reader.fetch(
            reader.table("party").filter(lambda t: t.name.notnull()).select("party_id", "name")
        )
    ).to_pylist()[0]
    assert party["name"] in names()
    erase_party(own_site, party["party_id"])
    assert party["name"] not in names()
    job = restored(signed_in(Role.DIRECTOR), made.name)
    assert job.state == "done", job.error
    assert party["name"] not in names()


def test_a_volume_of_its_own_is_not_swapped(
    own_site: Workspace, signed_in: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backups.make(own_site)
    monkeypatch.setattr("os.path.ismount", lambda path: True)
    client = signed_in(Role.DIRECTOR)
    page = client.get(f"/backups/file/{made.name}/restore/")
    assert "volume of its own" in page.text
    assert client.post(f"/backups/file/{made.name}/restore/", FIRM).status_code == 422


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.DIRECTOR])
def test_backups_are_for_the_director(role: Role, signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(role)
    assert client.post("/backups/make/").status_code == 403
    assert client.get("/backups/file/a.zip").status_code == 403
    assert client.post("/backups/file/a.zip/restore/", FIRM).status_code == 403


def test_a_connection_lets_a_replaced_file_go(tmp_path: Path, site: object) -> None:
    from django.db import connections

    from onefunnel.web.site.moved import let_go

    folder, copy = tmp_path / "a", tmp_path / "b"
    folder.mkdir()
    path = folder / "app.sqlite"
    usual = connections.settings
    connections.settings = {**usual, "other": {**usual["default"], "NAME": path}}
    try:
        held = connections["other"]
        with held.cursor() as cursor:
            cursor.execute("CREATE TABLE a (x)")
        let_go()
        assert held.connection is not None  # nothing moved: it stays open
        held.close()
        shutil.copytree(folder, copy)
        with held.cursor() as cursor:
            cursor.execute("INSERT INTO a VALUES (1)")
        folder.rename(tmp_path / "before")
        copy.rename(folder)
        let_go()
        with held.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM a")
            assert cursor.fetchone() == (0,)
    finally:
        connections["other"].close()
        del connections["other"]
        connections.settings = usual
    assert asked(tmp_path / "before" / "app.sqlite", "SELECT count(*) FROM a") == [1]
