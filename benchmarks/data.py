"""Where the data of one size lie, and what a task is given."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

WINDOW_DAYS = 30
STEPS = ("impression", "click", "visit", "form")
"""The kinds of touch that are the four steps, in order."""
CHANNELS = tuple(f"c{number:02}" for number in range(20))
"""The channels of attribution by their numbers: in order of name, too."""
DIRECT = 3
"""The channel that ``last_non_direct`` passes over."""
LOOKBACK_DAYS = 90
"""How far a path of attribution looks back from its end."""
HALF_LIFE_DAYS = 7
"""The half-life of ``time_decay``."""
REFRESHED = ("funnel", "acquisition", "attribution")
"""The measures that are brought up to date after more touches, by channel."""
Credits = dict[str, dict[str, float]]
"""What a task of attribution answers: by model and channel the conversions, not their share."""


@dataclass(frozen=True)
class Data:
    """The data of one size in their folder; ``threads`` and ``memory`` bound every engine."""

    folder: Path
    touches: int
    threads: int
    memory: str

    @property
    def source(self) -> Path:
        """The canonical import folder: a CSV per table."""
        return self.folder / "csv"

    @property
    def touch_csv(self) -> Path:
        """The touches."""
        return self.source / "touch.csv"

    @property
    def workspace(self) -> Path:
        """A workspace that holds all of the folder."""
        return self.folder / "workspace"

    @property
    def journeys(self) -> Path:
        """The touches in Parquet: code (a person's), party, happened, step (0: none), kind."""
        return self.folder / "journeys.parquet"

    @property
    def people(self) -> Path:
        """Who each party is, in Parquet: party, person."""
        return self.folder / "people.parquet"

    @property
    def few_journeys(self) -> Path:
        """The first few of them, to warm up with."""
        return self.folder / "journeys-few.parquet"

    @property
    def few(self) -> Path:
        """An import folder with the first few touches, to warm up with."""
        return self.folder / "few"

    @property
    def few_workspace(self) -> Path:
        """A workspace that holds them."""
        return self.folder / "workspace-few"

    @property
    def base(self) -> Path:
        """The import folder without the newest one per cent of the touches."""
        return self.folder / "base"

    @property
    def more_csv(self) -> Path:
        """The newest one per cent of the touches."""
        return self.folder / "more" / "touch.csv"

    @property
    def before(self) -> Path:
        """A workspace that holds the base, and has answered :data:`REFRESHED`."""
        return self.folder / "workspace-before"

    @property
    def after(self) -> Path:
        """The same after the one per cent."""
        return self.folder / "workspace-after"

    @property
    def attribution(self) -> Path:
        """The folder with the touches and conversions of attribution."""
        return self.folder / "attribution"

    @property
    def attribution_touches(self) -> Path:
        """Parquet, in order of time: person (int32), at (microseconds of UTC), channel.

        The channel (uint8) is a place in :data:`CHANNELS`.
        """
        return self.attribution / "touches.parquet"

    @property
    def attribution_conversions(self) -> Path:
        """Parquet, in order of time: person, at, value (float64, whole cents).

        A person converts once at most; some do without any touch. Later touches are on no path.
        """
        return self.attribution / "conversions.parquet"

    @property
    def attribution_few_touches(self) -> Path:
        """The same of a few people, to warm up with."""
        return self.attribution / "few-touches.parquet"

    @property
    def attribution_few_conversions(self) -> Path:
        """The same of a few people, to warm up with."""
        return self.attribution / "few-conversions.parquet"


def read_through(paths: Iterable[Path]) -> None:
    """Read files once, so that every side finds them in the page cache and none pays the disk."""
    for path in paths:
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass


def header(path: Path) -> list[str]:
    """The names of a CSV's columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))
