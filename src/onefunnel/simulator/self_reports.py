"""What is set about the question how somebody heard of the company."""

from collections.abc import Collection
from dataclasses import dataclass

from onefunnel.errors import UsageError

UNSEEN = (("word of mouth", 0.10), ("trade press", 0.04))
"""What no touch shows, and the share of those who answer whom it brought."""


@dataclass(frozen=True, slots=True)
class SelfReports:
    """How leads answer that are asked how they heard of the company.

    ``share`` of the leads answer, and ``unusable`` of the answers name nothing that could be told.
    ``unseen`` names what no touch shows, each with the share of those who answer that it truly
    brought: they say so. All others were brought by the channel that is tracked, and name it with
    the chance :attr:`onefunnel.simulator.scenario.Channel.recalled`, else another one, by the
    channels' shares in the persons.
    """

    share: float = 0.35
    unseen: tuple[tuple[str, float], ...] = UNSEEN
    unusable: float = 0.06

    def __post_init__(self) -> None:
        shares = (self.share, self.unusable, self.brought_unseen, *self.unseen_shares)
        if not all(0.0 <= each <= 1.0 for each in shares):
            raise UsageError(
                f"The self-reports have the shares {shares}.",
                remedy="Each is from 0 to 1, and so is the sum of those that no touch shows.",
            )

    @property
    def unseen_names(self) -> tuple[str, ...]:
        """What no touch shows."""
        return tuple(name for name, _ in self.unseen)

    @property
    def unseen_shares(self) -> tuple[float, ...]:
        """The share of those who answer that each of them brought."""
        return tuple(share for _, share in self.unseen)

    @property
    def brought_unseen(self) -> float:
        """The share of those who answer that any of them brought."""
        return sum(self.unseen_shares)

    def check(self, channels: Collection[str]) -> None:
        """UsageError where a name is that of a channel, or stands twice: then a touch shows it."""
        names = self.unseen_names
        if len(set(names)) < len(names) or set(names) & set(channels):
            raise UsageError(
                f"What no touch shows has the names {', '.join(names)}.",
                remedy="Give each another name, and none of a channel.",
            )
