"""The API against its own document: calls by roles that may much and little."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from onefunnel.vocabulary import Role
from onefunnel.workflows.workspace import Workspace
from tests.web.callers import caller, customers, document, employees, leaked
from tests.web.site import work_all

EXAMPLES = 4
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 7,
        "generation": {"deterministic": True, "max-examples": EXAMPLES, "database": "none"},
    }
)
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)
schema.app = WSGIHandler()
ROLES = (Role.DIRECTOR, Role.MARKETING, Role.HR)


def said_by_the_caller(request: Any, names: frozenset[str]) -> set[str]:
    """Those of the names that stand in a call: a refusal may say what it refuses."""
    body = request.body or b""
    sent = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    return set(leaked(unquote_plus(request.url) + sent, names))


@pytest.fixture
def hidden(role: Role, one_site: Workspace) -> frozenset[str]:
    """What no answer to a role may hold."""
    if role is Role.DIRECTOR:
        return frozenset()
    if role is Role.MARKETING:
        return employees(one_site, ["sales"])
    return customers(one_site) | employees(one_site, ["marketing", "sales", "support"])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who waits for a job has it done at once; calls stay in the transaction of the test."""
    from onefunnel.web.api import doors, jobs

    monkeypatch.setattr(jobs, "pause", work_all)
    monkeypatch.setattr(doors, "PER_MINUTE", 1_000_000)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@pytest.mark.parametrize(
    "role",
    [
        pytest.param(each, marks=pytest.mark.long if each is Role.MARKETING else ())
        for each in ROLES
    ],
)
def test_a_call_does_what_the_document_says(
    case: Any, role: Role, site: Workspace, hidden: frozenset[str], at_once: None
) -> None:
    who = caller(role)

    def keeps_secrets(ctx: object, response: Any, case: object) -> None:
        unknown = hidden - said_by_the_caller(response.request, hidden)
        assert leaked(response.content.decode("utf-8", "replace"), unknown) == []

    # A document can't say everything: a period that ends before it begins is refused too.
    left_out = [positive_data_acceptance]
    if who.cookies:
        left_out.append(ignored_auth)  # it would take a token away, and a session has none
    case.call_and_validate(
        headers=who.headers,
        cookies=who.cookies,
        additional_checks=[keeps_secrets],
        excluded_checks=left_out,
    )
