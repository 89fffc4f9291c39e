"""The API: who may call what, how errors look, and that answers are those of the command line."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from onefunnel.vocabulary import Permission, Role
from onefunnel.workflows.workspace import Workspace
from tests.web.callers import (
    Caller,
    customers,
    employees,
    leaked,
    operations,
    person,
    with_session,
    with_token,
)
from tests.web.callers import caller as caller_of
from tests.web.site import work_all

OPERATIONS = operations()
NAMES = [about["operationId"] for _, _, about in OPERATIONS]
PATH_VALUES: dict[str, object] = {
    "measure": "funnel",
    "month": "2024-06",
    "job_id": uuid4(),
    "import_id": uuid4(),
    "version": 1_000_000,
    "row_id": "nothing",
    "person_id": 1_000_000,
    "lead_id": "nobody",
    "party_id": "nobody",
    "remark_id": 1_000_000,
    "employee_id": "nobody",
    "name": "nothing.toml",
}
SENT: dict[str, Any] = {
    "answer_scorecard": {"attempt": 1, "chosen": [0, 0, 0]},
    "mend_row": {"record": {"sku": "Z1"}},
    "preview": {"text": "horizon_days = 30"},
    "put_rules": {"text": "horizon_days = 30", "instead_of": "other rules"},
    "check_terms": {"name": "incentives.toml", "text": "hour_cost = 20"},
    "put_terms": {"name": "incentives.toml", "text": "hour_cost = 20", "instead_of": "others"},
    "invite": {"name": "Ana", "email": "ana@company-x.example", "role": "marketing"},
    "change_person": {"role": "sales"},
    "undo_import": {"preview": str(uuid4())},
    "write": {"kind": "figure", "subject": "entered", "text": "Why?"},
}
"""What could be sent to the calls that take something."""


ASKED: dict[str, dict[str, Any]] = {
    "plan_of_experiment": {"people": 2_000, "rate": 0.02, "change": 0.003},
    "offline_conversions": {"platform": "google", "name": "Lead"},
}
"""What must be in the address of a call."""


def ask(who: Caller, method: str, path: str, **body: Any) -> Any:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    for name, value in who.cookies.items():
        client.cookies[name] = value
    return getattr(client, method)(f"/api/v1{path}", headers=who.headers, **body)


def call(
    who: Caller,
    method: str,
    path: str,
    about: dict[str, Any],
    values: dict[str, object] = PATH_VALUES,
) -> Any:
    """An operation of the document with values that could be."""
    filled = re.sub(r"{(\w+)}", lambda found: str(values[found[1]]), path)
    return ask(who, method, filled.removeprefix("/api/v1"), **body_of(about["operationId"]))


def body_of(name: str) -> dict[str, Any]:
    """What could be sent to a call."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    if name == "bring_files":
        file = SimpleUploadedFile("product.csv", b"sku,name\nZ1,Spring\n")
        return {"data": {"files": [file], "dry_run": "true"}}
    if name in ASKED:
        return {"data": ASKED[name]}
    return with_body(SENT[name]) if name in SENT else {}


def with_body(value: Any) -> dict[str, Any]:
    return {"data": json.dumps(value), "content_type": "application/json"}


def of_error(answer: Any) -> dict[str, Any]:
    """The error of an answer, in the one shape of errors."""
    assert answer.headers["Content-Type"].startswith("application/json")
    (error,) = answer.json().values()
    assert {"code", "message", "remedy"} <= set(error)
    assert error["code"] and error["message"]
    return dict(error)


@pytest.mark.parametrize(("method", "path", "about"), OPERATIONS, ids=NAMES)
@pytest.mark.parametrize("role", Role)
def test_the_cast_at_every_call(
    role: Role, method: str, path: str, about: dict[str, Any], site: Workspace
) -> None:
    answer = call(caller_of(role), method, path, about)
    if role.may(Permission(about["x-permission"])):
        assert answer.status_code in (200, 201, 202, 204, 400, 404, 409), answer.content
    else:
        assert answer.status_code == 403
        of_error(answer)


@pytest.mark.parametrize(("method", "path", "about"), OPERATIONS, ids=NAMES)
def test_who_is_nobody_gets_nothing(
    method: str, path: str, about: dict[str, Any], site: Workspace
) -> None:
    from onefunnel.store import tokens

    gone = with_token(Role.DIRECTOR)
    director = person(Role.DIRECTOR)
    director.is_active = False
    director.save()
    revoked = with_token(Role.ANALYST)
    tokens.revoke(tokens.Token.objects.filter(person=person(Role.ANALYST)))
    _, old = tokens.make(person(Role.SALES), "old", timedelta(days=-1))
    nobody = [
        Caller(),
        Caller({"Authorization": "Bearer of_mistyped"}),
        Caller({"Authorization": f"Bearer {old}"}),
        Caller({"Authorization": "Basic ZGlyZWN0b3I6eA=="}),
        gone,
        revoked,
    ]
    for who in nobody:
        answer = call(who, method, path, about)
        assert answer.status_code == 401
        assert of_error(answer)["code"] == "not_signed_in"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_every_call_has_doors_and_names_its_permission(site: Workspace) -> None:
    from onefunnel.web.api.calls import api
    from onefunnel.web.api.doors import Session, Token

    found = [
        operation
        for room in api._get_bound_routers()
        for view in room.path_operations.values()
        for operation in view.operations
    ]
    assert len(found) == len(OPERATIONS)
    for operation in found:
        doors = list(operation.auth_callbacks)
        assert [type(door) for door in doors] == [Token, Session], operation.path
        assert all(isinstance(door.permission, Permission) for door in doors), operation.path
        assert operation.throttle_objects, operation.path


def test_a_token_counts_before_a_session(site: Workspace) -> None:
    session = with_session(Role.DIRECTOR)
    wrong = Caller({"Authorization": "Bearer of_mistyped"}, session.cookies)
    assert ask(wrong, "get", "/me").status_code == 401
    both = Caller(with_token(Role.SALES).headers, session.cookies)
    assert ask(both, "get", "/me").json()["role"] == "sales"


def test_me(site: Workspace) -> None:
    said = ask(with_token(Role.MARKETING), "get", "/me").json()
    assert said["role"] == said["department"] == "marketing"
    assert said["permissions"] == ["own_account", "figures", "records", "own_pay", "tokens"]


def test_an_answer_is_worked_out_by_a_job_and_then_stands(site: Workspace) -> None:
    from onefunnel.workflows.asking import Asked
    from onefunnel.workflows.asking import ask as asked_of
    from onefunnel.workflows.formats import to_json

    who = with_token(Role.ANALYST)
    question = "/measures/deals?horizon_days=33&by=segment"
    first = ask(who, "get", question)
    assert first.status_code == 202
    assert first.json()["job"]["state"] == "waiting"
    again = ask(who, "get", question)
    assert again.json()["job"]["id"] == first.json()["job"]["id"]
    work_all()
    where = first.headers["Location"].removeprefix("/api/v1")
    assert ask(who, "get", where).json()["state"] == "done"
    last = ask(who, "get", question)
    assert last.status_code == 200
    expected = asked_of(site, "deals", Asked(by=("segment",), horizon_days=33))
    assert last.json() == json.loads(to_json(expected))


def test_who_waits_is_answered_when_it_is_done(
    site: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.api import jobs

    monkeypatch.setattr(jobs, "pause", work_all)
    answer = ask(with_token(Role.ANALYST), "get", "/measures/leaks?horizon_days=21&wait=30")
    assert answer.status_code == 200


def test_rows_come_page_by_page_of_one_version(site: Workspace) -> None:
    who = with_token(Role.HEAD_OF_SALES)
    where = "/measures/funnel/rows?where=stage%3Dbrand_consideration&limit=50"
    assert ask(who, "get", where).status_code == 202
    work_all()
    found, pages = [], 0
    following: str | None = where
    while following:
        page = ask(who, "get", following.removeprefix("/api/v1")).json()
        found += page["rows"]
        following, pages = page["next"], pages + 1
    assert pages > 1
    assert len(found) == page["total"] == len({row["entity_code"] for row in found})


def test_a_question_that_fails_says_why_to_who_asks_again(site: Workspace) -> None:
    who = with_token(Role.ANALYST)
    question = "/measures/funnel/rows?where=stage%3Dnowhere"
    assert ask(who, "get", question).status_code == 202
    work_all()
    answer = ask(who, "get", question)
    assert answer.status_code == 400
    assert of_error(answer)["code"] == "unknown_name"


def test_figures_by_owner_show_persons_and_are_refused(site: Workspace) -> None:
    for role in (Role.DIRECTOR, Role.MARKETING):
        for question in ("/measures/deals?by=owner", "/measures/deals/rows?where=owner%3De1"):
            assert ask(with_token(role), "get", question).status_code == 403


ERRORS = [
    ("get", "/nothing", {}, 404, "not_found"),
    ("get", "/", {}, 404, "not_found"),
    ("get", "/jobs/00000000-0000-0000-0000-000000000000", {}, 404, "not_found"),
    ("post", "/me", {}, 405, "no_such_method"),
    ("get", "/measures/funel", {}, 422, "invalid"),
    ("get", "/measures/funnel?form=2024-01-01", {}, 400, "unknown_name"),
    ("get", "/measures/funnel?from=1", {}, 422, "invalid"),
    ("get", "/measures/funnel?from=2024-02-01&to=2024-01-01", {}, 400, "usage"),
    ("get", "/measures/funnel?as_of=999", {}, 400, "usage"),
    ("get", "/measures/steps?step=kind%3Dclik", {}, 400, "unknown_name"),
    ("get", "/measures/funnel/rows?figure=nothing", {}, 400, "unknown_name"),
    ("get", "/measures/funnel/rows?where=stage", {}, 400, "usage"),
    ("get", "/measures/funnel/rows?limit=100000", {}, 422, "invalid"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), ERRORS)
def test_errors_have_one_shape(
    method: str, path: str, body: Any, status: int, code: str, site: Workspace
) -> None:
    answer = ask(with_token(Role.DIRECTOR), method, path, **body)
    assert (answer.status_code, of_error(answer)["code"]) == (status, code)


def test_what_is_invalid_is_named(site: Workspace) -> None:
    answer = ask(with_token(Role.ANALYST), "get", "/measures/funnel?horizon_days=x&by=q")
    fields = [each["field"] for each in of_error(answer)["wrong"]]
    assert fields == ["query.by.0", "query.horizon_days"]


def test_an_error_of_ours_is_answered_and_said_in_the_log_without_its_text(
    site: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from onefunnel.web.api import questions

    def broken(*_: object) -> None:
        raise RuntimeError("about Maria Ionescu")

    monkeypatch.setattr(questions, "check", broken)
    answer = ask(with_token(Role.ANALYST), "get", "/measures/funnel")
    assert answer.status_code == 500
    assert "Ionescu" not in answer.content.decode()
    assert of_error(answer)["code"] == "system"
    assert not any("Ionescu" in record.getMessage() for record in caplog.records)


def test_too_many_calls_wait_for_the_next_minute(
    site: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.api import doors

    monkeypatch.setattr(doors, "PER_MINUTE", 2)
    monkeypatch.setattr(doors, "now", lambda: 1_000_000_010.0)
    who, other = with_token(Role.SALES), with_token(Role.SALES)
    assert [ask(who, "get", "/me").status_code for _ in range(3)] == [200, 200, 429]
    answer = ask(who, "get", "/me")
    assert of_error(answer)["code"] == "too_many"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert ask(other, "get", "/me").status_code == 200


def test_answers_stay_with_the_caller(site: Workspace) -> None:
    answer = ask(with_token(Role.SALES), "get", "/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Language"] == "en"


def test_the_document_says_how_calls_can_fail(site: Workspace) -> None:
    served = ask(with_token(Role.SALES), "get", "/openapi.json").json()
    assert served["openapi"].startswith("3.1")
    for methods in served["paths"].values():
        for about in methods.values():
            assert {"401", "403", "422", "429", "500"} <= set(about["responses"])
            assert about["security"] == [{"Token": []}, {"Session": []}]
            assert about["summary"]


def done(who: Caller, answer: Any) -> dict[str, Any]:
    """The job of an answer, done."""
    assert answer.status_code == 202, answer.content
    work_all()
    said = ask(who, "get", answer.headers["Location"].removeprefix("/api/v1")).json()
    assert said["state"] in ("done", "failed")
    return dict(said)


def some_lead(site: Workspace, stands: str = "") -> dict[str, Any]:
    who = with_token(Role.DIRECTOR)
    where = f"/leads?limit=500{stands and f'&stands={stands}'}"
    if ask(who, "get", where).status_code == 202:
        work_all()
    found = ask(who, "get", where).json()["leads"]
    return next(each for each in found if each["owner"] and each["party_id"])


def test_leads_come_page_by_page(site: Workspace) -> None:
    some_lead(site)
    who = with_token(Role.SALES)
    found: list[str] = []
    following: str | None = "/leads?limit=40"
    while following:
        page = ask(who, "get", following.removeprefix("/api/v1")).json()
        found += [each["lead_id"] for each in page["leads"]]
        following = page["next"]
    assert len(found) == len(set(found)) > 40
    assert len(found) == site.reading(lambda reader: reader.fetch(reader.facts()["lead"])).num_rows


def test_only_the_head_of_the_team_sees_who_has_a_lead(site: Workspace) -> None:
    lead = some_lead(site, "won")
    names = employees(site, ["sales"])
    for role in (Role.DIRECTOR, Role.MARKETING, Role.HEAD_OF_MARKETING, Role.SALES):
        whole = ask(with_token(role), "get", f"/leads/{lead['lead_id']}?lines=5000")
        assert whole.json()["lead"]["owner"] == {
            "department": "sales",
            "employee_id": None,
            "name": None,
        }
        assert leaked(whole.content.decode(), names) == []
    shown = ask(with_token(Role.HEAD_OF_SALES), "get", f"/leads/{lead['lead_id']}").json()
    assert shown["lead"]["owner"]["name"] in names
    customer = ask(with_token(Role.SALES), "get", f"/customers/{lead['party_id']}").json()
    assert customer["lines"][-1:] == shown["customer"]["lines"][-1:] or customer["lines"]
    assert {each["lead_id"] for each in customer["leads"]} >= {lead["lead_id"]}


def test_a_customer_whom_nobody_knows_is_not_found(site: Workspace) -> None:
    some_lead(site)
    for path in ("/customers/nobody", "/leads/nobody"):
        assert ask(with_token(Role.SALES), "get", path).status_code == 404


def test_comments_are_written_read_and_withdrawn(site: Workspace) -> None:
    head, analyst = with_token(Role.HEAD_OF_SALES), with_token(Role.ANALYST)
    sent = {"kind": "figure", "subject": "funnel/entered", "text": "Why so few? @Analyst"}
    made = ask(head, "post", "/remarks", **with_body(sent))
    assert made.status_code == 201
    assert made.json()["mentions"] == ["Analyst"]
    where = "/remarks?kind=figure&subject=funnel/entered"
    assert [each["own"] for each in ask(analyst, "get", where).json()] == [False]
    assert [each["text"] for each in ask(analyst, "get", "/remarks").json()] == [sent["text"]]
    address = f"/remarks/{made.json()['id']}"
    assert ask(analyst, "delete", address).status_code == 403
    assert ask(head, "delete", address).status_code == 204
    assert ask(analyst, "get", where).json()[0]["text"] == ""


def test_files_are_tried_taken_in_and_mended(own_site: Workspace) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    who = with_token(Role.ANALYST)
    bad = SimpleUploadedFile("spend.csv", b"spend_id,day,amount\napi-1,2024-13-77,5\n")
    made = ask(who, "post", "/imports", data={"files": bad, "dry_run": "true"})
    tried = done(who, made)
    assert tried["result"]["quarantined"] == 1
    address = f"/imports/{made.json()['id']}"
    assert ask(who, "get", address).json()["imported_at"] is None
    assert done(who, ask(who, "post", address))["state"] == "done"
    assert ask(who, "get", address).json()["imported_at"]
    (row,) = [
        each
        for each in ask(who, "get", "/quarantine?table=spend").json()["rows"]
        if each["record"]["spend_id"] == "api-1"
    ]
    assert (row["file"], row["line"], row["column"]) == ("spend.csv", 2, "day")
    wrong = ask(who, "post", f"/quarantine/{row['id']}", **with_body({"record": {}}))
    assert of_error(wrong)["code"] == "invalid"
    gone = done(who, ask(who, "delete", f"/quarantine/{row['id']}"))
    assert gone["result"] == {"discarded": 1}


def test_a_row_is_mended(own_site: Workspace) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    who = with_session(Role.HEAD_OF_MARKETING)
    bad = SimpleUploadedFile("spend.csv", b"spend_id,day,amount\napi-2,2024-05-05,five\n")
    done(who, ask(who, "post", "/imports", data={"files": bad}))
    (row,) = [
        each
        for each in ask(who, "get", "/quarantine").json()["rows"]
        if each["record"].get("spend_id") == "api-2"
    ]
    record = {"spend_id": "api-2", "day": "2024-05-05", "amount": "0", "deleted": "true"}
    mended = done(
        who, ask(who, "post", f"/quarantine/{row['id']}", **with_body({"record": record}))
    )
    assert mended["result"]["mended"] == 1, mended


def test_files_that_can_not_be_read_are_refused_and_leave_nothing(site: Workspace) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    who = with_token(Role.ANALYST)
    before = set((site.path / "uploads").glob("*"))
    file = SimpleUploadedFile("x.exe", b"MZ")
    assert ask(who, "post", "/imports", data={"files": file}).status_code == 422
    assert ask(who, "post", "/imports", data={"preset": "olist"}).status_code == 400
    named = SimpleUploadedFile("touch.csv", b"touch_id\nt1\n")
    unknown = {"files": named, "preset": "nobody"}
    assert ask(who, "post", "/imports", data=unknown).status_code == 400
    assert set((site.path / "uploads").glob("*")) == before


def test_rules_are_previewed_and_replaced_only_where_they_are_the_ones_that_were_seen(
    own_site: Workspace,
) -> None:
    who = with_token(Role.DIRECTOR)
    seen = ask(who, "get", "/rules").json()
    sent = {"text": "horizon_days = 45\n"}
    preview = done(who, ask(who, "post", "/rules/preview", **with_body(sent)))
    assert len(preview["result"]["before"]) == len(preview["result"]["after"]) == 8
    broken = ask(who, "post", "/rules/preview", **with_body({"text": "horizon = 45"}))
    assert broken.status_code == 422
    assert of_error(broken)["line"] == 1
    stale = done(who, ask(who, "put", "/rules", **with_body({**sent, "instead_of": "others"})))
    assert stale["error"]["code"] == "usage"
    assert ask(who, "get", "/rules").json()["rules"] == seen["rules"]


def test_people_are_invited_and_changed_and_the_last_director_stays(site: Workspace) -> None:
    who = with_token(Role.DIRECTOR)
    invited = ask(who, "post", "/people", **with_body(SENT["invite"]))
    assert "/enter/link/" in invited.json()["link"]
    there = {each["role"]: each["id"] for each in ask(who, "get", "/people").json()}
    director, sales = f"/people/{there['director']}", f"/people/{there['sales']}"
    for sent in ({"role": "analyst"}, {"active": False}):
        assert ask(who, "patch", director, **with_body(sent)).status_code == 400
    token = with_token(Role.SALES)
    closed = ask(who, "patch", sales, **with_body({"active": False, "employee_id": "e7"}))
    assert (closed.json()["active"], closed.json()["employee_id"]) == (False, "e7")
    assert ask(token, "get", "/me").status_code == 401
    lines = ask(who, "get", "/audit?subject_kind=person").json()["lines"]
    assert [each["action"] for each in lines][:2] == ["account_closed", "employee_named"]


def test_the_trail_is_asked_by_what_was_done_and_to_what(site: Workspace) -> None:
    who = with_token(Role.DIRECTOR)
    ask(who, "get", "/audit?action=seen&subject_kind=audit&subject_id=nobody")
    lines = ask(who, "get", "/audit?action=seen&subject_kind=audit").json()["lines"]
    assert lines[1]["detail"] == {
        "action": "seen",
        "subject_kind": "audit",
        "subject_id": "nobody",
    }


@pytest.mark.parametrize("where", ["/audit?subject_id=%00", "/audit?action=a%00b"])
def test_the_character_nul_is_refused_in_an_address(where: str, site: Workspace) -> None:
    answer = ask(with_token(Role.DIRECTOR), "get", where)
    assert answer.status_code == 400
    assert "NUL" in of_error(answer)["message"]


def test_the_character_nul_is_refused_in_a_body(site: Workspace) -> None:
    sent = with_body({**SENT["write"], "text": "bad \0 copy"})
    assert "NUL" in of_error(ask(with_token(Role.SALES), "post", "/remarks", **sent))["message"]


def test_a_session_changes_something_only_with_the_token_against_forgery(site: Workspace) -> None:
    session = with_session(Role.SALES)
    forged = Caller({}, session.cookies)
    sent = with_body(SENT["write"])
    assert ask(forged, "get", "/me").status_code == 200
    assert of_error(ask(forged, "post", "/remarks", **sent))["code"] == "not_allowed"
    assert ask(session, "post", "/remarks", **sent).status_code == 201


def test_what_is_too_large_is_refused(site: Workspace) -> None:
    from django.test import override_settings

    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1_000):
        sent = {"kind": "figure", "subject": "x", "text": "x" * 2_000}
        answer = ask(with_token(Role.SALES), "post", "/remarks", **with_body(sent))
    assert answer.status_code == 413
    assert of_error(answer)["code"] == "too_large"


def test_what_is_no_json_is_refused(site: Workspace) -> None:
    for sent in (b"{", b"\xff\xfe", b"[" * 100_000):
        who = with_token(Role.SALES)
        answer = ask(who, "post", "/remarks", data=sent, content_type="application/json")
        assert answer.status_code == 400
        assert of_error(answer)["code"] == "usage"


def test_no_two_shapes_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from ninja.openapi.schema import OpenAPISchema

    from tests.web.callers import document

    known: dict[str, Any] = {}

    def add(self: object, found: dict[str, Any]) -> None:
        for name, shape in found.items():
            values = shape.get("enum") or sorted(shape["properties"])
            assert known.setdefault(name, values) == values, name

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", add)
    document()
    assert "Problem" in known


def test_every_call_stands_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text("utf-8")
    for method, path, about in OPERATIONS:
        call = path.removeprefix("/api/v1")
        line = f"| `{method.upper()} {call}` | {about['summary']} | `{about['x-permission']}` |"
        assert line in manual, line


def test_nobody_learns_names_that_are_not_for_them(site: Workspace) -> None:
    hidden = {
        Role.HR: customers(site) | employees(site, ["sales", "marketing"]),
        Role.EMPLOYEE: customers(site) | employees(site, ["sales", "marketing"]),
        Role.MARKETING: employees(site, ["sales"]),
        Role.SALES: employees(site, ["sales", "marketing"]),
    }
    assert all(hidden.values())
    lead = some_lead(site, "won")
    values = {**PATH_VALUES, "lead_id": lead["lead_id"], "party_id": lead["party_id"]}
    for role, names in hidden.items():
        who = caller_of(role)
        for method, path, about in OPERATIONS:
            if method != "get":
                continue
            for _ in range(2):
                answer = call(who, method, path, about, values)
                assert leaked(answer.content.decode(), names) == [], (role, path)
                work_all()
