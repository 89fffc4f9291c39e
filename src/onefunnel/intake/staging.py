"""The records of one file, staged for one table: texts, values, checks, one pass over them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis
import ibis.expr.types as ir

from onefunnel.errors import InputError, Place
from onefunnel.intake.cells import taken, text_of
from onefunnel.intake.files.raw import JOINED, LINE, REJECTED, Raw, column
from onefunnel.intake.mapping.model import DELETED, Into, Source
from onefunnel.intake.parted import (
    BATCH,
    PROBLEM,
    RECORD,
    VALUE,
    Parted,
    Parting,
    plain_file,
)
from onefunnel.intake.staged import Options
from onefunnel.intake.totals import REASON, matches_totals
from onefunnel.intake.values.builtins import quoted, teach
from onefunnel.intake.values.columns import (
    NUMBERS,
    Surroundings,
    mapped,
    merged,
    read_value,
)
from onefunnel.intake.values.layers import Layers
from onefunnel.intake.values.marks import decimal_marks, settle
from onefunnel.intake.values.typed import Check
from onefunnel.ledger.schema import TABLES, Column, Kind

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_LEFT_OUT = -1
_DELETED = Column(DELETED, Kind.FLAG, "whether the record is closed")


@dataclass(frozen=True)
class Part:
    """What one file gives to one table: ``rows``, ``rejected`` and ``file`` as in a Staged."""

    table: str
    columns: tuple[str, ...]
    rows: ir.Table
    rejected: ir.Table
    file: Path | None
    mended: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Problem:
    """A check of a column, and the text it is about."""

    check: Check
    column: str
    text: ir.StringValue


def stage(
    raw: Raw,
    source: Source,
    into: Into,
    options: Options,
    con: "Backend",
    folder: Path,
    totals_line: int | None,
) -> Part:
    """Read the file's records once, and store them typed, or with what is wrong with them.

    They are stored in ``folder``, for as long as the part is used. Where numbers with commas
    were not declared, the records are read again, with the decimal mark that all of the column's
    values speak for. Raises InputError ``ambiguous_number``, ``count_mismatch``,
    ``damaged_file``.
    """
    attempt = _Attempt(raw, source, into, options, {})
    parted = attempt.store(con, folder, totals_line)
    doubtful = attempt.commas(parted, con)
    if doubtful:
        evidence = decimal_marks(raw.table, attempt.numbers(doubtful), con)
        marks = settle(evidence, raw.file, lambda text: attempt.line_of(parted, text, con))
        for path in (parted.good, parted.bad):
            path.unlink()
        attempt = _Attempt(raw, source, into, options, marks)
        parted = attempt.store(con, folder, totals_line)
    if raw.records is not None and parted.records != raw.records:
        message = f"{raw.records} records were counted, but {parted.records} arrived."
        raise InputError(Place(raw.file), "count_mismatch", message, remedy="Report this file.")
    return attempt.part(parted, con)


class _Attempt:
    """One reading of a file for one table, with the decimal marks known so far."""

    def __init__(
        self, raw: Raw, source: Source, into: Into, options: Options, marks: Mapping[str, str]
    ) -> None:
        self._raw, self._source, self._into = raw, source, into
        self._options, self._marks = options, marks
        self._table = TABLES[into.table]
        self._problems: list[_Problem] = []

    @property
    def _columns(self) -> tuple[str, ...]:
        """The ledger columns that the source has, in the ledger's order."""
        return tuple(name for name in self._table.column_names if name in self._into.cells)

    def _column(self, name: str) -> Column:
        return _DELETED if name == DELETED else self._table.by_name[name]

    def _text(self, name: str) -> ir.StringValue:
        cell = self._into.cells[name]
        reading = merged(cell.reading, self._source.reading)
        return text_of(cell, self._raw, reading.null_values)

    def store(self, con: "Backend", folder: Path, without: int | None) -> Parted:
        """Store every record, good ones and bad ones apart, in the order of the file."""
        records = self._records()
        teach(con, records)
        query = con.compile(records)
        parting = Parting(
            self._table,
            (*self._columns, DELETED) if self._says_deleted else self._columns,
            folder,
            ibis.util.gen_name("staged"),
            plain_file if self._says_deleted else self._options.open_rows,
            self._raw.lines,
            without,
        )
        try:
            return parting.part(con.con.sql(query).to_arrow_reader(BATCH))
        except duckdb.InvalidInputException as error:
            message = f"The file can't be read ({str(error).splitlines()[0]})."
            remedy = "Export it again."
            place = Place(self._raw.file)
            raise InputError(place, "damaged_file", message, remedy=remedy) from error

    @property
    def _says_deleted(self) -> bool:
        return DELETED in self._into.cells

    def _records(self) -> ir.Table:
        layers = Layers(self._raw.table)
        values: dict[str, ir.Value] = {}
        currency = self._currency()
        for name in sorted(self._into.cells, key=lambda each: each != self._table.key):
            values[name] = self._value(name, layers, currency)
        if self._says_deleted:
            values[DELETED] = ibis.coalesce(values[DELETED], False)
        problem = layers.keep(self._problem(values))
        shown = (
            ibis.cases(
                *((problem == at, each.text) for at, each in enumerate(self._problems)), else_=None
            )
            if self._problems
            else ibis.null("string")
        )
        record = ibis.ifelse(problem >= 0, self._record(), ibis.null("string"))
        line = {LINE: self._raw.table[LINE]} if self._raw.lines is None else {}
        # The engine says with how many digits it keeps instants; the ledger's types do not.
        ordered = {
            name: values[name].cast(self._column(name).kind.ibis_type)
            for name in (*self._columns, DELETED)
            if name in values
        }
        extra = {PROBLEM: problem, VALUE: shown.cast("string"), RECORD: record}
        return layers.table.select(**ordered, **extra, **line)

    def _value(self, name: str, layers: Layers, currency: ir.StringValue) -> ir.Value:
        cell, ledger = self._into.cells[name], self._column(name)
        raw_text = self._text(name)
        reason = f"{name} has a value that the mapping does not name."
        translated = mapped(cell, raw_text, reason)
        text = translated.value
        plain = len(cell.parts) == 1 and not cell.values and not cell.default
        if not plain:
            text = layers.keep(text)
        reading = merged(cell.reading, self._source.reading)
        if ledger.kind in NUMBERS and reading.decimal is None:
            reading = replace(reading, decimal=self._marks.get(name))
        around = Surroundings(self._options.zone, self._raw.excel, currency)
        typed = read_value(ledger, text, reading, around, layers.keep, key=name == self._table.key)
        for check in translated.checks:
            self._problems.append(_Problem(check, name, raw_text))
        for check in typed.checks:
            self._problems.append(_Problem(check, name, text))
        return typed.value

    def _currency(self) -> ir.StringValue:
        """The currency of a row's amounts."""
        workspace = ibis.literal(self._options.currency)
        if "currency" in self._into.cells:
            return ibis.coalesce(self._text("currency"), workspace)
        return workspace

    def _problem(self, values: Mapping[str, ir.Value]) -> ir.IntegerValue:
        """The number of the first check that fails; -1 for a row that is left out; else NULL."""
        cells = [self._raw.table[column(at)] for at in range(len(self._raw.header))]
        key = values[self._table.key]
        blank = key.isnull() & ibis.coalesce(*cells).isnull()
        left_out = blank if any(self._into.cells[self._table.key].columns) else None
        conditions: list[tuple[ir.BooleanValue, int]] = []
        if left_out is not None:
            conditions.append((left_out, _LEFT_OUT))
        if self._source.totals is not None:
            text = self._text(self._table.key)
            bad = matches_totals(self._source.totals, text, cells)
            check = Check(bad, "totals_row", REASON)
            self._problems.append(_Problem(check, self._table.key, text))
            conditions.append((bad, len(self._problems) - 1))
        wanted = taken(self._into.where, self._raw, self._source.reading.null_values)
        if wanted is not None:
            conditions.append((~wanted, _LEFT_OUT))
        known = {at for _, at in conditions}
        conditions += [
            (each.check.bad, at) for at, each in enumerate(self._problems) if at not in known
        ]
        cases = [(bad, ibis.literal(at, type="int16")) for bad, at in conditions]
        return ibis.cases(*cases, else_=ibis.null("int16")) if cases else ibis.null("int16")

    def _record(self) -> ir.StringValue:
        # Not by a struct: its names can't differ in case only, those of a file can.
        # In one join: a chain of sums is as deep as the file is wide, and too deep to be run.
        pairs = []
        for at, name in enumerate(self._raw.header):
            label = json.dumps(name or f"_column_{at + 1}", ensure_ascii=False)
            cell = quoted(self._raw.table[column(at)]).fill_null("null")
            pairs.append(ibis.literal(f"{label}: ") + cell)
        return ibis.literal("{") + ibis.literal(", ").join(pairs) + "}"

    def commas(self, parted: Parted, con: "Backend") -> tuple[str, ...]:
        """The number columns that could not be read and whose mark nobody declared."""
        asked = {
            at: each.column
            for at, each in enumerate(self._problems)
            if each.check.code == "bad_number" and self._undeclared(each.column)
        }
        if not asked:
            return ()
        bad = con.read_parquet(parted.bad)
        failed = bad.filter(bad[PROBLEM].isin(list(asked)), bad[VALUE].contains(","))
        if con.to_pyarrow(failed.limit(1).count()).as_py():
            return tuple(asked.values())
        return ()

    def line_of(self, parted: Parted, text: str | None, con: "Backend") -> int | None:
        """The first line on which a value that could not be read stands."""
        bad = con.read_parquet(parted.bad)
        found = bad.filter(bad[VALUE] == text).aggregate(first=bad[LINE].min())
        first: int | None = con.to_pyarrow(found)["first"][0].as_py()
        return first

    def _undeclared(self, name: str) -> bool:
        cell = self._into.cells[name]
        return merged(cell.reading, self._source.reading).decimal is None and bool(cell.columns)

    def numbers(self, names: tuple[str, ...]) -> list[tuple[str, ir.StringValue, bool]]:
        """Columns to be looked at for their decimal mark; whether only whole numbers fit."""
        return [(name, self._text(name), self._column(name).kind is Kind.COUNT) for name in names]

    def _named(self, name: str) -> str | None:
        """The columns of the file that a ledger column is made of, as a person reads them."""
        return JOINED.join(self._into.cells[name].columns) or None

    def part(self, parted: Parted, con: "Backend") -> Part:
        """The stored records as rows and rejected."""
        file = ibis.literal(self._raw.file)
        stored = con.read_parquet(parted.good, file_row_number=True)
        good = parted.lines.number(stored, stored.file_row_number, LINE, con)
        typed = {name: good[name].cast(self._column(name).kind.ibis_type) for name in self._columns}
        deleted = good[DELETED] if self._says_deleted else ibis.literal(False)
        rows = good.select(**typed, file=file, line=good[LINE].cast("int64"), deleted=deleted)
        bad = con.read_parquet(parted.bad)
        number, problems = bad[PROBLEM], self._problems
        rejected = bad.select(
            file=file,
            line=bad[LINE].cast("int64"),
            column=_by_number(number, [each.column for each in problems]),
            value=bad[VALUE],
            code=_by_number(number, [each.check.code for each in problems]),
            reason=_by_number(number, [each.check.reason for each in problems]),
            record=bad[RECORD],
            table=ibis.literal(self._into.table),
            file_column=_by_number(number, [self._named(each.column) for each in problems]),
        )
        assert rejected.columns == tuple(REJECTED.names)
        ours = None if self._says_deleted else parted.good
        return Part(self._into.table, self._columns, rows, rejected, ours)


def _by_number(number: ir.IntegerValue, texts: Sequence[str | None]) -> ir.StringValue:
    if not texts:
        return ibis.null("string")
    named = ((number == at, ibis.literal(text, type="string")) for at, text in enumerate(texts))
    return ibis.cases(*named, else_=ibis.null("string"))
