"""The rows of ``show self_reported``: what people say brought them, beside what was tracked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a row is about.

    ``pair``: those tracked as one channel who said one. ``silent``: those tracked as a channel who
    said nothing. ``channel``: one name, as tracked and as said. ``all``: everybody.
    """

    PAIR = "pair"
    SILENT = "silent"
    CHANNEL = "channel"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SelfReportedRow:
    """A cell of the table of tracked source by self-reported source, a name, or the whole.

    ``tracked`` is the channel of somebody's first lead, else of their first touch, which an answer
    is not; ``said`` that of their first usable answer. None is unknown: of ``said``, that an answer
    names no channel. In the row of a channel both are its name; of ``silent``, ``said`` is None.
    ``entities`` left a lead, bought or answered, and came in the period; of a channel they are
    those tracked as it. ``customers`` of them have bought by now, and brought ``contribution`` till
    now: what is known of it, None where there are lines and none is known
    (``unknown_contribution_lines``).

    Of a channel and of all: ``answers`` that name it. ``share_tracked`` of all entities, and
    ``answering_share_tracked`` of those who answered, are tracked as it; ``share_said`` of the
    answers name it. Each sums to 1 over the channels, unknown with them. ``dark_share`` of the
    answers of those who were tracked as direct or unknown name it: what tracking may hide.

    ``compared`` answers are usable and of those tracked as something else than direct or unknown;
    ``agreement`` is the share of those of them naming the channel that were tracked as it (of all:
    the share in which both are the same). ``kappa`` is Cohen's, of a channel against all others:
    agreement beyond what the frequencies alone would give, 1 is all and 0 none; None where one of
    both sources never names it.

    ``_low`` and ``_high`` are the ends of a 95 % interval; None is unknown or refused. ``grade`` is
    D: what people say of themselves.
    """

    kind: str
    tracked: str | None
    said: str | None
    entities: int
    customers: int
    contribution: Decimal | None
    unknown_contribution_lines: int
    answers: int | None = None
    share_tracked: float | None = None
    answering_share_tracked: float | None = None
    share_said: float | None = None
    share_said_low: float | None = None
    share_said_high: float | None = None
    dark_share: float | None = None
    dark_share_low: float | None = None
    dark_share_high: float | None = None
    compared: int | None = None
    agreement: float | None = None
    agreement_low: float | None = None
    agreement_high: float | None = None
    kappa: float | None = None
    kappa_low: float | None = None
    kappa_high: float | None = None
    grade: str = "D"

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """None: the rows are by channel always."""
        return {}

    @property
    def not_of_row(self) -> frozenset[str]:
        """The fields that only other rows have."""
        if self.kind in (Kind.PAIR, Kind.SILENT):
            return OF_NAMES | ({"said"} if self.kind == Kind.SILENT else frozenset())
        if self.kind == Kind.ALL:
            return OF_CHANNELS | {"tracked", "said"}
        return OF_KNOWN if self.tracked is None else frozenset()


def _named(*stems: str) -> frozenset[str]:
    return frozenset(stem + end for stem in stems for end in ("", "_low", "_high"))


OF_CHANNELS = _named("share_said", "dark_share") | {"share_tracked", "answering_share_tracked"}
OF_KNOWN = _named("agreement", "kappa") | {"compared"}
OF_NAMES = OF_CHANNELS | OF_KNOWN | {"answers"}
