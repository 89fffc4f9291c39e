"""A workspace may be replaced while it is served: who holds what stood there before lets it go."""

from pathlib import Path
from typing import Any

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

Stamp = tuple[int, int] | None
_HELD = "onefunnel_holds"


def stamp(path: Path) -> Stamp:
    """Which file or folder stands at a path now; None where there is none."""
    try:
        stated = path.stat()
    except OSError:
        return None
    return stated.st_dev, stated.st_ino


@receiver(connection_created)
def remember(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Remember which file a connection was opened to."""
    setattr(connection, _HELD, _file(connection))


@receiver(request_started)
def let_go(**_: Any) -> None:
    """Close this thread's connections to a file that is no longer the workspace's."""
    for connection in connections.all(initialized_only=True):
        opened = connection.connection is not None
        if opened and _file(connection) != getattr(connection, _HELD, None):
            connection.close()


def _file(connection: BaseDatabaseWrapper) -> Stamp:
    if connection.vendor != "sqlite":
        return None
    return stamp(Path(connection.settings_dict["NAME"]))
