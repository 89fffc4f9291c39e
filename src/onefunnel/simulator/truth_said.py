"""The truth of what leads say brought them: what was set, and the answers that came of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecallTruth:
    """A channel's leads, and what those say of whom it is tracked.

    ``usable`` of their ``answers`` name something, and ``agreed`` of these the channel itself.
    ``agreement`` is the chance of that, which was set: that nothing unseen brought them, times that
    they recall.
    """

    channel: str
    leads: int
    answers: int
    usable: int
    agreed: int
    agreement: float


@dataclass(frozen=True, slots=True)
class SaidTruth:
    """How many of those tracked as a channel say a name; None says nothing usable."""

    tracked: str
    said: str | None
    people: int


@dataclass(frozen=True, slots=True)
class SelfReportTruth:
    """How leads answer that are asked how they heard of the company.

    ``share`` and ``unusable`` are what was set, ``unseen`` the share of those who answer that each
    thing brought which no touch shows. ``agreement`` is the mean chance, over the usable answers,
    that an answer names what was tracked. ``pairs`` are those that occur, in order of names.
    """

    share: float
    unusable: float
    unseen: Mapping[str, float]
    agreement: float | None
    channels: tuple[RecallTruth, ...]
    pairs: tuple[SaidTruth, ...]
