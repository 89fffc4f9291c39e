"""The measure ``payouts``: from credited sales and what was booked to the lines of every month."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.errors import UsageError
from onefunnel.funnel.collected import Collected
from onefunnel.funnel.notes import note as funnel_note
from onefunnel.funnel.rules import Rules
from onefunnel.measures.payouts.book import Book, book
from onefunnel.measures.payouts.booked import Closed, closed, in_order, records, row_of
from onefunnel.measures.payouts.notes import not_whole, note
from onefunnel.measures.payouts.plans import Purse, plan_files, purses
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.engine import payouts
from onefunnel.pay.lines import PayoutLine
from onefunnel.pay.periods import DAY, Period, month_called, month_of, months
from onefunnel.vocabulary import Note, Question

Lines = list[tuple[PayoutLine, str]]
"""Lines with the currency of each."""


def assemble(
    collected: Collected, rules: Rules, question: Question
) -> tuple[tuple[PayoutRow, ...], tuple[Note, ...]]:
    """Every line of pay of the months that lie in the period, in order.

    Closed months are as they were booked. The months after them up to the one of ``now`` are as if
    closed one after the other: what changed for closed ones stands in the first of them.
    """
    shut = closed(collected)
    today = question.calendar.local_day(question.now)
    lines, notes = _open_lines(collected, question, shut, today)
    here = month_of(question.calendar, today).label
    booked = [each for each in shut.lines if each[0].month <= here]
    shown = _shown(question, [*booked, *lines])
    rows = in_order(row_of(line, currency) for line, currency in shown)
    return tuple(rows), tuple(dict.fromkeys([*notes, *_without_day(collected)]))


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked for a month: rows of the table ``payout``, and what must be told."""

    records: tuple[dict[str, object], ...]
    notes: tuple[Note, ...]


def to_book(collected: Collected, question: Question, month: str) -> Booking:
    """The rows of the table ``payout`` that closing a month adds.

    It is the first open month or, where more are closed at once, a later one; then the months
    before it have their rows too. Sales after it don't count. Raises UsageError where it is closed,
    not over by ``question.now``, or no month in which a plan was in effect.
    """
    shut = closed(collected)
    if shut.last is not None and month <= shut.last:
        raise UsageError(f"The months up to {shut.last} are closed.", remedy="Give a later one.")
    last = _last_day(question, month)
    lines, notes = _open_lines(collected, question, shut, last)
    return Booking(tuple(records(lines)), tuple(dict.fromkeys(notes)))


def _last_day(question: Question, label: str) -> date:
    for purse in purses(question):
        for month in _spread(question, purse, question.calendar.local_day(question.now)):
            if month.label == label:
                if question.calendar.start_of_day(month.after) > question.now:
                    raise UsageError(f"The month {label} is not over.", remedy="Wait for its end.")
                return month.after - DAY
    raise UsageError(f"No plan was in effect in {label}.", remedy="Give a month of a plan.")


def _open_lines(
    collected: Collected, question: Question, shut: Closed, until: date
) -> tuple[Lines, list[Note]]:
    """The lines of the open months up to the one of a day, and what must be told."""
    found: Lines = []
    notes = [] if plan_files(question) else [note("no_pay_plan")]
    known = purses(question)
    notes += _gone(known, shut)
    for purse in known:
        open_months = [
            month
            for month in _spread(question, purse, until)
            if shut.last is None or month.label > shut.last
        ]
        moved = _moved(purse, shut)
        notes += [each for _, each in moved]
        standing = _without(purse, {plan for plan, _ in moved})
        if open_months and standing.plans:
            lines, more = _lines_of(collected, question, standing, shut, (open_months[0], until))
            found += [(line, purse.currency) for line in lines]
            notes += more
    return found, notes


def _lines_of(
    collected: Collected,
    question: Question,
    purse: Purse,
    shut: Closed,
    days: tuple[Period, date],
) -> tuple[tuple[PayoutLine, ...], list[Note]]:
    table = collected.get(purse.name)
    sold = Book((), ()) if table is None else book(table, purse, question.calendar)
    names = {plan.name for plan in purse.plans}
    result = payouts(
        purse.plans,
        purse.members,
        sold.sales,
        days[1],
        [line for line in shut.in_currency(purse.currency) if line.plan in names],
        since=days[0].first,
        lots=sold.lots,
        calendar=question.calendar,
        minor=purse.minor,
    )
    without_rate = () if table is None else _without_rate(table)
    return result.lines, [*result.notes, *not_whole(sold.not_whole), *without_rate]


def _spread(question: Question, purse: Purse, until: date) -> tuple[Period, ...]:
    """The months from the first of a purse's plans to the one of a day."""
    if purse.first > until:
        return ()
    return months(question.calendar, purse.first, until)


def _gone(known: tuple[Purse, ...], shut: Closed) -> Iterator[Note]:
    """The plans that closed months were paid by and that are no longer there."""
    there = {plan.name for purse in known for plan in purse.plans}
    for plan in sorted({line.plan for line, _ in shut.lines} - there):
        yield note("plan_gone", plan=plan)


def _moved(purse: Purse, shut: Closed) -> list[tuple[str, Note]]:
    """The plans of a purse that were booked in another currency, and the refusal of each."""
    names = {plan.name for plan in purse.plans}
    other = {
        (line.plan, currency)
        for line, currency in shut.lines
        if line.plan in names and currency != purse.currency
    }
    return [
        (
            plan,
            note("refused_plan_currency", plan=plan, currency=purse.currency, booked=currency),
        )
        for plan, currency in sorted(other)
    ]


def _without(purse: Purse, refused: set[str]) -> Purse:
    return replace(purse, plans=tuple(plan for plan in purse.plans if plan.name not in refused))


def _without_rate(table: pa.Table) -> Iterator[Note]:
    """How many sales are in a currency for which there is no rate."""
    lacking = pc.and_(table["priced"], pc.is_null(table["revenue"]))
    lines = pc.count_distinct(table.filter(lacking)["sale_id"]).as_py()
    if lines:
        yield funnel_note("unconvertible_lines", lines=lines)


def _without_day(collected: Collected) -> Iterator[Note]:
    (row,) = collected["undated"].to_pylist()
    if row["lines"]:
        yield funnel_note("rows_without_instant", table="order_line", rows=row["lines"])


def _shown(question: Question, lines: Lines) -> Lines:
    """The lines that are booked in the months that lie in the period."""
    if question.start is None and question.end is None:
        return lines
    inside = {each[0].month for each in lines if _lies_in(question, each[0].month)}
    return [each for each in lines if each[0].month in inside]


def _lies_in(question: Question, label: str) -> bool:
    month = month_called(question.calendar, label)
    begin, end = (question.calendar.start_of_day(each) for each in (month.first, month.after))
    after_start = question.start is None or begin >= question.start
    return after_start and (question.end is None or end <= question.end)
