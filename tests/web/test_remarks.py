"""Comments: written, read, withdrawn; only who may see the subject reads or is mentioned."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from onefunnel.vocabulary import Role
from onefunnel.workflows.directory.reading import Lead, Wanted, newest
from onefunnel.workflows.workspace import Workspace
from tests.web.site import CAST, work_all

if TYPE_CHECKING:
    from onefunnel.store.models import Person

Enter = Callable[[Role], Client]
FIGURE = {"kind": "figure", "id": "funnel?stage=purchase"}


def of(role: Role) -> Person:
    from onefunnel.store.models import Person

    return Person.objects.get(email=CAST[role])


@pytest.fixture
def lead(site: Workspace, signed_in: Enter) -> Lead:
    signed_in(Role.DIRECTOR).get("/desk/")
    work_all()
    with newest(site) as directory:
        assert directory is not None
        return next(iter(directory.leads(Wanted("won"), 0, 1)))


def test_a_comment_is_read_by_everybody_who_sees_the_figure(signed_in: Enter) -> None:
    marketing, sales = signed_in(Role.MARKETING), signed_in(Role.SALES)
    sent = marketing.post("/remarks/", {**FIGURE, "text": "<b>Too few</b> hours"})
    assert sent.status_code == 302
    page = sales.get("/remarks/", FIGURE).text
    assert "&lt;b&gt;Too few&lt;/b&gt; hours" in page
    assert "Marketing" in page
    assert sales.get("/remarks/", {**FIGURE, "id": "another"}).text.count("Too few") == 0
    beside = sales.get("/remarks/", FIGURE, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "<html" not in beside.text
    assert "data-close" in beside.text


def test_a_mention_waits_until_it_is_read(signed_in: Enter) -> None:
    from onefunnel.store.models import Mention

    to = str(of(Role.HEAD_OF_SALES).pk)
    signed_in(Role.MARKETING).post("/remarks/", {**FIGURE, "text": "see @analyst", "mention": to})
    people = {each.person.in_role for each in Mention.objects.all()}
    assert people == {Role.HEAD_OF_SALES, Role.ANALYST}
    signed_in(Role.SALES).get("/remarks/", FIGURE)
    assert Mention.objects.filter(read_at=None).count() == 2
    signed_in(Role.HEAD_OF_SALES).get("/remarks/", FIGURE)
    assert [each.person.in_role for each in Mention.objects.filter(read_at=None)] == [Role.ANALYST]
    listed = signed_in(Role.ANALYST).get("/remarks/").text
    assert "see @analyst" in listed
    assert not Mention.objects.filter(read_at=None).exists()
    assert "see @analyst" not in signed_in(Role.SALES).get("/remarks/").text


def test_nobody_is_mentioned_who_may_not_read_it(signed_in: Enter, lead: Lead) -> None:
    from onefunnel.store.models import Mention, Person

    outside = [of(Role.EMPLOYEE), of(Role.HR)]
    gone = Person.objects.create(email="gone@x.example", name="Gone", role="sales", is_active=False)
    about = {"kind": "lead", "id": lead.lead_id, "text": "@employee @gone @sales"}
    mention = [str(each.pk) for each in (*outside, gone, of(Role.SALES))]
    signed_in(Role.SALES).post("/remarks/", {**about, "mention": mention})
    assert not Mention.objects.filter(person__in=[*outside, gone, of(Role.SALES)]).exists()
    assert "Gone" not in signed_in(Role.SALES).get(f"/leads/{lead.lead_id}/").text.replace(
        "@gone", ""
    )


def test_a_customer_has_one_thread_and_a_lead_its_own(signed_in: Enter, lead: Lead) -> None:
    client = signed_in(Role.SALES)
    customer = {"kind": "customer", "id": str(lead.party_id)}
    sent = client.post("/remarks/", {**customer, "text": "prefers mornings"})
    assert sent.headers["Location"] == f"/customers/{lead.party_id}/#thread"
    client.post("/remarks/", {"kind": "lead", "id": lead.lead_id, "text": "wants two gates"})
    assert "prefers mornings" in client.get(f"/customers/{lead.party_id}/").text
    page = client.get(f"/leads/{lead.lead_id}/").text
    assert "wants two gates" in page
    assert "prefers mornings" not in page
    assert "1 comment" in page


def test_what_can_not_be_said(signed_in: Enter, lead: Lead) -> None:
    from onefunnel.store.models import Remark

    client = signed_in(Role.SALES)
    for values, status in (
        ({**FIGURE, "text": "  "}, 400),
        ({**FIGURE, "text": "x" * 4001}, 400),
        ({"kind": "person", "id": "1", "text": "x"}, 400),
        ({"kind": "figure", "id": "", "text": "x"}, 400),
        ({"kind": "lead", "id": "nothing", "text": "x"}, 404),
        ({"kind": "campaign", "id": "nothing", "text": "x"}, 404),
    ):
        assert client.post("/remarks/", values).status_code == status
    assert signed_in(Role.EMPLOYEE).post("/remarks/", {**FIGURE, "text": "x"}).status_code == 403
    assert not Remark.objects.exists()


def test_one_takes_back_only_what_one_wrote(signed_in: Enter) -> None:
    from onefunnel.store.models import AuditLine, Mention, Remark

    to = str(of(Role.SALES).pk)
    signed_in(Role.ANALYST).post("/remarks/", {**FIGURE, "text": "a mistake", "mention": to})
    remark = Remark.objects.get()
    address = f"/remarks/{remark.pk}/withdraw/"
    assert signed_in(Role.DIRECTOR).post(address).status_code == 403
    assert signed_in(Role.ANALYST).get(address).status_code == 405
    part = signed_in(Role.ANALYST).post(address, headers={"HX-Request": "true"})
    assert "withdrawn" in part.text
    remark.refresh_from_db()
    assert remark.text == ""
    assert remark.withdrawn_at is not None
    assert not Mention.objects.exists()
    actions = AuditLine.objects.filter(subject_kind="figure").values_list("action", flat=True)
    assert list(actions) == ["commented", "withdrew_comment"]


def test_a_figure_is_named_in_words(signed_in: Enter) -> None:
    page = signed_in(Role.SALES).get(
        "/remarks/", {"kind": "figure", "id": "leaks?figure=left&stage=purchase&channel=<i>"}
    )
    assert "Leaks: Went no further · Purchase · Channel: <bdi>&lt;i&gt;</bdi>" in page.text


def test_the_thread_of_a_figure_leads_back_to_the_funnel_it_stood_in(signed_in: Enter) -> None:
    key = "funnel?figure=entered&stage=purchase&from=2025-10-01&to=2025-11-01&by=channel"
    page = signed_in(Role.SALES).get("/remarks/", {"kind": "figure", "id": key}).text
    assert "October 2025" in page
    assert "/funnel/?from=2025-10-01&amp;to=2025-11-01&amp;by=channel" in page


def test_a_figure_that_nobody_asks_is_shown_as_it_is(signed_in: Enter) -> None:
    key = "funnel?from=never&horizon=-1&stage=nowhere"
    page = signed_in(Role.SALES).get("/remarks/", {"kind": "figure", "id": key}).text
    assert "<bdi>never</bdi>" in page
