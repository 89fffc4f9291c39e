"""Files come in through the pages: looked at, mapped, tried, imported, mended."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onefunnel.vocabulary import Role
from tests.web.site import work_all

Enter = Callable[[Role], Client]

MESSY = """Номер;Название сделки;Сумма;Валюта;Стадия сделки;Дата создания;Дата закрытия;Ответственный
Б-1;Ворота;1 234,50;EUR;Сделка успешна;05.03.2024;28.03.2024;Иванова
Б-2;Запчасти;89,90;EUR;Переговоры;07.03.2024;;Петров
Б-3;Ремонт;двести;EUR;Сделка провалена;15.03.2024;20.03.2024;Иванова
"""
"""As a Russian CRM writes it: the last amount is no number."""


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


def test_a_messy_file_goes_all_the_way(signed_in: Enter, site: Any) -> None:
    """Windows-1251, semicolons, decimal commas, days first, one bad row: mapped, imported, mended."""
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

    before = _version(site)
    client.post(f"{address}import/")
    work_all()
    page = client.get(address).content.decode()
    assert "The files are in." in page and _version(site) == before + 1
    assert not (site.path / "uploads" / address.split("/")[2]).exists()
    assert _rows(site, "deal_event", "Б-1:closed")[0]["status"] == "won"
    assert _rows(site, "deal_event", "Б-3:closed") == []

    listed = client.get("/imports/quarantine/").content.decode()
    assert "not a number" in listed and "двести" in listed
    key = _groups(site)[0].key
    group = client.get(f"/imports/quarantine/{key}/").content.decode()
    assert 'aria-invalid="true"' in group and "Сумма" in group

    answer = client.post(f"/imports/quarantine/{key}/replace/", {"old": "двести", "new": "200,00"})
    work_all()
    client.get(answer.headers["Location"])
    assert _groups(site) == []
    [event] = _rows(site, "deal_event", "Б-3:closed")
    assert (event["status"], str(event["amount"])) == ("lost", "200.0000")


def _version(site: Any) -> int:
    from onefunnel.workflows.computed import ledger_version

    return ledger_version(site)


def _rows(site: Any, table: str, key: str) -> list[dict[str, Any]]:
    from onefunnel.ledger.schema import TABLES

    def work(reader: Any) -> Any:
        rows = reader.table(table)
        return reader.fetch(rows.filter(rows[TABLES[table].key] == key))

    return list(site.reading(work).to_pylist())


def _groups(site: Any) -> list[Any]:
    from onefunnel.web.pages.imports.quarantined import groups, kept_rows

    return groups(kept_rows(site))
