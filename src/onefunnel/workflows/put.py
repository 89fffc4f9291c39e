"""A question put to a ledger: from local days and names to instants and expressions."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa

from onefunnel.errors import UsageError
from onefunnel.funnel.base import PREPARED, prepare
from onefunnel.funnel.dense.program import Program, program
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import Facts, over, span_of_instants
from onefunnel.vocabulary import WITHIN_DAYS, Question, Terms
from onefunnel.workflows.asked import Asked, parameters
from onefunnel.workflows.kept import Collected, kept, kept_folder
from onefunnel.workflows.known import known, open_known
from onefunnel.workflows.rules import rules_at
from onefunnel.workflows.spans import bounded, committed_at
from onefunnel.workflows.terms import terms_at
from onefunnel.workflows.workspace import Workspace

if TYPE_CHECKING:
    from onefunnel.workflows.dense import Dense
    from onefunnel.workflows.history import History


@dataclass(frozen=True)
class Put:
    """What was asked, put to the ledger that a reader sees; each part is made when it is used.

    ``proposed`` are rules to ask under in place of those that the version names: for a preview.
    ``under`` is another version whose rules and terms hold in their place.
    """

    workspace: Workspace
    reader: Reader
    asked: Asked
    proposed: Rules | None = None
    under: int | None = None

    @cached_property
    def version(self) -> int:
        """The ledger version that is asked. Raises UsageError where there is no such version."""
        last = self.reader.head.version
        if self.asked.as_of is None:
            return last
        if not 0 <= self.asked.as_of <= last:
            raise UsageError(
                f"There is no ledger version {self.asked.as_of}.",
                remedy=f"The versions are 0 to {last}.",
            )
        return self.asked.as_of

    @cached_property
    def rules(self) -> Rules:
        """The funnel rules that the version names, or those proposed."""
        return self.proposed or rules_at(self.workspace, self.reader, self._settled)

    @cached_property
    def terms(self) -> Terms:
        """The terms that the version names."""
        return terms_at(self.workspace, self.reader, self._settled)

    @property
    def _settled(self) -> int:
        """The version whose rules and terms hold."""
        return self.version if self.under is None else self.under

    @cached_property
    def facts(self) -> Facts:
        """The ledger at the version."""
        return self.reader.facts(self.version)

    @cached_property
    def question(self) -> Question:
        """The question in UTC."""
        asked, calendar = self.asked, self.workspace.settings.calendar
        span = self._kept_span
        now = self._now or span["latest"][0].as_py() or self.workspace.clock()
        first = min(span["earliest"][0].as_py() or now, now)
        return Question(
            now=now,
            start=calendar.start_of_day(asked.since) if asked.since else None,
            end=calendar.start_of_day(asked.until) if asked.until else None,
            by=asked.by,
            horizon_days=asked.horizon_days or self.rules.horizon_days,
            currency=self.workspace.settings.currency,
            months=tuple(calendar.months(first, now)),
            steps=asked.steps,
            within_days=WITHIN_DAYS if asked.within_days is None else asked.within_days,
            terms=self.terms,
            calendar=calendar,
            joint=asked.joint,
            crediting=asked.crediting,
        )

    @cached_property
    def prepared_facts(self) -> Facts:
        """The facts, and beside them what all measures of the funnel share, worked out once."""
        if (dense := self.dense()) is not None:
            return over(self.facts, dense.prepared())
        needed = {
            "prepared": PREPARED,
            "now": self.question.now,
            "currency": self.question.currency,
            "rules": self.rules.content_hash,
        }
        folder = kept_folder(self.workspace.path, self.version, needed, self._prepare)
        opened = {n: self.reader.open_file(n, folder / f"{n}.parquet") for n in PREPARED}
        return over(self.facts, opened)

    def dense(self) -> "Dense | None":
        """The arrays to answer from; None where the engine is asked for everything.

        They are large, and go when nobody holds them any more.
        """
        if self._history is None:
            return None
        # Compiled code takes long to load: only who needs it waits for it.
        from onefunnel.workflows.dense import FILES, Dense
        from onefunnel.workflows.rest import kept_rest

        passed, followed = self._history

        def put_to(reader: Reader) -> Dense:
            whose = open_known(reader, self._known)
            return Dense(reader, self.rules, self.question, passed, followed, whose, self.threads)

        def fill(folder: Path) -> None:
            with self.workspace.beside(self.reader) as other:
                put_to(other).fill(folder)

        dense = put_to(self.reader)
        needed = {
            "files": FILES,
            "now": self._now_of_others,
            "currency": self.question.currency,
            "rules": dense.others.content_hash,
            "touches": passed.version if dense.touches_make_purchases else None,
        }
        dense.open(kept_rest(self.workspace, self.reader, self._known, needed, fill))
        return dense

    @property
    def keeps_history(self) -> bool:
        """Whether touches are kept in order: where they are many and the rules can be followed.

        Only of the ledger as it stands: an earlier version is asked of the engine, and so are rules
        that are only proposed. Below a number of touches passes don't pay: they must be read and,
        the first time, compiled.
        """
        if self.proposed is not None or self.under is not None:
            return False
        least = max(self.workspace.settings.engine.dense_from, 1)
        if self.version != self.reader.head.version or self.reader.stored_rows("touch") < least:
            return False
        return program(self.rules) is not None

    def bring_up_to_date(self) -> None:
        """Bring the touches in order up to date, and whose each other record is."""
        if self._history is not None:
            _ = self._known

    @cached_property
    def _known(self) -> Path:
        """The folder of whose each record is that is no touch."""
        return known(
            self.workspace, self.reader, self.rules, replace(self.question, now=self._now_of_others)
        )

    @cached_property
    def _history(self) -> "tuple[History, Program] | None":
        followed = program(self.rules)
        if followed is None or not self.keeps_history:
            return None
        from onefunnel.workflows.history import history

        label = self.rules.content_hash
        return history(self.workspace, self.reader, followed, label, self.threads), followed

    @property
    def threads(self) -> int:
        """How many threads passes and engine may use."""
        return self.workspace.settings.engine.threads or os.cpu_count() or 1

    @property
    def parameters(self) -> dict[str, str | int | None]:
        """What was asked, as an answer says it."""
        return parameters(self.asked, self.question, self.rules.content_hash)

    def kept(self, measure: str, ask: Callable[[], Collected]) -> Collected:
        """What the engine answered for a measure, asked now if it was not before."""
        question = asdict(replace(self.question, joint=False))  # Only what is assembled differs.
        needed = {"measure": measure, "rules": self.rules.content_hash, **question}
        return kept(self.workspace.path, self.version, needed, ask)

    @property
    def dated(self) -> datetime | None:
        """The instant up to which records are dated, where that is later than they were known."""
        latest, dated = (self._kept_span[name][0].as_py() for name in ("latest", "dated"))
        return dated if self._now is None and dated != latest else None

    @cached_property
    def _kept_span(self) -> pa.Table:
        return kept(self.workspace.path, self.version, {"span": "bounded"}, self._span)["span"]

    @property
    def _now(self) -> datetime | None:
        now = self.asked.now
        if now is None or now.tzinfo is not None:
            return now
        return now.replace(tzinfo=ZoneInfo(self.workspace.settings.timezone)).astimezone(UTC)

    def _span(self) -> Collected:
        if self._history is None:
            span = self.reader.fetch(span_of_instants(self.facts))
        else:
            span = self._history[0].told.widened(self._span_of_others)
        return {"span": bounded(span, committed_at(self.reader, self.version))}

    @cached_property
    def _span_of_others(self) -> pa.Table:
        from onefunnel.workflows.rest import kept_span

        def ask() -> pa.Table:
            others = {name: rows for name, rows in self.facts.items() if name != "touch"}
            return self.reader.fetch(span_of_instants(others))

        return kept_span(self.workspace, self.reader, ask)

    @property
    def _now_of_others(self) -> datetime:
        """``now``, or the latest event that is no touch: from then on nothing else changes."""
        last: datetime | None = self._span_of_others["latest"][0].as_py()
        return min(self.question.now, last or self.question.now)

    def _prepare(self, folder: Path) -> None:
        known = self.facts
        for name in PREPARED:
            path = folder / f"{name}.parquet"
            self.reader.write(prepare(name, known, self.rules, self.question), path)
            known = {**known, name: self.reader.open_file(f"{name}_new", path)}
