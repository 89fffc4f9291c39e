"""How each model splits the credit between the departments, and how far that is known."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from onefunnel.measures.attribution.family import Player
from onefunnel.measures.attribution.models import Shares, grouped
from onefunnel.measures.attribution.rows import CreditRow, rows
from onefunnel.measures.attribution.touches import shown

NOTHING = Decimal()
NOISE = 12
"""Decimals beyond which a sum of floating point numbers says nothing."""


def department_of(player: Player) -> str | None:
    """Whose touches a player's are; None for who is unknown, and for the small ones together.

    >>> department_of("sales:call"), department_of("other"), department_of(None)
    ('sales', None, None)
    """
    return shown(player)[0]


def by_department(found: Shares, players: Sequence[CreditRow]) -> tuple[CreditRow, ...]:
    """A row for each department, what is no department's last; ``players`` are the model's rows.

    ``credit`` and ``share`` are the exact sums of the players' rows. The interval is that of the
    department's sum in each replicate, players whose shares move against each other with it: it is
    no sum of their intervals, and None where theirs are refused. It always holds the share. There
    is no removal effect: those of players don't add up.
    """
    total = sum((row.credit for row in players), NOTHING)
    whole = grouped(found, department_of)
    # Sums of parts that are all there is differ from 1 by what floating point numbers leave.
    made = rows(replace(whole, drawn=whole.drawn.round(NOISE)), total)
    return tuple(
        _summed(row, [each for each in players if department_of(each.player) == row.player])
        for row in made
    )


def _summed(row: CreditRow, mine: Sequence[CreditRow]) -> CreditRow:
    """The row with the sums of its players' rows, which differ from it by rounding only."""
    share = sum((each.share for each in mine), NOTHING)
    return replace(
        row,
        credit=sum((each.credit for each in mine), NOTHING),
        share=share,
        share_low=None if row.share_low is None else min(share, row.share_low),
        share_high=None if row.share_high is None else max(share, row.share_high),
    )
