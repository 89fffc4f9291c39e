"""Close a month: its figures, its pay and its terms stay as they are from then on."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
from ibis.util import gen_name

from onefunnel.errors import Busy, UsageError
from onefunnel.intake import Progress
from onefunnel.ledger.disk.head import Head, read_head
from onefunnel.ledger.disk.system import CLOSING, PAYOUT
from onefunnel.ledger.schema.tables import Table
from onefunnel.ledger.store.batch import Batch
from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import Month
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.asking import FIRST_YEAR, LAST_YEAR, ask, question_of
from onefunnel.workflows.closed import (
    Closed,
    Restated,
    closed_answer,
    closed_month,
    closing_id,
    differing,
    last_closed,
)
from onefunnel.workflows.encoded import Computed, encoded
from onefunnel.workflows.terms import adopt
from onefunnel.workflows.workspace import Workspace

KIND = "close"
PAY = "payouts"
TRIES = 3


def close_month(workspace: Workspace, label: str, by: str, progress: Progress) -> Closed:
    """Close a month of the workspace's calendar, such as ``2024-06`` or ``1403-03``.

    Its answers and the lines of pay that are due by its end are booked in one batch; earlier
    months that are still open are closed with it. Raises UsageError where there is no such month,
    it is not over, or it or a later one is closed; Busy where the ledger changes all the time.
    """
    for _ in range(TRIES):
        head = adopt(workspace)
        month = _month(workspace, label, head)
        answers = [
            _answer(workspace, name, by, month, head, progress)
            for name in measures_that_close()
            for by in MEASURES[name].closed_by
        ]
        lines = _lines(workspace, month, head, progress)
        if _booked(workspace, head, month, by, answers, lines):
            return closed_month(workspace, label)
    raise Busy("Others write to this workspace all the time.", remedy="Try again later.")


def restated(workspace: Workspace, label: str) -> tuple[Restated, ...]:
    """What the records now say otherwise of a closed month, under the terms it was closed with.

    Only what was true by then counts: records that came later about that time, not later events.
    """
    closed = closed_month(workspace, label)
    found: list[Restated] = []
    for name, by in _kept(closed):
        asked = Asked(by, closed.first_day, closed.after_day)
        if (then := closed_answer(workspace, name, asked)) is not None:
            put = replace(asked, now=then.answer.now)
            present = ask(workspace, name, put, under=closed.version)
            found += differing(label, then.answer, present)
    return tuple(found)


def _kept(closed: Closed) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The measures that a month was closed with, and by which dimensions each can be kept."""
    for name in closed.measures:
        yield from ((name, by) for by in MEASURES[name].closed_by)


def months_to_close(workspace: Workspace, first: datetime) -> tuple[Month, ...]:
    """The months since an instant that are over and still open, in order."""
    head = read_head(workspace.ledger)
    last = last_closed(workspace, head)
    now = workspace.clock()
    months = workspace.settings.calendar.months(first, now)
    return tuple(each for each in months if each.end <= now and (not last or each.label > last))


def measures_that_close() -> list[str]:
    """The measures whose answers a closed month keeps; pay is kept line by line."""
    return [name for name, each in MEASURES.items() if each.closes and name != PAY]


def _month(workspace: Workspace, label: str, head: Head) -> Month:
    month = _labelled(workspace, label)
    last = last_closed(workspace, head)
    if last is not None and label <= last:
        raise UsageError(f"The months up to {last} are closed.", remedy="Close a later one.")
    if month.end > workspace.clock():
        raise UsageError(f"The month {label} is not over.", remedy="Close it when it is.")
    return month


def _labelled(workspace: Workspace, label: str) -> Month:
    calendar = workspace.settings.calendar
    try:
        year, number = (int(each) for each in label.split("-"))
        # A Solar year begins 621 years and some months after the Gregorian one.
        offset = 621 if calendar.name == "solar_hijri" else 0
        around = date(year + offset, min(number, 12), 1)
    except ValueError:
        around = None
    if around is not None and FIRST_YEAR <= around.year <= LAST_YEAR:
        begin = calendar.start_of_day(around.replace(year=around.year - 1))
        end = calendar.start_of_day(around.replace(year=around.year + 1))
        for month in calendar.months(begin, end):
            if month.label == label:
                return month
    raise UsageError(f"There is no month {label!r}.", remedy="Write it as 2024-06 or 1403-03.")


def _days(workspace: Workspace, month: Month) -> tuple[date, date]:
    calendar = workspace.settings.calendar
    return calendar.local_day(month.start), calendar.local_day(month.end)


def _answer(
    workspace: Workspace,
    name: str,
    by: tuple[str, ...],
    month: Month,
    head: Head,
    progress: Progress,
) -> Computed:
    progress.step(name, 0, None)
    first, after = _days(workspace, month)
    asked = Asked(by, first, after, as_of=head.version)
    return Computed(ask(workspace, name, asked), question_of(workspace, asked)[0])


def _lines(workspace: Workspace, month: Month, head: Head, progress: Progress) -> list[Any]:
    """The lines of pay of all months up to this one that are not booked yet."""
    if PAY not in MEASURES:
        return []
    progress.step(PAY, 0, None)
    _, after = _days(workspace, month)
    last = last_closed(workspace, head) or ""
    over = month.end - timedelta(microseconds=1)
    answer = ask(workspace, PAY, Asked(until=after, now=over, as_of=head.version))
    return [row for row in answer.rows if last < row.period <= month.label]


def _booked(
    workspace: Workspace,
    head: Head,
    month: Month,
    by: str,
    answers: Sequence[Computed],
    lines: Sequence[Any],
) -> bool:
    """Book it all, unless the ledger has changed since."""
    first, after = _days(workspace, month)
    with workspace.writing() as batch:
        if batch.head != head:
            return False
        at = workspace.clock()
        fixed = {
            "month": month.label,
            "first_day": first,
            "after_day": after,
            "closed_at": at,
            "closed_by": by,
            "version": head.version,
        }
        closing = [
            fixed
            | {
                "closing_id": closing_id(month.label, each.answer.measure, each.question.by),
                "measure": each.answer.measure,
                "answer": json.dumps(encoded(each), ensure_ascii=False),
            }
            for each in answers
        ]
        _put(batch, CLOSING, closing)
        _put(batch, PAYOUT, [_payout(month.label, at, line) for at, line in enumerate(lines)])
        batch.commit(at, KIND, month.label)
    return True


def _payout(month: str, number: int, line: Any) -> dict[str, Any]:
    return {
        "payout_id": f"{month} {number}",
        "month": line.period,
        "of_month": line.of_period,
        "employee_id": line.employee_id,
        "plan": line.plan,
        "kind": line.kind,
        "component": line.component,
        "amount": line.amount,
        "base": line.base,
        "why": line.code,
        "params": json.dumps(dict(line.params), ensure_ascii=False, default=str),
        "digest": line.digest,
        "currency": line.currency,
    }


def _put(batch: Batch, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    made = pa.Table.from_pylist(list(rows), schema=table.arrow_schema)
    loaded = batch.reader.backend.create_table(gen_name(table.name), made, temp=True)
    batch.put(table.name, loaded.mutate(deleted=ibis.literal(False)), table.column_names)
