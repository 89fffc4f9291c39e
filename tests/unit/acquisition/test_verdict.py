"""What is said of a row that cost more than it brought, and what its records can't carry."""

from __future__ import annotations

import pytest
from scipy.stats import poisson

from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import Verdict, left_over, most_expected, verdict

from .rows import made

# Over all rows a lead costs 10 and a customer brings 100.
WHOLE = made(10_000, 20_000, leads=1000, customers=200)


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (made(1000, 1000), Verdict.PAYS),
        (made(1000, 999.99, customers=200), Verdict.CHANCE),
        # 100 customers may be 122 by chance, which would bring 122 of their 10.
        (made(1210, 1000, leads=500, customers=100), Verdict.CHANCE),
        (made(1230, 1000, leads=500, customers=100), Verdict.LOSES_CHEAP),
        (made(1230, 1000, leads=100, customers=100), Verdict.LOSES),
        # Of one customer may come 5.57, each worth the 100 of all rows and not its own 1.
        (made(550, 1, leads=10, customers=1), Verdict.CHANCE),
        (made(560, 1, leads=10, customers=1), Verdict.LOSES),
        (made(360, 0, leads=100, customers=0), Verdict.CHANCE),
        (made(370, 0, leads=100, customers=0), Verdict.LOSES_CHEAP),
        (made(5000, 10, maturity=0.79), Verdict.EARLY),
        (made(5000, 10, maturity=0.8), Verdict.LOSES),
        # Whoever came without a lead has no time to ripen.
        (made(5000, 10, leads=0, customers=9), Verdict.LOSES),
        (made(5000, 0, leads=0, customers=0), Verdict.NOBODY),
        (made(0, 0), Verdict.UNSPENT),
        (made(None, 10), Verdict.UNKNOWN),
        (made(10, None), Verdict.UNKNOWN),
    ],
)
def test_a_loss_is_one_only_beyond_chance_and_when_it_is_ripe(
    row: AcquisitionRow, wanted: Verdict
) -> None:
    assert verdict(row, WHOLE) is wanted


def test_without_anybody_who_bought_nothing_is_left_to_chance() -> None:
    nobody = made(10, 0, leads=10, customers=0)
    assert verdict(nobody, nobody) is Verdict.LOSES


def test_the_limit_is_that_of_a_poisson_number() -> None:
    for customers in (0, 1, 4, 25, 400):
        limit = most_expected(customers)
        assert poisson.cdf(customers, limit) == pytest.approx(0.025, abs=0.001)


def test_what_is_left_is_unknown_where_a_part_is() -> None:
    assert left_over(made(100, 30)) == -70
    assert left_over(made(None, 30)) is left_over(made(3, None)) is None
