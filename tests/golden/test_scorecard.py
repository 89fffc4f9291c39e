"""A scorecard's curve of 80, 100 and 120 that pays .5, 1 and 1.5 of the target pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from onefunnel.measures.scorecard.curve import Curve
from onefunnel.measures.scorecard.plan import Level, Measure, Scorecard
from onefunnel.measures.scorecard.results import evaluate, pay
from onefunnel.vocabulary import Department

MEASURE = Measure(
    "contribution",
    Department.BOTH,
    Decimal(1),
    Curve(Decimal("0.80"), Decimal(1), Decimal("1.20")),
)
CARD = Scorecard(Level.COMPANY, "X", None, (MEASURE,), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("attained", "payout"),
    [
        (".79", "0"),
        (".8", ".5"),
        (".9", ".75"),
        ("1", "1"),
        ("1.1", "1.25"),
        ("1.2", "1.5"),
        ("1.3", "1.5"),
    ],
)
def test_piecewise_linear_payout(attained: str, payout: str) -> None:
    result = evaluate(CARD, "2024-03", {"contribution": Decimal(attained)})
    assert result.payout == Decimal(payout)
    assert result.measures[0].attainment == Decimal(attained)
    assert pay(result, Decimal(2000)) == 2000 * Decimal(payout)
