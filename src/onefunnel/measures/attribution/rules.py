"""The rules: which share of a conversion each touch of its path gets, whatever the others do.

None of them looks at paths that did not convert, so none can tell what would have come anyhow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onefunnel.errors import UsageError

Shares = list[float]


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch of a path: ``player`` is its channel or kind of contact, None where it is unknown."""

    key: str
    at: datetime
    player: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """How paths are made and weighed; what favours a side is agreed before results are seen.

    ``window_days`` is how far a conversion looks back; ``half_life_days`` is of ``time_decay``;
    ``direct`` are the channels that ``last_non_direct`` passes over. With ``collapse`` touches of
    one player that follow each other count once, where the first of them stands. Touches before an
    earlier conversion of the same party are used again only with ``reuse``. Raises UsageError where
    a time is not above 0.
    """

    window_days: float = 90.0
    half_life_days: float = 7.0
    direct: frozenset[str] = frozenset({"direct"})
    collapse: bool = False
    reuse: bool = False

    def __post_init__(self) -> None:
        if not (self.window_days > 0 and self.half_life_days > 0):
            raise UsageError(
                f"The window is {self.window_days} days, the half-life {self.half_life_days}.",
                remedy="Both are above 0.",
            )


@dataclass(frozen=True, slots=True)
class Path:
    """The touches before a conversion, or of a party that made none, in order of time.

    ``conversions``, ``value`` and ``nulls`` say how many of each have this path. ``at`` is the
    instant of the conversion, None where there is none or it is unknown; ``lead_at`` when the lead
    came that became it.
    """

    touches: tuple[Touch, ...]
    conversions: int = 0
    value: float = 0.0
    nulls: int = 0
    at: datetime | None = None
    lead_at: datetime | None = None

    @property
    def players(self) -> list[str | None]:
        """Who was met, in order."""
        return [each.player for each in self.touches]


def first_touch(path: Path, settings: Settings) -> Shares:
    """All to the first touch."""
    return _all_to(0, len(path.touches))


def last_touch(path: Path, settings: Settings) -> Shares:
    """All to the last touch."""
    return _all_to(len(path.touches) - 1, len(path.touches))


def last_non_direct(path: Path, settings: Settings) -> Shares:
    """All to the last touch that was not direct; to the last one where all were."""
    others = [i for i, player in enumerate(path.players) if player not in settings.direct]
    return _all_to(others[-1] if others else len(path.touches) - 1, len(path.touches))


def linear(path: Path, settings: Settings) -> Shares:
    """The same to each touch."""
    return [1 / len(path.touches)] * len(path.touches)


def position_u(path: Path, settings: Settings) -> Shares:
    """40 % to the first, 40 % to the last, 20 % among those between; without such, half and half.

    >>> from datetime import datetime
    >>> touches = [Touch(str(i), datetime(2026, 1, 1 + i), "search") for i in range(4)]
    >>> position_u(Path(tuple(touches)), Settings())
    [0.4, 0.1, 0.1, 0.4]
    """
    return _by_roles([0, len(path.touches) - 1], 40, len(path.touches))


def position_w(path: Path, settings: Settings) -> Shares:
    """30 % each to the first, the lead's and the last touch, 10 % among the others.

    The lead's touch is the one at, or last before, the instant of the lead; where the lead is
    unknown, or came before all touches or after the conversion, it is ``position_u``. A touch that
    has two of the roles gets both shares; where no other touch is left the three share all.

    >>> from datetime import datetime
    >>> at = [datetime(2026, 1, 1 + i) for i in range(3)]
    >>> touches = tuple(Touch(str(i), at[i], "search") for i in range(3))
    >>> position_w(Path(touches, lead_at=at[0]), Settings())
    [0.6, 0.1, 0.3]
    """
    lead = _lead_touch(path)
    if lead is None:
        return position_u(path, settings)
    return _by_roles([0, lead, len(path.touches) - 1], 30, len(path.touches))


def time_decay(path: Path, settings: Settings) -> Shares:
    """Half as much for each half-life that a touch came earlier.

    >>> from datetime import datetime
    >>> touches = Touch("1", datetime(2026, 1, 1), "search"), Touch("2", datetime(2026, 1, 8), None)
    >>> [round(each, 4) for each in time_decay(Path(touches), Settings())]
    [0.3333, 0.6667]
    """
    half_life = timedelta(days=settings.half_life_days)
    last = path.touches[-1].at
    weights = [2 ** -((last - touch.at) / half_life) for touch in path.touches]
    return [weight / sum(weights) for weight in weights]


RULES: dict[str, Callable[[Path, Settings], Shares]] = {
    "first_touch": first_touch,
    "last_touch": last_touch,
    "last_non_direct": last_non_direct,
    "linear": linear,
    "position_u": position_u,
    "position_w": position_w,
    "time_decay": time_decay,
}
"""The rules by name. Each takes a path of at least one touch and gives shares that sum to 1."""


def _all_to(place: int, size: int) -> Shares:
    return [float(i == place) for i in range(size)]


def _by_roles(roles: Sequence[int], percent: int, size: int) -> Shares:
    """So many per cent for each role of a touch, the rest among those that have none."""
    others = size - len(set(roles))
    each = percent / 100 if others else 1 / len(roles)
    rest = (100 - percent * len(roles)) / 100 / others if others else 0.0
    return [each * roles.count(i) if i in roles else rest for i in range(size)]


def _lead_touch(path: Path) -> int | None:
    """The place of the touch at or last before the lead."""
    if path.lead_at is None or (path.at is not None and path.lead_at > path.at):
        return None
    before = [i for i, touch in enumerate(path.touches) if touch.at <= path.lead_at]
    return before[-1] if before else None
