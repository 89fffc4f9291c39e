"""Named points at which a test can kill the process, to see that nothing is lost or half done.

In the product :func:`reached` does nothing.
"""

from collections.abc import Callable

IMPORT_POINTS = (
    "lock_taken",
    "swept",
    "files_seen",
    "staged",
    "first_rows_appended",
    "rows_appended",
    "superseded_appended",
    "quarantine_appended",
    "entities_appended",
    "batch_appended",
    "head_written",
    "head_replaced",
    "scratch_removed",
)
JOURNAL_POINTS = (
    "entry_written",
    "entry_committed",
    "drain_read",
    "drain_committed",
    "drain_trimmed",
)
UNDO_POINTS = ("rows_put_back",)
REWRITE_POINTS = ("rewritten", "rewrite_committed", "old_removed")
POINTS = IMPORT_POINTS + JOURNAL_POINTS + UNDO_POINTS + REWRITE_POINTS

_hook: Callable[[str], None] | None = None


def reached(point: str) -> None:
    """Say that a named point is reached."""
    if _hook is not None:
        _hook(point)


def watch(hook: Callable[[str], None] | None) -> None:
    """Call ``hook`` with the name of each point that is reached; None stops it."""
    global _hook
    _hook = hook
