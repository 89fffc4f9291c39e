"""The records of one file, staged for one table: texts, values, checks, one stored table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb
import ibis
import ibis.expr.types as ir

from onefunnel.errors import InputError, Place
from onefunnel.intake.cells import taken, text_of
from onefunnel.intake.files.raw import LINE, REJECTED, Raw, column
from onefunnel.intake.mapping.model import DELETED, Into, Source
from onefunnel.intake.staged import Options
from onefunnel.intake.totals import REASON, matches_totals
from onefunnel.intake.values.builtins import quoted
from onefunnel.intake.values.columns import (
    NUMBERS,
    Surroundings,
    mapped,
    merged,
    read_value,
)
from onefunnel.intake.values.layers import Layers, unfused
from onefunnel.intake.values.marks import decimal_marks, settle
from onefunnel.intake.values.typed import Check
from onefunnel.ledger.schema import TABLES, Column, Kind

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

PROBLEM, VALUE, RECORD = "_problem", "_value", "_record"
_LEFT_OUT = -1
_DELETED = Column(DELETED, Kind.FLAG, "whether the record is closed")


@dataclass(frozen=True)
class Part:
    """What one file gives to one table: ``rows`` and ``rejected`` as in a Staged."""

    table: str
    columns: tuple[str, ...]
    rows: ir.Table
    rejected: ir.Table
    mended: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Problem:
    """A check of a column, and the text it is about."""

    check: Check
    column: str
    text: ir.StringValue


def stage(
    raw: Raw, source: Source, into: Into, options: Options, con: "Backend", totals_line: int | None
) -> Part:
    """Read the file's records once, and store them typed, or with what is wrong with them.

    Where numbers with commas were not declared, the records are read again, with the decimal mark
    that all of the column's values speak for. Raises InputError ``ambiguous_number``,
    ``count_mismatch``.
    """
    attempt = _Attempt(raw, source, into, options, {})
    stored = attempt.store(con)
    doubtful = attempt.commas(stored, con)
    if doubtful:
        evidence = decimal_marks(raw.table, attempt.numbers(doubtful), con)
        marks = settle(evidence, raw.file, lambda text: attempt.line_of(stored, text, con))
        con.drop_table(stored.op().name)
        attempt = _Attempt(raw, source, into, options, marks)
        stored = attempt.store(con)
    if raw.records is not None and con.to_pyarrow(stored.count()).as_py() != raw.records:
        message = f"{raw.records} records were counted, but others arrived."
        raise InputError(Place(raw.file), "count_mismatch", message, remedy="Report this file.")
    numbered = raw.lines.number(stored, LINE, con) if raw.lines is not None else stored
    return attempt.part(numbered, totals_line)


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

    def store(self, con: "Backend") -> ir.Table:
        """Store every record, whether good or not, in the order of the file."""
        try:
            return self._store(con)
        except duckdb.InvalidInputException as error:
            message = f"The file can't be read ({str(error).splitlines()[0]})."
            remedy = "Export it again."
            place = Place(self._raw.file)
            raise InputError(place, "damaged_file", message, remedy=remedy) from error

    def _store(self, con: "Backend") -> ir.Table:
        with unfused():
            return con.create_table(ibis.util.gen_name("staged"), self._records(), temp=True)

    def _records(self) -> ir.Table:
        layers = Layers(self._raw.table)
        values: dict[str, ir.Value] = {}
        currency = self._currency()
        for name in sorted(self._into.cells, key=lambda each: each != self._table.key):
            values[name] = self._value(name, layers, currency)
        if DELETED not in values:
            values[DELETED] = ibis.literal(False)
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
        ordered = {name: values[name] for name in (*self._columns, DELETED)}
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
        blank = ibis.and_(key.isnull(), *(cell.isnull() for cell in cells))
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
        text: ir.StringValue = ibis.literal("{")
        for at, name in enumerate(self._raw.header):
            label = json.dumps(name or f"_column_{at + 1}", ensure_ascii=False)
            cell = quoted(self._raw.table[column(at)]).fill_null("null")
            text = text + f"{', ' if at else ''}{label}: " + cell
        return text + "}"

    def commas(self, stored: ir.Table, con: "Backend") -> tuple[str, ...]:
        """The number columns that could not be read and whose mark nobody declared."""
        asked = {
            at: each.column
            for at, each in enumerate(self._problems)
            if each.check.code == "bad_number" and self._undeclared(each.column)
        }
        if not asked:
            return ()
        failed = stored.filter(stored[PROBLEM].isin(list(asked)), stored[VALUE].contains(","))
        if con.to_pyarrow(failed.limit(1).count()).as_py():
            return tuple(asked.values())
        return ()

    def line_of(self, stored: ir.Table, text: str | None, con: "Backend") -> int | None:
        """The first line on which a value that could not be read stands."""
        lines = self._raw.lines
        numbered = lines.number(stored, LINE, con) if lines is not None else stored
        found = numbered.filter(numbered[VALUE] == text).aggregate(first=numbered[LINE].min())
        first: int | None = con.to_pyarrow(found)["first"][0].as_py()
        return first

    def _undeclared(self, name: str) -> bool:
        cell = self._into.cells[name]
        return merged(cell.reading, self._source.reading).decimal is None and bool(cell.columns)

    def numbers(self, names: tuple[str, ...]) -> list[tuple[str, ir.StringValue, bool]]:
        """Columns to be looked at for their decimal mark; whether only whole numbers fit."""
        return [(name, self._text(name), self._column(name).kind is Kind.COUNT) for name in names]

    def part(self, stored: ir.Table, totals_line: int | None) -> Part:
        """The stored records, parted into rows and rejected."""
        if totals_line is not None:
            stored = stored.filter(stored[LINE] != totals_line)
        file = ibis.literal(self._raw.file)
        good = stored.filter(stored[PROBLEM].isnull())
        # The engine says with how many digits it keeps instants; the ledger's types do not.
        typed = {name: good[name].cast(self._column(name).kind.ibis_type) for name in self._columns}
        rows = good.select(**typed, file=file, line=good[LINE].cast("int64"), deleted=good[DELETED])
        bad = stored.filter(stored[PROBLEM] >= 0)
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
        )
        assert rejected.columns == tuple(REJECTED.names)
        return Part(self._into.table, self._columns, rows, rejected)


def _by_number(number: ir.IntegerValue, texts: list[str]) -> ir.StringValue:
    if not texts:
        return ibis.null("string")
    return ibis.cases(*((number == at, text) for at, text in enumerate(texts)), else_=None).cast(
        "string"
    )
