"""The application database as a file: a copy of it while others write, and what a copy forgets."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

APPLICATION = "app.sqlite"
"""Its name in a workspace, where it is SQLite."""

FORGOTTEN = (
    # Whoever holds a backup must not be able to go on with somebody's session.
    "DELETE FROM django_session",
    "DELETE FROM store_limits",
    # Files that were dropped and not imported are not in a backup, and no job goes on in a copy.
    "DELETE FROM store_upload WHERE imported_at IS NULL",
    "UPDATE store_upload SET job_id = NULL WHERE job_id IN "
    "(SELECT id FROM store_job WHERE state IN ('waiting', 'running'))",
    "DELETE FROM store_job WHERE state IN ('waiting', 'running')",
    "DELETE FROM store_heartbeat",
)


def copy_database(source: Path, target: Path, forgets: Sequence[str] = ()) -> None:
    """Copy a SQLite database whole, though others may be writing to it.

    ``forgets`` is done to the copy; a statement about a table that it lacks is passed over.
    """
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as still:
        live.backup(still)
        for statement in forgets:
            try:
                still.execute(statement)
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise
        still.commit()
        if forgets:
            still.execute("VACUUM")
        still.execute("PRAGMA journal_mode = DELETE")


def active_directors(database: Path) -> int:
    """How many people of a database could sign in and manage it; 0 where it knows none."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        try:
            found = opened.execute(
                "SELECT count(*) FROM store_person WHERE is_active AND role = 'director'"
            ).fetchone()
        except sqlite3.DatabaseError:
            return 0
    return int(found[0])
