"""Makes up people who are touched, and what they buy: the data that attribution is compared on.

Of the people two in five have one touch, half at most two, a few more than a hundred. A third of
the touches repeat the channel before. Times between touches are spread evenly over their
logarithms, from minutes to weeks, and one in fifty is none. Three per cent of the people convert,
more often after more touches and by some channels, some at the instant of a touch, others up to
weeks later, and may be touched again. One conversion in fifty is of somebody never touched.

Times are drawn as whole numbers, as powers and logarithms differ from machine to machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.data import CHANNELS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.random import Generator
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SEED = 6
EACH = 5
"""Touches of a person, on average."""
LONGEST = 150
BEGIN = 1_704_067_200_000_000
"""The first instant, 2024-01-01, in microseconds."""
YEAR = 365 * 86_400 * 1_000_000
CONVERT = 0.03
UNTOUCHED = 0.02
ROW_GROUP = 1 << 20


def write(count: int, touches: Path, conversions: Path, seed: int = SEED) -> None:
    """So many touches and the conversions of their people, as Parquet in order of time."""
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(seed)
    person, first = _people(count, random)
    at = _instants(first, random)
    channel = _channels(first, random)
    _write(conversions, _conversions(person, first, at, channel, random))
    order = np.argsort(at, kind="stable")
    found = {
        "person": pa.array(person[order].astype(np.int32)),
        "at": pa.array(at[order]).cast(pa.timestamp("us")),
        "channel": pa.array(channel[order]),
    }
    _write(touches, pa.table(found))


def _people(count: int, random: Generator) -> tuple[Ints, NDArray[np.bool_]]:
    """Whose each touch is, and whether it is the person's first; person by person."""
    import numpy as np

    length = np.arange(1, LONGEST + 1)
    chances = length**-1.25 * 0.96**length
    some = count // EACH + 1000
    lengths = random.choice(length, some, p=chances / chances.sum())
    while lengths.sum() < count:
        lengths = np.concatenate([lengths, random.choice(length, some, p=chances / chances.sum())])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    starts = starts[starts < count]
    first = np.zeros(count, np.bool_)
    first[starts] = True
    return np.cumsum(first) - 1, first


def _instants(first: NDArray[np.bool_], random: Generator) -> Ints:
    import numpy as np

    gaps = _durations(len(first), random)
    gaps[random.integers(0, 50, len(first)) == 0] = 0
    starts = np.flatnonzero(first)
    passed = np.cumsum(gaps)
    lengths = np.diff(np.append(starts, len(first)))
    passed -= np.repeat(passed[starts] - random.integers(0, YEAR, len(starts)), lengths)
    return np.asarray(BEGIN + passed)


def _durations(count: int, random: Generator) -> Ints:
    """From four minutes to 25 days, in microseconds: each doubling is as likely as any other."""
    import numpy as np

    doubling = np.left_shift(1, random.integers(28, 41, count))
    return np.asarray(doubling + random.integers(0, doubling))


def _channels(first: NDArray[np.bool_], random: Generator) -> NDArray[np.uint8]:
    """The channels of touches; the first one has a quarter of them, the last a hundredth."""
    import numpy as np

    weights = 1 / (np.arange(len(CHANNELS)) + 1.5)
    drawn = random.choice(len(CHANNELS), len(first), p=weights / weights.sum()).astype(np.uint8)
    new = first | (random.integers(0, 3, len(first)) > 0)
    return np.asarray(drawn[np.maximum.accumulate(np.where(new, np.arange(len(first)), 0))])


def _conversions(
    person: Ints,
    first: NDArray[np.bool_],
    at: Ints,
    channel: NDArray[np.uint8],
    random: Generator,
) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    starts = np.flatnonzero(first)
    lengths = np.diff(np.append(starts, len(first)))
    # Three in four buy after the last of their touches.
    back = np.where(random.integers(0, 4, len(starts)) > 0, 0, random.integers(0, lengths))
    before = starts + lengths - 1 - back
    chance = np.sqrt(lengths) * (1 + channel[before] % 4)
    buys = random.random(len(starts)) < chance * (CONVERT / chance.mean())
    bought = at[before[buys]] + _durations(int(buys.sum()), random)
    bought = np.where(random.integers(0, 4, len(bought)) == 0, at[before[buys]], bought)
    untouched = round(len(bought) * UNTOUCHED)
    who = np.concatenate([person[before[buys]], len(starts) + np.arange(untouched)])
    when = np.concatenate([bought, BEGIN + random.integers(0, YEAR, untouched)])
    cents = np.left_shift(1, random.integers(8, 16, len(who))) + random.integers(0, 256, len(who))
    order = np.argsort(when, kind="stable")
    return pa.table(
        {
            "person": pa.array(who[order].astype(np.int32)),
            "at": pa.array(when[order]).cast(pa.timestamp("us")),
            "value": pa.array(cents[order] / 100),
        }
    )


def _write(path: Path, table: pa.Table) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)
