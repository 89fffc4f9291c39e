"""A trial works leads that would be left, at random, and changes nothing else."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pytest
from scipy.stats import binom

from onefunnel.simulator import SCENARIOS, Company, simulate
from onefunnel.simulator.quarrel import quarrel

SHARE = 0.3
SIZE = {"touches": 30_000, "touches_per_person": 2.0, "seed": 12}


@pytest.fixture(scope="module")
def tried() -> Company:
    return simulate(SCENARIOS["company-x"](trial_share=SHARE, **SIZE))


@pytest.fixture(scope="module")
def untried() -> Company:
    return simulate(SCENARIOS["company-x"](**SIZE))


def likely(hits: int, size: int, chance: float) -> bool:
    return bool(min(binom.cdf(hits, size, chance), binom.sf(hits - 1, size, chance)) > 1e-6)


def test_a_random_share_of_those_left_is_drawn(tried: Company, untried: Company) -> None:
    drawn, left = tried.selling.drawn, ~untried.selling.worked
    assert not untried.selling.drawn.any()
    assert not np.any(drawn & ~left)
    assert likely(drawn.sum(), left.sum(), SHARE)


def test_all_others_are_as_they_were(tried: Company, untried: Company) -> None:
    others = ~tried.selling.drawn
    for name in ("worked", "outcome", "closed_at", "owner", "orders", "before_best"):
        with_trial, without = (getattr(each.selling, name) for each in (tried, untried))
        assert np.array_equal(with_trial[others], without[others]), name
    for table in ("party", "lead", "spend", "employee", "target"):
        assert next(tried.blocks(table)).equals(next(untried.blocks(table))), table


def test_those_drawn_are_worked_and_won_as_set(tried: Company) -> None:
    deals = tried.selling
    assert np.all(deals.worked[deals.drawn])
    parts = deals.drawn & (deals.segment == 1)
    assert likely((deals.bought & parts).sum(), parts.sum(), 0.4)


def test_the_ledger_shows_who_was_drawn(tried: Company) -> None:
    steps = next(tried.blocks("handoff"))
    mine = pc.and_(pc.equal(steps["kind"], "assigned"), pc.equal(steps["department"], "management"))
    named = steps.filter(mine)
    begun = tried.selling.drawn & (tried.selling.opened_at < tried.setting.end)
    assert set(named["lead_id"].to_pylist()) == {f"l{n}" for n in tried.selling.person[begun]}
    assert set(named["actor"].to_pylist()) == {"e1"}
    others = steps.filter(pc.invert(mine))
    assert "management" not in others["department"].to_pylist()


def test_the_truth_counts_what_they_bring(tried: Company, untried: Company) -> None:
    with_trial, without = (quarrel(each.setting, each.selling).total for each in (tried, untried))
    assert with_trial.best == without.best
    assert with_trial.actual > without.actual
