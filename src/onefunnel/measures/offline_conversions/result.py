"""The rows of ``show offline_conversions``: what each platform is told, and what not and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OfflineConversionsRow:
    """The conversions of one kind in the period, and what becomes of them at one platform.

    ``of`` is ``lead``, ``accepted`` (a lead that sales accepted, at its first acceptance) or
    ``customer`` (a buyer, at the first purchase). A conversion is returned by the last click of the
    platform at or before it, if that lies at most 90 days before: a platform credits itself, and
    what other platforms did is not its concern. So a conversion can be returned to several.

    ``conversions`` = ``returned`` + ``taken_back`` (sales took its acceptance back, or all of the
    purchase was returned) + ``expired`` (the platform takes it no more: 90 days after the click at
    Google and Microsoft, 62 after the conversion at Meta, counted until the answer's ``now``) +
    ``too_old`` (the last click lies too long before) + ``not_assigned`` (a click whose platform
    nothing tells) + ``other_platform`` + ``without_click`` + ``kept_out`` (of somebody who was
    erased, or who wants nothing told to platforms).

    ``to_adjust`` are those whose click is not too old and that were taken back, or of whose
    purchase something was returned; the platform can be told, if it was told of them before.
    ``revenue`` and ``contribution`` are the sums of those returned, as far as it is known:
    ``without_revenue`` and ``without_contribution`` of them brought none, or an unknown one. None
    where nothing is known.
    """

    platform: str
    of: str
    conversions: int
    returned: int
    taken_back: int
    expired: int
    too_old: int
    not_assigned: int
    other_platform: int
    without_click: int
    kept_out: int
    to_adjust: int
    revenue: Decimal | None
    contribution: Decimal | None
    without_revenue: int
    without_contribution: int

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: the rows are by platform and kind always."""
        return {}
