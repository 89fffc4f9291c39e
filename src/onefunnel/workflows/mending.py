"""Mend rows of the quarantine: they are read again, as their file was, and leave it when they can.

A row that still can't be read stays in the quarantine, as it is now written, under its own file
and line.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from ibis.util import gen_name

from onefunnel.errors import UnknownName, UsageError
from onefunnel.intake import Mapping as ColumnMapping
from onefunnel.intake import Progress, Staged, read, silent
from onefunnel.intake.files.raw import REJECTED
from onefunnel.intake.mended import BROKEN, ID
from onefunnel.ledger.disk.rows_file import rows_file
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.disk.system import QUARANTINE
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store.batch import Batch
from onefunnel.vocabulary.cells import guarded
from onefunnel.workflows.erasing import finish_erasures
from onefunnel.workflows.importing import options_of
from onefunnel.workflows.taking_in import Taken, Taking
from onefunnel.workflows.terms import name_in_force
from onefunnel.workflows.upkeep import tidy
from onefunnel.workflows.workspace import Workspace

Record = Mapping[str, str | None]
MappingOf = Callable[[str, Sequence[str]], ColumnMapping | None]
"""The mapping that reads a file with these columns; None: it is named after its table."""


@dataclass(frozen=True)
class Mended:
    """What came of mending: the batch, and the rows that still can't be read, each with why.

    ``still`` has the identifier of a row as it was -> column, value, code, reason as they are now.
    """

    taken: Taken
    mended: int
    still: Mapping[str, Mapping[str, Any]]


def mend(
    workspace: Workspace,
    records: Mapping[str, Record],
    mapping_of: MappingOf,
    progress: Progress = silent,
) -> Mended:
    """Read rows again as they are written now: identifier in the quarantine -> its columns.

    A line of a file that was meant for several tables is mended in all of them. All in one batch.
    Raises UnknownName where a row is not in the quarantine (any more), UsageError where none is
    given, InputError where they can't be read as a whole.
    """
    if not records:
        raise UsageError("No row is given.", remedy="Give the rows that are mended.")
    finish_erasures(workspace)
    with workspace.writing() as batch, scratch_folder(workspace.scratch) as folder:
        records = _with_others(batch.reader, records)
        known = _known(batch.reader, records)
        mending = _Mending(workspace, batch, folder, mapping_of)
        staged: list[Staged] = []
        for number, (place, ids) in enumerate(_groups(known).items()):
            progress.step(place[1], number, None)
            rows = {each: known[each] for each in ids}
            staged += mending.read(place, rows, {each: records[each] for each in ids})
        taking = Taking(workspace, batch)
        taking.take(staged)
        taking.link()
        name_in_force(workspace, batch)
        files = dict.fromkeys(str(row["file"]) for row in known.values())
        taken = taking.complete("mend", ", ".join(files))
    tidy(workspace, progress)
    return Mended(taken, len(known) - len(mending.still), mending.still)


def _known(reader: Reader, records: Mapping[str, Record]) -> dict[str, dict[str, Any]]:
    rows = reader.table(QUARANTINE.name)
    wanted = reader.hold(pa.table({ID: pa.array(sorted(records), pa.string())}))
    found = reader.fetch(rows.semi_join(wanted, ID)).to_pylist()
    known = {row[ID]: row for row in found}
    for each in records:
        if each not in known:
            raise UnknownName("row in the quarantine", each, known)
    return known


def _with_others(reader: Reader, records: Mapping[str, Record]) -> dict[str, Record]:
    """The records, and those of the same lines of files that wait for another table."""
    rows = reader.table(QUARANTINE.name)
    wanted = reader.hold(pa.table({ID: pa.array(sorted(records), pa.string())}))
    mine = rows.semi_join(wanted, ID).select("file", "line", "record", given=rows[ID])
    waiting = rows.filter(rows.line.notnull(), rows.record.notnull())
    found = reader.fetch(waiting.inner_join(mine, ["file", "line", "record"]).select(ID, "given"))
    others = {row[ID]: records[row["given"]] for row in found.to_pylist()}
    return {**others, **records}


def _groups(known: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """Rows by table and file: each group is one file to be read."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in sorted(known, key=lambda each: (known[each]["file"], known[each]["line"] or 0)):
        row = known[each]
        groups.setdefault((row["fact"], row["file"]), []).append(each)
    return groups


class _Mending:
    """Reads mended rows, group by group."""

    def __init__(
        self, workspace: Workspace, batch: Batch, folder: Path, mapping_of: MappingOf
    ) -> None:
        self.workspace, self.batch, self.folder = workspace, batch, folder
        self.mapping_of = mapping_of
        self.still: dict[str, Mapping[str, Any]] = {}

    def read(
        self,
        place: tuple[str, str],
        rows: Mapping[str, Mapping[str, Any]],
        records: Mapping[str, Record],
    ) -> list[Staged]:
        """The rows of a file, staged; those that can't be read yet go back where they were."""
        fact, file = place
        columns = list(dict.fromkeys(name for record in records.values() for name in record))
        own = [name for name in columns if name not in BROKEN]
        mapping = self.mapping_of(file, own)
        name = f"{fact}.csv" if mapping is None else _plain_name(file)
        path = self.folder / gen_name("mended") / name
        path.parent.mkdir()
        lines = _write(path, records, columns)
        options = options_of(self.workspace, _one_file(mapping, file, path.name, own))
        options = replace(
            options,
            scratch=self.folder,
            open_rows=partial(rows_file, self.batch.version),
            tables_of_mended=lambda ids: frozenset({fact}),
        )
        staged = read([path], self.batch.reader.backend, options, silent)
        waits = {each for each, record in records.items() if any(record.get(b) for b in BROKEN)}
        for each in waits:
            self.still[each] = rows[each]
        same: set[str] = set()
        settled = [self._settled(part, rows, lines, same) for part in staged]
        return [replace(part, mended=part.mended - same) for part in settled]

    def _settled(
        self,
        part: Staged,
        rows: Mapping[str, Mapping[str, Any]],
        lines: Mapping[int, str],
        same: set[str],
    ) -> Staged:
        """A part whose refused rows stand under the file and line that they came from.

        Rows that are refused for what they were refused for are added to ``same``.
        """
        con = self.batch.reader.backend
        again = []
        for refused in con.to_pyarrow(part.rejected).to_pylist():
            each = lines.get(refused["line"])
            if each is None:
                continue
            was = rows[each]
            self.still[each] = refused
            if _is_same(refused, was):
                same.add(each)
                continue
            again.append({**refused, "file": was["file"], "line": was["line"]})
        table = pa.Table.from_pylist(again, schema=REJECTED)
        return replace(part, rejected=con.create_table(gen_name("refused"), table, temp=True))


def _is_same(refused: Mapping[str, Any], was: Mapping[str, Any]) -> bool:
    """Whether a row is refused for what it was refused for, and is written as it was."""
    if (refused["table"], refused["code"]) != (was["fact"], was["code"]):
        return False
    now, before = (json.loads(row["record"] or "{}") for row in (refused, was))
    return bool(now == before)


def _write(path: Path, records: Mapping[str, Record], columns: Sequence[str]) -> dict[int, str]:
    """Write the rows as a file that says which rows of the quarantine they are; their lines."""
    lines: dict[int, str] = {}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([ID, *columns])
        line = 2
        for each, record in records.items():
            cells = [guarded(record.get(name) or "") for name in columns]
            writer.writerow([each, *cells])
            lines[line] = each
            line += 1 + sum(str(cell).count("\n") for cell in cells)
    return lines


def _plain_name(file: str) -> str:
    """A name of text for a file of any kind, as rows are written out as text."""
    return f"{PurePosixPath(file).stem}.csv"


def _one_file(
    mapping: ColumnMapping | None, file: str, name: str, columns: Sequence[str]
) -> ColumnMapping | None:
    """The mapping with the sources of one file only, for its rows written out as UTF-8 text."""
    if mapping is None:
        return None
    plain = PurePosixPath(file).name
    named = [s for s in mapping.sources if s.file in (file, plain)]
    fit = [s for s in named or mapping.sources if s.optional or s.columns <= set(columns)]
    sources = [
        replace(s, file=name, sheet=None, records=None, encoding="utf-8", delimiter=",", skip=0)
        for s in fit or named or mapping.sources
    ]
    return replace(mapping, sources=tuple(sources[:1]))


def records_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str | None]]:
    """The columns of quarantined rows as text, by identifier."""
    return {
        row[ID]: {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            for name, value in json.loads(row["record"] or "{}").items()
        }
        for row in rows
    }


def read_mended(path: Path) -> dict[str, dict[str, str | None]]:
    """Rows that were mended in a spreadsheet: what :func:`quarantine.export` wrote, changed.

    Commas, semicolons or tabs part the columns, as spreadsheets write them.
    """
    text = path.read_text("utf-8-sig")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    found = {}
    for row in csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter):
        if each := (row.pop(ID, "") or "").strip():
            found[each] = {name: _bare(cell) for name, cell in row.items() if name}
    return found


def _bare(cell: str | None) -> str | None:
    if cell and cell.startswith("'") and guarded(cell[1:]) != cell[1:]:
        return cell[1:]
    return cell or None


__all__ = ["MappingOf", "Mended", "mend", "read_mended", "records_of"]
