"""Who really does the tasks: pieces of work, and the drift of responsibilities."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, identifiers, instants, ratios, rows
from onefunnel.simulator.delays import Flags, Floats, Integers
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.selling import Selling, sellers
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.staff import MARKETERS
from onefunnel.simulator.streams import Stream, generator

TASKS = (
    ("plan_campaign", 0, 120.0),
    ("write_collateral", 0, 90.0),
    ("nurture_lead", 0, 15.0),
    ("work_lead", 1, 40.0),
    ("prepare_quote", 1, 30.0),
    ("visit_customer", 1, 150.0),
)
"""Each task, the department that is responsible (0 marketing, 1 sales), and its usual minutes."""

MOST_A_MONTH = 60
"""Pieces of work that are written down for a task in a month, at most."""


@dataclass(frozen=True, slots=True)
class Work:
    """Pieces of work; arrays over them.

    ``done_by`` is the department, ``lead`` a position among the company's leads or below zero.
    """

    task: Integers
    month: Integers
    at: Integers
    done_by: Integers
    actor: Integers
    lead: Integers
    minutes: Floats

    @property
    def wrong(self) -> Flags:
        """Whether the department that is not responsible did it."""
        responsible = np.asarray([department for _, department, _ in TASKS])
        return np.asarray(self.done_by != responsible[self.task])


def drift(setting: Setting) -> Floats:
    """The share that the wrong department does, by month: none at first, growing evenly."""
    months = len(setting.months)
    return np.linspace(0.0, setting.scenario.conflicts.drift, months)


def work(setting: Setting, deals: Selling) -> Work:
    """The pieces of work of the whole company, by month and task."""
    months, scenario = len(setting.months), setting.scenario
    each = int(np.clip(scenario.persons // 500, 4, MOST_A_MONTH))
    month = np.repeat(np.arange(months), len(TASKS) * each)
    task = np.tile(np.repeat(np.arange(len(TASKS)), each), months)
    rng = generator(scenario.seed, Stream.WORK)
    wrong, when, who, which, how_long = rng.random((5, len(month)))
    starts = np.append(np.maximum(setting.month_starts, 0), setting.end)
    at = starts[month] + np.floor(when * (starts[month + 1] - starts[month])).astype(np.int64)
    right = np.asarray([each_task[1] for each_task in TASKS])[task]
    done_by = np.where(wrong < drift(setting)[month], 1 - right, right)
    marketer = np.asarray(MARKETERS)[np.floor(who * len(MARKETERS)).astype(np.int64)]
    seller = FIRST_SELLER + np.floor(who * sellers(setting)).astype(np.int64)
    usual = np.asarray([each_task[2] for each_task in TASKS])[task]
    return Work(
        task,
        month,
        at,
        done_by,
        np.where(done_by == 0, marketer, seller),
        _leads(deals, month, which),
        np.round(usual * (0.5 + how_long), 1),
    )


def activity_table(setting: Setting, deals: Selling) -> pa.Table:
    """The rows of ``activity``."""
    done = work(setting, deals)
    words = [setting.scenario.words.tasks[name] for name, *_ in TASKS]
    known = done.lead >= 0
    person = deals.person[done.lead] if len(deals) else done.lead
    return rows(
        "activity",
        {
            "activity_id": identifiers("w", np.arange(1, len(done.task) + 1)),
            "occurred_at": instants(setting, done.at),
            "actor": identifiers("e", done.actor),
            "department": coded(("marketing", "sales"), done.done_by),
            "task": coded(words, done.task),
            "subject_kind": coded(("lead",), np.where(known, 0, -1)),
            "subject_id": identifiers("l", person, known),
            "minutes": ratios(done.minutes),
        },
    )


def _leads(deals: Selling, month: Integers, uniforms: Floats) -> Integers:
    """A lead of the same month for each piece of work, below zero where the month has none."""
    order = np.argsort(deals.month, kind="stable")
    starts = np.searchsorted(deals.month[order], month)
    sizes = np.searchsorted(deals.month[order], month, side="right") - starts
    if not len(deals):
        return np.full(len(month), -1)
    position = starts + np.floor(uniforms * sizes).astype(np.int64)
    return np.where(sizes > 0, order[np.minimum(position, len(order) - 1)], -1)
