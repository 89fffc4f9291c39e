"""What the measure ``payouts`` answers: a row per line of pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A line of pay: an amount for somebody in a month, and why.

    ``period`` is the month it is booked in, ``of_period`` the one it is for: where they differ,
    ``line`` is ``restatement``, else what it pays (``kind``). ``component`` is the component or
    pool, empty where there is none, and ``base`` what it pays for, 0 where it pays for no base.
    Amount and base are in ``currency``, that of the plan. ``why`` is said in English; ``code`` and
    ``params`` are the same for other languages: figures as text without zeros at their end.
    ``digest`` is the content of the version of the plan, empty where several or none stand behind.
    """

    period: str
    employee_id: str
    plan: str
    line: str
    amount: Decimal
    why: str
    of_period: str
    kind: str
    component: str
    base: Decimal
    currency: str
    code: str
    params: Mapping[str, str | None]
    digest: str

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """Pay is asked by no dimension."""
        return {}
