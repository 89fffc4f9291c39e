"""How far a figure goes along with what somebody does: known elasticities, noise, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.scorecard.response import by_rows, in_history, within

MONTHS = 24


def smoothed(series: np.ndarray) -> np.ndarray:
    """The mean of each month and the one before; the first has none before it."""
    return np.concatenate([[np.nan], (series[1:] + series[:-1]) / 2])


def figures(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(each) else float(each) for each in values]


@pytest.mark.parametrize(("weight", "others"), [(0.4, 0.5), (0.0, 0.9), (-0.3, 0.2)])
def test_the_elasticity_at_the_means_is_found_whatever_others_deliver(
    weight: float, others: float
) -> None:
    random = np.random.default_rng(2)
    did, delivered = 50 + random.normal(0, 8, MONTHS), 200 + random.normal(0, 30, MONTHS)
    mine, theirs = smoothed(did), smoothed(delivered)
    # Shares of the mean, so that the weight is the elasticity.
    figure = 1000 * (1 + weight * (mine / 50 - 1) + others * (theirs / 200 - 1))
    found = in_history(figures(figure), did.tolist(), delivered.tolist()).influence
    assert found is not None
    wanted = weight * 1000 / 50 * np.nanmean(mine) / np.nanmean(figure)
    assert found.elasticity == pytest.approx(wanted, abs=1e-9)
    assert found.low == pytest.approx(found.elasticity, abs=1e-6)


def test_what_explains_the_ups_and_downs_is_shared_between_both() -> None:
    random = np.random.default_rng(5)
    did, delivered = 50 + random.normal(0, 8, 400), 200 + random.normal(0, 30, 400)
    figure = 3 * smoothed(did) + 0.4 * smoothed(delivered)
    found = in_history(figures(figure), did.tolist(), delivered.tolist())
    # 3 x 8 against 0.4 x 30: variances as 4 to 1, and nothing else.
    assert found.own == pytest.approx(0.8, abs=0.05)
    assert found.others == pytest.approx(0.2, abs=0.05)
    assert found.own + found.others == pytest.approx(1)


@pytest.mark.parametrize("wanders", [False, True])
def test_intervals_hold_the_truth_as_often_as_they_say(wanders: bool) -> None:
    random, held, trials = np.random.default_rng(8), 0, 400
    for _ in range(trials):
        noise = random.normal(size=(3, MONTHS))
        did, delivered, error = np.cumsum(noise, axis=1) / 2 if wanders else noise
        did, delivered = 100 + 10 * did, 100 + 10 * delivered + 3 * did
        figure = 100 + 0.4 * smoothed(did) + 0.5 * smoothed(delivered) + 8 * error
        said = in_history(figures(figure), did.tolist(), delivered.tolist()).influence
        if said is None or said.low is None or said.high is None:
            continue
        truth = 0.4 * np.nanmean(smoothed(did)) / figure[1:].mean()
        held += said.low <= truth <= said.high
    assert 0.91 <= held / trials <= 0.98


@pytest.mark.parametrize(
    ("figure", "did", "delivered", "reason"),
    [
        ([1.0] * 5, [1.0] * 5, [1.0] * 5, "few_months"),
        ([7.0] * 20, range(20), [1.0] * 20, "never_moved"),
        ([1.0, 2.0] * 10, [4.0] * 20, [1.0, 3.0] * 10, "never_moved"),
        ([9.0, 8.0, 9.5] * 8, [1.0, 5.0, 2.0] * 8, [2.0, 10.0, 4.0] * 8, "not_apart"),
        ([1.0, -1.0, 0.5, -0.4] * 6, [1.0, 5.0, 2.0] * 8, [1.0] * 24, "near_zero"),
    ],
)
def test_what_the_records_can_not_tell_is_refused(
    figure: list[float], did: list[float], delivered: list[float], reason: str
) -> None:
    found = in_history(figure, list(did), delivered)
    assert (found.influence, found.reason) == (None, reason)


def test_series_of_different_lengths_are_an_error() -> None:
    with pytest.raises(UsageError, match="differ in length"):
        in_history([1.0], [1.0, 2.0], [1.0, 2.0])


def test_months_with_something_unknown_are_left_out() -> None:
    random = np.random.default_rng(3)
    did, delivered = 50 + random.normal(0, 8, MONTHS), 200 + random.normal(0, 30, MONTHS)
    figure = figures(2 * smoothed(did) + smoothed(delivered))
    figure[7] = None
    holes: list[float | None] = did.tolist()
    holes[15] = None
    found = in_history(figure, holes, delivered.tolist()).influence
    known = [at for at in range(1, MONTHS) if at not in (7, 15, 16)]
    wanted = 2 * smoothed(did)[known].mean() / np.mean([figure[at] for at in known])
    assert found is not None
    assert found.elasticity == pytest.approx(wanted)


def test_a_share_of_the_rows_with_its_interval() -> None:
    found = by_rows([1.0, None, 2.0, 3.0, 1.0, 2.0, 3.0], [10.0] * 7).influence
    assert found is not None
    assert found.elasticity == pytest.approx(0.2)
    # Of equal wholes the jackknife's error is that of the mean: .08944 / sqrt(6); t(5) is 2.5706.
    assert found.high == pytest.approx(0.2 + 2.5706 * 0.0365148, abs=1e-5)
    assert by_rows([1.0] * 5, [10.0] * 5).reason == "few_months"
    assert by_rows([1.0] * 6, [10.0] * 3 + [-10.0] * 3).reason == "near_zero"


def test_months_at_the_edges_of_the_records_are_left_out() -> None:
    assert within([0, 0, 5, 6, 7, 8, 0], [0, 1, 1, 1, 1, 1, 1]) == slice(3, 5)
    assert within([0, 0], [0, 0]) == slice(0)
