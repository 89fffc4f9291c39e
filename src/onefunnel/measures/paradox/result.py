"""The rows of ``show paradox``: how each segment stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from onefunnel.measures.incentives.alarm import Kind, Light


@dataclass(frozen=True, slots=True)
class ParadoxRow:
    """A segment in a period: the lights of both departments and of the company.

    A department is ``green`` where it meets all its targets of the month, ``red`` where it misses
    one, else ``unknown``. ``contribution`` is what working those leads brings that were worked,
    ``reachable`` what the best use of the hours would bring in the segment, ``last`` that of the
    leads worked in the month before, for as many days, at the same chances and amounts. ``kind``
    says against which the company is red, ``missed`` by how much, with a 95 % interval. ``alarm``:
    both departments are green and the company is red. ``leads`` came to sales in the period,
    ``left`` of them nobody worked. None is unknown.

    Targets are rows of the table ``target`` with the month as their period. Their measures:
    ``leads`` that marketing won, ``spend`` and ``cost_per_lead`` (met from above), ``worked``
    leads, ``revenue``, ``contribution`` and ``customers``; ``leads:parts`` is for one segment.
    """

    segment: str
    marketing: Light
    sales: Light
    company: Light
    alarm: bool
    kind: Kind | None = None
    contribution: Decimal | None = None
    reachable: Decimal | None = None
    last: Decimal | None = None
    missed: Decimal | None = None
    missed_low: Decimal | None = None
    missed_high: Decimal | None = None
    leads: int = 0
    left: int | None = None

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: the rows are by segment always."""
        return {}
