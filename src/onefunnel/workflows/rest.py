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
from onefunnel.ledger.disk.system import BATCH, ENTITY, OWN_FACTS, QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.version import RELEASE
from onefunnel.workflows.kept import HISTORY
from onefunnel.workflows.workspace import Workspace

KNOWN, REST, SPAN = "known-", "rest-", "span-"
PEOPLE = "people"
STATE = "state.json"
MOST = 8
"""Of how many questions (by rules, currency and now) it is kept."""

_NOT_READ = {
    "touch",
    ENTITY.name,
    BATCH.name,
    QUARANTINE.name,
    *(each.name for each in OWN_FACTS),
}

Fill = Callable[[Path], None]
"""Fills an empty folder."""


def kept_known(
    workspace: Workspace, reader: Reader, asked: Mapping[str, object], fill: Fill
) -> Path:
    """The folder of what depends on who is who, filled where it is not up to date.

    ``fill`` writes the people it is about into ``people.parquet``. ``asked`` is all that the
    content depends on besides the tables and who is who.
    """
    folder = _folder(workspace, KNOWN, reader, asked)
    if folder.is_dir() and not _others_now(reader, folder):
        return folder

    def fill_and_say(beside: Path) -> None:
        fill(beside)
        (beside / STATE).write_text(json.dumps({"version": reader.head.version}), encoding="utf-8")

    return _filled(workspace, folder, fill_and_say)


def kept_rest(
    workspace: Workspace, reader: Reader, known: Path, asked: Mapping[str, object], fill: Fill
) -> Path:
    """The folder of what follows from what :func:`kept_known` gave, filled if it is not there."""
    whose = [known.name, (known / STATE).read_text("utf-8")]
    folder = _folder(workspace, REST, reader, {**asked, "known": whose})
    return folder if folder.is_dir() else _filled(workspace, folder, fill)


def kept_span(workspace: Workspace, reader: Reader, ask: Callable[[], pa.Table]) -> pa.Table:
    """The span of instants of all tables but touches, asked when one of them has changed."""
    folder = _folder(workspace, SPAN, reader, {})
    if not folder.is_dir():
        _filled(workspace, folder, lambda beside: feather.write_feather(ask(), beside / "span"))
    return feather.read_table(folder / "span")


def _folder(workspace: Workspace, prefix: str, reader: Reader, asked: Mapping[str, object]) -> Path:
    """Named after what its content depends on: what was asked, and where each table stands."""
    stored = {n: str(s) for n, s in sorted(reader.head.tables.items()) if n not in _NOT_READ}
    text = json.dumps({**asked, "tables": stored, "release": RELEASE}, sort_keys=True, default=str)
    name = hashlib.sha256(text.encode()).hexdigest()[:32]
    return workspace.path / HISTORY / f"{prefix}{name}"


def _filled(workspace: Workspace, folder: Path, fill: Fill) -> Path:
    """Fill a folder, which appears whole or not at all, in place of one of that name."""
    folder.parent.mkdir(exist_ok=True)
    with scratch_folder(workspace.scratch) as room:
        beside = room / folder.name
        beside.mkdir()
        fill(beside)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            beside.rename(folder)
        except OSError:  # somebody else asked the same at the same time
            if not folder.is_dir():
                raise
    _forget_oldest(folder)
    return folder


def _others_now(reader: Reader, folder: Path) -> bool:
    """Whether somebody it is about has become somebody else since."""
    since = json.loads((folder / STATE).read_text("utf-8"))["version"]
    if since == reader.head.version:
        return False
    if since > reader.head.version:
        return True
    moved = reader.rows(ENTITY.name).filter(ibis._.since > since).select("party_id")
    people = reader.backend.read_parquet(str(folder / f"{PEOPLE}.parquet"))
    found = moved.semi_join(people, "party_id").limit(1)
    return bool(reader.fetch(found).num_rows)


def _forget_oldest(newest: Path) -> None:
    """Folders of the same kind beyond those that are kept."""
    prefix = newest.name.partition("-")[0]
    made = sorted(newest.parent.glob(f"{prefix}-*"), key=lambda path: path.stat().st_mtime_ns)
    for path in made[:-MOST]:
        if path != newest:
            shutil.rmtree(path, ignore_errors=True)
