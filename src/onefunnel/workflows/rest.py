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
import pyarrow as pa
from pyarrow import feather

from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.disk.system import BATCH, ENTITY, QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.version import RELEASE
from onefunnel.workflows.kept import HISTORY
from onefunnel.workflows.workspace import Workspace

PREFIX = "rest-"
SPAN = "span-"
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
    folder = root / f"{PREFIX}{_fingerprint(reader, asked)}"
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
    _forget_oldest(root, PREFIX)
    return folder


def kept_span(workspace: Workspace, reader: Reader, ask: Callable[[], pa.Table]) -> pa.Table:
    """The span of instants of all tables but touches, asked when one of them has changed."""
    root = workspace.path / HISTORY
    path = root / f"{SPAN}{_fingerprint(reader, {})}.arrow"
    if not path.exists():
        root.mkdir(exist_ok=True)
        with scratch_folder(workspace.scratch) as room:
            feather.write_feather(ask(), room / path.name)
            (room / path.name).replace(path)
        _forget_oldest(root, SPAN)
    return feather.read_table(path)


def _fingerprint(reader: Reader, asked: Mapping[str, object]) -> str:
    """What the content depends on, in short: the question, and where each table stands."""
    stored = {n: str(s) for n, s in sorted(reader.head.tables.items()) if n not in _NOT_READ}
    text = json.dumps({**asked, "tables": stored, "release": RELEASE}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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


def _forget_oldest(root: Path, prefix: str) -> None:
    made = sorted(root.glob(f"{prefix}*"), key=lambda path: path.stat().st_mtime_ns)
    for path in made[:-MOST]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
