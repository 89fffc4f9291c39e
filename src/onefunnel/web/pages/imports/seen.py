"""What was recognised of an upload, as it is kept: the rest in its row, values in its folder.

The application database holds names of files and columns; the first records, which name people,
lie in the upload's folder and go with it.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from onefunnel.intake.composing import Chosen, composed
from onefunnel.intake.guessing import Draft, recipe
from onefunnel.intake.mapping import Source
from onefunnel.intake.mapping.canonical import is_table
from onefunnel.intake.mapping.write import mapping_text
from onefunnel.intake.recognise import LIST, MENDED, REFUSED, TABLE, Seen, first_draft
from onefunnel.intake.samples import Sample
from onefunnel.store.models import Upload
from onefunnel.web.pages.imports.receiving import folder_of
from onefunnel.workflows.computed import said_of
from onefunnel.workflows.workspace import Workspace

SAMPLES = "samples.json"


@dataclass(frozen=True)
class SeenFile:
    """One file (or sheet) of an upload.

    ``taken`` is False where it is left out. ``settled`` is False while a person must still say what
    its columns are. ``written`` is how it is declared to be written.
    """

    number: int
    file: str
    kind: str
    size: int
    as_what: str
    sheet: str = ""
    table: str = ""
    preset: str = ""
    source: int = 0
    header: tuple[str, ...] = ()
    records: int = 0
    exact: bool = True
    encoding: str = ""
    guessed: bool = False
    delimiter: str = ""
    header_line: int = 1
    error: Mapping[str, str] | None = None
    taken: bool = True
    settled: bool = True
    remembered: bool = False
    written: Mapping[str, Any] | None = None
    draft: Draft | None = None

    @property
    def name(self) -> str:
        """The file, with its sheet where it is one of several."""
        return f"{self.file}: {self.sheet}" if self.sheet else self.file

    @property
    def ready(self) -> bool:
        """Whether it can be imported as it is, or is left out."""
        return not self.taken or (self.as_what != REFUSED and self.settled)

    @property
    def declared(self) -> Source:
        """How it is written, as far as that was declared."""
        said = self.written or {}
        return Source(
            self.file,
            (),
            sheet=self.sheet or None,
            encoding=said.get("encoding") or None,
            delimiter=said.get("delimiter") or None,
            skip=said.get("skip", 0),
        )

    @property
    def chosen(self) -> Chosen:
        """How it is read."""
        draft = self.draft if self.as_what == LIST else None
        table = self.table if self.as_what == TABLE else ""
        return Chosen(self.file, self.header, self.declared, table, self.preset, self.source, draft)


def files_of(upload: Upload) -> list[SeenFile]:
    """What was recognised; nothing yet where the looking is not done."""
    return [_file(each) for each in upload.seen.get("files", ())]


def _file(found: Mapping[str, Any]) -> SeenFile:
    draft = found.get("draft")
    lists = ("null_values", "percents")
    known = Draft(**{**draft, **{n: tuple(draft[n]) for n in lists}}) if draft else None
    return SeenFile(**{**found, "header": tuple(found["header"]), "draft": known})


def keep_files(upload: Upload, files: list[SeenFile]) -> None:
    """Keep what was recognised or said, and the mapping that follows from it."""
    upload.seen = {**upload.seen, "files": [asdict(each) for each in files]}
    if not upload.seen.get("own_text"):
        upload.mapping = mapping_of(files)


def mapping_of(files: list[SeenFile]) -> str:
    """The mapping that reads the files, as text; empty where none is needed or possible yet."""
    mapped = [each for each in files if each.taken and each.as_what not in (MENDED, REFUSED)]
    plain = all(
        each.taken
        and each.as_what == TABLE
        and not each.sheet
        and not each.written
        and is_table(Path(each.file).stem)
        for each in files
    )
    if plain or not mapped or not all(each.settled for each in mapped):
        return ""
    return mapping_text(composed(each.chosen for each in mapped))


def kept_from(seen: Seen, number: int, before: SeenFile | None) -> SeenFile:
    """A file as it is kept; what was said of it before stays said."""
    looked = seen.sample
    made = SeenFile(
        number,
        seen.file,
        seen.kind,
        seen.size,
        seen.as_what,
        seen.sheet,
        seen.table,
        seen.preset,
        seen.source,
        error=said_of(seen.error) if seen.error else None,
        written=before.written if before else None,
        taken=before.taken if before else True,
    )
    if looked is None:
        return made
    made = replace(
        made,
        header=looked.header,
        records=looked.records,
        exact=looked.exact,
        encoding=looked.encoding,
        guessed=looked.guessed,
        delimiter=looked.delimiter,
        header_line=looked.header_line,
    )
    if seen.as_what != LIST:
        return made
    draft = first_draft(looked)
    return replace(made, settled=False, draft=draft)


def keep_samples(workspace: Workspace, upload: Upload, samples: Mapping[int, Sample]) -> None:
    """Keep the first records of each file in the upload's folder."""
    kept = {number: asdict(each) for number, each in samples.items()}
    write_private(folder_of(workspace, upload.pk) / SAMPLES, kept)


def sample_of(workspace: Workspace, upload: Upload, number: int) -> Sample | None:
    """The first records of a file; None where its folder is gone."""
    kept = read_private(folder_of(workspace, upload.pk) / SAMPLES)
    found = (kept or {}).get(str(number))
    if found is None:
        return None
    values = {name: tuple(each) for name, each in found["values"].items()}
    first = tuple(tuple(record) for record in found["first"])
    return Sample(**{**found, "header": tuple(found["header"]), "first": first, "values": values})


def write_private(path: Path, found: object) -> None:
    """Write JSON that only the server may read, whole or not at all."""
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(found, stream, ensure_ascii=False, default=str)
    beside.replace(path)


def read_private(path: Path) -> Any:
    """What :func:`write_private` wrote; None where it is not there."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


def missing_of(each: SeenFile) -> Iterator[tuple[str, ...]]:
    """The groups of fields of which a list needs one and has none."""
    if each.draft is not None:
        yield from recipe(each.draft.recipe).missing(set(each.draft.columns.values()))
