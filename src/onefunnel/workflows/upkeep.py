"""Keep the ledger quick to read: pack small files, fold supersessions in. Figures don't change."""

from onefunnel.errors import SystemFailed
from onefunnel.intake import Progress, silent
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.rewrite import fold, needs_folding, pack
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.kept import forget
from onefunnel.workflows.put import Put
from onefunnel.workflows.workspace import Workspace


def tidy(workspace: Workspace, progress: Progress = silent) -> None:
    """Pack and fold what has grown past its bound, and put new touches in order.

    Costs little when nothing is new.
    """
    with workspace.writing() as batch:
        head = pack(batch)
        forget(workspace.path, but=head.version)
    if head.tables and _worth_folding(workspace):
        compact(workspace)
    put_in_order(workspace, progress)


def compact(workspace: Workspace) -> None:
    """Fold all supersessions into their tables."""
    with workspace.writing() as batch:
        fold(batch)


def put_in_order(workspace: Workspace, progress: Progress = silent) -> None:
    """Bring up to date what large ledgers are answered from: see ``Put.bring_up_to_date``."""

    def work(reader: Reader) -> None:
        put = Put(workspace, reader, Asked())
        if put.keeps_history:
            progress.step("touches in order", 0, None)
            put.bring_up_to_date()

    try:
        workspace.reading(work)
    except SystemFailed:
        return  # What was imported stands. Whoever asks first does it then, or is told why not.


def _worth_folding(workspace: Workspace) -> bool:
    return workspace.reading(needs_folding)
