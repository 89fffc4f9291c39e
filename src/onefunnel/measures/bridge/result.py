"""What the bridge answers: a row per factor, its owner, its amount, and its band of chance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from onefunnel.vocabulary import Department, Note


class Method(StrEnum):
    """How the change is divided. Both leave nothing over and depend on no order."""

    SHAPLEY = "shapley"
    LMDI = "lmdi"


class Chance(StrEnum):
    """Whether an amount can be told from chance: its band leaves out zero, holds it, or is unknown.

    An amount can be within chance because it is small or because there are few customers.
    """

    TOLD = "told"
    WITHIN_CHANCE = "within_chance"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """What one factor added to the contribution, in money with four decimals.

    ``owner`` is None where the department that brought it is unknown: an owner answers for a
    factor, which does not make every change of it theirs. ``low`` and ``high`` are the bounds
    within which the amount would mostly be by chance alone around what was seen; all three are
    None where they are refused. ``dimensions`` hold the segment where it is asked for.
    """

    factor: str
    owner: Department | None
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    method: str
    dimensions: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def chance(self) -> Chance:
        """Whether the amount can be told from chance.

        >>> one = Decimal(1)
        >>> BridgeRow("arpu", Department.SALES, one, one, one, "shapley").chance
        <Chance.TOLD: 'told'>
        """
        if self.low is None or self.high is None:
            return Chance.UNKNOWN
        return Chance.WITHIN_CHANCE if self.low <= 0 <= self.high else Chance.TOLD


@dataclass(frozen=True, slots=True)
class Bridge:
    """The contribution of both periods and the rows between them, which sum to the change exactly.

    ``change`` is a row of its own, of the factor ``change``, and not among ``rows``. Where the
    bridge is refused, amounts are None, and a note says why.
    """

    before: Decimal | None
    after: Decimal | None
    change: BridgeRow
    rows: tuple[BridgeRow, ...]
    notes: tuple[Note, ...]
