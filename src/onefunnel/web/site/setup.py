"""Make Django ready for one workspace."""

from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from onefunnel.errors import UsageError
from onefunnel.web.site import current
from onefunnel.web.site.values import values


def configure(workspace: Path) -> None:
    """Have this process serve a workspace; once per process. Nothing is written but the secrets."""
    current.serve(workspace)
    if settings.configured:
        return
    settings.configure(**values(current.workspace(), current.secrets()))
    django.setup()
    from onefunnel.web.site import moved, sign_ins

    _ = moved, sign_ins  # they listen from now on


def migrate() -> None:
    """Bring the application database to this release; UsageError where a later one wrote it."""
    _check_known()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _check_known() -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    found = MigrationLoader(connection)
    if {name for app, name in found.applied_migrations if app == "store"} - {
        name for app, name in found.disk_migrations if app == "store"
    }:
        raise UsageError(
            "The application database was written by a later release.",
            remedy="Install that release.",
        )
