"""Whether what was spent came back: a verdict on a row, as far as its records can carry one."""

from decimal import Decimal
from enum import StrEnum
from math import sqrt

from onefunnel.funnel.incidence import Z_95
from onefunnel.measures.acquisition.result import AcquisitionRow

RIPE = 0.8
"""From this share of known outcomes on, what is missing is taken as a loss and not as a delay."""
FEW_CUSTOMERS = 5
"""With fewer customers, what one brings is taken from all rows together."""


class Verdict(StrEnum):
    """What can be said of a row.

    ``loses_cheap`` and ``loses``: it cost more than its customers brought, beyond chance; the first
    where a lead costs less than over all rows. ``chance``: it cost more, but so few came that the
    number of customers may be chance. ``early``: it cost more, and the outcome of many leads is not
    known yet. ``nobody``: money was spent, and neither lead nor customer came; ``unspent``:
    nothing is on record as spent. ``unknown``: what was spent, or what it brought, is unknown.
    """

    PAYS = "pays"
    LOSES_CHEAP = "loses_cheap"
    LOSES = "loses"
    CHANCE = "chance"
    EARLY = "early"
    NOBODY = "nobody"
    UNSPENT = "unspent"
    UNKNOWN = "unknown"


LOSING = (Verdict.LOSES_CHEAP, Verdict.LOSES)


def left_over(row: AcquisitionRow) -> Decimal | None:
    """Contribution less spend; None where one of them is unknown."""
    if row.spend is None or row.contribution is None:
        return None
    return row.contribution - row.spend


def verdict(row: AcquisitionRow, whole: AcquisitionRow) -> Verdict:
    """The verdict on a row of an answer; ``whole`` is the row of the same question undivided.

    Chance is looked at by the number of customers alone: were it the highest that a Poisson number
    with this outcome may have (97.5 %), each worth what customers are, would they have brought what
    was spent? Customers differ in worth, too, so chance may do more than this.
    """
    left = left_over(row)
    if row.spend is None or left is None:
        return Verdict.UNKNOWN
    if not row.spend:
        return Verdict.UNSPENT
    if left >= 0:
        return Verdict.PAYS
    if not (row.leads or row.customers):
        return Verdict.NOBODY
    if row.maturity is not None and row.maturity < RIPE:
        return Verdict.EARLY
    if _may_be_chance(row, whole):
        return Verdict.CHANCE
    dear = whole.cost_per_lead
    cheap = row.cost_per_lead is not None and dear is not None and row.cost_per_lead < dear
    return Verdict.LOSES_CHEAP if cheap else Verdict.LOSES


def most_expected(customers: int) -> float:
    """The highest mean of a Poisson number of which so many are seen in 2.5 % of cases at least.

    Byar's approximation. Source: Breslow and Day 1987, Statistical Methods in Cancer Research II,
    page 69; the exact limit of 10 is 18.39.

    >>> round(most_expected(10), 2)
    18.39
    """
    n = customers + 1
    return float(n * (1 - 1 / (9 * n) + Z_95 / (3 * sqrt(n))) ** 3)


def _may_be_chance(row: AcquisitionRow, whole: AcquisitionRow) -> bool:
    of = row if row.customers >= FEW_CUSTOMERS else whole
    if not of.customers or of.contribution is None or row.spend is None:
        return False
    worth = float(of.contribution) / of.customers
    return most_expected(row.customers) * worth >= float(row.spend)
