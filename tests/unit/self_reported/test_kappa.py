"""Cohen's kappa and its interval, against what is published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.measures.self_reported.kappa import cohens_kappa, of_name, of_pairs

SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
"""Two dermatologists on 88 patients: SAS/STAT User's Guide, the FREQ procedure, Agreement Study."""
RATED = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
"""A table whose SAS output the tests of statsmodels (BSD) keep."""
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
"""Two raters on 100 patients: Fleiss, Statistical Methods for Rates and Proportions, chapter 13."""


@pytest.mark.parametrize(
    ("table", "value", "error", "low", "high"),
    [(SKIN, 0.3449, 0.0724, 0.2030, 0.4868), (RATED, 0.4842, 0.1380, 0.2137, 0.7547)],
)
def test_kappa_is_what_sas_prints(
    table: list[list[int]], value: float, error: float, low: float, high: float
) -> None:
    found = cohens_kappa(table)
    assert found is not None
    assert [round(each, 4) for each in (found.value, found.error, found.low, found.high)] == [
        value, error, low, high,
    ]  # fmt: skip


def test_kappa_of_the_diagnoses_of_fleiss() -> None:
    """Agreement .89 where .66 is due to chance: kappa .676."""
    found = cohens_kappa(DIAGNOSES)
    assert found is not None
    assert found.value == pytest.approx((0.89 - 0.66) / (1 - 0.66))


def test_what_is_no_question_has_no_kappa() -> None:
    assert cohens_kappa([[0, 0], [0, 0]]) is None
    assert cohens_kappa([[7, 0], [0, 0]]) is None
    assert of_pairs({}) is None


def test_few_cases_that_all_agree_are_not_certain() -> None:
    found = cohens_kappa([[3, 0], [0, 2]])
    assert found is not None
    assert (found.value, found.error, found.high) == (1.0, 0.0, 1.0)
    assert found.low < 0.25
    many = cohens_kappa([[300, 0], [0, 200]])
    assert many is not None
    assert many.low > 0.95


@pytest.mark.long
@pytest.mark.parametrize("cases", [80, 300, 1_000])
def test_intervals_of_kappa_hold_the_truth(cases: int) -> None:
    """Of 2,000 samples of three names, within four binomial errors: 93.1 to 96.9 %."""
    chances = np.array([[0.30, 0.06, 0.04], [0.10, 0.20, 0.05], [0.05, 0.05, 0.15]])
    agreed, chance = chances.trace(), float(chances.sum(axis=1) @ chances.sum(axis=0))
    true, random = (agreed - chance) / (1 - chance), np.random.default_rng(cases)
    held = 0
    for counts in random.multinomial(cases, chances.ravel(), 2_000):
        found = cohens_kappa(counts.reshape(3, 3).tolist())
        assert found is not None
        held += found.low <= true <= found.high
    assert 0.931 <= held / 2_000 <= 0.969


COUNTS = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=3)


@given(COUNTS)
def test_kappa_does_not_ask_who_is_first_or_in_which_order(table: list[list[int]]) -> None:
    names = "abc"
    pairs = {(names[i], names[j]): table[i][j] for i in range(3) for j in range(3)}
    other = {(b, a): count for (a, b), count in pairs.items()}
    found, turned = of_pairs(pairs), of_pairs(other)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found.value == pytest.approx(turned.value)
        assert found.error == pytest.approx(turned.error, abs=1e-9)
        assert -1.0 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1.0
    whole = cohens_kappa([row[:2] for row in table[:2]])
    two = {key: count for key, count in pairs.items() if "c" not in key}
    one = of_name(two, "a")
    assert (whole is None) == (one is None)
    if whole is not None and one is not None:
        assert one.value == pytest.approx(whole.value)
