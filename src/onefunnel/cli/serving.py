"""Commands that serve: serve, and the demonstration."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefunnel import bootstrap
from onefunnel.cli.options import WorkspacePath
from onefunnel.errors import UsageError

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
    path = made(workspace)
    run(path, host, port, open_browser=open_browser)


def made(workspace: Path) -> Path:
    """The workspace in a folder, made where the folder is new or empty."""
    if not workspace.exists() or (workspace.is_dir() and not any(workspace.iterdir())):
        return bootstrap.init_workspace(workspace).path.resolve()
    return bootstrap.open_workspace(workspace).path.resolve()


def run(path: Path, host: str, port: int, *, open_browser: bool) -> None:
    """Serve a workspace until interrupted; say where, and how the first person comes in."""
    from onefunnel.web.site.setup import configure, migrate

    _check_free(host, port)
    configure(path)
    migrate()
    from django.db import connections

    from onefunnel.web.site import current
    from onefunnel.web.site.serving import serve

    kept = current.workspace().settings.server
    base = kept.url.rstrip("/") or f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    address = _way_in(base)
    connections.close_all()

    def ready() -> None:
        errors.print(f"onefunnel: {address}", markup=False)
        errors.print("Stop with Ctrl-C.", style="dim")
        if open_browser and not webbrowser.open(address):
            errors.print("No browser was found; open the address by hand.")

    serve(path, host, port, kept, ready)


def _way_in(base: str) -> str:
    """Where to go: to the pages, or by a link where nobody can sign in yet."""
    from onefunnel.store.models import Person
    from onefunnel.vocabulary import Role
    from onefunnel.web.pages.first import links

    if Person.objects.filter(is_active=True).exists():
        return f"{base}/"
    return f"{base}/enter/link/{links.make(Role.DIRECTOR)}/"


def _check_free(host: str, port: int) -> None:
    import socket

    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"Nothing can listen on {host}:{port}: {error.strerror}.",
                remedy="Give another one with --port.",
            ) from error
