"""From staged rows to a complete batch: the one way by which anything enters the ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from babel.numbers import list_currencies
from ibis.backends.duckdb import Backend
from ibis.util import gen_name

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.identity import identifiers, resolve
from onefunnel.intake import Progress, Staged, lookalikes, reference_values, silent
from onefunnel.ledger.disk import faults
from onefunnel.ledger.disk.system import ENTITY, QUARANTINE
from onefunnel.ledger.schema.facts import TABLES
from onefunnel.ledger.store.batch import Batch
from onefunnel.ledger.store.incoming import Incoming, Part, gather
from onefunnel.ledger.store.quarantine import entries
from onefunnel.ledger.store.register import Register, read_register
from onefunnel.ledger.store.suppress import blanked, suppressed
from onefunnel.vocabulary import Note
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True)
class Taken:
    """What a batch brought: the ledger version after it, counts per table and outcome, notes.

    Outcomes are new, changed, same, deleted, absent (a deletion of what was not there).
    ``quarantined`` counts rows that are new in the quarantine.
    """

    version: int
    counts: Mapping[str, Mapping[str, int]]
    quarantined: int = 0
    notes: tuple[Note, ...] = ()
    committed: bool = True

    @property
    def changes(self) -> int:
        """How many records are new, changed or deleted."""
        return sum(c.get(o, 0) for c in self.counts.values() for o in ("new", "changed", "deleted"))


@dataclass
class Taking:
    """A batch being filled from staged rows, for one workspace."""

    workspace: Workspace
    batch: Batch
    notes: list[Note] = field(default_factory=list)

    def take(self, staged: Sequence[Staged], progress: Progress = silent) -> None:
        """Merge staged rows into the batch's tables, what is refused into the quarantine.

        Rows that were mended leave the quarantine: they have come again, whole.
        """
        parts = [Part(TABLES[each.table], each.rows, each.columns, each.files) for each in staged]
        register = read_register(self.workspace.path)
        incoming = [self._let_in(each, register) for each in gather(self._backend, parts)]
        self._check_currencies(staged)
        for number, each in enumerate(incoming):
            progress.step("tables", number, len(incoming))
            self.batch.put(each.table.name, each.rows, each.present, each.files)
        self._quarantine(staged, incoming)
        self.notes += [note for each in staged for note in each.notes]
        self.notes += lookalikes(reference_values(staged, self._backend))

    def link(self) -> None:
        """Work out who is the same party, as the ledger will be, and put what changes."""
        after = self.batch.seen_after()
        found = {name: after.fetch(rows) for name, rows in identifiers(after.facts()).items()}
        settings = self.workspace.settings
        register = read_register(self.workspace.path)
        changes = resolve(
            **{name: found[name] for name in ("parties", "aliases", "unlinks", "subjects")},
            previous=after.fetch(after.table(ENTITY.name)),
            next_code=self.batch.next_head.next_code,
            region=settings.country or None,
            frozen=_frozen(register),
            max_carriers=settings.identity.max_carriers,
        )
        if not len(changes):
            return
        self._put(ENTITY.name, changes)
        top = pc.max(changes["entity_code"]).as_py() + 1
        self.batch.next_head = replace(
            self.batch.next_head, next_code=max(self.batch.next_head.next_code, top)
        )
        faults.reached("entities_appended")

    def complete(self, kind: str, source: str) -> Taken:
        """Commit, unless nothing changed: then the ledger keeps its version."""
        taken = self.taken(committed=True)
        same = replace(self.batch.next_head, tables=self.batch.head.tables) == self.batch.head
        if same and not taken.changes and not taken.quarantined:
            return replace(taken, version=self.batch.head.version)
        self.batch.commit(self.workspace.clock(), kind, source)
        return taken

    def taken(self, *, committed: bool) -> Taken:
        """What the batch holds so far."""
        counts = {n: dict(c) for n, c in self.batch.counts.items() if n in TABLES}
        refused = self.batch.counts.get(QUARANTINE.name, Counter())
        return Taken(
            self.batch.version, counts, refused["new"], tuple(self.notes), committed=committed
        )

    @property
    def _backend(self) -> Backend:
        return self.batch.reader.backend

    def _let_in(self, incoming: Incoming, register: Register | None) -> Incoming:
        return suppressed(self._backend, incoming, register) if register else incoming

    def _put(self, name: str, rows: pa.Table) -> Counter[str]:
        loaded = self._backend.create_table(gen_name(name), rows, temp=True)
        incoming = loaded.mutate(deleted=ibis.literal(False))
        return self.batch.put(name, incoming, rows.column_names)

    def _quarantine(self, staged: Sequence[Staged], incoming: Sequence[Incoming]) -> None:
        refused = [entries(each.rejected) for each in staged]
        refused += [each.refused for each in incoming if each.refused is not None]
        rows = [each.mutate(deleted=ibis.literal(False)) for each in refused]
        columns = QUARANTINE.column_names
        if mended := {row for each in staged for row in each.mended}:
            ids = pa.table({c: pa.array(sorted(mended), pa.string()) for c in columns[:1]})
            gone = self._backend.create_table(gen_name("mended"), ids, temp=True)
            nothing = {c: ibis.null(QUARANTINE.by_name[c].kind.ibis_type) for c in columns[1:]}
            rows.append(gone.select(columns[0], **nothing, deleted=ibis.literal(True)))
        if not rows:
            return
        every = ibis.union(*rows, distinct=True) if len(rows) > 1 else rows[0].distinct()
        found = self.batch.reader.fetch(every)
        register = read_register(self.workspace.path)
        table = self._backend.create_table(
            gen_name("refused"), blanked(found, register) if register else found, temp=True
        )
        if len(found):
            self.batch.put(QUARANTINE.name, table, columns)
            faults.reached("quarantine_appended")

    def _check_currencies(self, staged: Sequence[Staged]) -> None:
        """Refuse the whole when a currency has no rate to the workspace's currency."""
        base = self.workspace.settings.currency
        rated = {base, *self._rated(staged, base)}
        for each in staged:
            if "currency" not in each.columns:
                continue
            used = each.rows.filter(each.rows.currency.notnull())
            unrated = used.filter(~used.currency.isin(sorted(rated)))
            first = self.batch.reader.fetch(
                unrated.order_by("file", "line").select("file", "line", "currency").limit(1)
            )
            for row in first.to_pylist():
                raise _unrated(row["file"], row["line"], row["currency"], base, rated)

    def _rated(self, staged: Sequence[Staged], base: str) -> set[str]:
        tables: list[ir.Table] = [self.batch.reader.table("rate").select("currency", "base")]
        tables += [
            each.rows.select("currency", "base")
            for each in staged
            if each.table == "rate" and {"currency", "base"} <= set(each.columns)
        ]
        pairs: set[tuple[str, str]] = set()
        for rows in tables:
            found = self.batch.reader.fetch(rows.distinct())
            pairs |= set(zip(*(found[c].to_pylist() for c in ("currency", "base")), strict=True))
        return {a if b == base else b for a, b in pairs if base in (a, b)}


def _frozen(register: Register | None) -> pa.Table | None:
    """Who was the same person when they were erased, and stays so."""
    if register is None:
        return None
    return pa.table(
        {
            "party_id": pa.array(register.groups.keys(), pa.string()),
            "group": pa.array(register.groups.values(), pa.string()),
        }
    )


def _unrated(file: str, line: int, currency: str, base: str, rated: Iterable[str]) -> InputError:
    known = currency in list_currencies()
    remedy = (
        f"Add rows for {currency} in {base} to the table 'rate' (rate.csv) and import both."
        if known
        else suggestion(currency, sorted(rated))
    )
    return InputError(
        Place(file, line, "currency", currency),
        "unrated_currency",
        f"There is no exchange rate between it and {base}."
        if known
        else "It is no ISO 4217 currency.",
        remedy=remedy,
    )
