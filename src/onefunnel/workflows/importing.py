"""Import files: stage them and merge them, all in one batch under the writer's lock."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from onefunnel.errors import UsageError
from onefunnel.intake import (
    Limits,
    Mapping,
    Options,
    Progress,
    first_rejection,
    preset,
    read,
    read_mapping,
)
from onefunnel.ledger.disk import faults
from onefunnel.ledger.disk.rows_file import rows_file
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.workflows.erasing import finish_erasures
from onefunnel.workflows.quarantine import tables_of
from onefunnel.workflows.recognising import recognised
from onefunnel.workflows.sources import check_paths, unchanged
from onefunnel.workflows.taking_in import Taken, Taking
from onefunnel.workflows.terms import name_in_force
from onefunnel.workflows.upkeep import tidy
from onefunnel.workflows.workspace import Workspace

PARTS = {"files": 6, "tables": 3, "people": 2}
"""What an import does one after the other, as its progress tells, and about how long each takes."""


def import_paths(
    workspace: Workspace,
    paths: Sequence[Path],
    progress: Progress,
    *,
    preset_name: str | None = None,
    mapping_file: Path | None = None,
    strict: bool = False,
    dry_run: bool = False,
    kind: str = "import",
) -> Taken:
    """Take files into the ledger: all of them in one batch, or none.

    Without a preset or a mapping, files are tables of the ledger or lists that a preset knows.
    Rows that can't be read go to the quarantine; with ``strict`` they refuse the whole. With
    ``dry_run`` everything is done but the commit. The batch is of a ``kind``. Raises InputError
    and leaves the ledger as it was when a file can't be read as a whole.
    """
    mapping = _mapping(preset_name, mapping_file)
    check_paths(paths)
    if mapping is None:
        mapping = _recognised(workspace, paths, progress)
    finish_erasures(workspace)
    with workspace.writing() as batch, scratch_folder(workspace.scratch) as folder:
        options = options_of(workspace, mapping)
        options = replace(
            options,
            scratch=folder,
            open_rows=partial(rows_file, batch.version),
            tables_of_mended=partial(tables_of, batch.reader),
        )
        with unchanged(paths) as found:
            faults.reached("files_seen")
            staged = read(found, batch.reader.backend, options, progress)
            faults.reached("staged")
        if strict and (refusal := first_rejection(staged, batch.reader.backend)):
            raise refusal
        taking = Taking(workspace, batch)
        taking.take(staged, progress)
        progress.step("people", 0, None)
        taking.link()
        name_in_force(workspace, batch)
        if dry_run:
            return taking.taken(committed=False)
        taken = taking.complete(kind, ", ".join(path.name for path in paths))
    faults.reached("scratch_removed")
    tidy(workspace, progress)
    return taken


def _recognised(workspace: Workspace, paths: Sequence[Path], progress: Progress) -> Mapping | None:
    with scratch_folder(workspace.scratch) as folder:
        return recognised(paths, replace(options_of(workspace), scratch=folder), progress)


def _mapping(preset_name: str | None, mapping_file: Path | None) -> Mapping | None:
    if preset_name and mapping_file:
        raise UsageError("Both a preset and a mapping are given.", remedy="Give one of them.")
    if preset_name:
        return preset(preset_name)
    return read_mapping(mapping_file) if mapping_file else None


def options_of(workspace: Workspace, mapping: Mapping | None = None) -> Options:
    """What intake must know of a workspace."""
    settings = workspace.settings
    bounds = settings.limits
    return Options(
        mapping=mapping,
        zone=settings.timezone,
        country=settings.country or None,
        currency=settings.currency,
        limits=Limits(
            max_field_bytes=bounds.max_field_bytes,
            max_file_bytes=bounds.max_file_bytes,
            max_unpacked_bytes=bounds.max_unpacked_bytes,
            max_unpack_ratio=bounds.max_unpack_ratio,
        ),
    )
