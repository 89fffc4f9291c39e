"""Whom an experiment could take in, by the records of the last full months: a start for a plan.

The unit is that in which experiments correct a model: a path that goes through what is tried, and
whether it converted. So somebody who met it in each of three months is one person, not three.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onefunnel.errors import Refused
from onefunnel.funnel.incidence import wilson
from onefunnel.measures.attribution.recorded import Counted, Of
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Answer, Calendar, Crediting, Department, Month
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.freshness import Freshness, Held, compute_freshness, kept_freshness
from onefunnel.workflows.workspace import Workspace

MEASURE = "attribution"
"""The measure that is asked; who may not see its figures is given none."""
MOST_MONTHS = 3
MODEL = "linear"
"""Paths are the same in every model: this one is quick."""
RIGHT_BEFORE = timedelta(microseconds=1)
CONVERTING = {Counted.LEADS: ("lead",), Counted.CUSTOMERS: ("order_line", "deal_event")}
"""The tables that say who converted, one of which is enough."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What an experiment would be about: a channel, campaign or page, and what counts."""

    dimension: Of
    of: str
    counts: Counted


@dataclass(frozen=True, slots=True)
class FullMonths:
    """So many months that are over and that records cover: local days, ``until`` exclusive."""

    since: date
    until: date
    months: int
    last_instant: datetime

    @property
    def last(self) -> date:
        """The last day."""
        return self.until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reachable:
    """Who met it in these months, as the ledger stood at their end, and how many converted.

    They met it: how many would convert without it no record says. Who converts later is not counted
    yet.
    """

    period: FullMonths
    paths: int
    converted: int

    @property
    def people(self) -> float:
        """People a month who meet it."""
        return self.paths / self.period.months

    @property
    def rate(self) -> float:
        """The part of them that converts."""
        return self.converted / self.paths

    @property
    def rate_interval(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson 1927)."""
        return wilson(self.rate, self.paths)


def full_months(
    fresh: Freshness, counts: Counted, now: datetime, calendar: Calendar, grace_days: int
) -> FullMonths | None:
    """The last full months of which touches and what counts are on record, up to three.

    A month is full when it is over, and records begin before and end after it, give or take
    ``grace_days``. None where there is none.
    """
    held = [_held(fresh, ("touch",)), _held(fresh, CONVERTING[counts])]
    spans = [each for each in held if each is not None]
    if len(spans) < len(held):
        return None
    grace = timedelta(days=grace_days)
    first = max(first for first, _ in spans) - grace
    reached = min(now, min(last for _, last in spans) + grace)
    found = list(_back(first, reached, calendar))
    if not found:
        return None
    return FullMonths(
        calendar.local_day(found[-1].start),
        calendar.local_day(found[0].end),
        len(found),
        found[0].end - RIGHT_BEFORE,
    )


def question(tried: Tried, period: FullMonths) -> Asked:
    """What the ledger is asked: the paths of the period, as they stood at its end."""
    return Asked(
        by=(tried.dimension.value,),
        since=period.since,
        until=period.until,
        now=period.last_instant,
        crediting=Crediting(tried.counts.value, (MODEL,)),
    )


def reachable(answer: Answer[AttributionRow], tried: Tried, period: FullMonths) -> Reachable | None:
    """Who could take part, by the answer to :func:`question`.

    None where nobody met it in the period, or nobody at all converted.
    """
    for row in _of_marketing(answer.rows):
        if row.dimensions[tried.dimension] == tried.of and row.paths:
            return Reachable(period, row.paths, row.paths_converted or 0)
    return None


def names(answer: Answer[AttributionRow]) -> tuple[str, ...]:
    """What was met in the period, by most people first."""
    order = sorted(_of_marketing(answer.rows), key=lambda row: -(row.paths or 0))
    named = (next(iter(row.dimensions.values())) for row in order if row.paths)
    return tuple(name for name in named if name is not None)


def ask_reachable(workspace: Workspace, tried: Tried) -> Reachable:
    """Who could take part, worked out now. Refused where no record says."""
    fresh = kept_freshness(workspace) or compute_freshness(workspace)
    kept = workspace.settings
    now, grace = workspace.clock(), kept.server.stale_days
    period = full_months(fresh, tried.counts, now, kept.calendar, grace)
    if period is None:
        raise Refused(
            f"Touches and {tried.counts} are on record of no full month together.", remedy=REMEDY
        )
    found = reachable(ask(workspace, MEASURE, question(tried, period)), tried, period)
    if found is None:
        raise Refused(unmet(tried), remedy=REMEDY)
    return found


REMEDY = "Give people and rate."


def unmet(tried: Tried) -> str:
    """What is said where the last full months tell nothing of what would be tried."""
    what = f"{tried.dimension} {tried.of!r}"
    return f"In the last full months nobody on record met the {what}, or nobody converted."


def _of_marketing(rows: Sequence[AttributionRow]) -> Iterator[AttributionRow]:
    """The rows of the model that was asked for, of what marketing can leave out."""
    return (row for row in rows if (row.model, row.department) == (MODEL, Department.MARKETING))


def _held(fresh: Freshness, tables: Sequence[str]) -> tuple[datetime, datetime] | None:
    """From when to when any of the tables has dated records."""
    held: list[Held] = [fresh.tables[name] for name in tables if name in fresh.tables]
    dated = [(each.first, each.last) for each in held if each.first and each.last]
    spans = [(datetime.fromisoformat(one), datetime.fromisoformat(two)) for one, two in dated]
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def _back(first: datetime, reached: datetime, calendar: Calendar) -> Iterator[Month]:
    """The months before the one that is reached, the latest first, none that began earlier."""
    month = calendar.month_of(calendar.local_day(reached))
    for _ in range(MOST_MONTHS):
        month = calendar.month_of(calendar.local_day(month.start) - timedelta(days=1))
        if month.start < first:
            return
        yield month
