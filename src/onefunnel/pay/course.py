"""One family of plans, month after month: what is due by the end of each, and what that changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from onefunnel.errors import Refused
from onefunnel.pay.advances import advance
from onefunnel.pay.content import digest
from onefunnel.pay.counting import Book, Staff, count
from onefunnel.pay.credits import Lot, Sale
from onefunnel.pay.earning import Due, Scope, Track, earn
from onefunnel.pay.families import Family, Span
from onefunnel.pay.lines import Key, Kind, Part
from onefunnel.pay.notes import refusal, returns_left
from onefunnel.pay.periods import months
from onefunnel.pay.plan import ZERO, Member
from onefunnel.pay.pooling import share_pools
from onefunnel.pay.tallies import Counted
from onefunnel.vocabulary import Calendar, Note


@dataclass(frozen=True, slots=True)
class Terms:
    """How it is reckoned: the last day that counts, the calendar, the minor unit."""

    until: date
    calendar: Calendar
    minor: Decimal


@dataclass(slots=True)
class Course:
    """What is known of one family by the end of a month, and what is due then.

    ``refused`` are the members for whom nothing could be worked out, with the reason.
    """

    scope: Scope
    book: Book
    spans: tuple[Span, ...]
    names: tuple[str, ...]
    tracks: dict[tuple[int, str, str], Track] = field(default_factory=dict)
    behind: dict[str, int] = field(default_factory=dict)
    done: int = 0
    due: Due = field(default_factory=dict)
    beside: Due = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        family: Family,
        members: Sequence[Member],
        sales: Mapping[str, Sale],
        lots: Iterable[Lot],
        terms: Terms,
    ) -> "Course":
        """The family with the sales that count for it, before its first month."""
        spread = months(terms.calendar, family.versions[0].first, terms.until)
        staff = Staff.of(members, family.name)
        digests = tuple(digest(plan) for plan in family.versions)
        scope = Scope(family, staff, Counted(), spread, digests, terms.calendar, terms.minor)
        names = dict.fromkeys(c.name for plan in family.versions for c in plan.components)
        book = count(family, staff, sales, lots, spread, terms.minor)
        spans = tuple(family.spans(terms.calendar, spread[-1].after))
        return cls(scope, book, spans, tuple(names))

    def come_to(self, until: date) -> set[Key]:
        """Let it be the end of a day in a later month; the keys of which more or less is due."""
        last = max(i for i, month in enumerate(self.scope.months) if month.first <= until)
        touched: dict[str, int] = {}
        for known in self.book.known[self.done : last + 1]:
            for employee, place in self.scope.counted.merge(known).items():
                touched[employee] = min(place, touched.get(employee, place))
        now = replace(self.scope, months=self.scope.months[: last + 1])
        changed: set[Key] = set()
        for employee in sorted(self.scope.staff.members):
            first = min(touched.get(employee, self.done), self.behind.get(employee, self.done))
            changed |= self._earn(now, employee, first)
        self.done = last + 1
        return changed | self._advance(now, until)

    def _earn(self, now: Scope, employee: str, first: int) -> set[Key]:
        """Bring what a member earns up to the last month, anew from the first place on."""
        self.refused.pop(employee, None)
        self.behind.pop(employee, None)
        try:
            for number, span in enumerate(self.spans):
                for name in self._counted_in(now, span, employee):
                    track = self.tracks.setdefault((number, employee, name), Track())
                    earn(now, span, (employee, name), track, first)
        except Refused as refused:
            self.refused[employee] = refused
            self.behind[employee] = first
        return {
            key
            for name in self.names
            for place in range(first, len(now.months))
            if (key := self._settle(now, employee, name, place)) is not None
        }

    def _counted_in(self, now: Scope, span: Span, employee: str) -> list[str]:
        """The components under which a member was ever counted in a span, in its order."""
        versions = [now.family.versions[version] for version in span.versions]
        number = self.spans.index(span)
        return [
            name
            for name in dict.fromkeys(c.name for plan in versions for c in plan.components)
            if (number, employee, name) in self.tracks
            or any((version, name, employee) in now.counted.bases for version in span.versions)
        ]

    def _settle(self, now: Scope, employee: str, name: str, place: int) -> Key | None:
        """Take the parts of a month from all spans that have days in it; the key, if it changes."""
        month = now.months[place].label
        key = Key(now.family.name, employee, Kind.EARNING, name, month)
        parts: list[Part] = []
        for number, span in enumerate(self.spans):
            track = self.tracks.get((number, employee, name))
            places = now.places(span)
            if track is not None and place in places and place - places.start < len(track.parts):
                parts += track.parts[place - places.start]
        if parts == self.due.get(key, []):
            return None
        self.due[key] = parts
        return key

    def _advance(self, now: Scope, until: date) -> set[Key]:
        """Work pools, holdbacks, draws and guarantees out anew; the keys that change."""
        beside: Due = {}
        for span in self.spans:
            share_pools(now, span, beside)
        if any(plan.draw or plan.guarantee or plan.holdback for plan in now.family.versions):
            self._advance_all(now, until, beside)
        keys = {*beside, *self.beside}
        changed = {key for key in keys if beside.get(key, []) != self.beside.get(key, [])}
        self.beside = beside
        return changed

    def _advance_all(self, now: Scope, until: date, beside: Due) -> None:
        by_month: dict[str, dict[str, Decimal]] = {each: {} for each in now.staff.members}
        for key, parts in [*self.due.items(), *beside.items()]:
            if key.employee in by_month:
                months_of = by_month[key.employee]
                before = months_of.get(key.of_month, ZERO)
                months_of[key.of_month] = before + sum((part.amount for part in parts), ZERO)
        for employee in sorted(by_month):
            advance(now, employee, by_month[employee], until, beside)

    def parts(self, key: Key) -> list[Part]:
        """What is due under a key."""
        return self.due.get(key) or self.beside.get(key, [])

    @property
    def notes(self) -> list[Note]:
        """Whom nothing was worked out for, and the returns that were not taken as such."""
        name = self.scope.family.name
        refusals = [refusal(name, each, self.refused[each]) for each in sorted(self.refused)]
        return [*refusals, *returns_left(name, self.book.remarks)]
