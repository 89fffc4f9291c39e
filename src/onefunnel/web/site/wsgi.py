"""The WSGI application of a workspace."""

from pathlib import Path
from typing import Any

from onefunnel.bootstrap import collect_seldom
from onefunnel.web.site.setup import configure


def application(workspace: Path) -> Any:
    """The application, with Django made ready for the workspace."""
    configure(workspace)
    from django.core.wsgi import get_wsgi_application

    made = get_wsgi_application()
    load_pages()
    collect_seldom()
    return made


def load_pages() -> None:
    """Have the pages' modules loaded before the first request, or before processes are forked."""
    from importlib import import_module

    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    import_module("pandas")  # Arrow loads it with the first instant that it makes
