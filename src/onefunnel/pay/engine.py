"""Payout lines: what is due to date, less what was paid.

What is due is worked out anew from all sales, month by month; what was booked is never touched. A
month before the open one is closed: where it would now be paid otherwise, a line in the open month
restates it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from onefunnel.errors import UnknownName, UsageError
from onefunnel.pay.course import Course, Terms
from onefunnel.pay.credits import Lot, Sale, by_id
from onefunnel.pay.families import check_members, families
from onefunnel.pay.lines import Key, Part, PayoutLine, Payouts, Reason, booked
from onefunnel.pay.notes import no_cash, uncounted, unknowns
from onefunnel.pay.periods import DAY, months
from onefunnel.pay.plan import ZERO, Member, Plan
from onefunnel.pay.rounding import CENT
from onefunnel.vocabulary import Calendar, Note
from onefunnel.vocabulary.calendars import GREGORIAN


def payouts(
    plans: Iterable[Plan],
    members: Sequence[Member],
    sales: Iterable[Sale],
    until: date,
    paid: Sequence[PayoutLine] = (),
    *,
    since: date | None = None,
    lots: Sequence[Lot] = (),
    calendar: Calendar = GREGORIAN,
    minor: Decimal = CENT,
) -> Payouts:
    """The new lines of the open months, from ``since`` to ``until``, the last day that counts.

    Each is as if the months before it had been closed on their last days; without ``since`` only
    the month of ``until`` is open. ``sales`` are all since the first plan began, in any order, in
    the currency of the plans; ``lots`` are others that were added up. ``paid`` are all lines booked
    so far. Their amounts and the new ones sum to what is due. A plan or member that is refused
    gets no new line and loses none. Raises UsageError where a plan, a row of a member or a sale
    can't be, where ``paid`` names a plan that is not given, or a month after the first open one.

    >>> from onefunnel.pay.credits import Seller
    >>> from onefunnel.pay.plan import Base, Component, Event, Tier, Unit
    >>> rate = Component("sales", Base.REVENUE, (Tier(ZERO, Decimal("0.03")),))
    >>> first = date(2024, 1, 1)
    >>> plan = Plan("gates", "EUR", first, Event.INVOICE, Unit.MONTH, (rate,))
    >>> sale = Sale("s1", first, Event.INVOICE, (Seller("e1"),), revenue=Decimal(2000))
    >>> (line,) = payouts([plan], [Member("gates", "e1", first)], [sale], first).lines
    >>> line.amount, line.why.code
    (Decimal('60.00'), 'tier')
    """
    open_months = months(calendar, until if since is None else since, until)
    firm = _Firm.of(plans, members, (sales, lots), Terms(until, calendar, minor))
    _check_paid(paid, firm.plans, open_months[0].label)
    standing = booked(paid)
    found: list[PayoutLine] = []
    waiting = set(standing)
    for month in open_months:
        waiting |= firm.come_to(min(month.after - DAY, until))
        settled = sorted(key for key in waiting if not firm.refuses(key))
        waiting.difference_update(settled)
        lines = list(_new_lines(firm, settled, standing, month.label))
        found += lines
        for key, (amount, base) in booked(lines).items():
            was, base_was = standing.get(key, (ZERO, ZERO))
            standing[key] = was + amount, base_was + base
    return firm.told(tuple(found))


def earned(
    plans: Iterable[Plan],
    members: Sequence[Member],
    sales: Iterable[Sale],
    until: date,
    *,
    lots: Sequence[Lot] = (),
    calendar: Calendar = GREGORIAN,
    minor: Decimal = CENT,
) -> Payouts:
    """What is due to date with all that is known, each line booked in the month it is for.

    So it would have been paid, had all been known in time. Raises what :func:`payouts` raises.
    """
    firm = _Firm.of(plans, members, (sales, lots), Terms(until, calendar, minor))
    keys = sorted(firm.come_to(until))
    lines = tuple(
        _line(key, part, key.of_month)
        for key in keys
        if not firm.refuses(key)
        for part in firm.parts(key)
    )
    return firm.told(lines)


@dataclass(slots=True)
class _Firm:
    """The plans by name, each family with its course once it has begun.

    ``refused`` are plans for which nothing is worked out.
    """

    plans: frozenset[str]
    courses: dict[str, Course]
    refused: frozenset[str]
    notes: list[Note] = field(default_factory=list)
    more: list[Note] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        plans: Iterable[Plan],
        members: Sequence[Member],
        sold: tuple[Iterable[Sale], Sequence[Lot]],
        terms: Terms,
    ) -> "_Firm":
        """The firm before its first open month."""
        by_name = families(plans)
        check_members(members)
        known = by_id(sale for sale in sold[0] if sale.day <= terms.until)
        lots = [lot for lot in sold[1] if lot.day <= terms.until]
        events = {sale.event for sale in known.values()} | {lot.event for lot in lots}
        without = {f.name: note for f in by_name if (note := no_cash(f, events)) is not None}
        courses = {
            family.name: Course.of(family, members, known, lots, terms)
            for family in by_name
            if family.name not in without and family.versions[0].first <= terms.until
        }
        begun = min((family.versions[0].first for family in by_name), default=terms.until)
        since: list[Sale | Lot] = [sale for sale in known.values() if sale.day >= begun]
        names = frozenset(family.name for family in by_name)
        told = list(without.values()), list(uncounted([*since, *lots], members))
        return cls(names, courses, frozenset(without), *told)

    def come_to(self, until: date) -> set[Key]:
        """Let it be the end of a day; the keys of which more or less is due than before."""
        return {
            key
            for course in self.courses.values()
            if course.scope.months[0].first <= until
            for key in course.come_to(until)
        }

    def parts(self, key: Key) -> list[Part]:
        """What is due under a key."""
        return self.courses[key.plan].parts(key) if key.plan in self.courses else []

    def refuses(self, key: Key) -> bool:
        """Whether nothing was worked out for the plan or the member of a key."""
        course = self.courses.get(key.plan)
        return key.plan in self.refused or (course is not None and key.employee in course.refused)

    def told(self, lines: tuple[PayoutLine, ...]) -> Payouts:
        """Lines with what was unknown, and what the reader must be told."""
        courses = self.courses.values()
        unknown = [each for course in courses for each in course.book.unknown]
        unknown.sort(key=lambda each: (each.plan, each.component, each.sale_id))
        notes = [*self.notes, *(note for course in courses for note in course.notes)]
        return Payouts(lines, tuple(unknown), (*notes, *self.more, *unknowns(unknown)))


def _new_lines(
    firm: _Firm,
    keys: Iterable[Key],
    standing: Mapping[Key, tuple[Decimal, Decimal]],
    open_month: str,
) -> Iterator[PayoutLine]:
    """The lines that bring each key from what was booked to what is due.

    A key for which nothing was booked has its parts; another has one line with both figures.
    """
    for key in keys:
        parts = firm.parts(key)
        if key not in standing:
            yield from (_line(key, part, open_month) for part in parts)
            continue
        amount = sum((part.amount for part in parts), ZERO)
        base = sum((part.base for part in parts), ZERO)
        was, base_was = standing[key]
        if amount != was or base != base_was:
            figures = {"was": was, "now": amount, "base_was": base_was, "base_now": base}
            why = Reason("continued" if key.of_month == open_month else "restated", figures)
            digests = {part.digest for part in parts}
            same = digests.pop() if len(digests) == 1 else ""
            yield _line(key, Part(amount - was, base - base_was, why, same), open_month)


def _line(key: Key, part: Part, month: str) -> PayoutLine:
    return PayoutLine(
        month=month,
        of_month=key.of_month,
        plan=key.plan,
        employee=key.employee,
        kind=key.kind,
        component=key.component,
        amount=part.amount,
        base=part.base,
        why=part.why,
        digest=part.digest,
    )


def _check_paid(paid: Sequence[PayoutLine], plans: Iterable[str], open_month: str) -> None:
    for line in paid:
        if line.plan not in plans:
            raise UnknownName("plan among those given", line.plan, plans)
        if line.month > open_month:
            raise UsageError(
                f"A line is booked in {line.month}, after the open month {open_month}.",
                remedy="Give a later day, or only the lines booked by then.",
            )
