"""Chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.services.find import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The sandbox needs rights that a container does not give; the pages shown here are our own.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-quic"]


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The Chromium on this machine."""
    return chromium()


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A running browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page in a context of its own: no cookies, nothing kept."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
