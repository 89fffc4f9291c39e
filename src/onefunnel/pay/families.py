"""The versions of a plan in order of time, and the stretches in which tiers run on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from onefunnel.errors import Confidential, UsageError
from onefunnel.pay.checks import share_days, wrong
from onefunnel.pay.periods import DAY, Period, period_of
from onefunnel.pay.plan import Member, Plan
from onefunnel.vocabulary import Calendar


@dataclass(frozen=True, slots=True)
class Span:
    """Versions whose tiers run on into each other within a window, and its days."""

    versions: tuple[int, ...]
    first: date
    after: date


@dataclass(frozen=True, slots=True)
class Family:
    """The versions of one plan, by their first day."""

    name: str
    versions: tuple[Plan, ...]

    def at(self, day: date) -> int | None:
        """The place of the version in effect on a day."""
        for place, plan in enumerate(self.versions):
            if plan.runs_on(day):
                return place
        return None

    def latest_in(self, period: Period) -> Plan | None:
        """The last version that is in effect on a day of a period."""
        found = [plan for plan in self.versions if _days(plan, period) is not None]
        return found[-1] if found else None

    def spans(self, calendar: Calendar, after: date) -> Iterator[Span]:
        """Every span that begins before a day, run by run, each in order of time."""
        for run in self._runs():
            unit = self.versions[run[0]].window
            window = period_of(calendar, unit, self.versions[run[0]].first)
            while window.first < after:
                days = {place: _days(self.versions[place], window) for place in run}
                held = [each for each in days.values() if each is not None]
                if held:
                    versions = tuple(place for place in run if days[place] is not None)
                    yield Span(versions, held[0][0], held[-1][1])
                window = period_of(calendar, unit, window.after)

    def _runs(self) -> list[list[int]]:
        """The versions that go on with each other's tiers."""
        runs: list[list[int]] = []
        for place, plan in enumerate(self.versions):
            if runs and not plan.resets:
                runs[-1].append(place)
            else:
                runs.append([place])
        return runs


def families(plans: Iterable[Plan]) -> tuple[Family, ...]:
    """Plans by name, their versions in order.

    Raises UsageError where a plan says what can't be, where two versions are in effect on the same
    day, or where one goes on with tiers that the one before measures by other periods or another
    base.
    """
    named: dict[str, list[Plan]] = {}
    for plan in plans:
        if (fault := next(wrong(plan), None)) is not None:
            raise UsageError(f"The plan {plan.name!r}: {fault.message}", remedy=fault.remedy)
        named.setdefault(plan.name, []).append(plan)
    return tuple(_family(name, named[name]) for name in sorted(named))


def check_members(members: Iterable[Member]) -> None:
    """A quota counts once: Confidential where two rows of a member of one plan share days."""
    rows: dict[tuple[str, str], list[Member]] = {}
    for row in members:
        others = rows.setdefault((row.plan, row.employee), [])
        if any(share_days(row, other) for other in others):
            raise Confidential(
                f"Two rows of {row.employee!r} in the plan {row.plan!r} share days.",
                remedy="End the earlier row the day before the later one.",
            )
        others.append(row)


def _family(name: str, plans: Sequence[Plan]) -> Family:
    versions = tuple(sorted(plans, key=lambda plan: plan.first))
    for before, plan in pairwise(versions):
        if before.last is None or before.last >= plan.first:
            raise UsageError(
                f"Two versions of the plan {name!r} are in effect on {plan.first}.",
                remedy=f"End the earlier one on {plan.first - DAY}.",
            )
        if before.currency != plan.currency or not (plan.resets or _goes_on(before, plan)):
            raise UsageError(
                f"The plan {name!r} changes its currency, periods or bases on {plan.first}.",
                remedy="Write resets = true, and give another currency a plan of its own.",
            )
    return Family(name, versions)


def _goes_on(before: Plan, plan: Plan) -> bool:
    bases = {each.name: (each.base, each.whose) for each in before.components}
    same = all(bases.get(c.name, (c.base, c.whose)) == (c.base, c.whose) for c in plan.components)
    periods = (before.period, before.accumulate) == (plan.period, plan.accumulate)
    return same and periods


def _days(plan: Plan, window: Period) -> tuple[date, date] | None:
    """The days of a window on which a version is in effect: the first, and the one after them."""
    first = max(plan.first, window.first)
    after = window.after if plan.last is None else min(plan.last + DAY, window.after)
    return (first, after) if first < after else None
