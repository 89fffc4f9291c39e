"""What was counted, by month: sums that grow as more becomes known, and lose what is withdrawn."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from onefunnel.pay.plan import ZERO, Whose

COMPANY = ""
"""Whose the company's margin is, among employees."""


@dataclass(slots=True)
class Monthly:
    """Sums by the place of their month, and how many entries each is of.

    >>> known, more = Monthly(), Monthly()
    >>> known.add(3, Decimal(5)), more.add(3, Decimal(-5), -1)
    (None, None)
    >>> known.merge(more), known.sums
    (3, {})
    """

    sums: dict[int, Decimal] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)

    def add(self, place: int, value: Decimal, entries: int = 1) -> None:
        """Add to a month; ``entries`` is -1 where an entry is withdrawn."""
        self.sums[place] = self.sums.get(place, ZERO) + value
        self.entries[place] = self.entries.get(place, 0) + entries

    def merge(self, more: "Monthly") -> int:
        """Add what another one has; the first place at which this one changes.

        A month all of whose entries are withdrawn is no longer there.
        """
        for place, value in more.sums.items():
            self.add(place, value, more.entries[place])
            if not self.entries[place]:
                del self.sums[place], self.entries[place]
        return min(more.sums)

    def any_in(self, places: range) -> bool:
        """Whether some of the months are there."""
        return any(place in places for place in self.sums)


@dataclass(slots=True)
class Counted:
    """The bases of one family, by the place of the month and of the version.

    ``bases`` are keyed by version, component and employee, ``measures`` by version, whose, employee
    and name, ``margins`` (of the company, for pools) by version. A margin rate is reckoned from
    the measures ``rated_margin`` and ``rated_revenue``, of lines where both are known.
    """

    bases: dict[tuple[int, str, str], Monthly] = field(default_factory=lambda: defaultdict(Monthly))
    measures: dict[tuple[int, Whose, str, str], Monthly] = field(
        default_factory=lambda: defaultdict(Monthly)
    )
    margins: dict[int, Monthly] = field(default_factory=lambda: defaultdict(Monthly))

    def merge(self, more: "Counted") -> dict[str, int]:
        """Add what has become known; for whom, and the first place that changes."""
        touched: dict[str, int] = {}
        for employee, place in self._merged(more):
            touched[employee] = min(place, touched.get(employee, place))
        return touched

    def _merged(self, more: "Counted") -> Iterator[tuple[str, int]]:
        for base, monthly in more.bases.items():
            yield base[2], self.bases[base].merge(monthly)
        for measure, monthly in more.measures.items():
            yield measure[2], self.measures[measure].merge(monthly)
        for version, monthly in more.margins.items():
            yield COMPANY, self.margins[version].merge(monthly)
