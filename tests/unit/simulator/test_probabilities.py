"""What happens is what was set, within the bounds of chance (four standard deviations)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.simulator import SCENARIOS, Company, Delay, simulate
from onefunnel.simulator.delays import DAY, seconds
from onefunnel.simulator.market import markets
from onefunnel.simulator.selling import Outcome
from onefunnel.simulator.setting import NEVER

FAMILIES = st.sampled_from(["exponential", "lognormal", "weibull"])


def near(count: int, size: int, chance: float) -> bool:
    return bool(abs(count - size * chance) <= 4 * (size * chance * (1 - chance)) ** 0.5 + 1)


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(SCENARIOS["healthy"](touches=500_000, seed=9))


@given(FAMILIES, st.floats(0.1, 500), st.floats(0.3, 2.5), st.floats(0.01, 0.99))
def test_quantiles_are_the_inverse_of_the_distribution(
    family: str, median: float, shape: float, share: float
) -> None:
    delay = Delay(family, median, shape)
    assert delay.within(delay.quantile(share)) == pytest.approx(share, abs=1e-9)
    assert delay.within(median) == pytest.approx(0.5)
    assert delay.within(0.0) == 0.0
    assert delay.within(-1.0) == 0.0


@given(FAMILIES, st.floats(0.5, 100), st.floats(0.4, 1.5), st.integers(0, 2**32))
def test_draws_have_the_distribution(family: str, median: float, shape: float, seed: int) -> None:
    delay = Delay(family, median, shape)
    drawn = seconds(delay, np.random.default_rng(seed).random(4_000))
    assert drawn.min() >= 1
    for days in (median / 3, median, 2 * median):
        assert near(int((drawn <= days * DAY).sum()), 4_000, delay.within(int(days * DAY) / DAY))


def test_steps_of_the_market_have_their_chances_and_delays(company: Company) -> None:
    entered = np.concatenate([atom.entered for atom in markets(company.setting)], axis=1)
    lost_at = np.concatenate([atom.lost_at for atom in markets(company.setting)])
    channel = np.concatenate([atom.channel for atom in markets(company.setting)])
    for k, step in enumerate(company.scenario.steps[:4]):
        here = entered[k] < NEVER
        moved = here & (entered[k + 1] < NEVER)
        lost = here & ~moved & (lost_at < NEVER)
        for code in range(len(company.scenario.channels)):
            own = here & (channel == code)
            size = int(own.sum())
            assert near(int((moved & own).sum()), size, company.setting.moves[k, code])
            assert near(int((lost & own).sum()), size, company.setting.losses[k, code])
        waited = (entered[k + 1] - entered[k])[moved]
        for days in (1, 3, 10, 30):
            within = int((waited <= days * DAY).sum())
            assert near(within, int(moved.sum()), step.delay.within(days))


def test_channels_and_segments_have_their_shares(company: Company) -> None:
    channel = np.concatenate([atom.channel for atom in markets(company.setting)])
    segment = np.concatenate([atom.segment for atom in markets(company.setting)])
    for code, share in enumerate(company.setting.channel_shares):
        assert near(int((channel == code).sum()), len(channel), float(share))
    for code, share in enumerate(company.setting.segment_shares):
        assert near(int((segment == code).sum()), len(segment), float(share))


def test_deals_are_won_and_lost_as_set(company: Company) -> None:
    sold = company.selling
    able = sold.worked & ~sold.junk
    for outcome, chance in ((Outcome.WON, sold.win), (Outcome.LOST, sold.lose)):
        count, mean = int((sold.outcome[able] == outcome).sum()), float(chance[able].mean())
        assert near(count, int(able.sum()), mean)
    for code, segment in enumerate(company.scenario.segments):
        won = (sold.segment == code) & (sold.outcome == Outcome.WON)
        waited = (sold.closed_at - sold.opened_at)[won]
        median = segment.win_delay.median * DAY
        assert near(int((waited <= median).sum()), int(won.sum()), 0.5)


def test_lower_prices_win_more(company: Company) -> None:
    sold = company.selling
    parts = (sold.segment == 1) & sold.worked
    cheap = parts & (sold.discount > 0.03)
    dear = parts & (sold.discount <= 0.03)
    assert sold.win[cheap].min() > sold.win[dear].max() - 1e-12
    odds = sold.win[parts] / (1 - sold.win[parts])
    slope = np.polyfit(np.log1p(-sold.discount[parts]), np.log(odds), 1)[0]
    assert slope == pytest.approx(-company.scenario.elasticity)


def test_later_orders_and_advocates_as_set(company: Company) -> None:
    sold, steps = company.selling, company.scenario.steps
    bought, loyal = int(sold.bought.sum()), int((sold.loyal_at < NEVER).sum())
    assert near(loyal, bought, steps[4].move)
    assert near(int((sold.advocate_at < NEVER).sum()), loyal, steps[5].move)
    third = int((sold.orders >= 3).sum())
    assert near(third, loyal, company.scenario.reorder)


def test_owners_say_their_bias(company: Company) -> None:
    from onefunnel.simulator.deals import biases, forecasts

    sold = company.selling
    said = forecasts(company.setting, sold)
    more = np.log(said / (1 - said)) - np.log(sold.win / (1 - sold.win))
    assert more == pytest.approx(biases(company.setting)[sold.owner])
    assert biases(company.setting).mean() == pytest.approx(0.0, abs=1e-12)
    assert biases(company.setting).std() == pytest.approx(company.scenario.forecast_bias)


def test_every_refusal_has_a_reason(company: Company) -> None:
    handoffs = company.tables()["handoff"].to_pylist()
    refused = [row for row in handoffs if row["kind"] == "disqualified"]
    assert refused
    assert all(row["reason"] and row["reason_source"] for row in refused)
