"""The jobs of imports: recognise, try, import, mend, discard."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
from django.utils import timezone

from onefunnel.errors import OnefunnelError, UsageError
from onefunnel.intake import Progress, parse_mapping
from onefunnel.intake.composing import tried
from onefunnel.intake.guessing import Draft
from onefunnel.intake.mapping import Source
from onefunnel.intake.recognise import LIST, MENDED, PRESET, likely_meanings, recognise
from onefunnel.intake.samples import Sample
from onefunnel.store.models import Person, Upload
from onefunnel.vocabulary import Note
from onefunnel.web.jobs.questions import look
from onefunnel.web.pages.imports import quarantined
from onefunnel.web.pages.imports.reading_again import mapping_of_file
from onefunnel.web.pages.imports.receiving import folder_of, paths_of, throw_away
from onefunnel.web.pages.imports.seen import (
    SeenFile,
    files_of,
    keep_files,
    keep_samples,
    kept_from,
    missing_of,
    read_private,
    sample_of,
    write_private,
)
from onefunnel.workflows.advance import Whole
from onefunnel.workflows.asking import Asked
from onefunnel.workflows.computed import said_of
from onefunnel.workflows.importing import PARTS, import_paths, options_of
from onefunnel.workflows.mending import mend, read_mended
from onefunnel.workflows.quarantine import discard
from onefunnel.workflows.taking_in import Taken
from onefunnel.workflows.workspace import Workspace

WARMED = ("funnel", "leaks", "deals", "lost_reasons")
"""The answers that are worked out after an import, so that the pages have them."""

_REMEMBERED = 100


def recognised(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Look what the files of an upload are."""
    upload = Upload.objects.get(pk=parameters["upload"])
    before = {(each.file, each.sheet): each for each in files_of(upload)}
    written = {place: each.declared for place, each in before.items()}
    workspace.scratch.mkdir(exist_ok=True)
    options = replace(options_of(workspace), scratch=workspace.scratch)
    paths = paths_of(workspace, upload.pk)
    try:
        found = recognise(paths, options, progress, written)
    except OnefunnelError as error:
        upload.seen = {"files": [], "error": said_of(error)}
        upload.save(update_fields=["seen"])
        return {}
    samples = {number: each.sample for number, each in enumerate(found) if each.sample}
    keep_samples(workspace, upload, samples)
    files = [
        kept_from(each, number, before.get((each.file, each.sheet)))
        for number, each in enumerate(found)
    ]
    keep_files(upload, [_remembered(each, samples.get(each.number)) for each in files])
    upload.seen.pop("error", None)
    upload.save(update_fields=["seen", "mapping"])
    return {"files": len(files)}


def _remembered(each: SeenFile, looked: Sample | None) -> SeenFile:
    """A list with the columns of one that was imported before is read as that was.

    What a person said of such columns counts more than what is known of files like it.
    """
    if each.as_what not in (LIST, PRESET) or looked is None:
        return each
    earlier = Upload.objects.exclude(imported_at=None).order_by("-imported_at")[:_REMEMBERED]
    for upload in earlier:
        for other in files_of(upload):
            if other.draft and other.settled and other.header == each.header and each.header:
                return _as_before(each, other.draft, looked)
    return each


def _as_before(each: SeenFile, draft: Draft, looked: Sample) -> SeenFile:
    """The draft of before; values that were not there then are to be looked at."""
    likely = likely_meanings(draft, looked)
    said = {name: {**values, **draft.meanings.get(name, {})} for name, values in likely.items()}
    unknown = any(
        value not in draft.meanings.get(name, {})
        for name, values in likely.items()
        for value in values
    )
    draft = replace(draft, meanings=said)
    return replace(each, as_what=LIST, draft=draft, settled=not unknown, remembered=True)


def source_now(upload: Upload, each: SeenFile) -> Source | None:
    """How a file is read as things are; None where that can't be said yet."""
    if upload.seen.get("own_text") and upload.mapping:
        named = [
            source
            for source in parse_mapping(upload.mapping).sources
            if source.file in (each.file, Path(each.file).name)
            and (source.sheet or "") == each.sheet
        ]
        return named[0] if named else None
    if each.as_what == LIST and (each.draft is None or any(missing_of(each))):
        return None
    return each.chosen.source_for(each.file)


def digest_of(source: object) -> str:
    """What tells whether something was tried as it is now."""
    return hashlib.sha256(repr(source).encode()).hexdigest()


def try_file(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Read the beginning of one file, and keep what comes of it in the upload's folder."""
    upload = Upload.objects.get(pk=parameters["upload"])
    each = files_of(upload)[parameters["number"]]
    source, looked = source_now(upload, each), sample_of(workspace, upload, each.number)
    if source is None or looked is None:
        return {}
    workspace.scratch.mkdir(exist_ok=True)
    progress.step(each.file, 0, None)
    with TemporaryDirectory(prefix="onefunnel-tried-", dir=workspace.scratch) as folder:
        con = ibis.duckdb.connect()
        try:
            options = options_of(workspace)
            paths = paths_of(workspace, upload.pk)
            beginning = tried(paths, each.chosen, source, looked, Path(folder), options, con)
            found = asdict(beginning)
        except OnefunnelError as error:
            found = {"error": said_of(error)}
        finally:
            con.disconnect()
    found["digest"] = digest_of(source)
    write_private(preview_path(workspace, upload, each.number), found)
    return {}


def preview_path(workspace: Workspace, upload: Upload, number: int) -> Path:
    """Where what came of a file's beginning is kept."""
    return folder_of(workspace, upload.pk) / f"preview-{number}.json"


def preview_of(workspace: Workspace, upload: Upload, each: SeenFile) -> Mapping[str, Any] | None:
    """What came of a file's beginning as it is read now; None where that was not tried."""
    source = source_now(upload, each)
    found = read_private(preview_path(workspace, upload, each.number))
    if source is None or found is None or found["digest"] != digest_of(source):
        return None
    return dict(found)


def dry_run(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Do all of an import but keep it."""
    upload = Upload.objects.get(pk=parameters["upload"])
    taken = _import(workspace, upload, progress, dry=True)
    upload.seen["tried"] = {**taken, "digest": parameters["digest"]}
    upload.save(update_fields=["seen"])
    return taken


def imported(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Import an upload; what is there already changes nothing, so that it may be done again."""
    upload = Upload.objects.get(pk=parameters["upload"])
    if upload.imported_at is None:
        upload.seen["taken"] = _import(workspace, upload, progress, dry=False)
        upload.imported_at = timezone.now()
        upload.save(update_fields=["seen", "imported_at"])
    throw_away(workspace, upload.pk)
    warm(workspace, upload.person)
    return dict(upload.seen["taken"])


def _import(
    workspace: Workspace, upload: Upload, progress: Progress, *, dry: bool
) -> dict[str, Any]:
    files, whole = files_of(upload), Whole(progress, PARTS)
    paths = paths_of(workspace, upload.pk)
    back = {each.file for each in files if each.as_what == MENDED and each.taken}
    wanted = [path for path in paths if path.name not in back and _is_taken(path, files)]
    told: list[Taken] = []
    if wanted:
        told.append(
            import_paths(
                workspace,
                wanted,
                whole,
                mapping_file=_mapping_file(workspace, upload),
                dry_run=dry,
            )
        )
    if not dry:
        for path in paths:
            if path.name in back:
                records = read_mended(path)
                told.append(mend(workspace, records, mapping_of_file, progress).taken)
    if not told:
        raise UsageError("There is nothing to import.", remedy="Take a file in.")
    return told_of(told)


def _is_taken(path: Path, files: Sequence[SeenFile]) -> bool:
    """Whether something of an uploaded file is taken in: of an archive, anything."""
    return any(
        each.taken and (each.file == path.name or each.file.startswith(f"{path.name}/"))
        for each in files
    )


def _mapping_file(workspace: Workspace, upload: Upload) -> Path | None:
    if not upload.mapping:
        return None
    path = folder_of(workspace, upload.pk) / "mapping.toml"
    path.write_text(upload.mapping, "utf-8")
    return path


def told_of(told: Sequence[Taken]) -> dict[str, Any]:
    """What batches brought, as JSON."""
    counts: dict[str, dict[str, int]] = {}
    for taken in told:
        for table, outcomes in taken.counts.items():
            mine = counts.setdefault(table, {})
            for outcome, number in outcomes.items():
                mine[outcome] = mine.get(outcome, 0) + number
    notes = [_note(note) for taken in told for note in taken.notes]
    return {
        "version": told[-1].version,
        "counts": counts,
        "quarantined": sum(taken.quarantined for taken in told),
        "changes": sum(taken.changes for taken in told),
        "notes": notes[:100],
    }


def _note(note: Note) -> dict[str, Any]:
    return {"code": note.code, "text": note.text, "params": dict(note.params)}


def warm(workspace: Workspace, person: Person | None) -> None:
    """Have what the pages show first worked out."""
    quarantined.kept_rows(workspace)
    for measure in WARMED:
        look(workspace, measure, Asked(), person)


def mended(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Read mended rows again. What was typed waits in a file of the job's, not in the database."""
    path = quarantined.typed_path(workspace, parameters["typed"])
    records = read_private(path)
    there = set(quarantined.kept_rows(workspace)["quarantine_id"].to_pylist())
    records = {each: record for each, record in (records or {}).items() if each in there}
    if not records:  # done before, by a worker that died after it
        path.unlink(missing_ok=True)
        return {"mended": 0, "still": 0}
    done = mend(workspace, records, mapping_of_file, progress)
    path.unlink(missing_ok=True)
    warm(workspace, None)
    return {**told_of([done.taken]), "mended": done.mended, "still": len(done.still)}


def listed(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Have the quarantine and the batches at hand."""
    progress.step("quarantine", 0, None)
    return {"version": quarantined.keep(workspace)}


def discarded(
    workspace: Workspace, parameters: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Take rows out of the quarantine for good; those that are gone already are passed over."""
    progress.step("quarantine", 0, None)
    rows = quarantined.kept_rows(workspace)
    if key := parameters.get("group"):
        found = [each for each in quarantined.groups(rows) if each.key == key]
        rows = quarantined.of_group(rows, found[0]) if found else rows.slice(0, 0)
    there = set(rows["quarantine_id"].to_pylist())
    ids = sorted(there & set(parameters["rows"]) if "rows" in parameters else there)
    if ids:
        discard(workspace, ids)
    quarantined.kept_rows(workspace)
    return {"discarded": len(ids)}
