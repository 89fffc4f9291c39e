"""Makes the examples in the manual tests; what else tests have is in tests/conftest.py."""

from __future__ import annotations

import pytest

from tests.docs.examples import documents

pytest_collect_file = documents(["README.md", "docs/**/*.md", "docs/*.md"]).pytest()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a document's examples in one worker: each goes on where the one before it ended."""
    for item in items:
        if item.path.suffix == ".md":
            document = item.path.relative_to(config.rootpath).as_posix()
            item.add_marker(pytest.mark.xdist_group(document))
