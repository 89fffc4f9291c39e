"""Each service that other tests use starts and answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.services import find

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pyspark.sql import SparkSession


def test_postgres_answers_with_collation_c_and_utc(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        version = connection.execute("select version()").fetchone()
        collation = connection.execute(
            "select datcollate from pg_database where datname = current_database()"
        ).fetchone()
        zone = connection.execute("show timezone").fetchone()
    assert version is not None
    assert version[0].startswith("PostgreSQL ")
    assert collation == ("C",)
    assert zone == ("UTC",)


def test_postgres_refuses_a_wrong_password(postgres_url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres_url, password="wrong")


def test_spark_sums_in_utc(spark_session: SparkSession) -> None:
    rows = spark_session.range(1, 101).selectExpr("sum(id) as total").collect()
    assert rows[0]["total"] == 5050
    assert spark_session.conf.get("spark.sql.session.timeZone") == "UTC"


def test_chromium_reads_a_title(page: Page) -> None:
    page.set_content("<title>One funnel</title>")
    assert page.title() == "One funnel"


def test_a_service_runs_in_one_worker(request: pytest.FixtureRequest, postgres_url: str) -> None:
    assert request.node.get_closest_marker("postgres") is not None
    in_a_worker = "PYTEST_XDIST_WORKER" in os.environ
    assert request.node.nodeid.endswith("@postgres") == in_a_worker


def test_a_missing_service_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(find.MissingServiceError, match=r"Chromium was not found.*make services"):
        find.chromium()


def test_the_set_up_can_ask_what_is_missing() -> None:
    asked = subprocess.run(
        [sys.executable, "-I", Path(find.__file__)], capture_output=True, text=True, check=True
    )
    assert asked.stdout.split() == []
