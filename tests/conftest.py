"""What every test has: the services, and the size of generated examples."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, core, settings
from hypothesis.vendor.pretty import RepresentationPrinter

from onefunnel.bootstrap import collect_seldom

pytest_plugins = [
    "tests.services.browser",
    "tests.services.postgres",
    "tests.services.spark",
    "tests.web.site",
    "tests.web.own_site",
    "tests.web.served",
]

# A test that asks for one of these is marked so, and runs in the worker that has it running.
SERVICE_OF_FIXTURE = {
    "spark_session": "spark",
    "postgres_url": "postgres",
    "chromium_path": "browser",
}

# One company is served in a process, and what is asked of it is kept: who asks shares the process.
GROUP_OF_FIXTURE = {"one_site": "site"}

# PySpark leaves the sockets that it reads results from to the garbage collector.
SPARK_WARNING = "ignore:unclosed <socket:ResourceWarning"

# Engines answer in their own time, and a shared fixture is no concern of a generated example.
SUPPRESSED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "check",
    derandomize=True,
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=SUPPRESSED,
)
settings.register_profile(
    "long", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=SUPPRESSED
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


def pytest_collection_finish() -> None:
    """Tests ask as processes of ours do, and failing examples are printed.

    Schemathesis, once it is imported, has Hypothesis print nothing of any test's example.
    """
    collect_seldom()
    core.RepresentationPrinter = RepresentationPrinter


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """What was left alone is let go as ever."""
    gc.unfreeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the services it uses, and keep each service in one worker."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        for fixture, service in SERVICE_OF_FIXTURE.items():
            if fixture in used:
                item.add_marker(service)
        if item.get_closest_marker("spark") is not None:
            item.add_marker(pytest.mark.filterwarnings(SPARK_WARNING))
        group = _group(item, used)
        if group is not None and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Item, used: set[str]) -> str | None:
    """The service that is slowest to start among those the test uses, or what it shares, if any."""
    for service in SERVICE_OF_FIXTURE.values():
        if item.get_closest_marker(service) is not None:
            return service
    return next((group for fixture, group in GROUP_OF_FIXTURE.items() if fixture in used), None)
