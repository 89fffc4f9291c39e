"""The funnel rules of a workspace: a file that people edit, kept by content hash per version."""

from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from onefunnel.errors import Damaged, InputError, Place, UsageError
from onefunnel.funnel.rules import Rules, default_rules, default_text, load, load_default
from onefunnel.ledger.disk.head import Head, read_head, replace_file
from onefunnel.ledger.disk.system import BATCH
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.batch import Batch
from onefunnel.workflows.kept import Collected, kept
from onefunnel.workflows.workspace import Workspace

FILE_NAME = "funnel.toml"


def current_rules(workspace: Workspace) -> Rules:
    """The rules that stand in ``funnel.toml``; the default ones where there is no file."""
    path = workspace.path / FILE_NAME
    if not path.is_file():
        return default_rules()
    try:
        return load(path.read_text("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise InputError(
            Place(str(path)), "bad_toml", f"It is no text ({error}).", remedy="Save it as UTF-8."
        ) from error


def text_of(workspace: Workspace) -> str:
    """What stands in ``funnel.toml``; empty where there is no file."""
    path = workspace.path / FILE_NAME
    return path.read_text("utf-8-sig") if path.is_file() else ""


def put_into_force(workspace: Workspace, text: str, instead_of: str) -> Head:
    """Write ``funnel.toml`` and make a ledger version of it; the head afterwards.

    ``instead_of`` is the content hash of the rules that the change was made to: where others stand
    by now, UsageError, and nothing changes. InputError where the text can't be read. Where no
    version can be made, the file is as it was.
    """
    load(text)
    path = workspace.path / FILE_NAME
    with workspace.writing() as batch:
        before = path.read_bytes() if path.is_file() else None
        if current_rules(workspace).content_hash != instead_of:
            raise UsageError(
                "The rules have changed since.", remedy="Look at the preview once more."
            )
        replace_file(path, text)
        try:
            if name_rules(workspace, batch):
                batch.commit(workspace.clock(), "rules", FILE_NAME)
        except BaseException:
            path.unlink() if before is None else path.write_bytes(before)
            raise
    return read_head(workspace.ledger)


@dataclass(frozen=True, slots=True)
class InForce:
    """Rules, and the ledger versions under them: from one to another, both inclusive.

    ``since`` is when the first of these versions was made.
    """

    rules: str
    first: int
    last: int
    since: datetime


def in_force(workspace: Workspace) -> tuple[InForce, ...]:
    """Which rules were in force over which ledger versions, the latest first."""

    def ask() -> Collected:
        return {"batches": workspace.reading(_batches)}

    version = read_head(workspace.ledger).version
    batches = kept(workspace.path, version, {"rules in force": None}, ask)["batches"].to_pylist()
    found: list[InForce] = []
    for batch in batches:
        if found and found[-1].rules == batch["rules"]:
            found[-1] = replace(found[-1], last=batch["since"])
        else:
            made = InForce(batch["rules"], batch["since"], batch["since"], batch["committed_at"])
            found.append(made)
    return tuple(reversed(found))


def _batches(reader: Reader) -> pa.Table:
    rows = reader.rows(BATCH.name)
    return reader.fetch(rows.select("since", "rules", "committed_at").order_by("since"))


def name_rules(workspace: Workspace, batch: Batch) -> bool:
    """Have a batch name the rules that stand now, and keep them; whether they are new to it."""
    rules = current_rules(workspace)
    path = workspace.path / FILE_NAME
    kept = workspace.rules / f"{rules.content_hash}.toml"
    if not kept.is_file():
        workspace.rules.mkdir(exist_ok=True)
        # A later release may come with other defaults: those of today are kept with the file.
        replace_file(kept.with_suffix(".default.toml"), default_text())
        replace_file(kept, path.read_text("utf-8") if path.is_file() else "")
    changed = batch.head.rules != rules.content_hash
    batch.next_head = replace(batch.next_head, rules=rules.content_hash)
    return changed


def rules_at(workspace: Workspace, reader: Reader, version: int) -> Rules:
    """The rules that a ledger version names."""
    if version >= reader.head.version:
        return _rules_named(workspace, reader.head.rules)
    batches = reader.rows(BATCH.name)
    named = batches.filter(batches.since <= version).order_by(batches.since.desc()).limit(1)
    found = reader.fetch(named.select("rules"))["rules"].to_pylist()
    return _rules_named(workspace, found[0] if found else "")


def _rules_named(workspace: Workspace, digest: str) -> Rules:
    if not digest:
        return current_rules(workspace)
    path = workspace.rules / f"{digest}.toml"
    default = path.with_suffix(".default.toml")
    if not (path.is_file() and default.is_file()):
        raise Damaged(
            f"The funnel rules {digest[:12]} that a version names are missing from {path}.",
            remedy="Restore the workspace from a backup.",
        )
    return load(path.read_text("utf-8"), str(path), load_default(default.read_text("utf-8")))
