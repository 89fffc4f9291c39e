"""A backup is restored over a server that goes on answering."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from onefunnel import bootstrap
from onefunnel.vocabulary import Role
from tests.web.served import serving
from tests.web.site import CAST, PASSWORD

SECONDS = 60
LIST = "/backups/"


class Browser:
    """A person at the pages, who follows redirects and sends forms."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self.at = ""

    def get(self, path: str) -> str:
        """A page, wherever it leads."""
        return self._ask(Request(f"{self.base}{path}"))

    def post(self, path: str, page: str, **values: str) -> str:
        """Send a form of a page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page))
        assert token is not None
        body = urlencode({**values, "csrfmiddlewaretoken": token[1]}).encode()
        headers = {"Referer": f"{self.base}{page}"}
        return self._ask(Request(f"{self.base}{path}", body, headers))

    def sign_in(self) -> None:
        """Come in as the director."""
        door = "/enter/login/"
        self.post(door, door, login=CAST[Role.DIRECTOR], password=PASSWORD)
        assert not self.at.startswith("/enter/")

    def _ask(self, request: Request) -> str:
        with self._open(request, timeout=SECONDS) as answer:
            self.at = answer.url.removeprefix(self.base)
            return str(answer.read().decode())


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def leads_to(browser: Browser, work: str, where: str) -> Callable[[], bool]:
    def led() -> bool:
        browser.get(work)
        return re.fullmatch(where, browser.at) is not None

    return led


def test_every_process_answers_from_what_was_restored(tmp_path: Path) -> None:
    workspace = bootstrap.init_workspace(tmp_path / "company-x", name="Company X")
    people = "from tests.web.served import people; import sys; people(sys.argv[1])"
    subprocess.run([sys.executable, "-c", people, str(workspace.path)], check=True)
    with serving(workspace.path) as served:
        browser = Browser(served.base)
        browser.sign_in()
        browser.post("/backups/make/", "/backups/")
        until(leads_to(browser, browser.at, LIST))
        browser.post("/account/", "/account/", name="Renamed since", language="en")
        assert "Renamed since" in browser.get("/account/")
        restore = re.search(r'href="(/backups/file/[^"]+/restore/)"', browser.get("/backups/"))
        assert restore is not None
        browser.post(restore[1], restore[1], firm="Company X")
        until(leads_to(browser, browser.at, r"/enter/login/.*"))
        again = Browser(served.base)
        again.sign_in()
        names = {"Renamed since" in again.get("/account/") for _ in range(30)}
        assert names == {False}
        # The worker has begun anew, in the restored workspace.
        again.post("/backups/make/", "/backups/")
        until(leads_to(again, again.at, LIST))
        assert again.get("/backups/").count("/restore/") == 2
    (before,) = tmp_path.glob("company-x.before-*")
    assert (before / "ledger").is_dir()
