"""The first run: the link, what the firm is set to, the sample company, demonstrations."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onefunnel import bootstrap, settings
from onefunnel.vocabulary import Role
from tests.web.site import work_all

if TYPE_CHECKING:
    from django.test import Client

    from onefunnel.workflows.workspace import Workspace

FIRM = {
    "name": "Porți Bicaz",
    "language": "ro",
    "country": "RO",
    "currency": "RON",
    "timezone": "Europe/Bucharest",
    "calendar_name": "gregorian",
}
BROWSER = {"HTTP_ACCEPT_LANGUAGE": "ro-RO,ro;q=0.9,en;q=0.8"}


@pytest.fixture
def new_site(site: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The site over a workspace that nobody has come into, and nothing was brought into."""
    from onefunnel.store.models import Person
    from onefunnel.web.site import current

    before = current.path()
    made = bootstrap.init_workspace(tmp_path / "bicaz")
    current.serve(made.path)
    Person.objects.all().delete()
    yield current.workspace()
    current.keep_within(within=False)
    current.serve(before)


@pytest.fixture
def director(new_site: Workspace, stranger: Client) -> Client:
    """The first director, who came in by the link."""
    come_in(stranger)
    return stranger


def come_in(client: Client) -> str:
    """Come in by a new link; where that leads."""
    from onefunnel.web.pages.first import links

    address = f"/enter/link/{links.make(Role.DIRECTOR)}/"
    said = {"name": "Ana", "email": "Ana@Bicaz.example", "password": "nine herons at dusk"}
    answer = client.post(address, {**said, "zone": "Europe/Chisinau"}, **BROWSER)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_the_first_director_is_led_through_the_first_run(
    new_site: Workspace, stranger: Client
) -> None:
    from onefunnel.store.models import Person

    assert come_in(stranger) == "/"
    assert stranger.get("/").headers["Location"] == "/first/"
    person = Person.objects.get()
    assert (person.email, person.role, person.language) == ("ana@bicaz.example", "director", "ro")


def test_a_link_opens_once_and_says_so(new_site: Workspace, stranger: Client) -> None:
    from django.test import Client

    from onefunnel.web.pages.first import links

    address = f"/enter/link/{links.make(Role.DIRECTOR)}/"
    said = {"name": "Ana", "email": "a@b.example", "password": "nine herons at dusk"}
    assert stranger.post(address, said).status_code == 302
    again = Client().get(address)
    assert again.status_code == 400
    assert "This link has been used" in again.content.decode()


def test_the_browser_tells_what_the_firm_is_probably_set_to(director: Client) -> None:
    shown = director.get("/first/", **BROWSER).content.decode()
    for value in ("ro", "MD", "MDL", "Europe/Chisinau", "gregorian"):
        assert f'<option value="{value}" selected>' in shown, value
    assert 'value="bicaz"' in shown


def test_what_is_confirmed_is_written(director: Client, new_site: Workspace) -> None:
    answer = director.post("/first/", FIRM)
    assert answer.headers["Location"] == "/first/records/"
    kept = settings.read(new_site.path)
    assert {name: getattr(kept, name) for name in FIRM} == FIRM
    assert kept.workspace_id == new_site.settings.workspace_id
    shown = director.get("/first/", HTTP_ACCEPT_LANGUAGE="fa").content.decode()
    assert '<option value="RON" selected>' in shown  # confirmed: no guess any more


@pytest.mark.parametrize(
    ("name", "value"), [("currency", "EUX"), ("timezone", "Mars"), ("language", "xx"), ("name", "")]
)
def test_what_can_not_be_is_not_written(
    director: Client, new_site: Workspace, name: str, value: str
) -> None:
    before = (new_site.path / settings.FILE_NAME).read_bytes()
    answer = director.post("/first/", {**FIRM, name: value})
    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()
    assert (new_site.path / settings.FILE_NAME).read_bytes() == before


def test_who_skips_it_is_not_asked_again(director: Client) -> None:
    director.post("/first/skip/")
    assert director.get("/").status_code == 200


def test_the_sample_comes_and_goes(
    director: Client, new_site: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.store.models import Person
    from onefunnel.web.pages.first import warming
    from onefunnel.workflows import sample
    from onefunnel.workflows.computed import ledger_version

    # Nobody else is at work here who could be waited for.
    monkeypatch.setattr(warming, "wait_for", lambda person, _: warming.work_out(person))
    director.post("/first/", {**FIRM, "currency": "USD"})
    assert director.post("/first/sample/").headers["Location"] == "/first/wait/sample/"
    assert 'hx-get="/first/wait/sample/"' in director.get("/first/wait/sample/").content.decode()
    work_all()
    assert director.get("/first/wait/sample/").headers["Location"] == "/funnel/"
    part = director.get("/first/wait/sample/", HTTP_HX_REQUEST="true")
    assert part.headers["HX-Redirect"] == "/funnel/"
    first = ledger_version(new_site)
    assert 'class="waiting"' not in director.get("/funnel/").content.decode()
    page = director.get("/account/").content.decode()
    assert 'class="sample"' in page and 'action="/first/own/"' in page
    assert "enter/as" not in page

    assert director.post("/first/own/").headers["Location"] == "/first/wait/sample_away/"
    work_all()
    assert director.get("/first/wait/sample_away/").headers["Location"] == "/imports/"
    assert sample.holds_nothing(new_site)
    assert ledger_version(new_site) > first  # what was kept of the sample is never taken for ours
    assert 'class="sample"' not in director.get("/account/").content.decode()
    assert Person.objects.count() == 1


def test_the_sample_is_refused_over_records(signed_in: Callable[[Role], Client]) -> None:
    answer = signed_in(Role.DIRECTOR).post("/first/sample/")
    assert answer.status_code == 400


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DIRECTOR])
def test_the_first_run_is_the_directors(signed_in: Callable[[Role], Client], role: Role) -> None:
    client = signed_in(role)
    for address in ("/first/", "/first/records/", "/first/wait/sample/"):
        assert client.get(address).status_code == 403
    for address in ("/first/skip/", "/first/sample/", "/first/own/"):
        assert client.post(address).status_code == 403


def test_a_failed_sample_can_be_tried_again(
    director: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.errors import SystemFailed
    from onefunnel.workflows import sample

    def fails(*_: object) -> None:
        raise SystemFailed("The disk is full.", remedy="Free some.")

    monkeypatch.setattr(sample, "bring", fails)
    director.post("/first/sample/")
    work_all()
    shown = director.get("/first/wait/sample/").content.decode()
    assert "The disk is full. Free some." in shown
    assert 'action="/first/sample/"' in shown


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration, built once."""
    from onefunnel.intake import silent
    from onefunnel.workflows import sample

    made = bootstrap.init_workspace(tmp_path_factory.mktemp("built") / "company-x")
    sample.bring(made, silent, demonstration=True, touches=1_000)
    return made.path


@pytest.fixture
def demonstration(new_site: Workspace, built: Path) -> Workspace:
    """A demonstration that is served to this machine alone."""
    from onefunnel.web.pages.first.demonstration import make_cast
    from onefunnel.web.site import current

    current.serve(shutil.copytree(built, new_site.path.parent / "company-x"))
    make_cast("en")
    current.keep_within(within=True)
    return current.workspace()


def test_the_way_into_a_demonstration_opens_once(
    demonstration: Workspace, stranger: Client
) -> None:
    from django.test import Client

    from onefunnel.web.pages.first.demonstration import way_in

    address = f"/enter/once/{way_in()}/"
    assert stranger.get(address).headers["Location"] == "/funnel/"
    assert "Ana Ionescu" in stranger.get("/account/").content.decode()
    assert Client().get(address).status_code == 400


def test_a_demonstration_is_seen_as_anybody_of_its_cast(
    demonstration: Workspace, stranger: Client
) -> None:
    assert 'action="/enter/as/"' in stranger.get("/enter/login/").content.decode()
    for role in Role:
        assert stranger.post("/enter/as/", {"role": role.value}).headers["Location"] == "/"
        assert stranger.get("/account/").status_code == 200
        assert stranger.get("/people/").status_code == (200 if role is Role.DIRECTOR else 403)
    assert stranger.post("/enter/as/", {"role": "nobody"}).status_code == 404


def test_nobody_is_let_in_so_where_others_can_come(
    demonstration: Workspace, stranger: Client
) -> None:
    from onefunnel.web.pages.first.demonstration import way_in
    from onefunnel.web.site import current

    secret = way_in()
    current.keep_within(within=False)
    assert stranger.get(f"/enter/once/{secret}/").status_code == 404
    assert stranger.post("/enter/as/", {"role": "director"}).status_code == 404
    assert "enter/as" not in stranger.get("/enter/login/").content.decode()


def test_nobody_is_let_in_so_to_a_firms_own_records(
    signed_in: Callable[[Role], Client], stranger: Client
) -> None:
    from onefunnel.web.pages.first.demonstration import way_in
    from onefunnel.web.site import current

    current.keep_within(within=True)
    try:
        assert stranger.get(f"/enter/once/{way_in()}/").status_code == 404
        assert stranger.post("/enter/as/", {"role": "director"}).status_code == 404
    finally:
        current.keep_within(within=False)


def test_a_demonstration_is_not_emptied(demonstration: Workspace, stranger: Client) -> None:
    stranger.post("/enter/as/", {"role": "director"})
    assert stranger.post("/first/own/").status_code == 404
    assert 'action="/first/own/"' not in stranger.get("/account/").content.decode()


def test_the_cast_are_employees_of_the_company(demonstration: Workspace) -> None:
    from onefunnel.store.models import Person

    found = demonstration.reading(lambda reader: reader.fetch(reader.table("employee")))
    names = dict(zip(*(found[c].to_pylist() for c in ("employee_id", "name")), strict=True))
    linked = [each for each in Person.objects.all() if each.employee_id]
    assert len(linked) == 6
    assert all(names[each.employee_id] == each.name for each in linked)
