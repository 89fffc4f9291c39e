"""Which rows deserve attention, how much is at stake, and where nothing can be said."""

from __future__ import annotations

import pytest

from onefunnel.measures.acquisition.attention import Matter, Silence, attention
from onefunnel.measures.acquisition.result import AcquisitionRow

from .rows import made

# Over all rows a lead costs 10 and a customer brings 100.
WHOLE = made(10_000, 20_000, leads=1000, customers=200)


def row(
    name: str | None, spend: float | None, brought: float | None, **more: object
) -> AcquisitionRow:
    return made(spend, brought, dimensions={"campaign": name}, **more)  # type: ignore[arg-type]


def rejecting(name: str, high: float | None, rejected: int, brought: float = 10) -> AcquisitionRow:
    """A row of 50 leads that cost 20 each, too early to say."""
    told = {"acceptance_rate_high": high, "rejected": rejected, "maturity": 0.3}
    return row(name, 1000, brought, leads=50, **told)


def test_what_loses_and_what_nobody_came_of_stand_dearest_first() -> None:
    rows = [
        row("pays", 1000, 4000),
        row("idle", 300, 0, leads=0, customers=0),
        row("chance", 1000, 999, customers=200),
        row("cheap", 1230, 1000, leads=500, customers=100),
        row("dear", 2000, 100, leads=20, customers=6),
        row("early", 5000, 10, maturity=0.3),
        row("free", 0, 10),
    ]
    found = attention(rows, WHOLE)
    assert [(each.row.dimensions["campaign"], each.matter, each.stake) for each in found] == [
        ("dear", Matter.LOSES, 1900),
        ("idle", Matter.NOBODY, 300),
        ("cheap", Matter.LOSES_CHEAP, 230),
    ]


def test_most_leads_rejected_is_an_early_sign() -> None:
    rows = [
        rejecting("mostly", 0.4, 40),
        rejecting("perhaps", 0.5, 40),
        rejecting("few", 0.4, 4),
        rejecting("pays", 0.4, 40, brought=2000),
        rejecting("unanswered", None, 40),
    ]
    (found,) = attention(rows, WHOLE)
    assert (found.row.dimensions["campaign"], found.matter) == ("mostly", Matter.REJECTED)
    assert found.stake == 800, "40 rejected leads at 20 each"


def test_what_is_too_small_or_has_no_name_is_left_out() -> None:
    small = row("small", 99, 0, leads=0, customers=0)
    enough = row("enough", 100, 0, leads=0, customers=0)
    unknown = row(None, 5000, 0, leads=0, customers=0)
    found = attention([small, enough, unknown], WHOLE)
    assert [each.row for each in found] == [enough]
    assert attention([row("pays", 1000, 4000), unknown], WHOLE) == ()


@pytest.mark.parametrize(
    ("rows", "whole", "why"),
    [
        ([row("a", None, 10)], made(None, 10), Silence.NO_SPEND),
        ([row("a", 0, 10)], made(0, 10), Silence.NO_SPEND),
        ([row("a", 10, None)], made(10, None), Silence.NO_CONTRIBUTION),
        ([row("a", 0, 10), row(None, 10, 0)], made(10, 10), Silence.UNDIVIDED),
        ([], made(10, 10), Silence.UNDIVIDED),
    ],
)
def test_where_records_carry_no_verdict_it_is_said_why(
    rows: list[AcquisitionRow], whole: AcquisitionRow, why: Silence
) -> None:
    assert attention(rows, whole) is why
