"""What the queries of the paradox and of the incentives give, straight from simulated arrays.

To ask an engine of thousands of months takes a day; this takes minutes, and the measures make of it
what they make of the engine's answers. A test holds both to be the same. It is for companies of one
linear pay plan, whose customers buy once and whose costs are all known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.incidence import Floats, Ints
from onefunnel.measures.incentives.ranges import HISTORY_DAYS
from onefunnel.measures.periods import asked_period, period_before
from onefunnel.simulator import Company
from onefunnel.simulator.deals import amounts
from onefunnel.simulator.delays import DAY, Flags
from onefunnel.simulator.market import markets
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.prices import UNITS, catalogue
from onefunnel.simulator.selling import Outcome
from onefunnel.simulator.spending import spending
from onefunnel.vocabulary import Question


@dataclass(frozen=True)
class Books:
    """The arrays of a company that answers are made of; instants are seconds since its first."""

    company: Company

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The names of the segments, by code."""
        return tuple(each.name for each in self.company.scenario.segments)

    @cached_property
    def hours(self) -> Floats:
        """The hours of each segment's leads."""
        return np.asarray([each.hours for each in self.company.scenario.segments])

    @cached_property
    def came(self) -> tuple[Ints, Ints]:
        """When each lead came before the cut, and its segment."""
        setting = self.company.setting
        found = [
            (atom.entered[2, here], atom.segment[here])
            for atom in markets(setting)
            for here in [np.flatnonzero(atom.entered[2] < setting.end)]
        ]
        at, segment = (np.concatenate(each) for each in zip(*found, strict=True))
        return at, segment

    @cached_property
    def brings(self) -> Mapping[str, Floats]:
        """What each lead brings if it is won, by kind of base."""
        setting, deals = self.company.setting, self.company.selling
        goods = catalogue(setting.scenario)
        price = amounts(setting, deals) / UNITS
        margin = price - goods.unit_cost[deals.product] / UNITS
        none, one = np.zeros(len(deals)), np.ones(len(deals))
        return {"revenue": price, "told": margin, "untold": none, "units": one, "sales": one}

    @cached_property
    def spent(self) -> tuple[Ints, Floats]:
        """The days and amounts of spending."""
        found = spending(self.company.setting)
        return found.day, found.amount / UNITS

    @cached_property
    def employees(self) -> list[dict[str, Any]]:
        """Those of sales."""
        rows = pa.concat_tables(self.company.blocks("employee"))
        kept = rows.filter(pc.equal(rows["department"], "sales"))
        names = ["employee_id", "active_from", "active_to", "weekly_hours"]
        return list(kept.select(names).to_pylist())

    @cached_property
    def targets(self) -> pa.Table:
        """The table of targets."""
        return pa.concat_tables(self.company.blocks("target"))

    def since(self, instant: datetime) -> int:
        """An instant as seconds since the first."""
        return round((instant - self.company.scenario.begins).total_seconds())


def collected(books: Books, question: Question) -> dict[str, pa.Table]:
    """The tables that both measures are assembled from, for a month."""
    return dict(_tables(_AsOf(books, question)))


class _AsOf:
    """What is on record by the question's now."""

    def __init__(self, books: Books, question: Question) -> None:
        self.books, self.question = books, question
        deals, period = books.company.selling, asked_period(question)
        before = period_before(period, question.calendar)
        self.now = books.since(question.now)
        self.start, self.end = books.since(period.start), books.since(period.end)
        self.begun = books.since(before.start)
        self.known = deals.asked_at <= self.now
        self.worked = deals.worked & (deals.opened_at <= self.now)
        over = deals.closed_at <= self.now
        self.won = deals.bought & over
        self.lost = np.isin(deals.outcome, (Outcome.LOST, Outcome.DISQUALIFIED)) & over
        ended = np.where(self.won | self.lost, deals.closed_at, self.now)
        self.seconds = ended - deals.asked_at
        since = books.since(period.end - timedelta(days=HISTORY_DAYS))
        self.looked_at = (deals.asked_at >= since) & (deals.asked_at < self.end)

    def within(self, at: Ints, start: int, end: int) -> Flags:
        """What lies in a period and is on record."""
        return np.asarray((at >= start) & (at < end) & (at <= self.now))

    def by_segment(self, *flags: Flags) -> Iterator[tuple[Any, ...]]:
        """Each segment with how many leads have each flag."""
        for code, name in enumerate(self.books.segments):
            here = self.books.company.selling.segment == code
            yield name, *(int((here & each).sum()) for each in flags)


def _tables(seen: _AsOf) -> Iterator[tuple[str, pa.Table]]:
    books, deals = seen.books, seen.books.company.selling
    names = pa.array(books.segments)
    asked = seen.within(deals.asked_at, seen.start, seen.end)
    here = np.flatnonzero(seen.known & (asked | seen.looked_at))
    ends = {"moved": seen.won, "lost": seen.lost, "censored": ~seen.won & ~seen.lost}
    first = [seen.question.start] * len(here)
    yield (
        "leads",
        pa.table(
            {
                "segment": names.take(pa.array(deals.segment[here])),
                "worked": seen.worked[here].astype(np.int64),
                "seconds": seen.seconds[here],
                "asked": asked[here].astype(np.int64),
                "looked_at": seen.looked_at[here].astype(np.int64),
                **{name: flags[here].astype(np.int64) for name, flags in ends.items()},
                "first_at": pa.array(first, pa.timestamp("us", tz="UTC")),
            }
        ),
    )
    yield "brought", pa.Table.from_pylist(list(_brought(seen)))
    yield "minutes", pa.Table.from_pylist(list(_minutes(seen)))
    yield "traces", pa.table({"traces": [int(seen.known.sum())]})
    yield "undated", pa.table({"leads": [0]})
    named = set((deals.owner[seen.worked] + FIRST_SELLER).tolist())
    sellers = [
        {**each, "sells": int(int(each["employee_id"][1:]) in named)} for each in books.employees
    ]
    yield "sellers", pa.Table.from_pylist(sellers)
    yield "spent", _spent(seen)
    yield from _of_paradox(seen)


def _of_paradox(seen: _AsOf) -> Iterator[tuple[str, pa.Table]]:
    books, deals = seen.books, seen.books.company.selling
    month = seen.question.calendar.month_of(
        seen.question.calendar.local_day(asked_period(seen.question).start)
    )
    targets = books.targets
    yield (
        "targets",
        targets.filter(pc.equal(targets["period"], month.label)).select(
            ["target_id", "department", "measure", "value"]
        ),
    )
    at, segment = books.came
    came = np.bincount(segment[seen.within(at, seen.start, seen.end)], minlength=len(books.hours))
    yield "came", pa.table({"segment": books.segments, "leads": came})
    sold = seen.won & seen.within(deals.closed_at, seen.start, seen.end)
    rows = [
        {
            "segment": name,
            "customers": count,
            "unpriced": 0,
            "uncosted": 0,
            **{
                said: float(books.brings[kind][sold & (deals.segment == code)].sum())
                for said, kind in (("revenue", "revenue"), ("contribution", "told"))
            },
        }
        for code, (name, count) in enumerate(seen.by_segment(sold))
    ]
    yield "achieved", pa.Table.from_pylist(rows)
    yield "buyers", pa.table({"customers": [int(sold.sum())]})
    before = seen.within(deals.asked_at, seen.begun, seen.start)
    counted = list(seen.by_segment(before, before & seen.worked))
    yield (
        "before",
        pa.Table.from_pylist(
            [{"segment": name, "leads": leads, "worked": worked} for name, leads, worked in counted]
        ),
    )


def _brought(seen: _AsOf) -> Iterator[dict[str, Any]]:
    soon = seen.won & seen.looked_at & (seen.seconds <= seen.question.horizon_days * DAY)
    for code, (name, wins) in enumerate(seen.by_segment(soon)):
        here = soon & (seen.books.company.selling.segment == code)
        row: dict[str, Any] = {"segment": name, "wins": wins}
        for kind, values in seen.books.brings.items():
            row |= {f"{kind}_0_{what}": each for what, each in _moments(values[here]).items()}
        yield row


def _minutes(seen: _AsOf) -> Iterator[dict[str, Any]]:
    for code, (name, _) in enumerate(seen.by_segment(seen.worked)):
        here = seen.worked & seen.looked_at & (seen.books.company.selling.segment == code)
        minutes = np.full(int(here.sum()), seen.books.hours[code] * 60.0)
        yield {"segment": name, **_moments(minutes)}


def _moments(values: Floats) -> dict[str, Any]:
    if not len(values):
        return {"n": 0, "sum": None, "var": None, "min": None, "max": None}
    spread = float(values.var(ddof=1)) if len(values) > 1 else None
    ends = float(values.min()), float(values.max())
    return {
        "n": len(values), "sum": float(values.sum()), "var": spread, "min": ends[0], "max": ends[1],
    }  # fmt: skip


def _spent(seen: _AsOf) -> pa.Table:
    day, amount = seen.books.spent
    calendar, begins = seen.question.calendar, seen.books.company.scenario.start
    period = asked_period(seen.question)
    first, after = ((calendar.local_day(each) - begins).days for each in (period.start, period.end))
    total = float(amount[(day >= first) & (day < after)].sum())
    return pa.table({"segment": pa.array([None], pa.string()), "amount": [total], "unknown": [0]})
