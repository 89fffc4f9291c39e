"""The rows of ``show transitions``: how often a path went on from one touch to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a step of a path is.

    ``start``: its first touch. ``move``: from a touch to the next one. ``conversion`` and
    ``no_conversion``: what came after its last touch.
    """

    START = "start"
    MOVE = "move"
    CONVERSION = "conversion"
    NO_CONVERSION = "no_conversion"


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """A step of the chain of order 1.

    ``before`` and ``after`` are channels, campaigns or pages, or other departments' contacts such
    as ``sales:call``; small ones put together are ``other``, and None is unknown. Nothing is before
    a start, nothing after an end. ``paths`` counts how often paths of the period went so, one that
    several conversions share as often as there are. ``share`` is the part of all that went on from
    ``before`` (or began): the chance that the chain has. ``share_low`` and ``share_high`` hold the
    middle 95 % of replicates that draw parties anew, None where refused.
    """

    kind: str
    before: str | None
    after: str | None
    before_department: str | None
    after_department: str | None
    paths: int
    share: float
    share_low: float | None
    share_high: float | None

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: a row is about two values of the dimension."""
        return {}

    @property
    def not_of_row(self) -> frozenset[str]:
        """The fields that only other rows have."""
        if self.kind == Kind.START:
            return frozenset({"before", "before_department"})
        if self.kind == Kind.MOVE:
            return frozenset()
        return frozenset({"after", "after_department"})
