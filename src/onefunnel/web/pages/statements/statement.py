"""One person's pay as the page shows it: month by month, line by line, with why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.content import digest
from onefunnel.pay.plan import ZERO, Base, Plan
from onefunnel.web.locale import Words
from onefunnel.web.pages.statements.amounts import Amounts, month_name, number
from onefunnel.web.pages.statements.own import Own
from onefunnel.web.pages.statements.reasons import KIND_NAMES, why
from onefunnel.workflows.closed import Closed

Address = Callable[[PayoutRow], str]
DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: what it pays and for how much of what, why, and the sales behind it if there are any.

    ``of`` is the closed month that it restates, empty for a line of its own month.
    """

    what: Markup
    kind: Markup
    base: str
    amount: str
    why: Markup
    of: Markup
    plan: str
    version: str
    rows: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month: closed (when, and with which ledger version) or open, its sum and its lines."""

    label: str
    name: Markup
    closed: Markup
    total: str
    lines: tuple[LineView, ...]

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return not self.closed


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure at the head of the page, and what stands beneath it."""

    name: Markup
    value: str
    beneath: Markup


def month_views(
    own: Own, closed: Sequence[Closed], words: Words, rows: Address
) -> tuple[MonthView, ...]:
    """The months of somebody's lines, the latest first."""
    shut = {each.month: each for each in closed}
    bases = _bases(own.plans)
    by_month: dict[str, list[PayoutRow]] = {}
    for line in own.lines:
        by_month.setdefault(line.period, []).append(line)
    return tuple(
        MonthView(
            label,
            month_name(label, words),
            _closed(shut[label], words) if label in shut else Markup(""),
            summed(by_month[label], words),
            tuple(_line(each, bases, words, rows) for each in by_month[label]),
        )
        for label in sorted(by_month, reverse=True)
    )


def facts(own: Own, closed: Sequence[Closed], day: date, words: Words) -> tuple[Fact, ...]:
    """To date: the open months, the year, what is held back, what is owed."""
    shut = {each.month for each in closed}
    year = year_of(day, words)
    open_lines = [row for row in own.lines if row.period not in shut]
    found = [
        Fact(
            words.say("Open, so far"),
            summed(open_lines, words),
            _span(open_lines, words),
        ),
        Fact(
            words.say("This year, so far"),
            summed((row for row in own.lines if row.period.startswith(f"{year}-")), words),
            words.say("restatements included"),
        ),
    ]
    held = [row for row in own.lines if row.kind in ("holdback", "release")]
    if held:
        kept = summed(held, words, sign=-1)
        found.append(Fact(words.say("Held back"), kept, words.say("to be released later")))
    owed = _owed(own, words)
    if owed:
        found.append(
            Fact(words.say("Advances to pay back"), owed, words.say("taken from later months"))
        )
    return tuple(found)


def summed(lines: Iterable[PayoutRow], words: Words, sign: int = 1) -> str:
    """The sum of some lines, by currency where there are several; nothing is 0."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, ZERO) + sign * line.amount
    if not sums:
        return words.figures.paid(ZERO)
    return " + ".join(Amounts.of(words, each).money(sums[each]) for each in sorted(sums))


def year_of(day: date, words: Words) -> str:
    """The year of a day in the calendar of the workspace."""
    return words.calendar.month_of(day).label.split("-")[0]


def _span(lines: Iterable[PayoutRow], words: Words) -> Markup:
    """The months of some lines: the first and the last."""
    labels = sorted({line.period for line in lines})
    if not labels:
        return words.say("no open month has a line")
    first, last = month_name(labels[0], words), month_name(labels[-1], words)
    return first if first == last else words.say("{first} to {last}", first=first, last=last)


def _closed(closed: Closed, words: Words) -> Markup:
    return words.say(
        "closed on {day} with ledger version {version}",
        day=words.day(words.calendar.local_day(closed.closed_at)),
        version=words.figures.count(closed.version),
    )


def _bases(plans: Iterable[Plan]) -> Mapping[tuple[str, str], Base]:
    """What components count: by the digest of their version, and by the name of their plan."""
    found: dict[tuple[str, str], Base] = {}
    for plan in sorted(plans, key=lambda each: each.first):
        for component in plan.components:
            found[digest(plan), component.name] = component.base
            found[plan.name, component.name] = component.base
    return found


def _line(
    row: PayoutRow, bases: Mapping[tuple[str, str], Base], words: Words, rows: Address
) -> LineView:
    amounts = Amounts.of(words, row.currency)
    base = bases.get((row.digest, row.component), bases.get((row.plan, row.component)))
    said = why(row.code, row.params, base, amounts)
    kind = words.say(KIND_NAMES.get(row.kind, row.kind))
    return LineView(
        Markup("<bdi>{}</bdi>").format(row.component) if row.component else kind,
        kind,
        amounts.base(row.base, base) if row.base else "",
        amounts.money(row.amount),
        Markup('<span lang="en" dir="ltr">{}</span>').format(row.why) if said is None else said,
        month_name(row.of_period, words) if row.of_period != row.period else Markup(""),
        row.plan,
        row.digest[:DIGEST_SHOWN],
        rows(row) if row.kind == "earning" and row.component else "",
    )


def _owed(own: Own, words: Words) -> str:
    """The balance of advances, as the last line of each plan that speaks of one says."""
    last: dict[str, PayoutRow] = {}
    for row in own.lines:
        if row.kind == "draw" and row.params.get("balance") is not None:
            known = last.get(row.plan)
            if known is None or (row.of_period, row.period) >= (known.of_period, known.period):
                last[row.plan] = row
    owed = {row.currency: number(row.params["balance"]) or ZERO for row in last.values()}
    return " + ".join(Amounts.of(words, each).money(owed[each]) for each in owed if owed[each])
