"""The funnel's answers by compiled passes, where the ledger holds many touches.

What a pass over arrays tells is not asked of the engine. The rest of the queries are: of the few
whom something else than a touch is about, with their entries and dimensions from the arrays.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.util import gen_name

from onefunnel.funnel.base import KNOWN, Base, prepare
from onefunnel.funnel.dense.answers import Answers
from onefunnel.funnel.dense.entities import (
    Entities,
    combined,
    instants,
    microsecond,
    microseconds,
    scatter,
    slots_with_hints,
    texts_of,
)
from onefunnel.funnel.dense.history import ATTRIBUTES, NEVER, UNKNOWN, Codes, Ints
from onefunnel.funnel.dense.program import Program, others
from onefunnel.funnel.dense.reading import lead_origins
from onefunnel.funnel.dimensions import ORIGIN, PREPARED_DIMENSIONS, owners, party_segments
from onefunnel.funnel.matching import own_instants, slots, unmatched
from onefunnel.funnel.query import held
from onefunnel.funnel.remarks import remarks
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import Facts, over
from onefunnel.measures.registry import Measure
from onefunnel.measures.scorecard.cards import spans
from onefunnel.vocabulary import Question, Stage
from onefunnel.workflows.history import History
from onefunnel.workflows.kept import Collected
from onefunnel.workflows.rest import PEOPLE

FILES = (
    "own",
    "prepared_standing",
    "prepared_losses",
    "prepared_lines",
    "leads",
    "held",
    "remarks",
)
"""What is worked out of all tables but touches, each from the ones before; see ``rest``."""

REMARKS = pa.schema([("code", pa.string()), ("place", pa.string()), ("counted", pa.int64())])

Coded = tuple[Codes, list[str | None]]
"""Codes (-1: unknown) and their texts."""


class Dense:
    """One question put to the arrays of a workspace's ledger at its head.

    ``whose`` are the tables that :func:`onefunnel.workflows.known.open_known` gives.
    """

    def __init__(
        self,
        reader: Reader,
        rules: Rules,
        question: Question,
        passed: History,
        followed: Program,
        whose: Mapping[str, ir.Table],
        threads: int,
    ) -> None:
        self.reader, self.rules, self.question = reader, rules, question
        self.history, self.program, self.threads = passed, followed, threads
        self.whose = whose
        self._files: dict[str, ir.Table] = {}

    def fill(self, folder: Path) -> None:
        """Work out :data:`FILES` into a folder."""
        for name in FILES:
            path = folder / f"{name}.parquet"
            self.reader.write(self._made(name), path)
            self._files[name] = self.reader.open_file(gen_name(name), path)

    def open(self, folder: Path) -> None:
        """Read :data:`FILES` from a folder, which may have been filled under another name."""
        for name in FILES:
            path = folder / f"{name}.parquet"
            self._files[name] = self.reader.open_file(gen_name(name), path)

    def collect(self, measure: Measure) -> Collected:
        """The answers to a measure's queries."""
        queries = measure.queries(self._facts_of_people, self.others, self.question)
        quick = self._quick(measure)
        with self.reader.ahead() as found:
            for name in queries:
                if name not in quick:
                    found.ask(name, queries[name])
            return {name: quick[name]() if name in quick else found[name] for name in queries}

    def prepared(self) -> dict[str, ir.Table]:
        """The tables that queries over all entities can start from: entries, losses, lines."""
        everybody = np.arange(self._own.shape[1], dtype=np.int64)
        held = self.reader.hold(self.entities.progress(everybody))
        kept = {name: table for name, table in self._files.items() if name.startswith("prepared")}
        return {**kept, "prepared_entries": held}

    @cached_property
    def facts_of_people(self) -> Facts:
        """The facts without touches, of people who are more than visitors, with what they brought.

        Where touches alone can be purchases, the entries are those of everybody.
        """
        return over(self._facts, self._brought())

    def beside_touches(self) -> dict[str, ir.Table]:
        """What queries that read touches themselves can start from: records, entries, lines.

        Of whose touches are they get the first of each of these people, which is the origin.
        """
        found = {**self.whose, **self._brought()}
        del found[PEOPLE]
        if not self.touches_make_purchases:
            found[f"{KNOWN}touch"] = self.reader.hold(self._first_touches_of_people())
        return found

    def _brought(self) -> dict[str, ir.Table]:
        if self.touches_make_purchases:
            return self.prepared()
        kept = {name: table for name, table in self._files.items() if name.startswith("prepared")}
        return {**kept, "prepared_entries": self.reader.hold(self._progress_of_people)}

    def _first_touches_of_people(self) -> pa.Table:
        """entity_code, at and the attributes of the first touch until now; no touch_id, no kind."""
        people = self._people
        at = np.full(len(people), NEVER, np.int64)
        codes = {name: np.full(len(people), UNKNOWN, np.int32) for name in ATTRIBUTES}
        for part in self.history.firsts:
            part.take(part.first_at, people, at)
            for name, own in codes.items():
                part.take(part.origins[name], people, own)
        there = at <= self._now
        columns = {"entity_code": pa.array(people[there]), "at": instants(at[there])}
        # Which touches they are needs no name; of what kind they are was looked at.
        columns |= dict.fromkeys(("touch_id", "kind"), pa.nulls(int(there.sum()), pa.string()))
        for name, own in codes.items():
            texts = pa.array([*self.history.texts[name], None], pa.string())
            columns[name] = texts.take(pa.array(own[there] % len(texts)))
        return pa.table(columns)

    @property
    def touches_make_purchases(self) -> bool:
        """Whether a touch alone can be a purchase: then it bears on what counts as a loss."""
        last = Stage.PURCHASE.position
        return any(each.stage.position >= last for each in self.program.rules)

    @cached_property
    def entities(self) -> Entities:
        """Every entity, grouped by the question's dimensions."""
        group = np.zeros(self._own.shape[1], np.int32)
        whole = Entities(self._slots, self._own, self._lost_at, group)
        if not self.question.by:
            return whole
        return whole.grouped(*combined([self._dimension(name) for name in self.question.by]))

    def _quick(self, measure: Measure) -> Mapping[str, Callable[[], pa.Table]]:
        """The queries that a pass answers, or what was asked before and what touches add to it."""
        answers = Answers(self.entities, self.question, self.threads)
        passes: dict[str, Callable[[], pa.Table]] = {
            "counts": answers.counts,
            "left": answers.left,
            "first_observed": answers.first_observed,
            "exposure": answers.exposure,
            "waiting": answers.waiting,
            "curves": answers.curves,
            "scorecard_new": lambda: answers.new(self._months_of_scorecards),
        }
        if measure.pairs:
            passes["durations"] = lambda: answers.durations(measure.pairs)
        passes["held"] = self._tables_held
        passes["remarks"] = self._remarks if measure.remarks_all else self._losses_remark
        return passes

    @property
    def _months_of_scorecards(self) -> Mapping[str, tuple[datetime, datetime]]:
        return {name: (each.start, each.end) for name, each in spans(self.question).items()}

    def _tables_held(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.query.held`."""
        held = self.reader.fetch(self._files["held"])
        held = held.filter(pc.not_equal(held["table"], "touch"))
        some = self.history.told.touches if self._any_touch else 0
        row = pa.table({"table": ["touch"], "rows": [some]}).cast(held.schema)
        return pa.concat_tables([held, row])

    def _remarks(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.remarks.remarks`."""
        unknown = int(np.searchsorted(self.history.unknown, self._now, side="right"))
        added = [
            ("rows_without_instant", "touch", self.history.told.undated),
            ("unknown_visitors", "", unknown),
            *[
                ("fallback_used", f"{each.stage.value}:{rule.fact}", self._entered(each.stage))
                for each in self.rules.stages
                for rule in each.rules
                if rule.fallback and not self._displaced(each.stage)
            ],
        ]
        kept = self.reader.fetch(self._files["remarks"])
        anew = pc.is_in(kept["code"], pa.array(["fallback_used", "losses_without_entry"]))
        tables = [kept.filter(pc.invert(anew)), _remark_rows(added), self._losses_remark()]
        return pa.concat_tables([table.cast(REMARKS) for table in tables])

    def _losses_remark(self) -> pa.Table:
        """The answer of :func:`onefunnel.funnel.remarks.losses_remark`."""
        nowhere = (self._lost_at != NEVER) & (self.entities.first_entries() == NEVER)
        return _remark_rows([("losses_without_entry", "", int(np.count_nonzero(nowhere)))])

    def _displaced(self, stage: Stage) -> bool:
        """Whether records that the stage's other rules match displace its fallbacks."""
        if self._matched[stage]:
            return True
        kept = [r for r in self.rules.of(stage).rules if r.fact != "touch" and not r.fallback]
        if not kept:
            return False
        facts = Base(self._facts, self.others, self.question).facts
        return bool(self.reader.fetch(unmatched(facts, self.others, stage))["n"][0].as_py())

    def _entered(self, stage: Stage) -> int:
        return int(np.count_nonzero(self._own[stage.position] != NEVER))

    @property
    def _now(self) -> int:
        return microsecond(self.question.now)

    @property
    def _any_touch(self) -> bool:
        return self.history.told.earliest <= self._now or self.history.told.undated > 0

    @cached_property
    def _matched(self) -> Mapping[Stage, bool]:
        """Whether any touch until now matches a stage's rules."""
        first = self.history.told.matched
        return {
            each.stage: any(
                first[rule.mark] <= self._now
                for rule in self.program.rules
                if rule.stage is each.stage
            )
            for each in self.rules.stages
        }

    @cached_property
    def others(self) -> Rules:
        """The rules of all tables but touches."""
        return others(self.rules, self._matched)

    @property
    def _facts(self) -> Facts:
        """The facts without touches, of people who are more than visitors."""
        facts = self.reader.facts()
        touch = facts["touch"].filter(ibis.literal(False))
        return over(facts, {"touch": touch, "entity": self.whose[PEOPLE], **self.whose})

    @cached_property
    def _facts_of_people(self) -> Facts:
        """The same with what the arrays say of these people."""
        kept = {name: table for name, table in self._files.items() if name.startswith("prepared")}
        kept["prepared_entries"] = self.reader.hold(self.entities.progress(self._people))
        if self.question.by:
            kept[PREPARED_DIMENSIONS] = self.reader.hold(self._dimensions_of_people())
        return over(self._facts, kept)

    def _made(self, name: str) -> ir.Table:
        """One of :data:`FILES`; the ones before it are there."""
        base = Base(self._facts, self.others, self.question)
        if name == "own":
            return own_instants(base.facts, base.known, self.others)
        if name == "leads":
            return lead_origins(base.known)
        if name == "held":
            return held(base.facts)
        given = {n: table for n, table in self._files.items() if n.startswith("prepared")}
        if name != "prepared_standing":
            given["prepared_entries"] = self.reader.hold(self._progress_of_people)
        if name == "remarks":
            return remarks(Base(over(self._facts, given), self.others, self.question))
        return prepare(name, over(self._facts, given), self.others, self.question)

    @cached_property
    def _people(self) -> Ints:
        rows = self.whose[PEOPLE].select("entity_code").distinct().order_by("entity_code")
        return np.asarray(self.reader.fetch(rows)["entity_code"].to_numpy(), np.int64)

    @cached_property
    def _slots(self) -> tuple[str, ...]:
        return slots_with_hints((*slots(self.rules), *self.program.slots))

    @cached_property
    def _own(self) -> Ints:
        """A row per slot: the entries that touches make, then those of everything else."""
        own = np.full((len(self._slots), max(self.reader.head.next_code, 1)), NEVER, np.int64)
        for row, name in enumerate(self.program.slots):
            entries = own[self._slots.index(name)]
            for part in self.history.firsts:
                part.put(part.entries[row], entries)
            self._cut(entries)
        scatter(own, self._slots, self.reader.fetch(self._files["own"]))
        return own

    def _own_of_people(self) -> Ints:
        """The same of people only, in their order."""
        own = np.full((len(self._slots), len(self._people)), NEVER, np.int64)
        for row, name in enumerate(self.program.slots):
            entries = own[self._slots.index(name)]
            for part in self.history.firsts:
                part.take(part.entries[row], self._people, entries)
            self._cut(entries)
        table = self.reader.fetch(self._files["own"])
        places = np.searchsorted(self._people, table["entity_code"].to_numpy())
        scatter(own, self._slots, table.set_column(0, "entity_code", pa.array(places)))
        return own

    def _cut(self, entries: Ints) -> None:
        """Leave out what comes after now."""
        if entries.max(where=entries != NEVER, initial=0) > self._now:
            entries[entries > self._now] = NEVER

    @cached_property
    def _progress_of_people(self) -> pa.Table:
        """The entries of people, before their losses are known."""
        none = np.empty(0, np.int64)
        some = Entities(self._slots, self._own_of_people(), none, none.astype(np.int32))
        return some.progress(np.arange(len(self._people)), named=self._people)

    @property
    def _bare(self) -> Entities:
        """The entities before their losses are known."""
        none = np.empty(0, np.int64)
        return Entities(self._slots, self._own, none, none.astype(np.int32))

    @cached_property
    def _lost_at(self) -> Ints:
        lost = np.full(self._own.shape[1], NEVER, np.int64)
        rows = self.reader.fetch(self._files["prepared_losses"].select("entity_code", "loss_at"))
        lost[rows["entity_code"].to_numpy()] = microseconds(rows["loss_at"])
        return lost

    def _dimension(self, name: str) -> Coded:
        if name in ORIGIN:
            return self._origin(name)
        if name == "owner":
            return self._looked_up(self.reader.fetch(owners(self._known)), "owner")
        return self._cohort_months()

    def _origin(self, name: str) -> Coded:
        """The first lead's, else the first touch's; a segment else the party's."""
        codes = np.full(self._own.shape[1], UNKNOWN, np.int32)
        labels: list[str | None] = []
        if name == "segment":
            codes, labels = self._looked_up(
                self.reader.fetch(party_segments(self.reader.facts())),
                "party_segment",
                "segment_code",
            )
        else:
            labels = list(self.history.texts[name])
            self._first_touches(codes, name)
        return self._with_leads(name, codes, labels)

    def _first_touches(self, codes: Codes, name: str) -> None:
        for part in self.history.firsts:
            origin = np.where(part.first_at <= self._now, part.origins[name], UNKNOWN)
            if part.codes is None:
                codes[: len(origin)] = origin
            else:
                codes[part.codes] = origin

    def _with_leads(self, name: str, codes: Codes, labels: list[str | None]) -> Coded:
        own, found = texts_of(self._leads, [name])[name]
        place = {label: i for i, label in enumerate(labels)}
        for text in found:
            place.setdefault(text, len(place))
        lookup = np.array([*(place[text] for text in found), UNKNOWN], np.int32)
        whose, said = self._leads["entity_code"].to_numpy(), lookup[own]
        if name == "segment":  # a lead that names none leaves what the party says
            whose, said = whose[said >= 0], said[said >= 0]
        codes[whose] = said
        return codes, list(place)

    @cached_property
    def _leads(self) -> pa.Table:
        return self.reader.fetch(self._files["leads"])

    @property
    def _known(self) -> Mapping[str, ir.Table]:
        return Base(self._facts, self.others, self.question).known

    def _looked_up(self, rows: pa.Table, name: str, key: str = "entity_code") -> Coded:
        """The values of some entities; nobody else has one."""
        own, found = texts_of(rows, [name])[name]
        codes = np.full(self._own.shape[1], UNKNOWN, np.int32)
        codes[rows[key].to_numpy()] = own
        return codes, list(found)

    def _cohort_months(self) -> Coded:
        """The month of the first lead, else touch, else of the first entry."""
        at = self._bare.first_entries()
        touched = np.full(len(at), NEVER, np.int64)
        for part in self.history.firsts:
            part.put(part.first_at, touched)
        np.copyto(at, touched, where=touched <= self._now)
        at[self._leads["entity_code"].to_numpy()] = microseconds(self._leads["at"])
        codes = np.full(len(at), UNKNOWN, np.int32)
        labels: list[str | None] = []
        for i, month in enumerate(self.question.months):
            start, end = microsecond(month.start), microsecond(month.end)
            codes[(at >= start) & (at < end)] = i
            labels.append(month.label)
        return codes, labels

    def _dimensions_of_people(self) -> pa.Table:
        """entity_code and the question's dimensions."""
        group, values = self.entities.group[self._people], self.entities.values
        columns = {"entity_code": pa.array(self._people)}
        for i, name in enumerate(self.question.by):
            texts = pa.array([each[i] for each in values], pa.string())
            columns[name] = texts.take(pa.array(group))
        return pa.table(columns)


def _remark_rows(rows: Sequence[tuple[str, str, int]]) -> pa.Table:
    names = REMARKS.names
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], REMARKS)
