"""The rows of ``show sellers``: the leads of each salesperson by segment, their hours and pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SellersRow:
    """A salesperson's leads of a segment, or with ``segment`` None all of theirs.

    ``employee_id`` is None for leads that name nobody. ``leads`` that sales got in the period, of
    them ``worked``, None where the ledger shows for no lead whether it was, and ``won`` by now.

    Of the row with all: the ``hours`` that they have for leads in the period; the ``plan`` that is
    in force for them, several separated by commas; and the ``pay`` that it brings them for the
    leads worked, at the chance and worth of an average win of each segment, so that luck is not in
    it. None is unknown; of hours and pay, that nothing says how many, or that no plan pays them.
    ``_low`` and ``_high`` are the ends of a 95 % interval, reached only where all inputs are at
    theirs.
    """

    employee_id: str | None
    segment: str | None
    leads: int
    worked: int | None
    won: int
    hours: float | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    plan: str | None = None
    pay: Decimal | None = None
    pay_low: Decimal | None = None
    pay_high: Decimal | None = None

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: the rows are by person and segment always."""
        return {}
