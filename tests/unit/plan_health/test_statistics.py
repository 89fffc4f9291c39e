"""Shares and rank correlations against published figures and other ways to the same number."""

from __future__ import annotations

from math import sqrt
from random import Random

import pytest
from scipy.stats import spearmanr

from onefunnel.funnel.incidence import wilson
from onefunnel.measures.plan_health.statistics import correlation, exact_share, ranked, share


def test_a_share_of_clusters_of_one_case_is_nearly_wilsons() -> None:
    """With n - 1 for n: the variance between clusters is that of a sample."""
    said = share([(1, 1)] * 6 + [(0, 1)] * 4)
    assert (said.low, said.high) == pytest.approx(wilson(0.6, 9))


def test_cases_that_always_agree_count_as_one_a_person() -> None:
    once, thrice = (share([(each, each)] * 6 + [(0, each)] * 4) for each in (1, 3))
    assert (once.low, once.high) == pytest.approx((thrice.low, thrice.high))


def test_everybody_or_nobody_is_a_share_among_the_people() -> None:
    assert share([(3, 3)] * 8).low == pytest.approx(wilson(1.0, 8)[0])
    assert share([(0, 3)] * 8).high == pytest.approx(wilson(0.0, 8)[1])


def test_exact_interval_of_none_is_the_rule_of_three() -> None:
    """Nothing among 30: at most one in ten, nearly (97.5 % one-sided: 1 - 0.025^(1/30))."""
    assert exact_share(0, 30).high == pytest.approx(1 - 0.025 ** (1 / 30))


def test_ranks_correlate_as_scipy_says_with_ties() -> None:
    random = Random(7)
    pairs = [(random.randint(0, 9), random.randint(0, 9)) for _ in range(60)]
    found = correlation([ranked(pairs)])
    assert found is not None
    x, y = zip(*pairs, strict=True)
    assert found.value == pytest.approx(float(spearmanr(x, y).statistic))


def test_the_interval_of_one_group_is_bonetts_and_wrights() -> None:
    """Bonett and Wright 2000: z of r, plus and minus 1.96 sqrt((1 + r^2/2) / (n - 3))."""
    pairs = [(n, (n * 3) % 11) for n in range(11)]
    found = correlation([ranked(pairs)])
    assert found is not None
    from math import atanh, tanh

    half = 1.959964 * sqrt((1 + found.value**2 / 2) / 8)
    assert found.low == pytest.approx(tanh(atanh(found.value) - half), rel=1e-5)
    assert found.high == pytest.approx(tanh(atanh(found.value) + half), rel=1e-5)


def test_levels_between_groups_say_nothing() -> None:
    """Within each seller the link is negative; the one who sells more gives larger discounts."""
    low = [(n, 20 - n) for n in range(20)]
    high = [(n + 100, 120 - n) for n in range(20)]
    within, mixed = correlation([ranked(low), ranked(high)]), correlation([ranked([*low, *high])])
    assert within is not None and mixed is not None
    assert within.high < 0 < mixed.low


def test_what_never_varies_has_no_correlation() -> None:
    assert correlation([ranked([(n, 1) for n in range(9)])]) is None
    assert correlation([ranked([(1, 1), (2, 2), (3, 3)])]) is None


def test_a_perfect_order_of_five_is_no_proof() -> None:
    found = correlation([ranked([(n, n) for n in range(5)])])
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low < 0.3
