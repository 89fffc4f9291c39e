"""ClickHouse embedded (chdb): ``windowFunnel`` in its default mode.

Its level of a person is the largest L for which there are touches of steps 1 to L, in an order in
which none is earlier than the one before, the last at most the window after the first; ties count
in the funnel's favour. The other modes answer other questions: see README.md.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.data import STEPS, WINDOW_DAYS, Data, read_through
from benchmarks.watch import Watch

WINDOW_SECONDS = WINDOW_DAYS * 86_400
WINDOW_MICROSECONDS = WINDOW_SECONDS * 1_000_000
# It takes no time with fractions of a second, but whole numbers of any unit: exact microseconds.
MICROSECONDS = "toUInt64(toUnixTimestamp64Micro(happened))"
# Half the bytes; the same answer only where no instant has a fraction of a second.
SECONDS = "toDateTime(happened)"
LEVELS = """
SELECT level, count() FROM (
    SELECT windowFunnel({window})({instant}, {conditions}) AS level
    FROM file('{path}', Parquet) AS touch {people} {where} GROUP BY {person}
) GROUP BY level ORDER BY level
SETTINGS max_threads = {threads}
"""


def steps(data: Data, watch: Watch) -> list[int]:
    """From person codes, every touch read."""
    return _steps(data, watch, CODES)


def steps_filtered(data: Data, watch: Watch) -> list[int]:
    """From person codes, touches that are no step left out beforehand."""
    return _steps(data, watch, CODES, where="WHERE step > 0")


def steps_in_seconds(data: Data, watch: Watch) -> list[int]:
    """From person codes, touches that are no step left out, in whole seconds, as simulated."""
    return _steps(data, watch, CODES, where="WHERE step > 0", seconds=True)


def steps_from_text(data: Data, watch: Watch) -> list[int]:
    """From texts, every touch read."""
    return _steps(data, watch, TEXTS, people=_people(data))


def steps_from_text_filtered(data: Data, watch: Watch) -> list[int]:
    """From texts, touches that are no step left out beforehand."""
    named = ", ".join(f"'{kind}'" for kind in STEPS)
    return _steps(data, watch, TEXTS, people=_people(data), where=f"WHERE kind IN ({named})")


CODES = [f"step = {number}" for number in range(1, len(STEPS) + 1)]
TEXTS = [f"kind = '{kind}'" for kind in STEPS]


def _people(data: Data) -> str:
    return f"INNER JOIN file('{data.people}', Parquet) AS people ON touch.party = people.party"


def _steps(
    data: Data,
    watch: Watch,
    conditions: list[str],
    people: str = "",
    where: str = "",
    seconds: bool = False,
) -> list[int]:
    import chdb

    query = partial(
        LEVELS.format,
        window=WINDOW_SECONDS if seconds else WINDOW_MICROSECONDS,
        instant=SECONDS if seconds else MICROSECONDS,
        # A NULL in any condition would drop the touch from all of them.
        conditions=", ".join(f"ifNull({condition}, 0)" for condition in conditions),
        person="person" if people else "code",
        people=people,
        where=where,
        threads=data.threads,
    )
    chdb.query(query(path=data.few_journeys), "TSV")
    read_through([data.journeys, data.people])
    with watch.measured():
        answer = chdb.query(query(path=data.journeys), "TSV")
    return reached(dict(_numbers(line) for line in str(answer).splitlines()))


def _numbers(line: str) -> tuple[int, int]:
    level, people = map(int, line.split("\t"))
    return level, people


def reached(people: dict[Any, int]) -> list[int]:
    """How many people came to level 1 or further, 2 or further, and so on.

    >>> reached({0: 5, 1: 3, 4: 1})
    [4, 1, 1, 1]
    """
    levels = range(1, len(STEPS) + 1)
    return [sum(n for level, n in people.items() if level >= k) for k in levels]
