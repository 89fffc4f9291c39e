"""Figures, money and days in the five languages."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from onefunnel.vocabulary import Calendar, Question
from onefunnel.web.locale import Figures, Words

LRM = "\u200e"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "€13,260"),
        ("ro", "13.260\xa0EUR"),
        ("ru", "13\xa0260\xa0€"),
        ("fa", "۱۳٬۲۶۰\xa0€"),
        ("vi", "13.260\xa0€"),
    ],
)
def test_money_stands_as_the_language_writes_it(language: str, expected: str) -> None:
    assert Figures(language).money(Decimal("13260.4999")) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "−€5.50"),
        ("ro", "−5,50\xa0EUR"),
        ("ru", "−5,50\xa0€"),
        ("fa", f"{LRM}−۵٫۵۰\xa0€"),
        ("vi", "−5,50\xa0€"),
    ],
)
def test_minus_is_the_minus_sign_and_small_amounts_keep_their_cents(
    language: str, expected: str
) -> None:
    assert Figures(language).money(Decimal("-5.5")) == expected


def test_currencies_without_cents_have_none() -> None:
    assert Figures("vi", "VND").money(Decimal("12.6")) == "13\xa0₫"


def test_amounts_are_rounded_half_away_from_zero() -> None:
    assert Figures("en").money(Decimal("100.5")) == "€101"
    assert Figures("en").money(Decimal("-100.5")) == "−€101"


def test_money_beyond_floating_point_is_exact() -> None:
    assert Figures("en").money(Decimal("90071992547409931234")) == "€90,071,992,547,409,931,234"


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, "0%"), (0.004, "0.4%"), (0.0996, "10%"), (0.5, "50%"), (1.0, "100%")],
)
def test_shares_keep_one_decimal_below_ten_percent(share: float, expected: str) -> None:
    assert Figures("en").share(share) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "[20–27]"),
        ("ro", "[20–27]"),
        ("ru", "[20–27]"),
        ("vi", "[20–27]"),
        ("fa", "[۲۰ تا ۲۷]"),
    ],
)
def test_intervals_have_a_dash_in_latin_scripts_and_a_word_in_persian(
    language: str, expected: str
) -> None:
    assert Figures(language).interval(0.2, 0.27, 0.23) == expected


NEW_YEAR = datetime(2025, 3, 20, 21, 30, tzinfo=UTC)


def test_days_are_those_of_the_workspace_and_its_calendar() -> None:
    tehran = Calendar("solar_hijri", "Asia/Tehran")
    assert Words("fa", calendar=tehran).instant(NEW_YEAR) == "۱ فروردین ۱۴۰۴، ۰۱:۰۰"
    assert Words("en", calendar=tehran).day(NEW_YEAR.date()) == "30 Esfand 1403"
    assert Words("fa").day(NEW_YEAR.date()) == "۲۰ مارس ۲۰۲۵"


def test_a_period_of_one_month_is_named_by_it() -> None:
    tehran = Calendar("solar_hijri", "Asia/Tehran")
    month = tehran.month_of(NEW_YEAR.date())
    question = Question(now=NEW_YEAR, start=month.start, end=month.end)
    assert Words("fa", calendar=tehran).period(question) == "اسفند ۱۴۰۳"


def test_a_period_ends_with_the_last_day_in_it() -> None:
    question = Question(
        now=NEW_YEAR,
        start=datetime(2025, 3, 1, tzinfo=UTC),
        end=datetime(2025, 3, 11, tzinfo=UTC),
    )
    assert Words("en").period(question) == "March 1, 2025 to March 10, 2025"
    assert Words("en").period(Question(now=NEW_YEAR)) == "All records"
    until = Question(now=NEW_YEAR, end=datetime(2025, 3, 11, tzinfo=UTC))
    assert Words("en").period(until) == "Until March 10, 2025"


def test_an_interval_never_looks_as_if_it_had_no_width() -> None:
    assert Figures("en").interval(0.0, 0.00048, 0.0) == "[0–0.05]"
    assert Figures("en").interval(0.997, 1.0, 1.0) == "[99.7–100]"


def test_a_latin_sign_of_a_currency_is_held_in_its_order_in_persian() -> None:
    assert Figures("fa", "BRL").money(Decimal(923)) == f"۹۲۳\xa0R${LRM}"
    assert Figures("fa", "BRL").money(Decimal(-923)) == f"{LRM}−۹۲۳\xa0R${LRM}"
