"""How the departments meet and write to each other."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, days, identifiers, instants, ratios, rows
from onefunnel.simulator.delays import DAY, Flags, Integers
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import Stream, generator

KINDS = ("weekly_meeting", "board_meeting", "marketing_meeting", "sales_meeting")
BOTH = 2
"""The first so many kinds are of both departments."""

MARKETING_COMES, SALES_COMES = 0.75, 0.70
"""How often each head comes to a meeting of both departments."""

PRESENT = ("marketing;sales", "marketing;sales;management", "marketing", "sales")


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings as arrays; for those of both departments, whether each head was there."""

    day: Integers
    kind: Integers
    marketing: Flags
    sales: Flags
    participants: Integers
    minutes: Integers


def both_heads(odds_ratio: float) -> float:
    """The chance that both heads come, from the odds ratio of their coming (Plackett 1965).

    >>> round(both_heads(1.0), 3), round(both_heads(0.05), 3)
    (0.525, 0.458)
    """
    a, b = MARKETING_COMES, SALES_COMES
    if odds_ratio == 1.0:
        return a * b
    s = 1.0 + (a + b) * (odds_ratio - 1.0)
    root = sqrt(s * s - 4.0 * odds_ratio * (odds_ratio - 1.0) * a * b)
    return (s - root) / (2.0 * (odds_ratio - 1.0))


def meetings(setting: Setting) -> Meetings:
    """A meeting of each kind a week."""
    weeks = max(1, setting.scenario.days // 7)
    rng = generator(setting.scenario.seed, Stream.OFFICE, 1)
    kind = np.tile(np.arange(len(KINDS)), weeks)
    day = np.minimum(np.repeat(np.arange(weeks), len(KINDS)) * 7 + kind, setting.scenario.days - 1)
    drawn, people, length = rng.random((3, len(kind)))
    both = both_heads(setting.scenario.conflicts.heads_apart)
    # One after another on the unit interval: both heads, marketing's, sales', none.
    marketing = drawn < MARKETING_COMES
    sales = (drawn < both) | (
        (drawn >= MARKETING_COMES) & (drawn < MARKETING_COMES + SALES_COMES - both)
    )
    joint = kind < BOTH
    participants = 3 + np.floor(people * 8).astype(np.int64)
    minutes = 30 + 15 * np.floor(length * 5).astype(np.int64)
    return Meetings(
        day,
        kind,
        np.where(joint, marketing, kind == BOTH),
        np.where(joint, sales, kind == BOTH + 1),
        participants,
        minutes,
    )


def meeting_table(setting: Setting) -> pa.Table:
    """The rows of ``meeting``."""
    held, words = meetings(setting), setting.scenario.words.office
    return rows(
        "meeting",
        {
            "meeting_id": identifiers("m", np.arange(1, len(held.day) + 1)),
            "occurred_at": instants(setting, held.day * DAY + 36_000),
            "kind": coded([words[kind] for kind in KINDS], held.kind),
            "departments": coded(PRESENT, held.kind),
            "heads_present": pa.array(held.marketing.astype(np.int64) + held.sales),
            "participants": pa.array(held.participants),
            "minutes": ratios(held.minutes.astype(np.float64)),
        },
    )


WEEKLY = (
    (0, 1, 40.0),
    (1, 0, 24.0),
    (0, 0, 120.0),
    (1, 1, 150.0),
)
"""From, to (0 marketing, 1 sales), and messages a week as expected."""

VIA_MANAGER = 0.2
"""The share of the messages between departments that go through a manager."""


def message_counts(setting: Setting) -> tuple[Integers, Integers, Flags, Integers]:
    """Per month, flow and way: month, position in ``WEEKLY``, via a manager, messages."""
    months = len(setting.months)
    cells = [(f, via) for f in range(len(WEEKLY)) for via in (False, True)]
    month = np.repeat(np.arange(months), len(cells))
    flow = np.tile([f for f, _ in cells], months)
    via = np.tile([via for _, via in cells], months)
    starts = np.append(np.maximum(setting.month_starts, 0), setting.end)
    weeks = np.diff(starts)[month] / (7 * DAY)
    across = np.asarray([a != b for a, b, _ in WEEKLY])[flow]
    share = np.where(across, np.where(via, VIA_MANAGER, 1.0 - VIA_MANAGER), ~via)
    expected = np.asarray([rate for *_, rate in WEEKLY])[flow] * weeks * share
    rng = generator(setting.scenario.seed, Stream.OFFICE, 2)
    return month, flow, via, rng.poisson(expected)


def message_table(setting: Setting) -> pa.Table:
    """The rows of ``message_flow``, a month each."""
    month, flow, via, count = message_counts(setting)
    first = np.maximum(setting.month_starts, 0)[month] // DAY
    departments = ("marketing", "sales")
    return rows(
        "message_flow",
        {
            "message_flow_id": identifiers("n", np.arange(1, len(month) + 1)),
            "period": days(setting, first),
            "from_department": coded(departments, np.asarray([f[0] for f in WEEKLY])[flow]),
            "to_department": coded(departments, np.asarray([f[1] for f in WEEKLY])[flow]),
            "via_manager": pa.array(via),
            "messages": pa.array(count),
        },
    )
