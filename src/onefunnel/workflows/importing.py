"""Import files: copy them in, stage them, merge them, all in one batch under the writer's lock."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from onefunnel.errors import InputError, Place, UsageError
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
from onefunnel.workflows.rules import name_rules
from onefunnel.workflows.taking_in import Taken, Taking
from onefunnel.workflows.upkeep import tidy
from onefunnel.workflows.workspace import Workspace


def import_paths(
    workspace: Workspace,
    paths: Sequence[Path],
    progress: Progress,
    *,
    preset_name: str | None = None,
    mapping_file: Path | None = None,
    strict: bool = False,
    dry_run: bool = False,
) -> Taken:
    """Take files into the ledger: all of them in one batch, or none.

    Rows that can't be read go to the quarantine; with ``strict`` they refuse the whole. With
    ``dry_run`` everything is done but the commit. Raises InputError and leaves the ledger as it
    was when a file can't be read as a whole.
    """
    mapping = _mapping(preset_name, mapping_file)
    _check_paths(paths)
    finish_erasures(workspace)
    with workspace.writing() as batch, scratch_folder(workspace.scratch) as folder:
        options = options_of(workspace, mapping)
        copies = [_copied(path, folder, options.limits) for path in paths]
        faults.reached("file_copied")
        options = replace(
            options,
            scratch=folder,
            open_rows=partial(rows_file, batch.version),
            tables_of_mended=partial(tables_of, batch.reader),
        )
        staged = read(copies, batch.reader.backend, options, progress)
        faults.reached("staged")
        if strict and (refusal := first_rejection(staged, batch.reader.backend)):
            raise refusal
        taking = Taking(workspace, batch)
        taking.take(staged)
        taking.link()
        name_rules(workspace, batch)
        if dry_run:
            return taking.taken(committed=False)
        taken = taking.complete("import", ", ".join(path.name for path in paths))
    faults.reached("copy_removed")
    tidy(workspace, progress)
    return taken


def _mapping(preset_name: str | None, mapping_file: Path | None) -> Mapping | None:
    if preset_name and mapping_file:
        raise UsageError("Both a preset and a mapping are given.", remedy="Give one of them.")
    if preset_name:
        return preset(preset_name)
    return read_mapping(mapping_file) if mapping_file else None


def _check_paths(paths: Sequence[Path]) -> None:
    if not paths:
        raise UsageError("No file is named.", remedy="Name a file, a folder or a zip.")
    for path in paths:
        if not path.exists():
            place = Place(str(path))
            raise InputError(place, "not_found", "There is no such file.", remedy="Check the path.")


def _copied(path: Path, folder: Path, limits: Limits) -> Path:
    """A copy of a file or folder: what the source becomes meanwhile does not matter."""
    target = folder / str(len(list(folder.iterdir()))) / path.resolve().name
    target.parent.mkdir()
    if not path.is_dir():
        _copy_file(path, target, limits)
        return target
    target.mkdir()
    for each in _visible_files(path):
        copy = target / each.relative_to(path)
        copy.parent.mkdir(exist_ok=True)
        _copy_file(each, copy, limits)
    return target


def _visible_files(folder: Path) -> Iterator[Path]:
    """What intake looks at: files in a folder and one level down, none that is hidden."""
    for each in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if each.is_file() and not any(p.startswith(".") for p in each.relative_to(folder).parts):
            yield each


def _copy_file(source: Path, target: Path, limits: Limits) -> None:
    """Copy a plain file that is within the limit. Raises InputError."""
    place = Place(str(source))
    if not source.is_file():
        raise InputError(place, "not_readable", "It is no plain file.", remedy="Name a file.")
    if (size := source.stat().st_size) > limits.max_file_bytes:
        message = f"The file has {size} bytes, the limit is {limits.max_file_bytes}."
        raise InputError(place, "file_too_large", message, remedy="Divide it.")
    try:
        shutil.copyfile(source, target)
    except PermissionError as error:
        message = "There is no permission to read it."
        remedy = "Check the permissions."
        raise InputError(place, "not_readable", message, remedy=remedy) from error


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
