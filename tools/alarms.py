"""How often the paradox alarm is right: ``python -m tools.alarms [--companies N]``.

Many companies of each case of :mod:`tools.quarrel` and of three sizes, each of a seed of its own.
A company has a year of records; then three months are asked, one after the other, each on the third
day of the next with what is on record by then. Targets are what a department does in an ordinary
month, less a tenth (see :mod:`onefunnel.simulator.targets`): so both departments meet them in most
months, in a healthy company as in one in conflict, and the alarm is put to the test in both.

What counts as found:

- by the **alarm**: in one of the three months it rises in a segment that the truth says is
  neglected, in that a tenth or more of what the hours could bring there is missed;
- by the **split**: each planted cause is told in one of the three months, in that the interval of
  its cost lies above a hundredth of what all leads could bring;
- by the **director**: either, since both stand on one page for one month.

The alarm holds the leads that were worked against the best use of the hours *there are*. Where only
hours are missing they are used as well as can be: no segment is neglected, an alarm would be false,
and the split alone can find the cause. Where the hours are misused, or nobody follows up, both can.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa

from onefunnel.funnel.incidence import wilson
from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import TABLES, Facts, over
from onefunnel.measures.incentives.alarm import Light
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.paradox.assemble import MATERIAL
from onefunnel.measures.paradox.result import ParadoxRow
from onefunnel.measures.registry import measure
from onefunnel.simulator import SCENARIOS, Company, Scenario, simulate
from onefunnel.simulator.quarrel import quarrel
from onefunnel.simulator.scenarios import STEPS, channels
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.truth import MonthValues
from onefunnel.vocabulary import Month, Question
from tools.collected import Books, collected
from tools.quarrel import CASES, CAUSES, HORIZON, NEEDED, NEVER, terms
from tools.recovery import PAGE, facts_of, placed

SIZES = (200, 500, 2_000)
"""Leads that sales gets in a month."""
COMPANIES = 60
YEAR, ASKED = 12, 3
"""The months before the first that is asked, and the months asked."""
LATER = timedelta(days=2)
"""After a month has ended, when it is asked."""
TOLD = 0.01
"""A cost is told where its interval lies above this part of what all leads could bring."""
LIKELY = tuple(replace(each, move=0.95) for each in STEPS[:2])
"""Most persons become leads here, so that a company of many leads is quickly made."""
FIRST_SEED, SEEDS_A_CASE = 10_000, 1_000
"""The seeds of the report; those below are for trying things out."""
UNREAD = ("touch", "advocacy", "indicator", "activity")
"""Tables that the measures can do without here."""
A_MONTH = 365.25 / 12

BEGINS = "<!-- Written by `python -m tools.alarms`; change the code, not these figures. -->"
ENDS = "<!-- Here the rates of alarms end. -->"


@dataclass(frozen=True, slots=True)
class SegmentSeen:
    """A segment in a month: whether both departments are green, the alarm, and the truth."""

    segment: str
    green: bool
    alarm: bool
    neglected: bool


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """A month of a company: its segments, and the causes whose cost is told."""

    month: str
    segments: tuple[SegmentSeen, ...]
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a company in the months asked."""

    case: str
    size: int
    months: tuple[MonthSeen, ...]

    @property
    def segments(self) -> tuple[SegmentSeen, ...]:
        """Those of all months."""
        return tuple(each for month in self.months for each in month.segments)

    @property
    def alarmed(self) -> bool:
        """Whether an alarm rose in a segment that is neglected."""
        return any(each.alarm and each.neglected for each in self.segments)

    @property
    def split(self) -> bool:
        """Whether each planted cause was told."""
        return set(CASES[self.case][2]) <= {cause for month in self.months for cause in month.told}

    @property
    def found(self) -> bool:
        """Whether a director could see the conflict."""
        return self.alarmed or self.split

    @property
    def wrongly(self) -> int:
        """The months in which a cost was told that was not planted."""
        return sum(bool(month.told - set(CASES[self.case][2])) for month in self.months)


def scenario(case: str, size: int, seed: int) -> Scenario:
    """A company of a case and size; the seed says in which month of the year it begins."""
    name, conflicts, _ = CASES[case]
    start = date(2022, 1 + seed % 12, 1)
    months = start.month - 1 + YEAR + ASKED
    over = date(start.year + months // 12, 1 + months % 12, 1)
    made = SCENARIOS[name](
        seed=seed,
        start=start,
        days=(over - start + LATER).days,
        channels=channels(6),
        campaigns_per_channel=3,
        steps=(*LIKELY, *STEPS[2:4], *NEVER),
        touches_per_person=2.0,
        several=0.0,
        twice=0.0,
        reorder=0.0,
    ).with_conflicts(**conflicts)
    a_month = Setting(made).leads_a_day * A_MONTH
    return replace(made, touches=round(made.touches * size / a_month))


def seen(case: str, size: int, seed: int) -> Seen:
    """What a director sees of a company."""
    company = simulate(scenario(case, size, seed))
    over = [each for each in company.setting.months if each.end + LATER <= company.scenario.now]
    truth = {each.month: each for each in quarrel(company.setting, company.selling).months}
    found = tuple(
        MonthSeen(month.label, tuple(_segments(paradox, truth[month.label])), _told(whole))
        for month, paradox, whole in answers(company, over[-ASKED:])
    )
    return Seen(case, size, found)


def answers(
    company: Company, months: Iterable[Month]
) -> Iterator[tuple[Month, tuple[ParadoxRow, ...], IncentivesRow]]:
    """The answers of both measures for each month, with what is on record soon after it."""
    books, rules = Books(company), default_rules()
    for month in months:
        question = asked_of(company, month)
        found = collected(books, question)
        rows, _ = measure("paradox").assemble(found, rules, question)
        yield month, rows, measure("incentives").assemble(found, rules, question)[0][-1]


def asked_of(company: Company, month: Month) -> Question:
    """What is asked of a month, soon after it."""
    return Question(
        now=month.end + LATER,
        start=month.start,
        end=month.end,
        currency=company.scenario.money,
        horizon_days=HORIZON,
        terms=terms(company),
        calendar=company.scenario.calendar,
    )


def on_record(company: Company, question: Question) -> dict[str, pa.Table]:
    """What an engine answers, in place of :func:`tools.collected.collected`."""
    engine, rules = ibis.duckdb.connect(), default_rules()
    try:
        known = _by_now(sales_facts(engine, company, question), question)
        both = (measure(name).queries(known, rules, question) for name in ("paradox", "incentives"))
        # Queries of one name are the same in both.
        queries = over(*both)
        return {name: queries[name].to_pyarrow() for name in queries}
    finally:
        engine.disconnect()


def sales_facts(engine: Any, company: Company, asked: Question) -> Facts:
    """What there is on leads and sales; tables that no measure reads here are empty."""
    needed = [name for name in NEEDED if name not in UNREAD]
    facts = facts_of(engine, company, asked, needed, prepared=())
    schemas = {name: TABLES[name].arrow_schema for name in UNREAD}
    empty = {n: engine.create_table(n, each.empty_table()) for n, each in schemas.items()}
    return {**facts, **empty}


def _by_now(facts: Facts, question: Question) -> Facts:
    """Without the deals that open later: they bear no instant of their own."""
    events = facts["deal_event"]
    begun = events.filter(events.occurred_at <= ibis.literal(question.now))
    return {**facts, "deal": facts["deal"].semi_join(begun, "deal_id")}


def _segments(rows: Iterable[ParadoxRow], truth: MonthValues) -> Iterator[SegmentSeen]:
    known = {each.segment: each for each in truth.segments}
    for row in rows:
        real = known[row.segment]
        green = row.marketing is Light.GREEN and row.sales is Light.GREEN
        neglected = real.best > 0.0 and real.best - real.actual >= MATERIAL * real.best
        yield SegmentSeen(row.segment, green, row.alarm, neglected)


def _told(whole: IncentivesRow) -> frozenset[str]:
    least = TOLD * float(whole.v_unlimited or 0)
    lows = {cause: getattr(whole, f"{cause}_low") for cause in CAUSES}
    return frozenset(cause for cause, low in lows.items() if low is not None and low > least)


def measured(
    companies: int = COMPANIES,
    cases: Iterable[str] = CASES,
    sizes: Iterable[int] = SIZES,
    first_seed: int = FIRST_SEED,
) -> Iterator[Seen]:
    """So many companies of each case and size."""
    sizes = tuple(sizes)
    for case in cases:
        first = first_seed + list(CASES).index(case) * SEEDS_A_CASE
        for size in sizes:
            for seed in range(first, first + companies):
                yield seen(case, size, seed)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many."""

    some: int
    all: int

    @staticmethod
    def of(flags: Iterable[bool]) -> "Share":
        """The share of those that hold."""
        given = list(flags)
        return Share(sum(given), len(given))

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.some / self.all if self.all else 0.0

    def __str__(self) -> str:
        if not self.all:
            return "none"
        low, high = wilson(self.value, self.all)
        return f"{100 * self.value:.1f} % [{100 * low:.1f}–{100 * high:.1f}]"


def false_alarms(found: Iterable[Seen]) -> Share:
    """Of the segment-months in which nothing is neglected, those with an alarm."""
    return Share.of(
        each.alarm for company in found for each in company.segments if not each.neglected
    )


COLUMNS: dict[str, Callable[[Sequence[Seen]], Share]] = {
    "both green": lambda found: Share.of(e.green for each in found for e in each.segments),
    "segment-months with an alarm": lambda found: Share.of(
        e.alarm for each in found for e in each.segments
    ),
    "of those not neglected": false_alarms,
    "by the alarm": lambda found: Share.of(each.alarmed for each in found),
    "by the split": lambda found: Share.of(each.split for each in found),
    "by the director": lambda found: Share.of(each.found for each in found),
    "months with a cost not planted": lambda found: Share(
        sum(each.wrongly for each in found), sum(len(each.months) for each in found)
    ),
}
FINDS = ("by the alarm", "by the split", "by the director")


def report(found: Sequence[Seen]) -> list[str]:
    """The rates as lines of Markdown, by case and size."""
    lines = [f"| case | leads a month | companies | {' | '.join(COLUMNS)} |"]
    lines.append("|---|---|---|" + "---|" * len(COLUMNS))
    for case in dict.fromkeys(each.case for each in found):
        of_case = [each for each in found if each.case == case]
        for size in dict.fromkeys(each.size for each in of_case):
            part = [each for each in of_case if each.size == size]
            shares = (
                "–" if name in FINDS and not CASES[case][2] else str(column(part))
                for name, column in COLUMNS.items()
            )
            lines.append(f"| `{case}` | {size:,} | {len(part)} | {' | '.join(shares)} |")
    return lines


def page(found: Sequence[Seen], text: str) -> str:
    """The page with these rates in their place."""
    return placed(text, BEGINS, ENDS, report(found))


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="How often the paradox alarm is right.")
    parser.add_argument("--companies", type=int, default=COMPANIES, help="of each case and size")
    found = list(measured(parser.parse_args().companies))
    print("\n".join(report(found)))
    PAGE.write_text(page(found, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
