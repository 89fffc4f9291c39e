"""A question put to a ledger: from local days and names to instants and expressions."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from onefunnel.errors import UsageError
from onefunnel.funnel.base import PREPARED, prepare
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema import Facts, span_of_instants
from onefunnel.vocabulary import Question
from onefunnel.workflows.kept import Collected, kept, kept_folder
from onefunnel.workflows.rules import rules_at
from onefunnel.workflows.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """What a person asks: local days, ``since`` inclusive and ``until`` exclusive, None for open.

    ``horizon_days`` None: the rules' own. ``now`` None: the instant of the latest event; without a
    zone it is local time. ``as_of`` None: the last complete version.
    """

    by: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    horizon_days: int | None = None
    now: datetime | None = None
    as_of: int | None = None


@dataclass(frozen=True)
class Put:
    """What was asked, put to the ledger that a reader sees; each part is made when it is used."""

    workspace: Workspace
    reader: Reader
    asked: Asked

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
        """The funnel rules that the version names."""
        return rules_at(self.workspace, self.reader, self.version)

    @cached_property
    def facts(self) -> Facts:
        """The ledger at the version."""
        return self.reader.facts(self.version)

    @cached_property
    def question(self) -> Question:
        """The question in UTC."""
        asked, calendar = self.asked, self.workspace.settings.calendar
        span = kept(self.workspace.path, self.version, {"span": None}, self._span)["span"]
        now = self._now or span["latest"][0].as_py() or self.workspace.clock()
        first = min(span["earliest"][0].as_py() or now, now)
        return Question(
            now=now,
            start=calendar.start_of_day(asked.since) if asked.since else None,
            end=calendar.start_of_day(asked.until) if asked.until else None,
            by=asked.by,
            horizon_days=asked.horizon_days or self.rules.horizon_days,
            currency=self.workspace.settings.currency,
            months=tuple(calendar.months(first, now)) if "cohort_month" in asked.by else (),
        )

    @cached_property
    def prepared_facts(self) -> Facts:
        """The facts, and beside them what all measures of the funnel share, worked out once."""
        needed = {
            "prepared": PREPARED,
            "now": self.question.now,
            "currency": self.question.currency,
            "rules": self.rules.content_hash,
        }
        folder = kept_folder(self.workspace.path, self.version, needed, self._prepare)
        opened = {n: self.reader.open_file(n, folder / f"{n}.parquet") for n in PREPARED}
        return {**self.facts, **opened}

    @property
    def parameters(self) -> dict[str, str | int | None]:
        """What was asked, as an answer says it."""
        asked = self.asked
        return {
            "by": ",".join(asked.by) or None,
            "from": asked.since.isoformat() if asked.since else None,
            "to": asked.until.isoformat() if asked.until else None,
            "horizon_days": self.question.horizon_days,
            "currency": self.question.currency,
            "rules": self.rules.content_hash,
        }

    def kept(self, measure: str, ask: Callable[[], Collected]) -> Collected:
        """What the engine answered for a measure, asked now if it was not before."""
        needed = {"measure": measure, "rules": self.rules.content_hash, **asdict(self.question)}
        return kept(self.workspace.path, self.version, needed, ask)

    @property
    def _now(self) -> datetime | None:
        now = self.asked.now
        if now is None or now.tzinfo is not None:
            return now
        return now.replace(tzinfo=ZoneInfo(self.workspace.settings.timezone)).astimezone(UTC)

    def _span(self) -> Collected:
        return {"span": self.reader.fetch(span_of_instants(self.facts))}

    def _prepare(self, folder: Path) -> None:
        known = self.facts
        for name in PREPARED:
            path = folder / f"{name}.parquet"
            self.reader.write(prepare(name, known, self.rules, self.question), path)
            known = {**known, name: self.reader.open_file(f"{name}_new", path)}
