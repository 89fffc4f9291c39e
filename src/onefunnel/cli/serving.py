"""Commands that serve: serve, and the demonstration."""

import gc
import multiprocessing
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli import listening
from onefunnel.cli.options import WorkspacePath
from onefunnel.cli.progress import shown_steps
from onefunnel.errors import SystemFailed, UnknownName, UsageError
from onefunnel.settings import LANGUAGES
from onefunnel.workflows import sample
from onefunnel.workflows.cast import settings_of
from onefunnel.workflows.keeping import needs_upgrade
from onefunnel.workflows.targets import check_new_file

errors = Console(stderr=True, highlight=False, soft_wrap=True)
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")]


def serve_command(
    workspace: WorkspacePath,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    open_browser: Open = False,
) -> None:
    """Serve the pages and the API of a workspace; a new folder becomes one."""
    run(made(workspace), host, port, open_browser=open_browser)


def demo_command(
    folder: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(help="Folder to keep it in; without one it goes when it is stopped."),
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the browser; else only say the address.")
    ] = True,
    served: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve it; else only build it.")
    ] = True,
    report: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Write a report of it to this file, and serve nothing."),
    ] = None,
    port: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            help="Port to listen on; else the first free one from 8000.", min=1, max=65535
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="en, ru, ro, fa or vi.")] = "en",
) -> None:
    """Build the demonstration company and open it in the browser, already signed in."""
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    if report is not None:
        check_new_file(report)
    with _folder_of(folder, keeps=report is None and not served) as path:
        if report is not None or not served:
            build(path, language)
        else:
            _build_apart(path, language)
        errors.print(f"Workspace: {path}", markup=False)
        if report is not None:
            _write_report(path, report, language)
        elif served:
            at = port or listening.first_free("127.0.0.1", 8000)
            run(path.resolve(), "127.0.0.1", at, open_browser=open_browser)


@contextmanager
def _folder_of(given: Path | None, *, keeps: bool) -> Iterator[Path]:
    """The folder of a demonstration; one that nobody named goes when it is not needed any more."""
    if given is not None or keeps:
        yield given or Path(tempfile.mkdtemp(prefix="onefunnel-demo-")) / "company-x"
        return
    _end_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="onefunnel-demo-") as root:
        yield Path(root) / "company-x"


def build(path: Path, language: str) -> None:
    """Make the demonstration in a new folder; where it stands already it is taken as it is."""
    if path.is_dir() and any(path.iterdir()):
        if not sample.is_marked(bootstrap.open_workspace(path), demonstration=True):
            raise UsageError(f"{path} holds no demonstration.", remedy="Name a new folder.")
        return
    errors.print("Building the demonstration company: about twenty seconds.", style="dim")
    opened = bootstrap.init_workspace(path, **settings_of(language))
    with _uncollected(), shown_steps() as progress:
        sample.bring(opened, progress, demonstration=True)


def _build_apart(path: Path, language: str) -> None:
    """Build in a process of its own: what forks to serve must not have used the engine before."""
    apart = multiprocessing.get_context("fork").Process(target=_prepare, args=(path, language))
    apart.start()
    try:
        apart.join()
    except BaseException:
        apart.kill()
        apart.join()
        raise
    if apart.exitcode:
        raise typer.Exit(apart.exitcode if apart.exitcode > 0 else SystemFailed.exit_status)


def _prepare(path: Path, language: str) -> None:
    """Build a demonstration with its cast and the first answers, and leave with an exit status."""
    from onefunnel.cli.app import explained

    try:
        build(path, language)
        _people_it(path)
    except KeyboardInterrupt:
        sys.exit(SystemFailed.exit_status)
    except Exception as error:
        sys.exit(explained(error))


def _people_it(path: Path) -> None:
    from onefunnel.web.site.setup import configure, migrate

    configure(path)
    migrate()
    from onefunnel.store.models import Person
    from onefunnel.vocabulary import Role
    from onefunnel.web.pages.first import warming
    from onefunnel.web.pages.first.demonstration import make_cast
    from onefunnel.web.site import current

    if not Person.objects.exists():
        make_cast(current.workspace().settings.language)
    with _uncollected():
        warming.work_out(Person.objects.get(role=Role.DIRECTOR))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave garbage where it lies: it is little, and looking for it takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _write_report(path: Path, report: Path, language: str) -> None:
    from onefunnel.web.report.gather import gather
    from onefunnel.web.report.render import render
    from onefunnel.workflows.asking import Asked

    text = render(gather(bootstrap.open_workspace(path), Asked()), language)
    report.write_text(text, encoding="utf-8")
    errors.print(f"Report: {report}", markup=False)


def made(workspace: Path) -> Path:
    """The workspace in a folder, made where the folder is new or empty.

    UsageError where it was written by a later release, or waits for its upgrade.
    """
    if not workspace.exists() or (workspace.is_dir() and not any(workspace.iterdir())):
        return bootstrap.init_workspace(workspace).path.resolve()
    opened = bootstrap.open_workspace(workspace)
    if needs_upgrade(opened):
        raise UsageError(
            "The workspace was written by an earlier release.",
            remedy=f"Run: onefunnel upgrade {workspace}",
        )
    return opened.path.resolve()


def run(path: Path, host: str, port: int, *, open_browser: bool) -> None:
    """Serve a workspace until interrupted; say where, and how the first person comes in."""
    from onefunnel.web.site import current
    from onefunnel.web.site.serving import serve
    from onefunnel.web.site.setup import configure, migrate
    from onefunnel.web.site.wsgi import load_pages

    kept = bootstrap.open_workspace(path).settings.server
    base = listening.base_address(host, port, kept.url)
    listening.check_free(host, port)
    _end_on_sigterm()
    configure(path)
    migrate()
    current.keep_within(listening.is_loopback(host) and not kept.url)
    from django.db import connections

    address = _way_in(base)
    load_pages()
    connections.close_all()
    if warning := listening.warning(host, kept.url):
        errors.print(warning, style="yellow", markup=False)

    def ready() -> None:
        errors.print(f"onefunnel: {address}", markup=False)
        errors.print("Stop with Ctrl-C.", style="dim")
        if open_browser:
            _show(address)

    def leaving() -> None:
        errors.print("Stopping; the worker puts its work down.", style="dim")

    serve(path, host, port, kept, ready, leaving)


def _way_in(base: str) -> str:
    """Where to go: to the pages, or by a link where nobody can sign in yet."""
    from onefunnel.store.models import Person
    from onefunnel.vocabulary import Role
    from onefunnel.web.pages.first import demonstration, links
    from onefunnel.web.site import current

    opened = current.workspace()
    if sample.is_marked(opened, demonstration=True) and current.is_within():
        if not Person.objects.exists():
            demonstration.make_cast(opened.settings.language)
        return f"{base}/enter/once/{demonstration.way_in()}/"
    if Person.objects.filter(is_active=True).exists():
        return f"{base}/"
    return f"{base}/enter/link/{links.make(Role.DIRECTOR)}/"


def _show(address: str) -> None:
    """Open the browser beside: some take seconds to answer. One in the terminal is none."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        found = None
    if found is None or type(found) is webbrowser.GenericBrowser:
        errors.print("No browser was found; open the address by hand.")
        return
    threading.Thread(target=found.open, args=(address,), daemon=True).start()


def _end_on_sigterm() -> None:
    """Have SIGTERM end this process as Ctrl-C does: what it made for a while goes with it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
