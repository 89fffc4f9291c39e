"""A site of one small company, in this process, and its fixed cast."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onefunnel import bootstrap
from onefunnel.intake import silent
from onefunnel.simulator import SCENARIOS, simulate
from onefunnel.vocabulary import Role
from onefunnel.workflows.importing import import_paths

if TYPE_CHECKING:
    from django.test import Client

    from onefunnel.store.models import Person
    from onefunnel.workflows.workspace import Workspace

PASSWORD = "seven cranes over Bicaz"
CAST = {role: f"{role.value}@company-x.example" for role in Role}
"""The fixed cast: one person in every role; the outsider is nobody among them."""


def fill(workspace: Workspace, folder: Path, touches: int = 1_500) -> None:
    """Import a simulated company in conflict."""
    made = SCENARIOS["company-x"](touches=touches, seed=7, language="en", click_ids=True)
    company = simulate(made)
    company.write(folder)
    import_paths(workspace, [folder], silent)


def make_cast(password: str | None = None) -> dict[Role, Person]:
    """One person in every role, in the database of this process's site."""
    from onefunnel.store.models import Person

    made = {}
    for role, email in CAST.items():
        person = Person(email=email, name=f"{role.value.replace('_', ' ').title()}", role=role)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save()
        made[role] = person
    return made


def pytest_configure(config: pytest.Config) -> None:
    """Make Django ready, for the one workspace that a process can serve; it is filled when used.

    Modules of the web are imported when their examples are collected, and need that.
    """
    # A browser's driver runs a loop in the tests' thread, and Django takes that for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from onefunnel.web.site.setup import configure

    root = Path(tempfile.mkdtemp(prefix="onefunnel-site-"))
    config.add_cleanup(lambda: shutil.rmtree(root, ignore_errors=True))
    bootstrap.init_workspace(root / "company-x", name="Company X", country="RO")
    configure(root / "company-x")


@pytest.fixture(scope="session")
def one_site() -> Workspace:
    """The site of this process, with its company and its cast."""
    from django.test.utils import setup_test_environment

    from onefunnel.web.site import current
    from onefunnel.web.site.setup import migrate

    workspace = current.workspace()
    fill(workspace, workspace.path.parent / "files")
    migrate()
    setup_test_environment(debug=False)
    make_cast()
    return workspace


@pytest.fixture
def site(one_site: Workspace) -> Iterator[Workspace]:
    """The site; what a test writes into the application database is undone after it."""
    from django.db import transaction

    with transaction.atomic():
        yield one_site
        transaction.set_rollback(True)


@pytest.fixture
def signed_in(site: Workspace) -> Callable[[Role], Client]:
    """A client that is signed in as the person of a role."""
    from django.test import Client

    from onefunnel.store.models import Person

    def enter(role: Role) -> Client:
        client = Client(raise_request_exception=False)
        person = Person.objects.get(email=CAST[role])
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter


@pytest.fixture
def stranger(site: Workspace) -> Client:
    """A client of somebody who is not signed in."""
    from django.test import Client

    return Client(raise_request_exception=False)


def work_all() -> None:
    """Do every job that waits, as the worker would."""
    from onefunnel.web.jobs import queue, worker
    from onefunnel.web.jobs.kinds import LANES

    for lane in LANES:
        while (job := queue.claim(lane)) is not None:
            worker.work_off(job)
