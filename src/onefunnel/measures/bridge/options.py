"""How a bridge is built, and who owns its factors."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onefunnel.errors import UnknownName
from onefunnel.measures.bridge.factors import (
    ARPU,
    CONVERSION,
    JOINT,
    MARGIN,
    MIX,
    OUTSIDE,
    VOLUME,
)
from onefunnel.measures.bridge.noise import Draws
from onefunnel.measures.bridge.result import Method
from onefunnel.vocabulary import Department

OWNERS: Mapping[str, Department] = {
    VOLUME: Department.MARKETING,
    MIX: Department.BOTH,
    JOINT: Department.BOTH,
    CONVERSION: Department.SALES,
    ARPU: Department.SALES,
    MARGIN: Department.BOTH,
    OUTSIDE: Department.OTHER,
}
"""Who owns a factor where nothing else was agreed; what is contributed is its department's."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a bridge is built.

    ``mix``: a shift between segments is a factor of its own. ``joint``: leads and conversion are
    one factor. ``by_segment``: a row per factor and segment. ``owners``: those that were agreed on,
    over :data:`OWNERS`. Raises UnknownName for an owner of a factor that does not exist.
    """

    method: Method = Method.SHAPLEY
    mix: bool = True
    joint: bool = False
    by_segment: bool = False
    owners: Mapping[str, Department] = field(default_factory=dict)
    draws: Draws = field(default_factory=Draws)

    def __post_init__(self) -> None:
        for name in self.owners:
            if name not in OWNERS:
                raise UnknownName("factor", name, OWNERS)

    def owner(self, factor: str) -> Department:
        """Who owns a factor."""
        return self.owners.get(factor, OWNERS[factor])
