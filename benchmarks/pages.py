"""How long pages take, at ten thousand leads and at a million, by turns in one run.

``python -m benchmarks.pages`` simulates both companies, serves each as ``onefunnel serve`` does,
asks every page as the director until nothing is worked out any more, and then measures. It writes
``build/benchmarks/pages.json`` and ``pages.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from benchmarks.options import ROOT

FOLDER = ROOT / "build" / "benchmarks" / "pages"
SIZES = {10_000: 55_000, 1_000_000: 5_500_000}
"""Touches that bring about so many leads."""
MOST_MILLISECONDS = 100
PAGES = {
    "today": "/",
    "funnel": "/funnel/",
    "funnel by channel": "/funnel/?by=channel",
    "desk": "/desk/",
    "desk, searched": "/desk/?q=an",
    "lead": "/leads/{lead}/",
    "customer": "/customers/{party}/",
    "rows behind a figure": "/rows/?measure=funnel&figure=entered&stage=purchase",
    "find": "/find/?q=ma",
    "definitions": "/definitions/",
    "settings": "/settings/",
    "imports": "/imports/",
    "quarantine": "/imports/quarantine/",
    "people": "/people/",
    "audit log": "/audit/",
}
WAITING = b'class="waiting"'
LONGEST = 1200


@dataclass(frozen=True)
class Site:
    """A company that is served: where, and the session of its director."""

    leads: int
    port: int
    session: str
    lead: str
    party: str

    def address(self, page: str) -> str:
        """The address of a page."""
        known = {"lead": quote(self.lead, safe=""), "party": quote(self.party, safe="")}
        return PAGES[page].format(**known)


def main() -> int:
    """Measure; 1 where a page takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.pages")
    parser.add_argument("--requests", type=int, default=200, help="of each page and size")
    parser.add_argument("--prepare", nargs=2, metavar=("LEADS", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare(int(asked.prepare[0]), Path(asked.prepare[1]))
        return 0
    with ExitStack() as stack:
        sites = [stack.enter_context(serving(leads)) for leads in SIZES]
        for site in sites:
            warm(site)
        found = measure(sites, asked.requests)
    write(found)
    return int(any(each["p95"] > MOST_MILLISECONDS for each in found[str(max(SIZES))].values()))


def prepare(leads: int, folder: Path) -> None:
    """Make a company with so many leads, and a session of its director; prints what is needed."""
    from onefunnel import bootstrap
    from onefunnel.intake import silent
    from onefunnel.simulator import SCENARIOS, simulate
    from onefunnel.simulator.scenarios import STEPS
    from onefunnel.web.site.setup import configure, migrate
    from onefunnel.workflows.importing import import_paths

    if not folder.exists():
        # Most people become leads here: pages are about leads, not about visits.
        steps = tuple(replace(step, move=0.9) if at < 2 else step for at, step in enumerate(STEPS))
        more = {"touches_per_person": 4.0, "steps": steps}
        files = folder.with_name(f"{folder.name}-files")
        simulate(SCENARIOS["company-x"](touches=SIZES[leads], seed=7, **more)).write(files)
        made = bootstrap.init_workspace(folder.with_name(f"{folder.name}-making"), country="RO")
        import_paths(made, [files], silent)
        made.path.rename(folder)
    configure(folder)
    migrate()
    print(json.dumps({"session": director_session(), **some_lead(folder)}))


def director_session() -> str:
    """The cookie of a session of the director."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from onefunnel.store.models import Person
    from onefunnel.vocabulary import Role

    known = {"name": "Director", "role": Role.DIRECTOR}
    person, _ = Person.objects.get_or_create(email="director@firm.example", defaults=known)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def some_lead(folder: Path) -> dict[str, str]:
    """A lead that became a deal, and its party: their pages hold something."""
    from onefunnel import bootstrap
    from onefunnel.ledger.engines.duckdb import Reader

    def work(reader: Reader) -> dict[str, str]:
        deals = reader.table("deal")
        rows = deals.filter(deals.lead_id.notnull()).order_by("deal_id").limit(1)
        (row,) = reader.fetch(rows.select("lead_id", "party_id")).to_pylist()
        return {"lead": row["lead_id"], "party": row["party_id"]}

    return bootstrap.open_workspace(folder).reading(work)


@contextmanager
def serving(leads: int) -> Iterator[Site]:
    """A company of that size, served until the block ends."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = FOLDER / f"leads-{leads}"
    say(f"{leads:,} leads: the company")
    command = [sys.executable, "-m", "benchmarks.pages", "--prepare", str(leads), str(folder)]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "onefunnel", "serve", str(folder), "--port", str(port)]
    with (FOLDER / f"leads-{leads}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stderr=log, start_new_session=True)
    try:
        yield Site(leads, port, **json.loads(told.splitlines()[-1]))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def warm(site: Site) -> None:
    """Ask every page until nothing is worked out any more."""
    say(f"{site.leads:,} leads: what is asked for the first time")
    end = time.monotonic() + LONGEST
    for page in PAGES:
        began = time.monotonic()
        while True:
            try:
                status, body = ask(connection(site), site, page)
            except OSError:
                status, body = 0, b""
            if status == 200 and WAITING not in body:
                break
            if time.monotonic() > end or status >= 400:
                raise SystemExit(f"{page}: {status}, {'waits' if WAITING in body else 'answers'}")
            time.sleep(0.5)
        say(f"{site.leads:,} leads: {page}: first after {time.monotonic() - began:.1f} s")


def measure(sites: list[Site], requests: int) -> dict[str, dict[str, dict[str, float]]]:
    """Milliseconds of each page: median and 95th percentile, the sizes by turns."""
    found: dict[str, dict[str, dict[str, float]]] = {str(site.leads): {} for site in sites}
    connections = {site.leads: connection(site) for site in sites}
    for page in PAGES:
        times: dict[int, list[float]] = {site.leads: [] for site in sites}
        for _ in range(requests):
            for site in sites:
                began = time.perf_counter()
                ask(connections[site.leads], site, page)
                times[site.leads].append(1000 * (time.perf_counter() - began))
        for leads, each in times.items():
            cuts = statistics.quantiles(each, n=20)
            found[str(leads)][page] = {"p50": statistics.median(each), "p95": cuts[18]}
    return found


def connection(site: Site) -> HTTPConnection:
    """A connection that is kept, as a browser's is."""
    return HTTPConnection("127.0.0.1", site.port, timeout=60)


def ask(kept: HTTPConnection, site: Site, page: str) -> tuple[int, bytes]:
    """Ask a page: its status and what it says."""
    kept.request("GET", site.address(page), headers={"Cookie": site.session})
    answer = kept.getresponse()
    return answer.status, answer.read()


def write(found: dict[str, dict[str, dict[str, float]]]) -> None:
    """The figures as JSON and as a table."""
    small, large = (found[str(leads)] for leads in SIZES)
    lines = [
        "| page | 10 thousand leads: median, p95 | a million leads | ratio of medians |",
        "|---|---|---|---|",
    ]
    for page in PAGES:
        few, many = small[page], large[page]
        ratio = many["p50"] / few["p50"]
        lines.append(
            f"| {page} | {few['p50']:.0f}, {few['p95']:.0f} ms "
            f"| {many['p50']:.0f}, {many['p95']:.0f} ms | {ratio:.2f} |"
        )
    text = "\n".join(lines) + "\n"
    (FOLDER.parent / "pages.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (FOLDER.parent / "pages.md").write_text(text, "utf-8")
    print(text)


def say(text: str) -> None:
    """Progress on standard error."""
    print(f"pages {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
