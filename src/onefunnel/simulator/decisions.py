"""Decisions and their approvals, promotions, surveys, rates, and what others bring."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import (
    coded,
    constant,
    days,
    identifiers,
    instants,
    money,
    ratios,
    rows,
)
from onefunnel.simulator.delays import DAY, Integers
from onefunnel.simulator.prices import UNITS
from onefunnel.simulator.scenario import Scenario
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import Stream, generator
from onefunnel.simulator.touches import Names
from onefunnel.vocabulary import STAGES

DECISIONS = ("campaign_budget", "discount", "new_tool")
A_MONTH = 12
"""Decisions a month."""

APPROVALS = 2.0
"""Approvals a decision at first, as expected; one at least."""

REFUSED = 0.05
"""The share of approvals that are refused."""

YEAR = 365.25 * DAY


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions as arrays."""

    opened_at: Integers
    closed_at: Integers
    kind: Integers
    department: Integers
    approvals: Integers
    refused: Integers
    participants: Integers
    amount: Integers


def decisions(setting: Setting) -> Decisions:
    """Decisions spread evenly over the time; approvals = 1 + Poisson(base - 1 + growth * years)."""
    scenario = setting.scenario
    size = max(1, round(scenario.days / 30.4 * A_MONTH))
    rng = generator(scenario.seed, Stream.OFFICE, 3)
    opened = np.floor((np.arange(size) + rng.random(size)) / size * setting.end).astype(np.int64)
    growth = scenario.conflicts.approvals_growth * opened / YEAR
    kind, department = rng.integers(0, 3, size), rng.integers(0, 2, size)
    people, amount = rng.integers(1, 4, size), rng.lognormal(7.0, 1.0, size)
    # What depends on the growth is drawn from a stream of its own: the rest stays as it is.
    counts = generator(scenario.seed, Stream.OFFICE, 4)
    approvals = 1 + counts.poisson(APPROVALS - 1.0 + growth)
    refused = counts.binomial(approvals, REFUSED)
    waits = np.ceil(counts.gamma(approvals, 1.5) * DAY).astype(np.int64)
    units = np.rint(amount * scenario.euro).astype(np.int64) * UNITS
    return Decisions(
        opened, opened + waits, kind, department, approvals, refused, approvals + people, units
    )


def approval_table(setting: Setting) -> pa.Table:
    """The rows of ``approval``; not decided before the cut: ``closed_at`` is NULL."""
    made, words = decisions(setting), setting.scenario.words.office
    return rows(
        "approval",
        {
            "decision_id": identifiers("b", np.arange(1, len(made.kind) + 1)),
            "opened_at": instants(setting, made.opened_at),
            "closed_at": instants(setting, made.closed_at, made.closed_at < setting.end),
            "kind": coded([words[kind] for kind in DECISIONS], made.kind),
            "requested_by_department": coded(("marketing", "sales"), made.department),
            "approvals": pa.array(made.approvals),
            "refused": pa.array(made.refused),
            "participants": pa.array(made.participants),
            "amount": money(made.amount),
        },
    )


OTHERS = (("support", "support_saved", 400.0), ("procurement", "procurement_saved", 700.0))
"""Other functions, what they bring, and how much of it a month in euro, as expected."""


def brought_by_others(setting: Setting) -> tuple[Integers, Integers, Integers]:
    """Per month and function: month, position in ``OTHERS``, the amount in ten-thousandths."""
    months = len(setting.months)
    month = np.repeat(np.arange(months), len(OTHERS))
    which = np.tile(np.arange(len(OTHERS)), months)
    rng = generator(setting.scenario.seed, Stream.OFFICE, 5)
    mean = np.asarray([amount for *_, amount in OTHERS])[which]
    euros = mean * rng.gamma(10.0, 0.1, len(month)) * setting.scenario.euro
    return month, which, np.rint(euros).astype(np.int64) * UNITS


def contribution_table(setting: Setting) -> pa.Table:
    """The rows of ``contribution``: what other functions brought or saved."""
    month, which, amount = brought_by_others(setting)
    words = setting.scenario.words.office
    number = np.arange(1, len(month) + 1)
    return rows(
        "contribution",
        {
            "contribution_id": identifiers("f", number),
            "day": days(setting, np.maximum(setting.month_starts, 0)[month] // DAY),
            "department": coded([name for name, *_ in OTHERS], which),
            "kind": coded([words[kind] for _, kind, _ in OTHERS], which),
            "amount": money(amount),
            "currency": constant(setting.scenario.money, len(month)),
            "evidence": identifiers("invoice-", number),
        },
    )


def promotion_table(setting: Setting, names: Names) -> pa.Table:
    """The rows of ``promotion``: one a quarter, with a partner, three weeks long."""
    scenario = setting.scenario
    count = max(1, scenario.days // 91)
    number = np.arange(count)
    partners = scenario.words.partners
    segments = [each.name for each in scenario.segments]
    campaign = number % len(names.campaigns)
    return rows(
        "promotion",
        {
            "promotion_id": identifiers("y", number + 1),
            "partner": coded(partners, number % len(partners)),
            "name": coded(names.campaigns, campaign),
            "starts_on": days(setting, number * 91),
            "ends_on": days(setting, np.minimum(number * 91 + 20, scenario.days - 1)),
            "campaign": coded(names.campaigns, campaign),
            "segment": coded(segments, number % len(segments)),
            "cost": money(np.full(count, 1_500 * scenario.euro * UNITS)),
            "currency": constant(scenario.money, count),
        },
    )


RECALL = ((0, 0.62), (1, 0.35), (2, 0.18))
"""The share of the population at each of the first stages, as a survey would find it."""

RESPONDENTS = 400


def indicator_table(setting: Setting) -> pa.Table:
    """The rows of ``indicator``: a survey of the upper stages a month."""
    months = len(setting.months)
    which = np.tile(np.arange(len(RECALL)), months)
    month = np.repeat(np.arange(months), len(RECALL))
    rng = generator(setting.scenario.seed, Stream.OFFICE, 6)
    found = rng.binomial(RESPONDENTS, np.asarray([share for _, share in RECALL])[which])
    return rows(
        "indicator",
        {
            "indicator_id": identifiers("j", np.arange(1, len(month) + 1)),
            "day": days(setting, np.maximum(setting.month_starts, 0)[month] // DAY),
            "stage": coded([STAGES[position].value for position, _ in RECALL], which),
            "measure": constant("survey", len(month)),
            "value": ratios(found / RESPONDENTS),
            "respondents": pa.array(np.full(len(month), RESPONDENTS)),
        },
    )


def exchange(scenario: Scenario) -> tuple[str, str, str]:
    """A rate that holds at all times: currency, base, and what one costs in the other, exactly.

    The euro in the company's currency; where that is the euro, the leu in euro.
    """
    if scenario.money == "EUR":
        return "RON", "EUR", "0.2"
    return "EUR", scenario.money, str(scenario.euro)


def rate_table(setting: Setting) -> pa.Table:
    """The rows of ``rate``, one a month."""
    currency, base, rate = exchange(setting.scenario)
    months = len(setting.months)
    first = np.maximum(setting.month_starts, 0) // DAY
    exact = pa.array([rate] * months).cast(pa.decimal128(18, 11))
    return rows(
        "rate",
        {
            "rate_id": identifiers("r", np.arange(1, months + 1)),
            "day": days(setting, first),
            "currency": constant(currency, months),
            "base": constant(base, months),
            "rate": exact,
        },
    )
