"""Which rows deserve attention: those whose verdict says so, with the money at stake."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import LOSING, Verdict, left_over, verdict

HALF = 0.5
"""Beyond this share of rejections, even by the end of their interval, most leads are rejected."""
FEWEST = 5
"""Fewer rejections are too few to speak of."""
LEAST_SHARE = Decimal("0.01")
"""Of all that was spent, the least that must be at stake."""


class Matter(StrEnum):
    """Why a row deserves attention.

    ``loses_cheap`` and ``loses``: its verdict. ``nobody``: its verdict, too. ``rejected``: it has
    not paid back yet, be it by chance or because it is too early, and sales rejects most of its
    leads, beyond chance.
    """

    LOSES_CHEAP = "loses_cheap"
    LOSES = "loses"
    NOBODY = "nobody"
    REJECTED = "rejected"


class Silence(StrEnum):
    """Why nothing can be said.

    Nothing is on record as spent, what it brought is unknown, or no spend says of what it was.
    """

    NO_SPEND = "no_spend"
    NO_CONTRIBUTION = "no_contribution"
    UNDIVIDED = "undivided"


@dataclass(frozen=True, slots=True)
class Attention:
    """A row, why, and the money at stake.

    At stake is what it lost; of ``nobody`` what was spent, of ``rejected`` what the rejected leads
    have cost.
    """

    row: AcquisitionRow
    matter: Matter
    stake: Decimal


def attention(
    rows: Sequence[AcquisitionRow], whole: AcquisitionRow
) -> tuple[Attention, ...] | Silence:
    """The rows that deserve attention, most at stake first; ``whole`` is the question undivided.

    Rows of an unknown value of a dimension are left out: nobody can act on them. So is what is
    below :data:`LEAST_SHARE` of all spend.
    """
    silent = silence(rows, whole)
    if silent is not None:
        return silent
    least = LEAST_SHARE * (whole.spend or 0)
    found = (each for row in _named(rows) for each in _of(row, whole) if each.stake >= least)
    return tuple(sorted(found, key=lambda each: -each.stake))


def silence(rows: Sequence[AcquisitionRow], whole: AcquisitionRow) -> Silence | None:
    """Why the records carry no verdict at all, or None."""
    if not whole.spend:
        return Silence.NO_SPEND
    if whole.contribution is None:
        return Silence.NO_CONTRIBUTION
    return None if any(row.spend for row in _named(rows)) else Silence.UNDIVIDED


def _named(rows: Sequence[AcquisitionRow]) -> Iterator[AcquisitionRow]:
    return (row for row in rows if None not in row.dimensions.values())


def _of(row: AcquisitionRow, whole: AcquisitionRow) -> Iterator[Attention]:
    said, lost = verdict(row, whole), left_over(row)
    if said in LOSING and lost is not None:
        yield Attention(row, Matter(said.value), -lost)
    elif said is Verdict.NOBODY and row.spend is not None:
        yield Attention(row, Matter.NOBODY, row.spend)
    elif said in (Verdict.CHANCE, Verdict.EARLY) and _mostly_rejected(row):
        assert row.cost_per_lead is not None
        yield Attention(row, Matter.REJECTED, row.cost_per_lead * row.rejected)


def _mostly_rejected(row: AcquisitionRow) -> bool:
    high = row.acceptance_rate_high
    many = row.rejected >= FEWEST and row.cost_per_lead is not None
    return many and high is not None and high < HALF
