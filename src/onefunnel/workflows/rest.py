"""What is worked out of everything but touches, kept for as long as nothing of that changes.

Who only came by is most of a ledger, and comes every day; leads, deals and orders are few. So what
their queries gave stands until one of their tables changes, or who is who among their people.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import ibis

from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.disk.system import BATCH, ENTITY, QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.version import RELEASE
from onefunnel.workflows.kept import HISTORY
from onefunnel.workflows.workspace import Workspace

PREFIX = "rest-"
PEOPLE = "people.parquet"
STATE = "state.json"
MOST = 8
"""Of how many questions (by rules, currency and now) it is kept."""

_NOT_READ = {"touch", ENTITY.name, BATCH.name, QUARANTINE.name}


def kept_rest(
    workspace: Workspace,
    reader: Reader,
    asked: Mapping[str, object],
    fill: Callable[[Path], None],
) -> Path:
    """The folder of what was asked of all tables but touches, filled where it is not up to date.

    ``fill`` writes the people it is about into ``people.parquet``. ``asked`` is all that the
    content depends on besides the tables and who is who.
    """
    root = workspace.path / HISTORY
    stored = {n: str(s) for n, s in sorted(reader.head.tables.items()) if n not in _NOT_READ}
    text = json.dumps({**asked, "tables": stored, "release": RELEASE}, sort_keys=True, default=str)
    folder = root / f"{PREFIX}{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    if folder.is_dir() and not _others_now(reader, folder):
        return folder
    root.mkdir(exist_ok=True)
    with scratch_folder(workspace.scratch) as room:
        beside = room / PREFIX
        beside.mkdir()
        fill(beside)
        (beside / STATE).write_text(json.dumps({"version": reader.head.version}), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        try:
            beside.rename(folder)
        except OSError:  # somebody else asked the same at the same time
            if not folder.is_dir():
                raise
    _forget_oldest(root)
    return folder


def _others_now(reader: Reader, folder: Path) -> bool:
    """Whether somebody it is about has become somebody else since."""
    since = json.loads((folder / STATE).read_text("utf-8"))["version"]
    if since == reader.head.version:
        return False
    if since > reader.head.version:
        return True
    moved = reader.rows(ENTITY.name).filter(ibis._.since > since).select("party_id")
    people = reader.backend.read_parquet(str(folder / PEOPLE))
    found = moved.semi_join(people, "party_id").limit(1)
    return bool(reader.fetch(found).num_rows)


def _forget_oldest(root: Path) -> None:
    made = sorted(root.glob(f"{PREFIX}*"), key=lambda path: path.stat().st_mtime_ns)
    for path in made[:-MOST]:
        shutil.rmtree(path, ignore_errors=True)
