"""A copy of the site's workspace for one test: what it does to the ledger stays there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from onefunnel.ledger.store.application import APPLICATION, copy_database
from onefunnel.workflows.workspace import Workspace


@pytest.fixture
def own_site(site: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The site over a copy of its workspace; the application database is still the site's."""
    from onefunnel.web.site import current

    folder = tmp_path / site.path.name
    shutil.copytree(site.path, folder, ignore=shutil.ignore_patterns("scratch", "app.sqlite*"))
    copy_database(site.path / APPLICATION, folder / APPLICATION)
    current.serve(folder)
    try:
        yield current.workspace()
    finally:
        current.serve(site.path)
