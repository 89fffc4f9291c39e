"""Keep the ledger quick to read: pack small files, fold supersessions in. Figures don't change."""

from onefunnel.ledger.store.rewrite import fold, needs_folding, pack
from onefunnel.workflows.kept import forget
from onefunnel.workflows.workspace import Workspace


def tidy(workspace: Workspace) -> None:
    """Pack and fold what has grown past its bound; costs little when nothing has."""
    with workspace.writing() as batch:
        head = pack(batch)
        forget(workspace.path, but=head.version)
    if head.tables and _worth_folding(workspace):
        compact(workspace)


def compact(workspace: Workspace) -> None:
    """Fold all supersessions into their tables."""
    with workspace.writing() as batch:
        fold(batch)


def _worth_folding(workspace: Workspace) -> bool:
    return workspace.reading(needs_folding)
