"""How far models of attribution agree: the range of each channel, and the money at stake."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from onefunnel.errors import UsageError
from onefunnel.measures.attribution.family import Player
from onefunnel.measures.attribution.rows import CreditRow

Rows = Sequence[CreditRow]
"""All rows of one model."""


@dataclass(frozen=True, slots=True)
class Range:
    """The range of a player's share over models: what both sides can accept.

    ``low`` and ``high`` are the least and the greatest share, with the models that say so;
    ``least`` and ``most`` the outermost ends of the models' intervals, of a model without one its
    share; None where none has one.
    """

    player: Player
    low: Decimal
    low_model: str
    high: Decimal
    high_model: str
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class Stake:
    """What moves from one player to another when the rule changes from one model to the other.

    It is half the sum of the absolute differences of their credits, and ``share`` its part of all.
    """

    one: str
    other: str
    amount: Decimal
    share: Decimal


def ranges(models: Sequence[Rows]) -> tuple[Range, ...]:
    """The range of each player over the models, in the order of their rows.

    Raises UsageError where there is no model, or their rows are not of the same players.
    """
    _check(models)
    return tuple(_range(each) for each in zip(*models, strict=True))


def comparable(models: Sequence[Rows], in_force: str = "") -> tuple[Rows, ...]:
    """Those that give nobody less than nothing, and the one in force.

    A game of rates can take from a channel more than all there is: that is no end of a range on
    which two sides could meet.
    """
    return tuple(
        rows for rows in models if rows[0].model == in_force or all(row.share >= 0 for row in rows)
    )


def stake(one: Rows, other: Rows) -> Stake:
    """What moves between two models. Raises UsageError where their players or totals differ."""
    _check([one, other])
    totals = {sum(row.credit for row in rows) for rows in (one, other)}
    if len(totals) > 1:
        raise UsageError("The models share out different totals.", remedy="Ask both for the same.")
    moved = sum((abs(a.credit - b.credit) for a, b in zip(one, other, strict=True)), Decimal(0)) / 2
    shares = sum((abs(a.share - b.share) for a, b in zip(one, other, strict=True)), Decimal(0)) / 2
    return Stake(one[0].model, other[0].model, moved, shares)


def widest(models: Sequence[Rows]) -> Stake | None:
    """The two models that differ most, the first of equals; None where there are no two."""
    pairs = [stake(one, other) for one, other in combinations(models, 2)]
    return max(pairs, key=lambda each: each.amount, default=None)


def _range(of_player: Sequence[CreditRow]) -> Range:
    lowest = min(of_player, key=lambda row: row.share)
    highest = max(of_player, key=lambda row: row.share)
    told = any(row.share_low is not None for row in of_player)
    lows = [row.share if row.share_low is None else row.share_low for row in of_player]
    highs = [row.share if row.share_high is None else row.share_high for row in of_player]
    return Range(
        of_player[0].player,
        lowest.share,
        lowest.model,
        highest.share,
        highest.model,
        min(lows) if told else None,
        max(highs) if told else None,
    )


def _check(models: Sequence[Rows]) -> None:
    players = {tuple(row.player for row in rows) for rows in models}
    if len(players) != 1 or () in players:
        raise UsageError(
            "The models are not of the same channels.", remedy="Give at least one, of the same."
        )
