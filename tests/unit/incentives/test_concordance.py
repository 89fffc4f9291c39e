"""Agreement of rates, against plain loops and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from onefunnel.measures.incentives import reference
from onefunnel.measures.incentives.concordance import dissimilarity, tau_b

small = st.integers(0, 4).map(float)
columns = st.lists(st.tuples(small, small, small), min_size=2, max_size=8)


@given(columns)
def test_tau_is_that_of_plain_loops(given_columns: list[tuple[float, float, float]]) -> None:
    first, second, weights = (list(each) for each in zip(*given_columns, strict=True))
    found = tau_b(np.array([first]), np.array([second]), np.array([weights]))[0]
    wanted = reference.tau_b(first, second, weights)
    assert np.isnan(found) if wanted is None else found == pytest.approx(wanted)


@given(columns)
def test_tau_without_weights_is_scipys(given_columns: list[tuple[float, float, float]]) -> None:
    first, second, _ = np.array(given_columns).T
    found = tau_b(first[None, :], second[None, :], np.ones((1, len(first))))[0]
    if len(set(first)) > 1 and len(set(second)) > 1:
        assert found == pytest.approx(kendalltau(first, second).statistic)
    else:
        assert np.isnan(found)


def test_a_pair_without_hours_does_not_count() -> None:
    rho, kappa = np.array([[1.0, 2.0, 9.0]]), np.array([[1.0, 2.0, 0.0]])
    assert tau_b(rho, kappa, np.array([[5.0, 5.0, 0.0]]))[0] == 1.0
    assert tau_b(rho, kappa, np.ones((1, 3)))[0] < 0.0


def test_dissimilarity_is_from_none_to_all() -> None:
    same, apart = np.array([[2.0, 4.0]]), np.array([[0.0, 3.0]])
    assert dissimilarity(same, same * 7)[0] == 0.0
    assert dissimilarity(np.array([[3.0, 0.0]]), apart)[0] == 1.0
    assert np.isnan(dissimilarity(np.zeros((1, 2)), apart)[0])
