"""Files come in through the pages: looked at, mapped, tried, imported, mended."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onefunnel.vocabulary import Role
from tests.web.site import work_all

Enter = Callable[[Role], Client]

MESSY = """Номер;Название сделки;Сумма;Валюта;Стадия сделки;Дата создания;Дата закрытия;Менеджер
Б-1;Ворота;1 234,50;EUR;Сделка успешна;05.03.2024;28.03.2024;Иванова
Б-2;Запчасти;89,90;EUR;Переговоры;07.03.2024;;Петров
Б-3;Ремонт;двести;EUR;Сделка провалена;15.03.2024;20.03.2024;Иванова
"""
"""As a Russian CRM writes it: the last amount is no number."""


@pytest.fixture(autouse=True)
def cold(own_site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are worked out after an import only where a test is about that."""
    from onefunnel.web.pages.imports import works

    monkeypatch.setattr(works, "WARMED", ())


def bring(client: Client, **files: str | bytes) -> str:
    """Drop files; the address of the upload, looked at."""
    sent = [
        SimpleUploadedFile(name, each.encode() if isinstance(each, str) else each)
        for name, each in files.items()
    ]
    answer = client.post("/imports/", {"files": sent})
    assert answer.status_code == 302, answer.content.decode()
    work_all()
    return str(answer.headers["Location"])


def upload_at(address: str) -> Any:
    from onefunnel.store.models import Upload

    return Upload.objects.get(pk=address.split("/")[2])


def fields(page: str) -> dict[str, str]:
    """The values of a page's form with the id ``columns``."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, str] = {}
            self.select, self.inside = "", False

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            own = {name: value or "" for name, value in attrs}
            if tag == "form":
                self.inside = own.get("id") == "columns"
            if not self.inside:
                return
            if tag == "input" and "name" in own:
                self.found[own["name"]] = own.get("value", "")
            if tag == "select":
                self.select = own["name"]
            if tag == "option" and (self.select not in self.found or "selected" in own):
                self.found[self.select] = own.get("value", "")

    reader = Reader()
    reader.feed(page)
    return reader.found


def test_a_messy_file_goes_all_the_way(signed_in: Enter, own_site: Any) -> None:
    """Windows-1251, semicolons, decimal commas, days first, one bad row: imported and mended."""
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"сделки май.csv": MESSY.encode("windows-1251")})
    page = client.get(address).content.decode()
    assert "windows-1251" in page and "Probably: Deals" in page
    assert "disabled" in page

    sent = fields(client.get(f"{address}0/").content.decode())
    assert [sent[f"c{n}"] for n in range(8)] == [
        *("deal_id", "", "amount", "currency", "stage", "created_at", "closed_at", "owner"),
    ]
    meanings = {value for name, value in sent.items() if name.startswith("m:stage")}
    assert meanings == {"won", "open", "lost"}
    assert (sent["date_order"], sent["decimal"]) == ("dmy", ",")
    assert client.post(f"{address}0/", sent).headers["Location"] == address

    client.get(f"{address}0/rows/")
    work_all()
    rows = client.get(f"{address}0/rows/").content.decode()
    assert "1,234.5" in rows and "not a number" in rows and "двести" in rows

    client.post(f"{address}try/")
    work_all()
    page = client.get(address).content.decode()
    assert "What would come of it" in page and "3 rows could not be read" not in page

    before = _version(own_site)
    client.post(f"{address}import/")
    work_all()
    page = client.get(address).content.decode()
    assert "The files are in." in page and _version(own_site) == before + 1
    assert not (own_site.path / "uploads" / address.split("/")[2]).exists()
    assert _rows(own_site, "deal_event", "Б-1:closed")[0]["status"] == "won"
    assert _rows(own_site, "deal_event", "Б-3:closed") == []

    listed = client.get("/imports/quarantine/").content.decode()
    assert "not a number" in listed and "двести" in listed
    key = _groups(own_site)[0].key
    group = client.get(f"/imports/quarantine/{key}/").content.decode()
    assert 'aria-invalid="true"' in group and "Сумма" in group

    answer = client.post(f"/imports/quarantine/{key}/replace/", {"old": "двести", "new": "200,00"})
    work_all()
    client.get(answer.headers["Location"])
    assert _groups(own_site) == []
    [event] = _rows(own_site, "deal_event", "Б-3:closed")
    assert (event["status"], str(event["amount"])) == ("lost", "200.0000")


def _version(own_site: Any) -> int:
    from onefunnel.workflows.computed import ledger_version

    return ledger_version(own_site)


def _rows(own_site: Any, table: str, key: str) -> list[dict[str, Any]]:
    from onefunnel.ledger.schema import TABLES

    def work(reader: Any) -> Any:
        rows = reader.table(table)
        return reader.fetch(rows.filter(rows[TABLES[table].key] == key))

    return list(own_site.reading(work).to_pylist())


def _groups(own_site: Any) -> list[Any]:
    from onefunnel.web.pages.imports.quarantined import groups, kept_rows

    return groups(kept_rows(own_site))


LEADS = "lead_id,created_at,channel\n{0}1,2024-03-01 10:00,search\n{0}2,yesterday,fair\n"


def test_files_with_the_ledgers_own_columns_need_no_word(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.HEAD_OF_SALES)
    address = bring(client, **{"lead.csv": LEADS.format("A")})
    assert upload_at(address).mapping == ""
    page = client.get(address).content.decode()
    assert "The files are understood." in page and "disabled" not in page
    client.post(f"{address}import/")
    work_all()
    taken = upload_at(address).seen["taken"]
    assert (taken["counts"]["lead"]["new"], taken["quarantined"]) == (1, 1)


def test_importing_again_changes_nothing(signed_in: Enter, own_site: Any) -> None:
    """As a worker does that died after the import and before it could say so."""
    from onefunnel.web.pages.imports import works

    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("B")})
    client.post(f"{address}import/")
    work_all()
    before = _version(own_site)
    again = bring(client, **{"lead.csv": LEADS.format("B")})
    client.post(f"{again}import/")
    work_all()
    assert "The files brought nothing new." in client.get(again).content.decode()
    works.imported(own_site, {"upload": again.split("/")[2]}, _silent())
    assert _version(own_site) == before


def test_after_an_import_the_first_answers_are_asked_for(
    signed_in: Enter, own_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.store.models import Job
    from onefunnel.web.jobs import queue, worker
    from onefunnel.web.pages.imports import works

    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("W")})
    client.post(f"{address}import/")
    monkeypatch.setattr(works, "WARMED", ("funnel", "leaks"))
    worker.work_off(queue.claim("writes"))
    asked = Job.objects.filter(kind="answer", state="waiting")
    assert {job.parameters["measure"] for job in asked} == {"funnel", "leaks"}


def _silent() -> Any:
    from onefunnel.intake import silent

    return silent


def test_a_row_is_mended_in_its_form_or_says_what_is_still_wrong(
    signed_in: Enter, own_site: Any
) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("C")})
    client.post(f"{address}import/")
    work_all()
    group = _group_with(own_site, "C2")
    row = group["row"]["quarantine_id"]
    there = f"/imports/quarantine/{group['key']}/"

    answer = client.post(f"{there}mend/", {"row": row, "v0": "C2", "v1": "tomorrow", "v2": "fair"})
    work_all()
    back = client.get(answer.headers["Location"], follow=True).content.decode()
    assert "still can\u2019t" in back or "still can&#39;t be read" in back
    still = _group_with(own_site, "C2")["row"]
    assert (still["value"], still["line"], still["file"]) == ("tomorrow", 3, "lead.csv")

    sent = {"row": still["quarantine_id"], "v0": "C2", "v1": "2024-03-02", "v2": "fair"}
    client.post(f"{there}mend/", sent)
    work_all()
    assert _group_with(own_site, "C2") is None
    assert _rows(own_site, "lead", "C2")[0]["channel"] == "fair"
    assert not list((own_site.path / "uploads").glob("mended-*"))


def test_the_quarantine_names_the_column_as_the_file_does(
    signed_in: Enter, own_site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from onefunnel.cli.importing import quarantine_command

    client = signed_in(Role.ANALYST)
    broken = HUBSPOT.format(12, "mia").replace("2024-03-05", "soon")
    address = bring(client, **{"all contacts.csv": broken})
    client.get(f"{address}0/rows/")
    work_all()
    for_both = '<bdi>Create Date</bdi> <small class="quiet"><code dir="ltr">created_at</code>'
    assert for_both in client.get(f"{address}0/rows/").text
    client.post(f"{address}import/")
    work_all()
    group = _group_with(own_site, "mia@firm.example")
    assert for_both in client.get("/imports/quarantine/").text
    assert for_both in client.get(f"/imports/quarantine/{group['key']}/").text
    capsys.readouterr()
    quarantine_command(own_site.path)
    assert "column 'Create Date (created_at)', value 'soon'" in capsys.readouterr().out


def test_a_row_that_was_refused_before_names_our_column(signed_in: Enter, own_site: Any) -> None:
    """Rows of an earlier release do not say what their file calls the column."""
    import ibis

    with own_site.writing() as batch:
        told = {name: ibis.literal("x") for name in ("quarantine_id", "file", "value", "reason")}
        told |= {"fact": ibis.literal("lead"), "code": ibis.literal("bad_instant")}
        told |= {"column": ibis.literal("created_at"), "record": ibis.literal('{"day": "soon"}')}
        rows = batch.reader.backend.create_table("old", {"one": [1]}, temp=True).select(**told)
        batch.put("quarantine", rows.mutate(deleted=ibis.literal(False)), tuple(told))
        batch.commit(own_site.clock(), "import", "x")
    client = signed_in(Role.ANALYST)
    client.get("/imports/quarantine/")
    work_all()
    page = client.get("/imports/quarantine/").text
    assert '<td data-name="Column"><code dir="ltr">created_at</code></td>' in page
    assert client.get(f"/imports/quarantine/{_groups(own_site)[0].key}/").status_code == 200


def test_a_line_meant_for_two_tables_is_mended_once(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    broken = HUBSPOT.format(11, "zoe").replace("2024-03-05", "soon")
    address = bring(client, **{"all contacts.csv": broken})
    client.post(f"{address}import/")
    work_all()
    group = _group_with(own_site, "zoe@firm.example")
    assert not _rows(own_site, "lead", "11") and not _rows(own_site, "party", "11")
    record = json.loads(group["row"]["record"])
    typed = [text for name, text in record.items() if not name.startswith("_")]
    sent = {f"v{at}": "2024-03-05" if t == "soon" else t or "" for at, t in enumerate(typed)}
    client.post(
        f"/imports/quarantine/{group['key']}/mend/", {"row": group["row"]["quarantine_id"], **sent}
    )
    work_all()
    assert _group_with(own_site, "zoe@firm.example") is None
    assert _rows(own_site, "lead", "11") and _rows(own_site, "party", "11")


def _group_with(own_site: Any, text: str) -> Any:
    """The group and the row of the quarantine whose record holds a text."""
    from onefunnel.web.pages.imports.quarantined import kept_rows, key_of

    for row in kept_rows(own_site).to_pylist():
        if text in row["record"]:
            return {"key": key_of(row), "row": row}
    return None


def test_rows_mended_in_a_spreadsheet_are_dropped_again(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("D")})
    client.post(f"{address}import/")
    work_all()
    key = _group_with(own_site, "D2")["key"]
    rows = client.get(f"/imports/quarantine/{key}/rows.csv").content.decode("utf-8-sig")
    kept = [line for line in rows.splitlines() if "quarantine_id" in line or "D2" in line]
    mended = "\n".join(kept).replace("yesterday", "2024-03-02").replace(",", ";")
    again = bring(client, **{"mend-lead.csv": mended})
    assert "Mended rows of the quarantine" in client.get(again).content.decode()
    client.post(f"{again}import/")
    work_all()
    assert _group_with(own_site, "D2") is None and _rows(own_site, "lead", "D2")


def test_a_row_is_let_go_for_good(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("E")})
    client.post(f"{address}import/")
    work_all()
    found = _group_with(own_site, "E2")
    there = f"/imports/quarantine/{found['key']}/discard/"
    client.post(there, {"row": found["row"]["quarantine_id"]})
    work_all()
    assert _group_with(own_site, "E2") is None and _rows(own_site, "lead", "E2") == []
    client.post(there)
    work_all()
    assert found["key"] not in {group.key for group in _groups(own_site)}


def test_what_was_said_of_columns_is_remembered(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    text = "colour,when,whose\nred,05.03.2024,a@b.example\n"
    address = bring(client, **{"odd.csv": text})
    sent = fields(client.get(f"{address}0/?kind=contacts").content.decode())
    sent |= {"c0": "segment", "c1": "created_at", "c2": "email", "date_order": "dmy"}
    assert client.post(f"{address}0/", sent).status_code == 302
    client.post(f"{address}import/")
    work_all()
    again = bring(client, **{"another.csv": text.replace("red", "blue")})
    assert "read as before" in client.get(again).content.decode()
    assert 'segment = "colour"' in client.get(f"{again}mapping.toml").content.decode()


HUBSPOT = (
    "Record ID,First Name,Email,Create Date,Original Source,Lifecycle Stage\n"
    "{},Ana,{}@firm.example,2024-03-05,Paid Search,Lead\n"
)


def test_a_known_file_says_how_it_is_read_before_anybody_changes_it(
    signed_in: Enter, own_site: Any
) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"all contacts.csv": HUBSPOT.format(7, "ana")})
    page = client.get(f"{address}0/").text
    assert "This is how the file is read." in page
    assert "<select" not in page.split("</table>")[0].split("<tbody>")[1]
    assert "channel" in page and "not used" in page
    own = client.get(f"{address}0/?kind=").text
    assert "What you save here takes its place" in own
    assert upload_at(address).seen["files"][0]["as_what"] == "preset"


def test_what_a_person_said_of_a_known_file_counts_from_then_on(
    signed_in: Enter, own_site: Any
) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"all contacts.csv": HUBSPOT.format(8, "bob")})
    sent = fields(client.get(f"{address}0/?kind=contacts").text) | {"c4": "segment"}
    assert client.post(f"{address}0/", sent).status_code == 302
    client.post(f"{address}import/")
    work_all()
    again = bring(client, **{"next contacts.csv": HUBSPOT.format(9, "eve")})
    assert "read as before" in client.get(again).text
    assert 'segment = "Original Source"' in client.get(f"{again}mapping.toml").text


def test_the_expert_writes_the_mapping_as_text(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"odd2.csv": "x,y\nO1,2024-03-01\n"})
    wrong = client.post(f"{address}mapping/", {"mapping": "[[source]]\nfile = 3"}).content.decode()
    assert "The source feeds no table" in wrong or "file" in wrong
    right = (
        '[[source]]\nfile = "odd2.csv"\n[[source.into]]\ntable = "lead"\n'
        '[source.into.columns]\nlead_id = "x"\ncreated_at = "y"\n'
    )
    assert client.post(f"{address}mapping/", {"mapping": right}).status_code == 302
    client.post(f"{address}import/")
    work_all()
    assert _rows(own_site, "lead", "O1")


def test_a_file_whose_letters_are_not_made_out_is_declared(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"x.csv": "lead_id,channel\nЖ1,ярмарка\n".encode("koi8-r")})
    client.post(f"{address}0/written/", {"encoding": "koi8-r", "delimiter": ",", "skip": "0"})
    work_all()
    assert upload_at(address).seen["files"][0]["encoding"] == "koi8-r"
    client.get(f"{address}0/")
    assert "ярмарка" in client.get(f"{address}0/").content.decode()


def test_what_can_not_be_read_is_left_out_or_holds_the_import_up(
    signed_in: Enter, own_site: Any
) -> None:
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("F"), "b.csv": b"%PDF-1.4"})
    assert client.post(f"{address}import/").status_code == 400
    [bad] = [each for each in upload_at(address).seen["files"] if each["as_what"] == "refused"]
    client.post(f"{address}{bad['number']}/take/", {"take": "no"})
    client.post(f"{address}import/")
    work_all()
    assert _rows(own_site, "lead", "F1")


def test_names_of_files_are_our_own_and_private(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    file = SimpleUploadedFile("lead.csv", LEADS.format("G").encode())
    file._name = "../../../evil.csv"  # what a client could send
    answer = client.post("/imports/", {"files": file})
    [path] = (
        own_site.path / "uploads" / answer.headers["Location"].split("/")[2] / "files"
    ).iterdir()
    assert path.name == "evil.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    client.post(f"{answer.headers['Location']}throw-away/")


def test_other_kinds_too_large_ones_and_none_are_refused(
    signed_in: Enter, own_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.store.models import Upload
    from onefunnel.web.pages.imports import receiving

    client = signed_in(Role.ANALYST)
    before = (
        set((own_site.path / "uploads").iterdir())
        if (own_site.path / "uploads").is_dir()
        else set()
    )
    assert client.post("/imports/").status_code == 400
    program = SimpleUploadedFile("run.exe", b"MZ")
    assert client.post("/imports/", {"files": program}).status_code == 422
    monkeypatch.setattr(receiving, "RESERVE", 2**62)
    lead = SimpleUploadedFile("lead.csv", b"lead_id\n1\n")
    full = client.post("/imports/", {"files": lead})
    assert full.status_code == 500 and "Make room" in full.content.decode()
    assert not Upload.objects.exists()
    left = (
        set((own_site.path / "uploads").iterdir())
        if (own_site.path / "uploads").is_dir()
        else set()
    )
    assert left == before


def test_a_file_beyond_the_limit_is_refused_and_removed(own_site: Any, tmp_path: Any) -> None:
    import uuid
    from dataclasses import replace

    from onefunnel.errors import InputError
    from onefunnel.web.pages.imports.receiving import Receiver

    limits = replace(own_site.settings.limits, max_file_bytes=10)
    small = replace(own_site, settings=replace(own_site.settings, limits=limits), path=tmp_path)
    receiver = Receiver(small, uuid.uuid4())
    receiver.new_file("files", "lead.csv", "text/csv", 20, None, None)
    with pytest.raises(InputError, match="limit") as told:
        receiver.receive_data_chunk(b"x" * 11, 0)
    assert told.value.code == "file_too_large"
    assert [p.stat().st_size for p in receiver.received] == [0]


def test_a_form_from_elsewhere_leaves_nothing(signed_in: Enter, own_site: Any) -> None:
    from onefunnel.store.models import Upload

    client = signed_in(Role.ANALYST)
    client.handler.enforce_csrf_checks = True
    file = SimpleUploadedFile("lead.csv", LEADS.format("H").encode())
    assert client.post("/imports/", {"files": file}).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize("role", [Role.SALES, Role.MARKETING, Role.HR, Role.EMPLOYEE])
def test_who_may_not_import_sees_no_upload(role: Role, signed_in: Enter) -> None:
    address = bring(signed_in(Role.ANALYST), **{"lead.csv": LEADS.format("I")})
    client = signed_in(role)
    there = [address, f"{address}0/", f"{address}0/rows/", f"{address}mapping/", "/imports/"]
    for each in (*there, "/imports/quarantine/", "/imports/template.zip"):
        assert client.get(each).status_code == 403, each
    for each in (f"{address}import/", f"{address}throw-away/", "/imports/"):
        assert client.post(each).status_code == 403, each


def test_every_step_is_written_down(signed_in: Enter, own_site: Any) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("J")})
    client.post(f"{address}import/")
    work_all()
    found = _group_with(own_site, "J2")
    there = f"/imports/quarantine/{found['key']}/"
    client.get(there)
    sent = {"row": found["row"]["quarantine_id"], "v0": "J2", "v1": "2024-03-02", "v2": "x"}
    client.post(f"{there}mend/", sent)
    work_all()
    ours = AuditLine.objects.filter(subject_kind__in=("upload", "quarantine")).order_by("pk")
    actions = [line.action for line in ours]
    assert actions == ["uploaded", "imported", "seen", "mended"]


def test_the_archive_of_empty_tables_is_the_ledgers(signed_in: Enter) -> None:
    from onefunnel.ledger.schema import TABLES

    answer = signed_in(Role.ANALYST).get("/imports/template.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {f"{name}.csv" for name in TABLES}
        assert archive.read("rate.csv").decode().strip() == "rate_id,day,currency,base,rate"


def test_an_archive_is_recognised_file_by_file(signed_in: Enter, own_site: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lead.csv", LEADS.format("K"))
        people = "Record ID,Email,First Name,Last Name,Create Date\nK9,k@k.example,K,L,2024-03-01\n"
        archive.writestr("clients.csv", people)
    client = signed_in(Role.ANALYST)
    address = bring(client, **{"all.zip": packed.getvalue()})
    files = upload_at(address).seen["files"]
    assert {each["file"]: each["as_what"] for each in files} == {
        "all.zip/clients.csv": "preset",
        "all.zip/lead.csv": "table",
    }
    client.post(f"{address}import/")
    work_all()
    assert _rows(own_site, "lead", "K1") and _rows(own_site, "party", "K9")


def test_pages_ask_the_database_as_often_for_many_files(
    signed_in: Enter,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.ANALYST)
    few = bring(client, **{"lead.csv": LEADS.format("L")})
    many = bring(client, **{f"lead-{n}.csv": LEADS.format(f"M{n}") for n in range(8)})
    counts = []
    for address in (few, many):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_row_broken_as_a_whole_is_written_anew(signed_in: Enter, own_site: Any) -> None:
    client = signed_in(Role.ANALYST)
    text = 'lead_id,created_at,channel\nN1,2024-03-01,x\nN2,"2024"-03-01,y\nN3,2024-03-01,z,more\n'
    address = bring(client, **{"lead.csv": text})
    client.post(f"{address}import/")
    work_all()
    broken, long = _group_with(own_site, "N2"), _group_with(own_site, "N3")
    page = client.get(f"/imports/quarantine/{broken['key']}/").content.decode()
    assert "the row as it was" in page and "created_at" in page

    sent = {"row": broken["row"]["quarantine_id"], "v0": broken["row"]["record"]}
    sent |= {"v1": "N2", "v2": "2024-03-01", "v3": "y"}
    client.post(f"/imports/quarantine/{broken['key']}/mend/", sent)
    work_all()
    assert (
        _group_with(own_site, "N2") is None and _rows(own_site, "lead", "N2")[0]["channel"] == "y"
    )

    sent = {"row": long["row"]["quarantine_id"], "v0": "N3", "v1": "2024-03-01", "v2": "z"}
    client.post(f"/imports/quarantine/{long['key']}/mend/", {**sent, "v3": '["more"]'})
    work_all()
    assert _group_with(own_site, "N3") is not None
    client.post(f"/imports/quarantine/{long['key']}/mend/", {**sent, "v3": ""})
    work_all()
    assert _group_with(own_site, "N3") is None and _rows(own_site, "lead", "N3")


def test_an_import_is_taken_back_whole(signed_in: Enter, own_site: Any) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.HEAD_OF_SALES)
    address = bring(client, **{"lead.csv": LEADS.format("U")})
    client.post(f"{address}import/")
    work_all()
    version = _version(own_site)
    link = f"/imports/versions/{version}/undo/"
    assert link in client.get("/imports/").text and link in client.get(address).text

    seen = client.get(link).headers["Location"]
    assert "Nothing is kept." in client.get(seen).text
    work_all()
    page = client.get(seen).text
    assert "Take this import back?" in page and "1 row of this import leaves it" in page
    assert _version(own_site) == version and _rows(own_site, "lead", "U1")

    done = client.post(seen).headers["Location"]
    work_all()
    listed = client.get(done, follow=True).text
    assert f"The import of version {version} is taken back." in listed
    assert f"Taken back: Version {version + 1}" in listed and link not in listed
    assert _rows(own_site, "lead", "U1") == [] and _group_with(own_site, "U2") is None
    assert AuditLine.objects.get(action="taken_back").subject_id == str(version)
    assert "This import is taken back." in client.get(address).text


def test_programs_take_an_import_back_as_it_was_previewed(signed_in: Enter, own_site: Any) -> None:
    from onefunnel.store.models import AuditLine
    from tests.web.callers import with_token

    client = signed_in(Role.HEAD_OF_SALES)
    address = bring(client, **{"lead.csv": LEADS.format("W")})
    client.post(f"{address}import/")
    work_all()
    version = _version(own_site)

    def post(role: Role, path: str, **body: str) -> Any:
        headers = with_token(role).headers
        place = f"/api/v1/versions/{version}/undo{path}"
        return Client().post(place, body, content_type="application/json", headers=headers)

    looked = post(Role.ANALYST, "/preview")
    assert looked.status_code == 202
    preview = looked.json()["job"]["id"]
    assert post(Role.ANALYST, "", preview=preview).status_code == 400  # it is not done yet
    work_all()
    headers = with_token(Role.ANALYST).headers
    result = Client().get(looked.headers["Location"], headers=headers).json()["result"]
    assert result["counts"]["lead"]["deleted"] == 1 and not result["committed"]
    assert _version(own_site) == version

    assert post(Role.MARKETING, "", preview=preview).status_code == 403
    assert post(Role.HEAD_OF_SALES, "", preview=preview).status_code == 404  # another's preview
    assert post(Role.ANALYST, "", preview=preview).status_code == 202
    work_all()
    assert _version(own_site) == version + 1 and _rows(own_site, "lead", "W1") == []
    assert AuditLine.objects.filter(action="taken_back", subject_id=str(version)).exists()
    assert post(Role.ANALYST, "/preview").status_code == 400  # taken back already
    again = post(Role.ANALYST, "", preview=preview)
    assert again.status_code == 400 and "changed since" in again.json()["error"]["message"]


def test_taking_back_twice_does_it_once(signed_in: Enter, own_site: Any) -> None:
    """As a worker does that died after it; and as somebody does who asks for it once more."""
    from onefunnel.web.jobs import undoing

    client = signed_in(Role.ANALYST)
    address = bring(client, **{"lead.csv": LEADS.format("V")})
    client.post(f"{address}import/")
    work_all()
    version = _version(own_site)
    about = {"version": version, "ledger": version, "person": None}
    undoing.work(own_site, about, _silent())
    assert undoing.work(own_site, about, _silent())["version"] == version + 1
    assert _version(own_site) == version + 1
    refused = client.get(f"/imports/versions/{version}/undo/")
    assert refused.status_code == 400 and "taken back already" in refused.text


def test_who_may_not_import_may_not_take_back(signed_in: Enter) -> None:
    client = signed_in(Role.EMPLOYEE)
    assert client.get("/imports/versions/1/undo/").status_code == 403
    assert client.post("/imports/versions/1/undo/").status_code == 403
