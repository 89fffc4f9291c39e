"""Answers in a terminal: what is unknown or refused is said, and narrow terminals lose nothing."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from onefunnel.cli.tables import print_answer
from onefunnel.vocabulary import STAGES, Answer
from tests.web.report.examples import TEN_DEALS, answer, by_channel, company_x


def printed(asked: Answer, width: int = 300, *, color: bool = False) -> str:  # type: ignore[type-arg]
    out = StringIO()
    system = "standard" if color else None
    console = Console(file=out, width=width, force_terminal=color, color_system=system)
    print_answer(asked, console)
    return out.getvalue()


def with_currency(asked: Answer) -> Answer:  # type: ignore[type-arg]
    return replace(asked, parameters={"currency": "EUR"})


def line(text: str, start: str) -> str:
    return next(each for each in text.splitlines() if each.startswith(start))


def test_shares_have_their_interval_and_money_its_currency() -> None:
    text = printed(with_currency(company_x().funnel))
    purchase = line(text, "purchase ")
    assert "19.0% [13.0–27.0]" in purchase
    assert "17,240.00" in purchase
    assert "revenue EUR" in text.splitlines()[0]
    assert "conversion low" not in text


def test_what_is_unknown_and_what_is_refused_are_told_apart() -> None:
    text = printed(company_x().funnel)
    assert "refused" in line(text, "customer_advocacy")
    assert "refused" not in line(text, "brand_consideration")
    assert "unknown" in line(text, "brand_consideration")
    assert "\x1b[2munknown" in printed(company_x().funnel, color=True)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_narrow_terminal_gets_every_figure_in_several_tables(width: int) -> None:
    text = printed(with_currency(company_x().funnel), width)
    assert all(len(each) <= width for each in text.splitlines())
    assert "…" not in text
    for figure in ("541", "61.0%", "19.0%", "9,784.00", "17,240.00", "0.0167"):
        assert figure in text
    assert text.count("brand_preference") >= 2


def test_a_row_without_dimension_is_printed_beside_one_that_says_unknown() -> None:
    text = printed(answer("funnel", [*by_channel("unknown", (5, 4, 3, 2), None)]))
    assert len([each for each in text.splitlines() if each.startswith("unknown")]) == 4


def test_names_cannot_steer_the_terminal_or_the_markup() -> None:
    name = "\x1b[31mred\x07 [bold]loud[/bold]"
    text = printed(answer("funnel", by_channel(name, (5, 4, 3, 2), None)))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]loud[/bold]" in text


def test_no_rows_is_said() -> None:
    assert printed(answer("deals", ())) == "deals: no rows\n"


def test_every_field_of_a_row_is_shown() -> None:
    text = printed(answer("deals", (TEN_DEALS,)))
    words = " ".join(text.split())
    for figure in ("35.7% [12.0–69.0]", "50.0%", "30.0%", "44.4%", "60.0%"):
        assert figure in words


def test_stages_stand_in_the_order_of_the_funnel() -> None:
    text = printed(company_x().funnel)
    assert [each.split()[0] for each in text.splitlines()[1:]] == list(STAGES)
