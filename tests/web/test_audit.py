"""Who saw and did what: shown to those who may, and that is written down too."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from onefunnel.vocabulary import Role
from tests.web.site import CAST


@pytest.fixture
def lines(site: object) -> None:
    """Two hundred and fifty lines, the oldest first."""
    from onefunnel.store.models import Person
    from onefunnel.web.site.audit import write

    sales = Person.objects.get(email=CAST[Role.SALES])
    for number in range(250):
        write(sales, "seen", "lead", f"lead-{number:03}")


def rows(page: str) -> int:
    return page.count("<tr>") - 1


def test_a_hundred_at_once_and_the_older_ones_behind_a_link(
    lines: None, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.DIRECTOR)
    asked = "/audit/?action=seen&subject=lead-"
    seen = []
    for expected in (100, 100, 50):
        page = client.get(asked).text
        assert rows(page) == expected
        seen.append(page)
        asked = _older(page)
    assert asked == ""
    assert "lead-249" in seen[0]
    assert "lead-000" in seen[2]
    assert all(sum(f"lead-{number:03}<" in page for page in seen) == 1 for number in range(250))


def _older(page: str) -> str:
    if 'rel="next"' not in page:
        return ""
    return page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")


def test_filters_by_person_action_subject_and_day(
    lines: None, signed_in: Callable[[Role], Client]
) -> None:
    from django.utils import timezone

    from onefunnel.store.models import AuditLine, Person

    client = signed_in(Role.DIRECTOR)
    director = Person.objects.get(email=CAST[Role.DIRECTOR])
    assert rows(client.get(f"/audit/?person={director.pk}&action=signed_in").text) == 1
    assert rows(client.get("/audit/?subject=LEAD-007").text) == 1
    AuditLine.objects.filter(subject_id="lead-007").update(at=timezone.now() - timedelta(days=40))
    past = (timezone.now() - timedelta(days=30)).date().isoformat()
    assert rows(client.get(f"/audit/?until={past}").text) == 1
    assert "lead-007" not in client.get(f"/audit/?since={past}&subject=lead").text
    assert client.get("/audit/?since=nonsense&person=999999&before=x").status_code == 200


def test_all_of_it_as_csv(lines: None, signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import AuditLine
    from onefunnel.web.site.audit import write

    write(None, "seen", "page", '=HYPERLINK("http://x.example")')
    answer = signed_in(Role.DIRECTOR).get("/audit/audit.csv?action=seen")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    found = list(csv.DictReader(text.splitlines()))
    assert len(found) == 251
    assert not found[0]["subject_id"].startswith("=")
    assert found[1]["email"] == CAST[Role.SALES]
    assert AuditLine.objects.filter(action="exported", subject_kind="audit").count() == 1


def test_looking_is_written_down(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import AuditLine

    signed_in(Role.DIRECTOR).get("/audit/?subject=somebody")
    line = AuditLine.objects.get(action="seen", subject_kind="audit")
    assert line.detail == {"asked": {"subject": "somebody"}}


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.DIRECTOR])
def test_it_is_for_the_director(role: Role, signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(role)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/audit.csv").status_code == 403


def test_the_page_asks_the_database_no_more_for_more_lines(
    lines: None, signed_in: Callable[[Role], Client]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.DIRECTOR)
    counts = []
    for asked in ("/audit/?subject=lead-001", "/audit/?subject=lead-"):
        with CaptureQueriesContext(connection) as queries:
            client.get(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]
