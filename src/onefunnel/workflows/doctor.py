"""Look a workspace over: what is not as it should be, and what to do about it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import ibis

from onefunnel.errors import OnefunnelError
from onefunnel.identity import identifiers
from onefunnel.ledger.disk import delta
from onefunnel.ledger.disk.head import read_head
from onefunnel.ledger.disk.system import STORED, SUPERSEDED
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import SCHEMA_VERSION
from onefunnel.ledger.store.register import read_register
from onefunnel.workflows.rules import current_rules, rules_at
from onefunnel.workflows.terms import current_terms, terms_at
from onefunnel.workflows.workspace import Workspace

LEAST_FREE_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, whether all is well, what was seen, and what to do where it is not."""

    check: str
    well: bool
    seen: str
    remedy: str = ""


def examine(workspace: Workspace) -> Iterator[Finding]:
    """Every check in turn; a check that can't be made is a finding, not an error."""
    checks: dict[str, Callable[[Workspace], Finding]] = {
        "settings": _settings,
        "rules": _rules,
        "terms": _terms,
        "head": _head,
        "files": _files,
        "rows": _rows,
        "entities": _entities,
        "journal": _journal,
        "erasures": _erasures,
        "disk": _disk,
    }
    for name, check in checks.items():
        try:
            yield check(workspace)
        except Exception as error:
            seen = " ".join(str(error).split()) or type(error).__name__
            remedy = "" if isinstance(error, OnefunnelError) else "Restore it from a backup."
            yield Finding(name, False, seen, remedy)


def _settings(workspace: Workspace) -> Finding:
    kept = workspace.settings
    return Finding("settings", True, f"{kept.currency}, {kept.timezone}, {kept.calendar_name}")


def _rules(workspace: Workspace) -> Finding:
    rules = current_rules(workspace)
    workspace.reading(lambda reader: rules_at(workspace, reader, reader.head.version))
    return Finding("rules", True, f"version {rules.content_hash[:12]}")


def _terms(workspace: Workspace) -> Finding:
    terms = current_terms(workspace)
    workspace.reading(lambda reader: terms_at(workspace, reader, reader.head.version))
    return Finding("terms", True, f"{len(terms.files)} files")


def _head(workspace: Workspace) -> Finding:
    head = read_head(workspace.ledger)
    fits = head.schema_version == SCHEMA_VERSION
    seen = f"ledger version {head.version}, schema {head.schema_version}"
    return Finding("head", fits, seen, "" if fits else "Run `onefunnel upgrade`.")


def _files(workspace: Workspace) -> Finding:
    head = read_head(workspace.ledger)
    paths = [path for s in head.tables.values() for path in delta.files(workspace.ledger, s)]
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        return Finding("files", False, f"{len(missing)} missing", "Restore from a backup.")
    return Finding("files", True, f"{len(paths)} files of {len(head.tables)} tables")


def _rows(workspace: Workspace) -> Finding:
    def repeated(reader: Reader) -> dict[str, int]:
        found = {}
        for name in reader.head.tables:
            if name != SUPERSEDED.name:
                key = STORED[name].key
                rows = reader.table(name)
                times = rows.group_by(key).aggregate(times=rows.count())
                twice = reader.fetch(times.filter(times.times > 1).aggregate(n=ibis._.count()))
                found[name] = twice["n"][0].as_py()
        return found

    twice = {name: n for name, n in workspace.reading(repeated).items() if n}
    if twice:
        return Finding("rows", False, f"keys stored twice: {twice}", "Restore from a backup.")
    return Finding("rows", True, "every key is current once")


def _entities(workspace: Workspace) -> Finding:
    def unlinked(reader: Reader) -> int:
        subjects = identifiers(reader.facts())["subjects"]
        known = reader.table("entity").select("party_id")
        lost = subjects.anti_join(known, "party_id")
        return int(reader.fetch(lost.aggregate(n=ibis._.count()))["n"][0].as_py())

    without = workspace.reading(unlinked)
    remedy = "Import any file again: identity is worked out anew." if without else ""
    return Finding("entities", not without, f"{without} parties without an entity", remedy)


def _journal(workspace: Workspace) -> Finding:
    if not workspace.journal.is_file():
        return Finding("journal", True, "empty")
    with closing(sqlite3.connect(workspace.journal)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        waiting = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    whole = answer == "ok"
    return Finding("journal", whole, f"{waiting} entries wait", "" if whole else str(answer))


def _erasures(workspace: Workspace) -> Finding:
    register = read_register(workspace.path)
    pending = len(register.pending) if register else 0
    remedy = "Run `onefunnel erase` or any import: it is completed first." if pending else ""
    return Finding("erasures", not pending, f"{pending} not complete", remedy)


def _disk(workspace: Workspace) -> Finding:
    free = shutil.disk_usage(workspace.path).free
    enough = free >= LEAST_FREE_BYTES
    return Finding("disk", enough, f"{free / 1024**3:.1f} GiB free", "" if enough else "Free some.")
