"""The desk's list, leads and customers: who sees what, and what erasure leaves."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.vocabulary import Role
from onefunnel.workflows.directory.reading import Lead, Wanted, newest
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.workspace import Workspace
from tests.web.site import CAST, work_all
from tests.workflows.company import company, write_folder
from tests.workflows.test_erasing import traces

if TYPE_CHECKING:
    from onefunnel.store.models import Person

Enter = Callable[[Role], Client]


def of(role: Role) -> Person:
    from onefunnel.store.models import Person

    return Person.objects.get(email=CAST[role])


@pytest.fixture
def ready(site: Workspace, signed_in: Enter) -> Workspace:
    """The site with its directory."""
    signed_in(Role.DIRECTOR).get("/desk/")
    work_all()
    return site


def some_lead(site: Workspace, stands: str = "won") -> Lead:
    with newest(site) as directory:
        assert directory is not None
        found = directory.leads(Wanted(stands), 0, 50)
        return next(each for each in found if each.name and each.owner)


def lines(action: str) -> list[Any]:
    from onefunnel.store.models import AuditLine

    return list(AuditLine.objects.filter(action=action).order_by("pk"))


def test_the_list_waits_for_its_job_and_then_stands(site: Workspace, signed_in: Enter) -> None:
    from onefunnel.workflows.directory.building import places

    director = signed_in(Role.DIRECTOR)
    if not places(site):
        assert "Putting leads and customers in order" in director.get("/desk/").text
        work_all()
    page = director.get("/desk/").text
    assert page.count("data-row") == 50
    assert "Waits for a call" in page
    assert lines("seen")[-1].subject_kind == "leads"


def test_pages_of_the_list_hold_every_lead_once(ready: Workspace, signed_in: Enter) -> None:
    client, address, found = signed_in(Role.SALES), "/desk/", []
    while address:
        page = client.get(address).text
        found += re.findall(r'<a href="(/leads/[^"]+)" data-row', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    with newest(ready) as directory:
        assert directory is not None
        assert len(found) == len(set(found)) == directory.about.leads


def test_filters_narrow_the_list(ready: Workspace, signed_in: Enter) -> None:
    client = signed_in(Role.MARKETING)
    won = client.get("/desk/?stands=won").text
    assert "status--good" in won
    assert "status--bad" not in won
    lead = some_lead(ready)
    assert lead.name is not None
    by_name = client.get("/desk/", {"q": lead.name.upper()}).text
    assert lead.name in by_name
    by_key = client.get("/desk/", {"q": lead.lead_id}).text
    assert by_key.count("data-row") == 1
    assert "No lead fits these filters." in client.get("/desk/?q=zzzzzz").text
    assert client.get("/desk/?after=x&stands=y&channel=%F0%9F%99%82").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_who_may_see_leads_and_customers(role: Role, ready: Workspace, signed_in: Enter) -> None:
    from onefunnel.vocabulary import Permission

    lead, client = some_lead(ready), signed_in(role)
    may = role.may(Permission.RECORDS)
    for address in ("/desk/", f"/leads/{lead.lead_id}/", f"/customers/{lead.party_id}/"):
        answer = client.get(address)
        assert answer.status_code == (200 if may else 403)
        assert (str(lead.name) in answer.text) == may


def test_a_lead_shows_the_journey_of_whoever_it_is(ready: Workspace, signed_in: Enter) -> None:
    lead = some_lead(ready)
    page = signed_in(Role.DIRECTOR).get(f"/leads/{lead.lead_id}/").text
    for text in ("Became a lead", "Offered to sales", "Deal won", "Ordered", "Purchase"):
        assert text in page
    (line,) = lines("seen")[-1:]
    assert (line.subject_kind, line.subject_id) == ("lead", lead.lead_id)
    customer = signed_in(Role.DIRECTOR).get(f"/customers/{lead.party_id}/").text
    assert f"/leads/{lead.lead_id}/" in customer
    assert lines("seen")[-1].subject_kind == "customer"


def test_employees_are_named_to_the_head_of_their_team_alone(
    ready: Workspace, signed_in: Enter
) -> None:
    lead = some_lead(ready)
    with newest(ready) as directory:
        assert directory is not None
        assert lead.owner is not None
        name = directory.employees({lead.owner})[lead.owner].name
    assert name
    shown = {
        role: name in signed_in(role).get(f"/leads/{lead.lead_id}/").text
        for role in Role
        if role not in (Role.HR, Role.EMPLOYEE)
    }
    assert [role for role, named in shown.items() if named] == [Role.HEAD_OF_SALES]
    person = of(Role.SALES)
    person.employee_id = lead.owner
    person.save()
    assert name in signed_in(Role.SALES).get(f"/leads/{lead.lead_id}/").text


def test_what_is_not_on_record_is_said(ready: Workspace, signed_in: Enter) -> None:
    for address in ("/leads/nothing/", "/customers/nobody/"):
        answer = signed_in(Role.ANALYST).get(address)
        assert answer.status_code == 404
        assert "is on record" in answer.text
        waited = signed_in(Role.ANALYST).get(address, headers={"HX-Request": "true"})
        assert waited.headers["HX-Refresh"] == "true"


def test_any_key_has_an_address(site: Workspace) -> None:
    from django.urls import resolve, reverse

    for key in ("a/b", "..", ".", "~", "x?y#z&", "ä ü/٣", "a\nb", "%2F", "l1/erase", "\\"):
        address = reverse("lead", kwargs={"lead": key})
        from urllib.parse import unquote

        assert resolve(unquote(address)).kwargs == {"lead": key}
        assert address.count("/") == 3


def test_a_page_asks_the_database_the_same_number_of_times(
    ready: Workspace, signed_in: Enter
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from onefunnel.store.models import Remark

    lead, client = some_lead(ready), signed_in(Role.DIRECTOR)
    asked = []
    for comments in (1, 20):
        for number in range(comments):
            Remark.objects.create(
                subject_kind="lead",
                subject_id=lead.lead_id,
                text=str(number),
                author=of(Role.SALES),
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/leads/{lead.lead_id}/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] < 10


def test_only_who_manages_people_erases_and_only_by_name(
    ready: Workspace, signed_in: Enter
) -> None:
    from onefunnel.store.models import Job

    lead = some_lead(ready)
    address = f"/customers/{lead.party_id}/erase/"
    assert signed_in(Role.HEAD_OF_SALES).post(address, {"name": lead.name}).status_code == 403
    assert (
        "Erase this person"
        not in signed_in(Role.HEAD_OF_SALES).get(f"/customers/{lead.party_id}/").text
    )
    director = signed_in(Role.DIRECTOR)
    assert "Erase this person" in director.get(f"/customers/{lead.party_id}/").text
    wrong = director.post(address, {"name": "somebody else"})
    assert wrong.status_code == 400
    assert "This is not the name." in wrong.text
    assert not Job.objects.filter(kind="erase").exists()
    asked = director.post(address, {"name": f" {lead.name} "})
    job = Job.objects.get(kind="erase")
    assert asked.headers["Location"] == f"/erasures/{job.pk}/"
    assert str(lead.party_id) not in str(job.parameters)
    assert "Erasing" in director.get(asked.headers["Location"]).text
    (line,) = lines("erased")
    assert (line.subject_kind, line.subject_id, line.detail) == ("customer", "", {})
    job.delete()  # the company of this site stays as it is


def test_the_job_erases_ledger_and_database(site: Workspace, tmp_path: Path) -> None:
    from onefunnel.store.models import AuditLine, Remark
    from onefunnel.web.jobs import erasing

    workspace = bootstrap.init_workspace(tmp_path / "firm", country="RO")
    import_paths(workspace, [write_folder(tmp_path / "files", **company())], silent)
    author = of(Role.SALES)

    def remark(kind: str, key: str, text: str) -> Remark:
        return Remark.objects.create(subject_kind=kind, subject_id=key, text=text, author=author)

    gone = [
        remark("lead", "l2", "wants a gate"),
        remark("customer", "P-ana-2", "rang twice"),
        remark("figure", "funnel?stage=purchase", "as Ana Ionescu-Vlad's. Call 0721 555 001!"),
    ]
    kept = [remark("lead", "l3", "for Bogdan"), remark("figure", "leaks", "too few hours")]
    AuditLine.objects.create(action="seen", subject_kind="lead", subject_id="l1")
    AuditLine.objects.create(action="seen", subject_kind="customer", subject_id="P-ana")
    AuditLine.objects.create(action="x", detail={"a": ["Ana.Vlad@example.org"]})
    other = AuditLine.objects.create(action="seen", subject_kind="lead", subject_id="l3")
    parameters = {"party": erasing._digest("P-ana")}
    assert erasing.work(workspace, parameters, silent_progress()) == {"parties": 3}
    assert traces(workspace.path) == []
    assert [Remark.objects.get(pk=each.pk).text for each in gone] == [""] * 3
    assert all(Remark.objects.get(pk=each.pk).withdrawn_at for each in gone)
    assert [Remark.objects.get(pk=each.pk).text for each in kept] == [each.text for each in kept]
    assert not Remark.objects.filter(subject_id__in=("l2", "P-ana-2")).exists()
    assert not AuditLine.objects.filter(subject_id__in=("l1", "P-ana")).exists()
    assert AuditLine.objects.get(action="x").detail == {}
    assert AuditLine.objects.get(pk=other.pk).subject_id == "l3"
    assert erasing.work(workspace, parameters, silent_progress()) == {"parties": 0}


def silent_progress() -> Any:
    class Silent:
        def step(self, what: str, done: int, total: int | None) -> None:
            """Nothing."""

    return Silent()


def test_the_command_erases_in_the_database_and_its_file(tmp_path: Path) -> None:
    """In processes of their own: one process serves one workspace."""
    workspace = bootstrap.init_workspace(tmp_path / "firm", country="RO")
    import_paths(workspace, [write_folder(tmp_path / "files", **company())], silent)
    written = (
        "from tests.web.test_leads import write_about_ana; import sys; write_about_ana(sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", written, str(workspace.path)], check=True)
    assert [name for name, _ in traces(workspace.path) if name.startswith("app.sqlite")]
    command = [sys.executable, "-m", "onefunnel", "erase", str(workspace.path), "P-ana"]
    subprocess.run(command, check=True, capture_output=True)
    assert traces(workspace.path) == []


def write_about_ana(workspace: str) -> None:
    """Comments, audit lines and jobs about a person, some of them removed or changed again."""
    from onefunnel.web.site.setup import configure, migrate

    configure(Path(workspace))
    migrate()
    from onefunnel.store.models import AuditLine, Job, Remark
    from tests.web.site import make_cast

    author = make_cast()[Role.SALES]
    for at in range(50):
        text = f"Ana Ionescu-Vlad asked {at} times, ana.vlad@example.org"
        about = {"subject_kind": "customer", "subject_id": "P-ana", "author": author}
        made = Remark.objects.create(text=text, **about)
        AuditLine.objects.create(action="seen", subject_kind="customer", subject_id="P-ana")
        if at % 2:
            made.delete()
    where = {"where": [["party_id", "P-ana"]]}
    Job.objects.create(kind="rows", lane="questions", key="k", parameters=where)
