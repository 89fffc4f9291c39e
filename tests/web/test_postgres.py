"""PostgreSQL as the application database: migrations, people, jobs, from processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import tomli_w

from onefunnel import bootstrap
from tests.web.served import serving

LEAD = "lead_id,party_id,created_at\nl1,p1,2024-03-01T08:00:00Z\n"

WORK = """
import json, sys
from pathlib import Path
from onefunnel.web.site.setup import configure, migrate
configure(Path(sys.argv[1]))
migrate()
migrate()
from django.db import connection
from tests.web.site import make_cast, work_all
make_cast("seven cranes over Bicaz")
from onefunnel.store.models import Job, Person
from onefunnel.web.jobs.questions import look
from onefunnel.web.site import current
from onefunnel.workflows.asking import Asked
person = Person.objects.get(email="director@company-x.example")
jobs = [look(current.workspace(), "funnel", Asked(), person) for _ in range(2)]
work_all()
answer = look(current.workspace(), "funnel", Asked(), person)
print(json.dumps({
    "engine": connection.vendor,
    "people": Person.objects.count(),
    "same": jobs[0].pk == jobs[1].pk,
    "state": Job.objects.get(pk=jobs[0].pk).state,
    "entered": max(row.entered for row in answer.answer.rows),
}))
"""


@pytest.fixture
def own_database(postgres_url: str) -> Iterator[str]:
    """The address of an empty database of one's own."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE site")
        yield urlsplit(postgres_url)._replace(path="/site").geturl()
        connection.execute("DROP DATABASE site WITH (FORCE)")


@pytest.fixture
def firm(own_database: str, tmp_path: Path) -> Path:
    """A workspace with one lead, whose secrets name the database."""
    made = bootstrap.init_workspace(tmp_path / "firm")
    secrets = made.path / "secrets.toml"
    kept = {"key": "k" * 50, "metrics_token": "t" * 30, "database": own_database, "mail": ""}
    secrets.write_text(tomli_w.dumps(kept))
    secrets.chmod(0o600)
    (tmp_path / "lead.csv").write_text(LEAD)
    from onefunnel.intake import silent
    from onefunnel.workflows.importing import import_paths

    import_paths(made, [tmp_path / "lead.csv"], silent)
    return made.path


def test_people_and_jobs_live_in_postgresql(firm: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(firm)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "engine": "postgresql",
        "people": 8,
        "same": True,
        "state": "done",
        "entered": 1,
    }
    assert not (firm / "app.sqlite").exists()


def test_it_is_served_from_postgresql(firm: Path) -> None:
    with serving(firm) as served:
        assert served.way_in
    assert not (firm / "app.sqlite").exists()
