"""What the pages of scorecards are made of, as far as it is worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from onefunnel.measures.scorecard.cards import cards_of
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.measures.scorecard.understanding import Standing
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Calendar, Terms
from onefunnel.web.jobs import freshness, roster
from onefunnel.web.jobs.questions import look_up
from onefunnel.web.jobs.roster import Worker
from onefunnel.web.pages.scorecards.understood import standings
from onefunnel.web.pages.scorecards.whose import Looker
from onefunnel.web.pages.statements.own import readable_plans
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace

MEASURE = "scorecard"
MONTHS = 6


@dataclass(frozen=True)
class Measured:
    """All scorecards with their results; what of them is shown is decided by ``looker``."""

    computed: Computed
    cards: tuple[Scorecard, ...]
    unreadable: int
    workers: tuple[Worker, ...]
    looker: Looker
    targets: Mapping[str, Decimal]
    day: date

    @property
    def version(self) -> int:
        """The ledger version that it is of."""
        return self.computed.answer.ledger_version

    def seen(self) -> tuple[Scorecard, ...]:
        """The scorecards that may be seen."""
        return tuple(each for each in self.cards if self.looker.sees(each))

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Whether each of all scorecards is in effect, by file."""
        return standings(self.cards, self.workers, self.targets, self.day)

    def rows(self, card: Scorecard) -> tuple[ScorecardRow, ...]:
        """The results of one scorecard, month by month."""
        return tuple(row for row in self.computed.answer.rows if row.scorecard == card.file)


def look(workspace: Workspace, person: Person) -> Measured | Job:
    """Scorecards and their results where they are worked out already, else a job to wait for."""
    held = freshness.look(workspace, person)
    if isinstance(held, Job):
        return held
    latest = held.latest and datetime.fromisoformat(held.latest)
    calendar = workspace.settings.calendar
    day = calendar.local_day(latest or workspace.clock())
    asked = look_up(workspace, {MEASURE: (MEASURE, asked_until(day, calendar))}, person)
    workers = roster.look(workspace, person)
    if asked.missing:
        return asked.missing[0]
    if isinstance(workers, Job):
        return workers
    terms = current_terms(workspace)
    cards, bad = cards_of(terms)
    looker = Looker.of(person, workers)
    found = asked.found[MEASURE]
    return Measured(found, cards, len(bad), workers, looker, target_pays(terms, day), day)


def asked_until(day: date, calendar: Calendar) -> Asked:
    """The last whole months before a day."""
    until = calendar.local_day(calendar.month_of(day).start)
    since = until
    for _ in range(MONTHS):
        month = calendar.month_of(date.fromordinal(since.toordinal() - 1))
        since = calendar.local_day(month.start)
    return Asked(since=since, until=until)


def target_pays(terms: Terms, day: date) -> dict[str, Decimal]:
    """Target pay by employee, where a pay plan names one for a day; the last plan's counts."""
    files, _ = readable_plans(terms)
    return {
        row.employee: row.target
        for each in files
        for row in each.members
        if row.target is not None and row.works_on(day)
    }
