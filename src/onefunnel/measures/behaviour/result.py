"""The rows of ``show behaviour``: what was worked in time, beside what an hour pays and brings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BehaviourRow:
    """A segment, or with ``segment`` None the whole. None is unknown, or not of this row.

    ``leads`` that sales got within the history and whose time to be worked is over, ``in_time`` of
    them worked within it, ``share_in_time`` of all. Of a segment: ``pay_per_hour`` (rho) and
    ``contribution_per_hour`` (kappa) as the measure ``incentives`` has them for the period, and its
    part of the worked hours (``effort_share``) and of what all leads could bring
    (``potential_share``) in the period; of the whole ``misplaced``, half the sum of the differences
    of both.

    Of the whole: by how much the log odds of being worked in time rise with the logarithm of pay
    (``by_pay``) and of contribution (``by_contribution``) per hour, at one age of leads, one
    workload and one salesperson; ``pull`` = by_pay / (by_pay + by_contribution), how far pay rather
    than contribution is followed, a negative one taken as 0; and the ``sentence`` that both
    support: ``plan_explains``, ``company_rate_explains``, ``capacity_or_process`` or ``undecided``.
    It describes choices, not their causes. ``compared`` leads have known rates above zero;
    ``salespeople`` could have worked them, None where the records do not name them;
    ``within_hours`` is the time that there was to work a lead.

    ``_low`` and ``_high`` are the ends of a 95 % interval; that of both strengths takes the rates
    as known.
    """

    segment: str | None
    leads: int = 0
    in_time: int = 0
    share_in_time: float | None = None
    share_in_time_low: float | None = None
    share_in_time_high: float | None = None
    pay_per_hour: Decimal | None = None
    pay_per_hour_low: Decimal | None = None
    pay_per_hour_high: Decimal | None = None
    contribution_per_hour: Decimal | None = None
    contribution_per_hour_low: Decimal | None = None
    contribution_per_hour_high: Decimal | None = None
    effort_share: float | None = None
    effort_share_low: float | None = None
    effort_share_high: float | None = None
    potential_share: float | None = None
    potential_share_low: float | None = None
    potential_share_high: float | None = None
    misplaced: float | None = None
    misplaced_low: float | None = None
    misplaced_high: float | None = None
    sentence: str | None = None
    by_pay: float | None = None
    by_pay_low: float | None = None
    by_pay_high: float | None = None
    by_contribution: float | None = None
    by_contribution_low: float | None = None
    by_contribution_high: float | None = None
    pull: float | None = None
    compared: int | None = None
    salespeople: int | None = None
    within_hours: float | None = None

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: the rows are by segment always."""
        return {}

    @property
    def not_of_row(self) -> frozenset[str]:
        """The fields that only other rows have: those of segments, or of the whole."""
        return OF_SEGMENTS | {"segment"} if self.segment is None else OF_WHOLE


def response(whole: BehaviourRow) -> float | None:
    """How far salespeople would follow the pay of a new plan, from 0 to 1, as far as it is known.

    The pull of the row of the whole; None where it is refused, or where neither rate moves who is
    worked: then it would be the quotient of two chances.

    >>> response(BehaviourRow(None, sentence="plan_explains", pull=0.9))
    0.9
    """
    return None if whole.sentence in (None, "capacity_or_process") else whole.pull


def _named(*stems: str) -> frozenset[str]:
    return frozenset(stem + end for stem in stems for end in ("", "_low", "_high"))


OF_SEGMENTS = _named("pay_per_hour", "contribution_per_hour", "effort_share", "potential_share")
OF_WHOLE = frozenset(each.name for each in fields(BehaviourRow)) - {"segment"} - OF_SEGMENTS
OF_WHOLE -= {"leads", "in_time"} | _named("share_in_time")
