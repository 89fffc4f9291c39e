"""Closing a month from the page: who may, what it says it fixes, what came later about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from onefunnel.intake import silent
from onefunnel.vocabulary import Calendar, Role
from onefunnel.web.locale import Words
from onefunnel.workflows import closing
from onefunnel.workflows.closed import Closed, Restated
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

SignIn = Callable[[Role], Client]


def shown(client: Client, address: str) -> str:
    for _ in range(4):
        answer = client.get(address)
        if 'class="waiting"' not in answer.text:
            break
        work_all()
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month is closed with its bridge alone; the rest is closed in tests/workflows."""
    monkeypatch.setattr(closing, "measures_that_close", lambda: ["bridge"])
    monkeypatch.setattr(closing, "_lines", lambda *asked: [])


def closed(month: str, since: datetime | None) -> Closed:
    first, after = date.fromisoformat(f"{month}-01"), date(2024, 7, 1)
    return Closed(month, first, after, datetime(2024, 7, 2, tzinfo=UTC), "Ana", 3, (), since)


def test_months_are_open_until_a_later_one_is_closed() -> None:
    from onefunnel.web.pages.months.content import open_views, still_open

    first, last = datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 8, 2, tzinfo=UTC)
    now, calendar = datetime(2024, 8, 20, tzinfo=UTC), Calendar()
    found = still_open(first, last, now, (), calendar)
    assert [each.label for each in found] == ["2024-03", "2024-04", "2024-05", "2024-06", "2024-07"]
    views = open_views(found, {"2024-04"}, Words("en"))
    assert [(each.label, each.bridged) for each in views][-2:] == [
        ("2024-04", True),
        ("2024-03", False),
    ]
    assert views[0].with_it == "March 2024 to June 2024" and views[-1].with_it == ""
    later = still_open(first, last, now, (closed("2024-06", None),), calendar)
    assert [each.label for each in later] == ["2024-07"]


def test_terms_that_are_younger_than_the_month_are_said() -> None:
    from onefunnel.web.pages.months.content import closed_view

    before, within = datetime(2024, 5, 31, tzinfo=UTC), datetime(2024, 6, 3, tzinfo=UTC)
    said = [closed_view(closed("2024-06", each), Words("en")).terms for each in (before, within)]
    assert said == ["before", "late"]
    assert closed_view(closed("2024-06", None), Words("en")).terms == "none"


def test_restated_figures_of_pay_are_for_who_sees_pay(site: Workspace, monkeypatch: object) -> None:
    from dataclasses import replace

    from onefunnel.measures.registry import MEASURES
    from onefunnel.store.models import Person
    from onefunnel.vocabulary import Permission
    from onefunnel.web.pages.months import restated

    secret = replace(MEASURES["bridge"], name="secret", permission=Permission.PAY)
    monkeypatch.setattr(restated, "MEASURES", {**MEASURES, "secret": secret})
    given = [Restated("2024-06", name, {}, "amount", 1.0, 2.0) for name in ("bridge", "secret")]
    seen = {
        role: [each.measure for each in restated.seen_by(Person.objects.get(role=role), given)]
        for role in (Role.DIRECTOR, Role.HEAD_OF_SALES)
    }
    assert seen == {Role.DIRECTOR: ["bridge", "secret"], Role.HEAD_OF_SALES: ["bridge"]}


def test_a_month_is_closed_and_says_what_came_later(
    own_site: Workspace, signed_in: SignIn, tmp_path: Path, quickly: None
) -> None:
    from onefunnel.store.models import AuditLine

    director, sales = signed_in(Role.DIRECTOR), signed_in(Role.SALES)
    assert "The director closes months." in shown(sales, "/months/")
    for method in (sales.get, sales.post):
        assert method("/months/2024-05/close/").status_code == 403
    page = shown(director, "/months/2024-05/close/")
    assert "No terms are in force" in page and "to April 2024" in page
    assert "Its figures (The bridge" in page
    began = director.post("/months/2024-05/close/")
    work_all()
    done = director.get(began.headers["Location"])
    assert done.headers["Location"] == "/months/2024-05/"
    line = AuditLine.objects.get(action="month_closed")
    assert line.subject_id == "2024-05"
    assert "The records say the same" in shown(sales, "/months/2024-05/")
    assert director.get("/months/2024-05/close/").status_code == 404
    assert director.get("/months/2024-06/").status_code == 404

    folder = tmp_path / "later"
    folder.mkdir()
    (folder / "order_line.csv").write_text(
        "order_line_id,order_id,party_id,ordered_at,quantity,net_price,unit_cost\n"
        "late,late,late,2024-05-03T10:00:00Z,1,500,100\n"
    )
    import_paths(own_site, [folder], silent)
    page = shown(sales, "/months/2024-05/")
    assert "As closed" in page and "+€400" in page


def test_programs_see_and_close_months(site: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from onefunnel.web.api import jobs
    from tests.web.callers import with_token

    monkeypatch.setattr(jobs, "pause", work_all)
    client = Client(raise_request_exception=False)
    director, sales = (with_token(each).headers for each in (Role.DIRECTOR, Role.SALES))
    found = client.get("/api/v1/months?wait=30", headers=sales).json()
    assert found["closed"] == [] and "2024-05" in found["open"]
    address = "/api/v1/months/2024-05/close?wait=30"
    assert client.post(address, headers=sales).status_code == 403
    assert client.post(address.replace("05", "13"), headers=director).status_code == 400
    began = client.post(address, headers=director)
    assert began.status_code == 202 and began.json()["job"]["kind"] == "close"
    nowhere = client.get("/api/v1/months/2024-05/restated?wait=30", headers=sales)
    assert nowhere.status_code == 400 and nowhere.json()["error"]["code"] == "unknown_name"
