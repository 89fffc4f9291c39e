"""A Spark of the tests' own, in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.services.find import java_home

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# ANSI settings stay as Spark ships them: the measures must answer the same on a cluster.
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.log.level": "ERROR",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# Tests ask many questions of a few rows: what they cost is planning, and compiling code that runs
# once. What was compiled is kept for the next case, which asks the same of other rows.
MANY_QUESTIONS = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.cache.maxEntries": "10000",
}


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A local Spark session on two threads, in UTC, its files in a temporary folder."""
    with local_session(tmp_path_factory.mktemp("spark"), MANY_QUESTIONS) as session:
        yield session


@contextmanager
def local_session(home: Path, more: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """The same with its files in a folder and more settings, stopped at the end."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", str(java_home()))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        # A Spark installed on the machine would be taken instead of the locked one.
        patch.delenv("SPARK_HOME", raising=False)
        builder = SparkSession.builder.master("local[2]").appName("onefunnel-tests")
        for name, value in {**SETTINGS, **(more or {})}.items():
            builder = builder.config(name, value)
        session = (
            builder.config("spark.sql.warehouse.dir", str(home / "warehouse"))
            .config("spark.local.dir", str(home / "local"))
            .getOrCreate()
        )
        try:
            yield session
        finally:
            session.stop()
