"""Erasure in the application database, for commands: Django is made ready where there is one."""

from pathlib import Path

from onefunnel.ledger.store.register import read_register
from onefunnel.web.site.secrets import FILE_NAME, read_or_make
from onefunnel.web.site.values import DATABASE


def forget_erased(workspace: Path) -> None:
    """Take everybody whom the register of erasures names out of the application database, if any.

    A process can do it for one workspace.
    """
    register = read_register(workspace)
    if register is None or not _has_database(workspace):
        return
    from onefunnel.web.site.setup import configure, migrate

    configure(workspace)
    migrate()
    from onefunnel.store.erasing import forget

    forget(register)


def _has_database(workspace: Path) -> bool:
    if (workspace / DATABASE).is_file():
        return True
    return (workspace / FILE_NAME).is_file() and bool(read_or_make(workspace).database)
