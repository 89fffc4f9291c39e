"""The terms of a workspace: files that favour a side, kept by content hash per ledger version."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from onefunnel.errors import Damaged, InputError, Place
from onefunnel.ledger.disk.head import Head, read_head, replace_file
from onefunnel.ledger.disk.system import BATCH
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.batch import Batch
from onefunnel.vocabulary import Terms
from onefunnel.vocabulary.terms import ATTRIBUTION, EXPERIMENTS, INCENTIVES, PAY, SCORECARDS
from onefunnel.workflows.rules import FILE_NAME, current_rules, name_rules
from onefunnel.workflows.workspace import Workspace


def current_terms(workspace: Workspace) -> Terms:
    """The terms that stand in the workspace: plans, ranges, scorecards, conventions, experiments.

    Raises InputError where a file is no text.
    """
    paths = sorted(_paths(workspace.path))
    return Terms(
        tuple((path.relative_to(workspace.path).as_posix(), text_of(path)) for path in paths)
    )


def _paths(workspace: Path) -> Iterator[Path]:
    yield from (
        workspace / each for each in (ATTRIBUTION, INCENTIVES) if (workspace / each).is_file()
    )
    for folder in (EXPERIMENTS, PAY, SCORECARDS):
        yield from (each for each in (workspace / folder).glob("*.toml") if each.is_file())


def text_of(path: Path) -> str:
    """The text of a file of terms. InputError where it is none."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Place(str(path)), "bad_toml", f"It is no text ({error}).", remedy="Save it as UTF-8."
        ) from error


def adopt(workspace: Workspace) -> Head:
    """Make a ledger version of rules and terms if they were edited since the last one."""
    head = read_head(workspace.ledger)
    rules, terms = current_rules(workspace), current_terms(workspace)
    if (rules.content_hash, terms.digest) == (head.rules, head.terms):
        return head
    with workspace.writing() as batch:
        kinds = [
            *([("rules", FILE_NAME)] if name_rules(workspace, batch) else []),
            *([("terms", "terms")] if name_terms(workspace, batch) else []),
        ]
        if kinds:
            kind, source = kinds[0]
            batch.commit(workspace.clock(), kind, source)
    return read_head(workspace.ledger)


def name_in_force(workspace: Workspace, batch: Batch) -> None:
    """Have a batch name the rules and the terms that stand now, and keep them."""
    name_rules(workspace, batch)
    name_terms(workspace, batch)


def name_terms(workspace: Workspace, batch: Batch) -> bool:
    """Have a batch name the terms that stand now, and keep them; whether they are new to it."""
    terms = current_terms(workspace)
    changed = batch.head.terms != terms.digest
    if terms.files and not (path := _kept_path(workspace, terms.digest)).is_file():
        path.parent.mkdir(exist_ok=True)
        replace_file(path, json.dumps(dict(terms.files), ensure_ascii=False, indent=1))
    batch.next_head = replace(batch.next_head, terms=terms.digest)
    return changed


def terms_at(workspace: Workspace, reader: Reader, version: int) -> Terms:
    """The terms that a ledger version names. Raises Damaged where they are not kept any more."""
    if version >= reader.head.version:
        return _terms_named(workspace, reader.head.terms)
    batches = reader.rows(BATCH.name)
    named = batches.filter(batches.since <= version).order_by(batches.since.desc()).limit(1)
    found = reader.fetch(named.select("terms"))["terms"].to_pylist()
    return _terms_named(workspace, (found[0] if found else None) or "")


def _terms_named(workspace: Workspace, digest: str) -> Terms:
    if not digest:
        return Terms()
    path = _kept_path(workspace, digest)
    if path.is_file():
        terms = Terms(tuple(json.loads(path.read_text("utf-8")).items()))
        if terms.digest == digest:
            return terms
    raise Damaged(
        f"The terms {digest[:12]} that a version names are missing from {path}, or were changed.",
        remedy="Restore the workspace from a backup.",
    )


def _kept_path(workspace: Workspace, digest: str) -> Path:
    return workspace.terms / f"{digest}.json"
