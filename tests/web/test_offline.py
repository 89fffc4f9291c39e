"""The page of offline conversions: what it says of each platform, the file, who may take it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from onefunnel.errors import UsageError
from onefunnel.measures.offline_conversions.conversions import Conversion
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.result import OfflineConversionsRow
from onefunnel.measures.offline_conversions.statuses import Status
from onefunnel.measures.offline_conversions.telling import ToldValue
from onefunnel.vocabulary import Answer, Role
from onefunnel.web.locale import Words
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.computed import kept_answer
from onefunnel.workflows.returning import MEASURE
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

SignIn = Callable[[Role], Client]
PAGE = "/campaigns/conversions/"
LEADS = "platform=google&of=lead&value=none"


def opened(client: Client, address: str) -> str:
    """A page once everything that it asks is worked out."""
    for _ in range(4):
        answer = client.get(address)
        if 'class="waiting"' not in answer.text:
            break
        work_all()
    assert answer.status_code == 200
    return unescape(answer.text)


def told(platform: Platform, of: Conversion, **numbers: int) -> OfflineConversionsRow:
    counts = {status.value: numbers.get(status.value, 0) for status in Status}
    money = {"revenue": Decimal(0), "contribution": Decimal(0)}
    return OfflineConversionsRow(
        platform.value, of.value, sum(counts.values()), **counts, **money,
        to_adjust=0, without_revenue=0, without_contribution=0,
    )  # fmt: skip


def test_fates_that_nobody_has_are_left_out() -> None:
    from onefunnel.web.pages.offline.content import fates

    rows = tuple(
        told(platform, of, too_old=1_200 if platform is Platform.META else 0)
        for platform in Platform
        for of in Conversion
    )
    found = fates(Answer(MEASURE, rows), Conversion.LEAD, Words("en"))
    assert [(str(each.name), each.counts) for each in found] == [
        ("Go back with a click", ("0", "0", "0")),
        ("The last click lies too long before", ("0", "1,200", "0")),
    ]


def test_an_address_says_what_is_told_and_nothing_else() -> None:
    from onefunnel.web.pages.funnel.asking import read as days
    from onefunnel.web.pages.offline.asking import read

    words = Words("en")
    given = {"platform": "microsoft", "of": "lead", "value": "revenue", "name": " Web lead "}
    wanted = read(given, days({"period": "last_month", "by": "channel"}, words), words)
    assert wanted.told("EUR").name == "Web lead" and wanted.value is ToldValue.REVENUE
    assert wanted.asked().by == ()
    assert "period=last_month" in wanted.address() and "name=Web+lead" in wanted.address()
    assert "as_of=7" in wanted.file_address(7, adjustments=True)
    for name, value in (("platform", "yahoo"), ("of", "deal"), ("value", "profit")):
        with pytest.raises(UsageError):
            read({name: value}, days({}, words), words)
    with pytest.raises(UsageError):
        read({"name": "=1"}, days({}, words), words).told("EUR")


def test_a_row_shows_its_click_and_whether_it_has_a_value() -> None:
    from onefunnel.measures.offline_conversions.telling import told as how
    from onefunnel.web.pages.offline.content import PREVIEWED, preview
    from onefunnel.workflows.returning import File

    at = datetime(2024, 5, 5, 12, 30, tzinfo=UTC)
    row = {"click": "Cj0KC", "click_at": at, "at": at, "contribution": None, "revenue": Decimal(9)}
    lines = {}
    for value in ("contribution", "revenue"):
        file = File(Platform.GOOGLE, how("customer", "", value, "EUR"))
        lines[value] = preview(file, [row] * 20, Words("en"))
    assert len(lines["revenue"]) == PREVIEWED
    assert (lines["contribution"][0].value, lines["revenue"][0].value) == ("No value", "€9")
    assert lines["revenue"][0].clicked == "May 5, 2024, 12:30"


def test_who_sees_records_takes_the_file_and_that_is_noted(
    site: Workspace, signed_in: SignIn
) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.MARKETING)
    text = opened(client, f"{PAGE}?{LEADS}")
    kept = kept_answer(site, MEASURE, Asked())
    assert kept is not None
    row = kept.answer.rows[0]
    assert (row.platform, row.of) == ("google", "lead") and row.returned > 0
    assert "The file for Google Ads" in text and f"{row.conversions} conversions" in text
    answer = client.get(f"{PAGE}file/?{LEADS}")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "google-lead-returned-1.csv" in answer.headers["Content-Disposition"]
    assert lines[0] == "Parameters:TimeZone=+0000" and len(lines) == row.returned + 2
    noted = AuditLine.objects.filter(subject_kind="conversions").order_by("pk")
    assert [(each.action, each.detail["rows"]) for each in noted] == [
        ("seen", row.returned),
        ("exported", row.returned),
    ]
    assert "Meta takes no conversion back." in opened_wrong(
        client, f"{PAGE}file/?platform=meta&of=lead&changed=1"
    )
    called = client.get(f"/api/v1/offline-conversions?{LEADS}")
    assert called.status_code == 200
    body = json.loads(called.content)
    assert (body["rows"], body["text"].splitlines()) == (row.returned, lines)
    assert signed_in(Role.HR).get(f"{PAGE}file/?{LEADS}").status_code == 403
    assert signed_in(Role.HR).get(f"/api/v1/offline-conversions?{LEADS}").status_code == 403


def opened_wrong(client: Client, address: str) -> str:
    """What is said of an address that can't be asked."""
    answer = client.get(address)
    assert answer.status_code == 400
    return unescape(answer.text)
