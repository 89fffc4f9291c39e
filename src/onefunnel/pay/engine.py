"""Payout lines: what is due to date, less what was paid.

What is due is worked out anew from all sales, month by month; what was booked is never touched. A
month before the open one is closed: where it would now be paid otherwise, a line in the open month
restates it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from onefunnel.errors import Refused, UnknownName, UsageError
from onefunnel.pay.advances import advance
from onefunnel.pay.content import digest
from onefunnel.pay.counting import Staff, count
from onefunnel.pay.credits import Sale, by_id
from onefunnel.pay.earning import Due, Scope, earn
from onefunnel.pay.families import Family, check_members, families
from onefunnel.pay.lines import Key, Part, PayoutLine, Payouts, Reason, Unknown, booked
from onefunnel.pay.notes import no_cash, refusal, returns_left, uncounted, unknowns
from onefunnel.pay.periods import month_of, months
from onefunnel.pay.plan import ZERO, Member, Plan
from onefunnel.pay.pooling import share_pools
from onefunnel.pay.rounding import CENT
from onefunnel.vocabulary import Calendar, Note

GREGORIAN = Calendar()


@dataclass(slots=True)
class _Found:
    """What the families give; ``refused`` are plans, or a plan and one of its employees."""

    due: Due = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refused: set[tuple[str, str | None]] = field(default_factory=set)

    def refuses(self, key: Key) -> bool:
        """Whether nothing was worked out for the plan or the member of a key."""
        return not self.refused.isdisjoint(((key.plan, None), (key.plan, key.employee)))


def payouts(
    plans: Iterable[Plan],
    members: Sequence[Member],
    sales: Iterable[Sale],
    until: date,
    paid: Sequence[PayoutLine] = (),
    *,
    calendar: Calendar = GREGORIAN,
    minor: Decimal = CENT,
) -> Payouts:
    """The new lines of the month that holds ``until``, the last day that counts.

    ``sales`` are all since the first plan began, in any order, in the currency of the plans;
    ``paid`` all lines booked so far. Their amounts and the new ones sum to what is due. A plan or
    member that is refused gets no new line and loses none. Raises UsageError where a plan, a row
    of a member or a sale can't be, where ``paid`` names a plan that is not given, or a month after
    the open one.

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
    open_month = month_of(calendar, until).label
    by_name = families(plans)
    _check_paid(paid, {family.name for family in by_name}, open_month)
    found = _find(by_name, members, sales, _Terms(until, calendar, minor))
    lines = tuple(_new_lines(found, booked(paid), open_month))
    return Payouts(lines, _in_order(found.unknown), tuple(found.notes))


def earned(
    plans: Iterable[Plan],
    members: Sequence[Member],
    sales: Iterable[Sale],
    until: date,
    *,
    calendar: Calendar = GREGORIAN,
    minor: Decimal = CENT,
) -> Payouts:
    """What is due to date with all that is known, each line booked in the month it is for.

    So it would have been paid, had all been known in time. Raises what :func:`payouts` raises.
    """
    found = _find(families(plans), members, sales, _Terms(until, calendar, minor))
    lines = tuple(
        _line(key, part, key.of_month)
        for key in sorted(found.due)
        for part in found.due[key]
        if not found.refuses(key)
    )
    return Payouts(lines, _in_order(found.unknown), tuple(found.notes))


@dataclass(frozen=True, slots=True)
class _Terms:
    """How it is reckoned: the last day that counts, the calendar, the minor unit."""

    until: date
    calendar: Calendar
    minor: Decimal


def _find(
    by_name: Sequence[Family], members: Sequence[Member], sales: Iterable[Sale], terms: _Terms
) -> _Found:
    check_members(members)
    known = by_id(sale for sale in sales if sale.day <= terms.until)
    found = _Found()
    for family in by_name:
        if (note := no_cash(family, known.values())) is not None:
            found.notes.append(note)
            found.refused.add((family.name, None))
        elif family.versions[0].first <= terms.until:
            _find_in(family, Staff.of(members, family.name), known, terms, found)
    found.notes.extend(uncounted(known.values(), members))
    found.notes.extend(unknowns(found.unknown))
    return found


def _find_in(
    family: Family, staff: Staff, sales: Mapping[str, Sale], terms: _Terms, found: _Found
) -> None:
    """Add what one family gives."""
    spread = months(terms.calendar, family.versions[0].first, terms.until)
    counted = count(family, staff, sales, spread, terms.minor)
    digests = tuple(digest(plan) for plan in family.versions)
    scope = Scope(family, staff, counted, spread, digests, terms.calendar, terms.minor)
    spans = tuple(family.spans(terms.calendar, spread[-1].after))
    due: Due = {}
    for employee in sorted(staff.members):
        try:
            for span in spans:
                earn(scope, span, employee, due)
        except Refused as refused:
            found.refused.add((family.name, employee))
            found.notes.append(refusal(family.name, employee, refused))
    for span in spans:
        share_pools(scope, span, due)
    if any(plan.draw or plan.guarantee or plan.holdback for plan in family.versions):
        _advance_all(scope, terms.until, due)
    found.due |= due
    found.unknown += counted.unknown
    found.notes += returns_left(family.name, counted.remarks)


def _advance_all(scope: Scope, until: date, due: Due) -> None:
    by_month: dict[str, dict[str, Decimal]] = {each: {} for each in scope.staff.members}
    for key, parts in due.items():
        if key.employee in by_month:
            months_of = by_month[key.employee]
            before = months_of.get(key.of_month, ZERO)
            months_of[key.of_month] = before + sum((part.amount for part in parts), ZERO)
    for employee in sorted(by_month):
        advance(scope, employee, by_month[employee], until, due)


def _new_lines(
    found: _Found, paid: Mapping[Key, tuple[Decimal, Decimal]], open_month: str
) -> Iterator[PayoutLine]:
    """The lines that bring each key from what was booked to what is due.

    A key for which nothing was booked has its parts; another has one line with both figures.
    """
    for key in sorted({*found.due, *paid}):
        if found.refuses(key):
            continue
        parts = found.due.get(key, [])
        if key not in paid:
            yield from (_line(key, part, open_month) for part in parts)
            continue
        amount = sum((part.amount for part in parts), ZERO)
        base = sum((part.base for part in parts), ZERO)
        was, base_was = paid[key]
        if amount != was or base != base_was:
            figures = {"was": was, "now": amount, "base_was": base_was, "base_now": base}
            why = Reason("continued" if key.of_month == open_month else "restated", figures)
            digests = {part.digest for part in parts}
            standing = digests.pop() if len(digests) == 1 else ""
            yield _line(key, Part(amount - was, base - base_was, why, standing), open_month)


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


def _check_paid(paid: Sequence[PayoutLine], plans: set[str], open_month: str) -> None:
    for line in paid:
        if line.plan not in plans:
            raise UnknownName("plan among those given", line.plan, plans)
        if line.month > open_month:
            raise UsageError(
                f"A line is booked in {line.month}, after the open month {open_month}.",
                remedy="Give a later day, or only the lines booked by then.",
            )


def _in_order(unknown: Iterable[Unknown]) -> tuple[Unknown, ...]:
    return tuple(sorted(unknown, key=lambda each: (each.plan, each.component, each.sale_id)))
