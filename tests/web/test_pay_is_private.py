"""Nobody gets more of pay than is theirs: by page, file, API, job, comment, search or report."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from onefunnel.intake import silent
from onefunnel.vocabulary import Answer, Permission, Role
from onefunnel.workflows.terms_files import put_terms
from onefunnel.workflows.workspace import Workspace
from tests.web.callers import caller, document, person
from tests.web.site import CAST, work_all

SignIn = Callable[[Role], Client]
OWN, OTHER, MARKETER = "e11", "e12", "e4"
"""Two who sell, and one of marketing, as the simulator numbers them."""
PLAN = """\
name = "sales"
currency = "EUR"
from = 2023-01-01
crediting = "invoice"
period = "month"

[[component]]
name = "price"
base = "revenue"
tiers = [{ from = 0, rate = 61.7317 }]

[[component]]
name = "goal"
base = "units"
tiers_on = "attainment"
pays = "target"
tiers = [{ from = 0, rate = 1 }]

[[member]]
employee = "e11"
quota = { goal = 3 }
target = 311
[[member]]
employee = "e12"
quota = { goal = 7 }
target = 7171.37
"""
CARD = """\
level = "%s"
of = "%s"
department = "%s"
from = 2024-01-01
[[measure]]
source = "contribution"
owner = "both"
weight = 1
threshold = %s
target = 600
cap = 900
counter = "discount"
"""
TOLD_ONLY_TO_THE_OTHER = ("7171.37", "7,171.37", "437.19")
"""The other's target pay, and a threshold of theirs: where they are seen they were let out."""
TERMS = {
    "pay/sales.toml": PLAN,
    "scorecards/own.toml": CARD % ("person", OWN, "support", "100"),
    "scorecards/other.toml": CARD % ("person", OTHER, "support", "437.19"),
    "scorecards/market.toml": CARD % ("person", MARKETER, "marketing", "150"),
    "scorecards/all.toml": CARD % ("company", "Company X", "sales", "200"),
}
READERS = [each for each in Role if each is not Role.DIRECTOR]


@dataclass(frozen=True)
class Paid:
    """The company with pay; ``secrets`` are amounts that only the other has, as they are shown."""

    workspace: Workspace
    secrets: frozenset[str]
    rows: tuple[Any, ...]


@pytest.fixture(scope="module")
def payroll(one_site: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Paid:
    """Company X with a plan and scorecards, everything worked out that the pages ask for."""
    from onefunnel import bootstrap
    from onefunnel.web.jobs import closings, roster
    from onefunnel.web.pages.scorecards.answers import asked_until
    from onefunnel.workflows.asked import Asked
    from onefunnel.workflows.computed import compute_answer
    from onefunnel.workflows.freshness import compute_freshness

    folder = tmp_path_factory.mktemp("paid") / "company-x"
    shutil.copytree(one_site.path, folder, ignore=shutil.ignore_patterns("scratch", "app.sqlite*"))
    workspace = bootstrap.open_workspace(folder)
    put_terms(workspace, TERMS)
    made = compute_answer(workspace, "payouts", Asked())
    calendar = workspace.settings.calendar
    compute_answer(
        workspace, "scorecard", asked_until(calendar.local_day(made.question.now), calendar)
    )
    for each in (closings, roster):
        each.work(workspace, {}, silent)
    compute_freshness(workspace)
    rows = made.answer.rows
    shared = {abs(row.amount) for row in rows if row.employee_id != OTHER}
    own = {abs(row.amount) for row in rows if row.employee_id == OTHER} - shared
    secrets = [form for each in own if each > 10 for form in (f"{each:.2f}", f"{each:,.2f}")]
    assert len(secrets) > 3
    return Paid(workspace, frozenset({*secrets, *TOLD_ONLY_TO_THE_OTHER}), rows)


@pytest.fixture
def paid(payroll: Paid, site: Workspace) -> Iterator[Paid]:
    """The same, served, with accounts that name their employees."""
    from onefunnel.store.models import Person
    from onefunnel.web.site import current

    for role, employee in {Role.SALES: OWN, Role.MARKETING: MARKETER}.items():
        Person.objects.filter(email=CAST[role]).update(employee_id=employee)
    current.serve(payroll.workspace.path)
    yield payroll
    current.serve(site.path)


def out(text: str, paid: Paid) -> list[str]:
    """The secrets that stand in an answer."""
    return [each for each in paid.secrets if each in text]


def seen(client: Client, address: str) -> Any:
    """A page once everything that it waits for is worked out."""
    for _ in range(5):
        answer = client.get(address)
        if 'class="waiting"' not in answer.content.decode("utf-8", "replace"):
            return answer
        work_all()
    raise AssertionError(address)


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(body).decode("utf-8", "replace")


OF_OTHERS = (
    f"/statements/of/{OTHER}/",
    f"/statements/of/{OWN}/",
    f"/statements/file-of/{OTHER}/",
    f"/statements/rows-of/{OTHER}/?plan=sales&component=price&month=2024-02",
    "/statements/health/",
    "/terms/pay/",
)


def behind(paid: Paid, employee: str) -> str:
    """What an address says of a line of somebody that has sales behind it."""
    month = next(
        r.of_period for r in paid.rows if (r.employee_id, r.component) == (employee, "price")
    )
    return f"plan=sales&component=price&month={month}"


def test_ones_own_statement_has_ones_own_lines_and_no_other(paid: Paid, signed_in: SignIn) -> None:
    answer = seen(signed_in(Role.SALES), "/statements/")
    page = text_of(answer)
    own = [row for row in paid.rows if row.employee_id == OWN]
    assert own
    assert page.count('data-label="Amount"') == len(own)
    assert out(page, paid) == []


def test_an_employee_in_an_address_is_not_believed(paid: Paid, signed_in: SignIn) -> None:
    client = signed_in(Role.SALES)
    for name in ("employee", "employee_id", "who", "person", "of"):
        for path in ("/statements/", "/statements/file/"):
            assert out(text_of(seen(client, f"{path}?{name}={OTHER}")), paid) == []
    page = text_of(seen(client, f"/statements/rows/?{behind(paid, OWN)}&employee_id={OTHER}"))
    assert 'data-label="Sale"' in page
    assert out(page, paid) == []
    theirs = behind(paid, OTHER)
    assert theirs != behind(paid, OWN)
    assert client.get(f"/statements/rows/?{theirs}").status_code == 400


@pytest.mark.parametrize("role", READERS)
def test_who_may_not_see_pay_is_refused_anybodys(role: Role, paid: Paid, signed_in: SignIn) -> None:
    client = signed_in(role)
    for path in OF_OTHERS:
        assert client.get(path).status_code == 403, path
        assert client.post(path).status_code == 403, path


def test_the_director_sees_everybodys_and_that_is_written_down(
    paid: Paid, signed_in: SignIn
) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.DIRECTOR)
    assert "/statements/of/e12/" in text_of(seen(client, "/statements/"))
    page = text_of(seen(client, f"/statements/of/{OTHER}/"))
    assert out(page, paid)
    seen(client, f"/statements/file-of/{OTHER}/")
    lines = AuditLine.objects.filter(subject_kind="pay", subject_id=OTHER)
    assert set(lines.values_list("action", flat=True)) == {"seen", "exported"}


@pytest.mark.parametrize("role", READERS)
def test_the_file_holds_ones_own_lines_only(role: Role, paid: Paid, signed_in: SignIn) -> None:
    seen(signed_in(role), "/statements/")
    work_all()
    answer = signed_in(role).get("/statements/file/")
    assert out(text_of(answer), paid) == []
    if role is Role.SALES:
        lines = text_of(answer).splitlines()
        assert len(lines) == 1 + sum(row.employee_id == OWN for row in paid.rows)


@pytest.mark.parametrize("role", READERS)
def test_generic_pages_give_no_pay(role: Role, paid: Paid, signed_in: SignIn) -> None:
    client = signed_in(role)
    for path in (
        "/rows/?measure=payouts&figure=amount",
        f"/rows/?measure=payouts&figure=amount&employee_id={OTHER}",
        "/rows/?measure=plan_health&figure=amount",
        "/rows/?measure=scorecard&figure=lines",
        "/rows/?measure=sellers&figure=worked",
        "/rows/file/?measure=sellers&figure=worked&format=csv",
        "/funnel/file/?measure=sellers&format=csv",
        "/incentives/design/",
        "/rows/file/?measure=payouts&figure=amount&format=csv",
        "/funnel/file/?measure=payouts&format=csv",
        "/funnel/file/?measure=scorecard&format=csv",
        "/remarks/?kind=figure&id=payouts",
        "/remarks/?kind=pay&id=e12",
        "/find/?q=e12",
        "/find/?q=sales",
        "/audit/?subject=pay",
        "/terms/",
        "/terms/history/",
        "/months/",
        "/scorecards/",
        "/scorecards/card/other.toml/",
        "/cache/",
    ):
        answer = client.get(path, follow=True)
        work_all()
        answer = client.get(path, follow=True)
        assert answer.status_code < 500, path
        # Heads may read what was agreed with the persons of their team, not what they are paid.
        agreed = ["437.19"] if role is Role.HEAD_OF_SALES and path == "/terms/" else []
        assert set(out(text_of(answer), paid)) <= set(agreed), (role, path)


@pytest.mark.parametrize("role", READERS)
def test_the_api_gives_nobody_more_than_is_theirs(role: Role, paid: Paid) -> None:
    who = caller(role)
    client = Client(headers=who.headers, raise_request_exception=False)
    for name, value in who.cookies.items():
        client.cookies[name] = value
    for path in (
        "measures/payouts",
        "measures/payouts/rows",
        "measures/sellers",
        "measures/sellers/rows",
        f"measures/sellers/rows?where=employee_id%3D{OTHER}",
        f"measures/payouts/rows?where=employee_id%3D{OTHER}",
        "measures/plan_health",
        "measures/plan_health/rows",
        "measures/scorecard",
        "measures/scorecard/rows",
        "statements",
        f"statements/{OTHER}",
    ):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 403, (path, answer.status_code)
    for path in ("statement", "scorecards", "scorecards/other.toml/questions"):
        client.get(f"/api/v1/{path}")
        work_all()
        client.get(f"/api/v1/{path}")
        work_all()
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code in (200, 404), path
        assert out(answer.content.decode(), paid) == []


def test_every_call_of_the_document_keeps_the_others_pay(paid: Paid) -> None:
    who = caller(Role.SALES)
    client = Client(headers=who.headers, raise_request_exception=False)
    values = {"employee_id": OTHER, "name": "other.toml", "measure": "payouts", "month": "2024-03"}
    for path, methods in document()["paths"].items():
        if "get" not in methods:
            continue
        for name in list(methods["get"].get("parameters", ())):
            if name["in"] == "path":
                path = path.replace(f"{{{name['name']}}}", str(values.get(name["name"], "nothing")))
        for _ in range(2):
            answer = client.get(path)
            assert answer.status_code < 500, path
            assert out(answer.content.decode("utf-8", "replace"), paid) == [], path
            work_all()


def test_jobs_about_pay_tell_nothing_of_it(paid: Paid) -> None:
    from onefunnel.store.models.jobs import State
    from onefunnel.web.jobs.questions import as_json
    from onefunnel.web.jobs.queue import enqueue
    from onefunnel.workflows.asked import Asked

    about = {"measure": "payouts", "asked": as_json(Asked()), "version": 1}
    jobs = [enqueue("answer", about, person(Role.SALES))]
    work_all()
    jobs[0].refresh_from_db()
    assert jobs[0].state == State.DONE
    client = Client(headers=caller(Role.SALES).headers, raise_request_exception=False)
    for job in jobs:
        answer = client.get(f"/api/v1/jobs/{job.pk}")
        assert out(answer.content.decode(), paid) == []
        assert set(job.result) <= {"rows", "version"}


def test_a_job_about_pay_that_others_asked_for_is_not_shown(paid: Paid, signed_in: SignIn) -> None:
    from onefunnel.store.models import Job

    page = seen(signed_in(Role.DIRECTOR), f"/statements/rows-of/{OTHER}/?{behind(paid, OTHER)}")
    assert page.status_code == 200
    jobs = [each for each in Job.objects.filter(kind="rows") if OTHER in str(each.parameters)]
    assert jobs
    client = Client(headers=caller(Role.SALES).headers, raise_request_exception=False)
    assert {client.get(f"/api/v1/jobs/{job.pk}").status_code for job in jobs} == {404}


def test_kept_files_have_no_address(paid: Paid, signed_in: SignIn) -> None:
    kept = [
        path.relative_to(paid.workspace.path).as_posix()
        for path in (paid.workspace.path / "cache").rglob("*")
        if path.is_file()
    ]
    terms = [
        path.relative_to(paid.workspace.path).as_posix()
        for path in (paid.workspace.path / "pay").iterdir()
    ]
    assert kept and terms
    client = signed_in(Role.SALES)
    for path in (*kept[:40], *terms, "app.sqlite"):
        assert client.get(f"/{path}").status_code == 404, path
        assert client.get(f"/static/{path}").status_code == 404, path


def test_the_report_asks_for_nothing_that_is_not_for_all_readers(
    paid: Paid, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.measures.registry import MEASURES
    from onefunnel.web.report import gather
    from onefunnel.workflows.asked import Asked

    asked: list[str] = []

    def ask(workspace: Workspace, name: str, *more: object) -> Answer[Any]:
        asked.append(name)
        return Answer(name, ())

    monkeypatch.setattr(gather, "ask", ask)
    gather.gather(paid.workspace, Asked())
    assert asked
    assert {MEASURES[name].permission for name in asked} == {Permission.FIGURES}


def test_marketing_sees_its_own_card_and_no_salespersons(paid: Paid, signed_in: SignIn) -> None:
    client = signed_in(Role.MARKETING)
    page = text_of(seen(client, "/scorecards/"))
    assert "market.toml" in page and "all.toml" in page
    assert "own.toml" not in page and "other.toml" not in page
    assert seen(client, "/scorecards/card/market.toml/").status_code == 200
    assert seen(client, "/scorecards/card/other.toml/").status_code == 404
    assert seen(client, "/scorecards/questions/other.toml/").status_code == 404


@pytest.mark.long
def test_today_asks_for_answers_and_names_to_the_director_who_owes_them(
    paid: Paid, signed_in: SignIn
) -> None:
    from onefunnel.web.pages.scorecards.answers import Measured, look
    from onefunnel.web.pages.scorecards.understood import answered, asked_of

    client, director = signed_in(Role.SALES), signed_in(Role.DIRECTOR)
    address = "/scorecards/questions/own.toml/"
    own = text_of(seen(client, "/"))
    assert address in own and "/scorecards/questions/other.toml/" not in own
    assert "have not answered the questions" not in own
    names = {row.employee_id: row.name for row in roster_of(paid)}
    told = text_of(seen(director, "/"))
    assert "3 people have not answered the questions on a scorecard" in told
    assert all(names[each] in told for each in (OWN, OTHER, MARKETER))
    assert "/scorecards/questions/" not in told, "the director is on none of them"

    who = person(Role.SALES)
    found = look(paid.workspace, who)
    assert isinstance(found, Measured)
    card = next(each for each in found.cards if each.file == "scorecards/own.toml")
    right = [each.answer for each in asked_of(card, who, found.targets, 1)]
    assert answered(card, who, found.targets, 1, right) == len(right)
    assert address not in text_of(seen(client, "/"))
    assert "2 people have not answered" in text_of(seen(director, "/"))


def test_what_somebody_can_move_is_told_to_them_and_to_the_director(
    paid: Paid, signed_in: SignIn
) -> None:
    for role in (Role.SALES, Role.DIRECTOR):
        page = text_of(seen(signed_in(role), "/scorecards/card/own.toml/"))
        assert "Can they move it?" in page
        assert "no record names what they do for it" in page
        assert "Below 0.05% nobody should answer for it." in page
    page = text_of(seen(signed_in(Role.DIRECTOR), "/scorecards/card/all.toml/"))
    assert "Can they move it?" not in page, "a company's scorecard is nobody's own"


def roster_of(paid: Paid) -> tuple[Any, ...]:
    from onefunnel.web.jobs import roster

    found = roster.look(paid.workspace)
    assert isinstance(found, tuple)
    return found


def test_the_right_answers_stay_on_the_server(paid: Paid, signed_in: SignIn) -> None:
    from onefunnel.store.models import Understanding
    from onefunnel.web.pages.scorecards.answers import Measured, look
    from onefunnel.web.pages.scorecards.understood import asked_of

    client = signed_in(Role.SALES)
    page = text_of(seen(client, "/scorecards/questions/own.toml/"))
    assert "checked" not in page
    who = person(Role.SALES)
    found = look(paid.workspace, who)
    assert isinstance(found, Measured)
    card = next(each for each in found.cards if each.file == "scorecards/own.toml")
    asked = asked_of(card, who, found.targets, 1)
    wrong = {f"answer_{at}": (q.answer + 1) % len(q.options) for at, q in enumerate(asked)}
    answer = client.post("/scorecards/questions/own.toml/", {"attempt": 1, **wrong})
    assert answer.headers["Location"] == "/scorecards/questions/own.toml/"
    assert "in effect: all" not in text_of(seen(client, "/scorecards/card/own.toml/"))
    asked = asked_of(card, who, found.targets, 2)
    right = {f"answer_{at}": q.answer for at, q in enumerate(asked)}
    client.post("/scorecards/questions/own.toml/", {"attempt": 1, **right})
    assert Understanding.objects.count() == 1, "an attempt counts once"
    answer = client.post("/scorecards/questions/own.toml/", {"attempt": 2, **right})
    assert answer.headers["Location"] == "/scorecards/card/own.toml/"
    assert "in effect: all" in text_of(seen(client, "/scorecards/card/own.toml/"))


def test_who_is_nobody_in_the_records_is_told_what_is_missing(
    paid: Paid, signed_in: SignIn
) -> None:
    page = text_of(signed_in(Role.EMPLOYEE).get("/statements/"))
    assert "names no employee" in page
    assert out(page, paid) == []
    client = Client(headers=caller(Role.ANALYST).headers)
    assert client.get("/api/v1/statement").status_code == 404


def test_a_stranger_sees_nothing(paid: Paid, stranger: Client) -> None:
    for path in ("/statements/", "/statements/file/", "/scorecards/", *OF_OTHERS):
        assert stranger.get(path).status_code == 302, path
    assert stranger.get("/api/v1/statement").status_code == 401
    assert stranger.get("/api/v1/scorecards").status_code == 401


@pytest.mark.parametrize(("role", "told"), [(Role.SALES, False), (Role.DIRECTOR, True)])
def test_why_a_payroll_failed_is_told_to_who_may_see_pay(
    site: Workspace, role: Role, told: bool
) -> None:
    """A plan that can't be read is named with its line: that may be another's quota."""
    from onefunnel.store.models import Job, Person
    from onefunnel.web.api.patience import NotReadyError, ready_for

    error = {"code": "bad_plan", "message": "member.2.target is 5000", "remedy": ""}
    job = Job(kind="answer", state="failed", error=error, ended_at=timezone.now())
    job.save()
    with pytest.raises(NotReadyError) as raised:
        ready_for(Person.objects.get(email=CAST[role]), lambda: job, 0)
    assert raised.value.failure is not None
    assert raised.value.failure.status_code == 422
    assert (b"5000" in raised.value.failure.content) == told
