"""The answer of the measure ``sellers``: each salesperson's leads, hours and pay."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onefunnel.funnel.collected import Collected
from onefunnel.funnel.rules import Rules
from onefunnel.measures.incentives.assemble import sheet_of
from onefunnel.measures.incentives.hours import of_each
from onefunnel.measures.incentives.leads import UNKNOWN
from onefunnel.measures.incentives.plans import in_force
from onefunnel.measures.incentives.quantities import Quantity, total
from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.measures.incentives.records import records_of
from onefunnel.measures.incentives.result import money
from onefunnel.measures.incentives.sheet import Filled
from onefunnel.measures.sellers.notes import note
from onefunnel.measures.sellers.result import SellersRow
from onefunnel.vocabulary import Note, Question

Answered = tuple[tuple[SellersRow, ...], tuple[Note, ...]]
Hours = Mapping[str, Quantity]


@dataclass(frozen=True, slots=True)
class Counts:
    """The leads of somebody in a segment."""

    leads: int
    worked: int
    won: int


Handed = Mapping[str | None, Mapping[str, Counts]]
"""By whose leads they are (None: nobody's) and segment."""


def assemble(collected: Collected, rules: Rules, question: Question) -> Answered:
    """Rows of each person by segment, unknown last, then one of all; leads of nobody come last.

    Everybody with leads or with hours has rows. Raises InputError where ``incentives.toml`` or a
    plan file can't be read.
    """
    filled = sheet_of(collected, question)
    if filled is None:
        return (), ()
    plans = in_force(question)
    records = records_of(collected, plans.products, plans.stretches)
    hours = of_each(ranges_of(question.terms), records, question)
    handed = _handed(collected)
    paid = _Paid(filled, question)
    people = sorted({*handed, *(hours or {})}, key=lambda name: (name is None, name or ""))
    found = [
        row
        for name in people
        for row in _rows(name, handed.get(name, {}), hours or {}, paid, records.traced)
    ]
    return tuple(found), (*filled.notes, *_notes(handed, hours, paid))


def _rows(
    name: str | None, handed: Mapping[str, Counts], hours: Hours, paid: "_Paid", traced: bool
) -> Iterator[SellersRow]:
    for segment in sorted(handed, key=lambda each: (each == UNKNOWN, each)):
        each = handed[segment]
        worked = each.worked if traced else None
        yield SellersRow(name, segment, each.leads, worked, each.won)
    leads, worked_, won = (
        sum(getattr(each, field) for each in handed.values()) for field in Counts.__slots__
    )
    time = hours.get(name) if name is not None else None
    pay = paid.of(name, handed) if name is not None and traced else None
    yield SellersRow(
        name,
        None,
        leads,
        worked_ if traced else None,
        won,
        hours=None if time is None else time.best,
        hours_low=None if time is None else time.low,
        hours_high=None if time is None else time.high,
        plan=None if name is None else ", ".join(paid.plans(name)) or None,
        pay=None if pay is None else money(pay.best),
        pay_low=None if pay is None else money(pay.low),
        pay_high=None if pay is None else money(pay.high),
    )


class _Paid:
    """What each is paid for the leads that they worked."""

    def __init__(self, filled: Filled, question: Question) -> None:
        self.of_each, ranges = filled.pay_of_each, ranges_of(question.terms)
        self.segments = {each.name: each for each in filled.sheet.segments}
        self.typed = {name for name in self.segments if ranges.of(name).pay_per_win is not None}

    def plans(self, employee: str) -> tuple[str, ...]:
        """The plans that pay somebody."""
        return tuple(plan for plan, who in self.of_each if who in (None, employee))

    def of(self, employee: str, handed: Mapping[str, Counts]) -> Quantity | None:
        """The expected pay; None where something is unknown, or no plan pays them."""
        parts = [self._of_segment(employee, name, each.worked) for name, each in handed.items()]
        known = [each for each in parts if each is not None]
        return total(Quantity.exact(0.0), *known) if len(known) == len(parts) else None

    def _of_segment(self, employee: str, name: str, worked: int) -> Quantity | None:
        if not worked:
            return Quantity.exact(0.0)
        chance, pay = self.segments[name].win_probability, self._per_win(employee, name)
        return None if chance is None or pay is None else _times(worked, chance, pay)

    def _per_win(self, employee: str, name: str) -> Quantity | None:
        if name in self.typed or not self.of_each:
            return self.segments[name].pay_per_win
        found = [
            self.of_each[plan, who][name] for plan, who in self.of_each if who in (None, employee)
        ]
        known = [each for each in found if each is not None]
        return total(*known) if known and len(known) == len(found) else None


def _times(worked: int, chance: Quantity, pay: Quantity) -> Quantity:
    """The pay for so many worked leads; a win may pay less than nothing."""
    ends = [c * p for c in (chance.low, chance.high) for p in (pay.low, pay.high)]
    typed = chance.typed or pay.typed
    return Quantity(worked * chance.best * pay.best, worked * min(ends), worked * max(ends), typed)


def _handed(collected: Collected) -> Handed:
    found: dict[str | None, dict[str, Counts]] = defaultdict(dict)
    for row in collected["handed"].to_pylist():
        counts = Counts(int(row["leads"]), int(row["worked"]), int(row["won"]))
        found[row["seller"]][row["segment"]] = counts
    return found


def _notes(handed: Handed, hours: Hours | None, paid: _Paid) -> Iterator[Note]:
    if hours is None:
        yield note("refused_hours_of_each")
        return
    left = sum(
        each.leads for name, by in handed.items() if name not in hours for each in by.values()
    )
    if left:
        yield note("leads_of_nobody", leads=left)
    unpaid = sum(not paid.plans(name) for name in hours) if paid.of_each else 0
    if unpaid:
        yield note("paid_by_no_plan", employees=unpaid)
