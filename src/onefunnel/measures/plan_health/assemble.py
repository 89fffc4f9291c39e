"""The answer of ``plan_health``: each test of each plan, in the order of plans and components."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.rules import Rules
from onefunnel.measures.payouts import assemble as payouts
from onefunnel.measures.payouts.plans import Purse, purses
from onefunnel.measures.plan_health.attainment import Case, Paid, cases, rows_by_employee
from onefunnel.measures.plan_health.days import EPOCH
from onefunnel.measures.plan_health.depths import reaches_of
from onefunnel.measures.plan_health.gaming import by_day, of_closings, of_depths
from onefunnel.measures.plan_health.periods import days_of, labels_of, periods_of
from onefunnel.measures.plan_health.quotas import (
    leverage,
    of_quotas,
    pay_performance,
    unfair_quota,
)
from onefunnel.measures.plan_health.result import PlanHealthRow
from onefunnel.measures.plan_health.rows import About
from onefunnel.pay.families import Family, families
from onefunnel.pay.periods import DAY
from onefunnel.pay.plan import Member
from onefunnel.vocabulary import Note, Question


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[PlanHealthRow, ...], tuple[Note, ...]]:
    """The tests of every plan that has begun; the notes are those of ``payouts``."""
    lines, notes = payouts.assemble(collected, rules, replace(question, start=None, end=None))
    paid = Paid.of(lines, notes)
    found = [
        row
        for purse in purses(question)
        for family in families(purse.plans)
        for row in _Plan(collected, question, purse, family, paid).rows()
    ]
    return tuple(found), notes


class _Plan:
    """A plan, its members, and what the engine says of them."""

    def __init__(
        self, collected: Collected, question: Question, purse: Purse, family: Family, paid: Paid
    ) -> None:
        self.collected, self.question = collected, question
        self.purse, self.family, self.paid = purse, family, paid
        self.about = About(family.name)
        self.periods = periods_of(family, question)
        self.days = days_of(question)

    def rows(self) -> Iterator[PlanHealthRow]:
        """All tests, the plan's own first."""
        if self.paid.refuses(self.family.name):
            yield self.about.refused("at_quota", "refused_plan")
            return
        found = cases(self.family, self.purse.members, self.paid, self.question)
        every = [each for some in found.values() for each in some]
        yield pay_performance(self.about, self.pay(), self.brought())
        yield self.about.refused("pay_mix", "no_fixed_pay")
        yield leverage(self.about, _once(found))
        closed = by_day(self.told("closings"), frozenset(self.members))
        until = (self.question.calendar.local_day(self.question.now) - EPOCH).days
        yield from of_closings(self.about, closed, self.periods, until)
        if not every:
            yield self.about.refused("at_quota", "no_quota")
        yield from self.of_components(found)

    def of_components(self, found: dict[str, list[Case]]) -> Iterator[PlanHealthRow]:
        """The tests of each component: of its quotas, and of its rates."""
        worth = self.potential()
        rising = {(each.plan, each.component) for each in reaches_of(self.purse, self.question)}
        names = dict.fromkeys(c.name for plan in self.family.versions for c in plan.components)
        for name in names:
            about = About(self.family.name, name)
            if name in found:
                yield from of_quotas(about, found[name], len(self.periods))
                yield unfair_quota(about, found[name], worth)
            key = (self.family.name, name)
            sellers = [e for e in self.told("depths") if (e["plan"], e["component"]) == key]
            yield of_depths(about, sellers, key in rising)

    @property
    def members(self) -> dict[str, list[Member]]:
        """The rows of everybody whom the plan pays."""
        return rows_by_employee(self.family.name, self.purse.members)

    def told(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query of the purse, none where it was not asked."""
        table = self.collected.get(f"{query}_{self.purse.name}")
        return [] if table is None else table.to_pylist()

    def pay(self) -> dict[str, float]:
        """What everybody is paid a day for the stretch."""
        first = max(self.days[0], self.family.versions[0].first)
        labels = labels_of(self.question.calendar, first, self.days[1])
        found = {}
        for employee, rows in self.members.items():
            days = self.there(rows)
            if days and not self.paid.refuses(self.family.name, employee):
                who = (self.family.name, employee)
                found[employee] = float(sum(self.paid.pay.get((*who, e), 0) for e in labels)) / days
        return found

    def brought(self) -> dict[str, float]:
        """The contribution a day of who sold something, all of known contribution."""
        sums: dict[str, float] = defaultdict(float)
        unknown: set[str] = set()
        for row in self.told("brought"):
            sums[row["employee_id"]] += row["contribution"] or 0.0
            unknown |= {row["employee_id"]} if row["unknown"] else set()
        return self._a_day({who: each for who, each in sums.items() if who not in unknown})

    def potential(self) -> dict[str, float]:
        """What the leads that members got are worth a day.

        A lead is worth what its segment brought to the company divided by its leads. Who got one of
        a segment of which some contribution is unknown is left out.
        """
        leads: dict[str, int] = defaultdict(int)
        brought: dict[str, float] = defaultdict(float)
        rows = self.collected["got"].to_pylist()
        for row in rows:
            leads[row["segment"]] += row["leads"]
        unknown = set()
        for row in self.told("brought"):
            brought[row["segment"]] += row["contribution"] or 0.0
            unknown |= {row["segment"]} if row["unknown"] else set()
        sums: dict[str, float] = defaultdict(float)
        for row in rows:
            each = row["segment"]
            sums[row["employee_id"]] += row["leads"] * brought[each] / leads[each]
        lost = {row["employee_id"] for row in rows if row["segment"] in unknown}
        return self._a_day({who: each for who, each in sums.items() if who not in lost})

    def _a_day(self, sums: dict[str, float]) -> dict[str, float]:
        days = {employee: self.there(rows) for employee, rows in self.members.items()}
        return {who: each / days[who] for who, each in sums.items() if days.get(who)}

    def there(self, rows: Sequence[Member]) -> int:
        """On how many days of the stretch a member was there."""
        return sum(_days(row, *self.days) for row in rows)


def _days(row: Member, first: date, after: date) -> int:
    end = after if row.last is None else min(row.last + DAY, after)
    return max((end - max(row.first, first)).days, 0)


def _once(found: dict[str, list[Case]]) -> list[Case]:
    """The cases of the first component: pay against the target is of all components together."""
    return next(iter(found.values()), [])
