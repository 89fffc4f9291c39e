"""Make Django ready for one workspace."""

from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from onefunnel.web.site import current
from onefunnel.web.site.values import values


def configure(workspace: Path) -> None:
    """Have this process serve a workspace; once per process. Nothing is written but the secrets."""
    current.serve(workspace)
    if settings.configured:
        return
    settings.configure(**values(current.workspace(), current.secrets()))
    django.setup()
    from onefunnel.web.site import sign_ins

    _ = sign_ins  # it listens from now on


def migrate() -> None:
    """Bring the application database to this release."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
