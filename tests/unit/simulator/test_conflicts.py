"""A conflict's switch changes what it says, and nothing else."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from onefunnel.simulator import SCENARIOS, Company, simulate
from onefunnel.simulator.scenarios import CONFLICTS

TOUCHES, SEED = 60_000, 11


@cache
def company(name: str) -> Company:
    return simulate(SCENARIOS[name](touches=TOUCHES, seed=SEED))


@cache
def tables(name: str) -> dict[str, pa.Table]:
    return company(name).tables()


# What comes after the offer to sales; the touches between follow, since their number is what is
# left of the target, and the staff follows the hours.
AFTER = {
    "touch", "handoff", "deal", "deal_event", "credit", "quote", "commitment", "order_line",
    "advocacy",
}  # fmt: skip
STAFF = {"employee", "activity"}
# Sales is asked for what it has come to sell.
ASKED = {"target"}

CHANGED = {
    "too-few-hours": AFTER | STAFF | ASKED,
    "pulling-pay-plan": AFTER | STAFF | ASKED,
    "no-follow-up": AFTER | ASKED,
    "poor-leads": AFTER | ASKED,
    "following-discounts": {"deal_event", "quote", "order_line", "advocacy", "commitment"} | ASKED,
    "drifting-responsibilities": {"activity"},
    "growing-approvals": {"approval"},
    "avoiding-heads": {"meeting"},
}


@pytest.mark.parametrize("name", sorted(CONFLICTS))
def test_only_these_tables_change(name: str) -> None:
    switched, healthy = tables(name), tables("healthy")
    changed = {table for table in healthy if not switched[table].equals(healthy[table])}
    assert changed <= CHANGED[name] | ({"handoff"} if name == "following-discounts" else set())
    assert changed


@pytest.mark.parametrize("name", sorted(CONFLICTS))
def test_marketing_is_the_same_in_all(name: str) -> None:
    """Up to intention every person does the same, whatever sales does."""

    def told(rows: pa.Table) -> pa.Table:
        by_stage = pc.or_(pc.is_valid(rows["intent"]), pc.equal(rows["kind"], "form"))
        return rows.filter(by_stage).select(["party_id", "occurred_at", "intent"])

    assert told(tables(name)["touch"]).equals(told(tables("healthy")["touch"]))
    assert tables(name)["lead"].equals(tables("healthy")["lead"])


def test_pull_changes_nothing_but_who_is_worked() -> None:
    few, pulled = (company(name).selling for name in ("too-few-hours", "pulling-pay-plan"))
    assert few.worked.sum() != pulled.worked.sum()
    both = few.worked & pulled.worked
    assert both.any()
    assert (few.closed_at[both] == pulled.closed_at[both]).all()
    assert (few.opened_at[both] == pulled.opened_at[both]).all()


def test_who_buys_with_and_without_a_conflict_orders_the_same() -> None:
    few, healthy = (tables(name)["order_line"].to_pylist() for name in ("too-few-hours", "healthy"))
    kept = ("ordered_at", "sku", "net_price", "unit_cost", "deal_id")
    lines = {row["order_line_id"]: [row[name] for name in kept] for row in healthy}
    assert few
    assert all(lines[row["order_line_id"]] == [row[name] for name in kept] for row in few)


def test_without_follow_up_leads_wait_longer_and_are_left() -> None:
    lazy, healthy = company("no-follow-up").truth, company("healthy").truth
    assert healthy.response.contacted > 0.99 * healthy.response.offered
    offered, contacted = lazy.response.offered, lazy.response.contacted
    assert abs(contacted / offered - 0.6) < 4 * (0.6 * 0.4 / offered) ** 0.5 + 0.01
    assert lazy.quarrel.total.execution_cost > 0


def test_poor_leads_are_refused_by_sales() -> None:
    poor = company("poor-leads").truth
    refusals = company("poor-leads").scenario.words.refusals.values()
    by_sales = [
        each.lost for each in poor.lost if each.source == "salesperson" and each.reason in refusals
    ]
    assert abs(sum(by_sales) / poor.response.contacted - 0.4) < 0.06
    assert poor.quarrel.total.unlimited < company("healthy").truth.quarrel.total.unlimited


def test_discounts_follow_the_size_of_the_deal_exactly() -> None:
    import numpy as np

    switched, healthy = (company(n).selling for n in ("following-discounts", "healthy"))
    from onefunnel.simulator.prices import catalogue

    price = catalogue(company("healthy").scenario).list_price
    doublings = np.log2(price[switched.product] / price.min())
    follows = switched.discount - healthy.discount
    assert follows == pytest.approx(0.01 * doublings)


def test_drift_grows_to_what_was_set() -> None:
    drifting, healthy = company("drifting-responsibilities").truth, company("healthy").truth
    assert sum(task.wrong for task in healthy.office.tasks) == 0
    wrong = sum(task.wrong for task in drifting.office.tasks)
    pieces = sum(task.pieces for task in drifting.office.tasks)
    shares = list(drifting.office.tasks[0].by_month.values())
    assert (shares[0], shares[-1]) == (0.0, 0.4)
    assert abs(wrong / pieces - 0.2) < 4 * (0.2 * 0.8 / pieces) ** 0.5


def test_approvals_grow_by_what_was_set() -> None:
    growing, healthy = (company(n).truth.office.approvals for n in ("growing-approvals", "healthy"))
    assert growing.decisions == healthy.decisions
    # Two a year more over two years: two more on the mean.
    more = (growing.approvals - healthy.approvals) / growing.decisions
    assert abs(more - 2.0) < 4 * (2 * 3.0 / growing.decisions) ** 0.5


def test_heads_who_avoid_each_other_meet_seldom() -> None:
    apart, healthy = (company(n).truth.office.heads for n in ("avoiding-heads", "healthy"))
    assert (apart.meetings, apart.marketing) == (healthy.meetings, healthy.marketing)
    assert apart.both < healthy.both
    assert apart.odds_ratio == 0.05


def test_conflicts_can_be_mixed() -> None:
    mixed = SCENARIOS["healthy"](touches=TOUCHES, seed=SEED).with_conflicts(
        drift=0.4, approvals_growth=2.0, heads_apart=0.05
    )
    made = simulate(mixed).tables()
    for name, changed in CHANGED.items():
        if len(changed) == 1:
            (table,) = changed
            assert made[table].equals(tables(name)[table])
    assert made["touch"].equals(tables("healthy")["touch"])
