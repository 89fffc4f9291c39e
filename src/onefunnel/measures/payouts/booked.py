"""What was booked when months were closed, and how it is written down."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onefunnel.funnel.collected import Collected
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.content import number
from onefunnel.pay.lines import Kind, PayoutLine, Reason, Value
from onefunnel.pay.sentences import sentence
from onefunnel.vocabulary import round_money


@dataclass(frozen=True, slots=True)
class Closed:
    """The lines of closed months with their currencies, and the last closed month, if any."""

    lines: tuple[tuple[PayoutLine, str], ...]
    last: str | None

    def in_currency(self, currency: str) -> list[PayoutLine]:
        """The lines that were booked in a currency."""
        return [line for line, own in self.lines if own == currency]


def closed(collected: Collected) -> Closed:
    """From the queries ``booked`` and ``closed``."""
    rows = collected["booked"].to_pylist()
    months = {row["month"] for row in (*rows, *collected["closed"].to_pylist())}
    lines = tuple((_line(row), row["currency"]) for row in rows)
    return Closed(lines, max(months, default=None))


def records(lines: Iterable[tuple[PayoutLine, str]]) -> list[dict[str, Any]]:
    """Lines as rows of the table ``payout``, numbered by the month they are booked in."""
    numbers: dict[str, int] = {}
    found = []
    for line, currency in lines:
        number_of = numbers[line.month] = numbers.get(line.month, 0) + 1
        found.append(
            {
                "payout_id": f"{line.month} {number_of}",
                "month": line.month,
                "of_month": line.of_month,
                "employee_id": line.employee,
                "plan": line.plan,
                "kind": line.kind.value,
                "component": line.component,
                "amount": line.amount,
                "base": line.base,
                "why": line.why.code,
                "params": json.dumps(texts(line.why.params), ensure_ascii=False),
                "digest": line.digest,
                "currency": currency,
            }
        )
    return found


def row_of(line: PayoutLine, currency: str) -> PayoutRow:
    """A line as the measure answers it."""
    params = texts(line.why.params)
    return PayoutRow(
        period=line.month,
        employee_id=line.employee,
        plan=line.plan,
        line=line.line,
        amount=round_money(line.amount),
        why=sentence(line.why.code, params),
        of_period=line.of_month,
        kind=line.kind.value,
        component=line.component,
        base=round_money(line.base),
        currency=currency,
        code=line.why.code,
        params=params,
        digest=line.digest,
    )


def in_order(rows: Iterable[PayoutRow]) -> list[PayoutRow]:
    """Rows by month, employee and plan, then by what they are about and why."""
    return sorted(rows, key=_order)


def texts(params: Mapping[str, Value]) -> dict[str, str | None]:
    """Figures of a reason as text, in order of their names.

    >>> texts({"rate": Decimal("0.070"), "tier": 2, "value": None})
    {'rate': '0.07', 'tier': '2', 'value': None}
    """
    return {name: _text(params[name]) for name in sorted(params)}


def _text(value: Value) -> str | None:
    if isinstance(value, Decimal):
        return number(value)
    return None if value is None else str(value)


def _line(row: Mapping[str, Any]) -> PayoutLine:
    return PayoutLine(
        month=row["month"],
        of_month=row["of_month"],
        plan=row["plan"],
        employee=row["employee_id"],
        kind=Kind(row["kind"]),
        component=row["component"] or "",
        amount=row["amount"],
        base=row["base"],
        why=Reason(row["why"], json.loads(row["params"])),
        digest=row["digest"] or "",
    )


def _order(row: PayoutRow) -> tuple[str, ...]:
    about = (row.period, row.employee_id, row.plan, row.of_period, row.kind, row.component)
    return (*about, row.code, json.dumps(row.params), str(row.amount))
