"""Numbers, dates, flags and choices from text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefunnel.errors import InputError
from onefunnel.intake.values.zones import instant_changes, local_changes
from tests.unit.intake.conftest import Outcome, Reader


def amounts(load: Reader, values: list[str], declared: str = "", **options: str) -> Outcome:
    mapping = f"""
    [[source]]
    file = "spend.csv"
    delimiter = ";"
    [[source.into]]
    table = "spend"
    columns = {{ spend_id = "id", amount = {{ column = "amount"{declared} }} }}
    """
    lines = [f"{number};{value}" for number, value in enumerate(values)]
    return load("spend.csv", "\n".join(["id;amount", *lines]), mapping, **options)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["12.5", "-3", "+.5", "1e3", "7.", " 8 "], ["12.5", "-3", "0.5", "1000", "7", "8"]),
        (["12,5", "1.234,50"], ["12.5", "1234.5"]),
        (["12,5", "1.234"], ["12.5", "1234"]),
        (["12.5", "1,234"], ["12.5", "1234"]),
        (["1,234,567"], ["1234567"]),
        (["1.234.567", "12,5"], ["1234567", "12.5"]),
        (["1 234 567,8"], ["1234567.8"]),
        (["1\u00a0234.5", "1'234"], ["1234.5", "1234"]),
        (["۱۲٫۵", "۱٬۲۳۴", "٣٤"], ["12.5", "1234", "34"]),
        (["−5"], ["-5"]),
        (["0.10000000000000001"], ["0.1"]),
    ],
)
def test_numbers_of_every_convention(load: Reader, values: list[str], expected: list[str]) -> None:
    outcome = amounts(load, values)
    assert outcome.codes() == []
    assert outcome.column("amount") == [Decimal(each) for each in expected]


def test_a_comma_that_may_be_either_is_asked_about(load: Reader) -> None:
    with pytest.raises(
        InputError, match=r"column 'amount', value '1,234'.*Declare decimal"
    ) as told:
        amounts(load, ["1,234", "5"])
    assert told.value.code == "ambiguous_number"


@pytest.mark.parametrize(("mark", "expected"), [(",", "1.234"), (".", "1234")])
def test_a_declared_mark_decides(load: Reader, mark: str, expected: str) -> None:
    outcome = amounts(load, ["1,234"], f', decimal = "{mark}"')
    assert outcome.column("amount") == [Decimal(expected)]


def test_a_comma_in_a_whole_number_can_only_part_thousands(load: Reader) -> None:
    outcome = load("spend.csv", 'spend_id,clicks\n1,"1,234"\n2,"1,5"\n')
    assert outcome.column("clicks") == [1234]
    assert outcome.codes() == [(3, "bad_number")]


def test_one_odd_value_does_not_change_the_mark_of_a_column(load: Reader) -> None:
    outcome = amounts(load, ["12.5", "3.75", "12,5"])
    assert outcome.column("amount") == [Decimal("12.5"), Decimal("3.75")]
    assert outcome.codes() == [(4, "bad_number")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("12x", "bad_number"),
        ("1_000_", "bad_number"),
        ("0x10", "bad_number"),
        ("inf", "bad_number"),
        ("NaN", "bad_number"),
        ("N/A", "bad_number"),
        ("-", "bad_number"),
        ("1.23456", "too_many_decimals"),
        ("1e20", "number_out_of_range"),
        ("9999999999999999", "number_out_of_range"),
    ],
)
def test_what_is_no_amount_is_rejected(load: Reader, value: str, code: str) -> None:
    outcome = amounts(load, ["1", value])
    assert outcome.codes() == [(3, code)]
    assert outcome.rejected[0]["column"] == "amount"
    assert outcome.rejected[0]["value"] == value


def test_rounding_is_declared_and_goes_away_from_zero(load: Reader) -> None:
    outcome = amounts(load, ["2.00005", "-2.00005"], ", round = true")
    assert outcome.column("amount") == [Decimal("2.0001"), Decimal("-2.0001")]


def test_only_declared_texts_stand_for_unknown(load: Reader) -> None:
    outcome = amounts(load, ["NULL", "n/a", "5"], ', null_values = ["NULL", "n/a"]')
    assert outcome.column("amount") == [None, None, Decimal(5)]


def test_the_sign_of_the_own_currency_is_taken_off(load: Reader) -> None:
    outcome = amounts(load, ["€ 12.5", "EUR 3", "$ 4", "5 €"], currency="EUR")
    assert outcome.column("amount") == [Decimal("12.5"), Decimal(3), Decimal(5)]
    assert outcome.codes() == [(4, "bad_number")]


def test_the_currency_of_the_row_decides_about_the_sign(load: Reader) -> None:
    text = "spend_id,amount,currency\n1,$5,USD\n2,€5,USD\n3,5,usd\n"
    outcome = load("spend.csv", text)
    assert outcome.column("amount") == [Decimal(5)]
    assert outcome.codes() == [(3, "bad_number"), (4, "bad_currency")]


def test_a_declared_text_is_taken_off(load: Reader) -> None:
    outcome = amounts(load, ["12,50 lei", "3 lei"], ', strip = "lei", decimal = ","')
    assert outcome.column("amount") == [Decimal("12.5"), Decimal(3)]


def test_per_cent_are_parts_of_one(load: Reader) -> None:
    outcome = load("deal_event.csv", "deal_event_id,probability\n1,60%\n2,0.4\n3,60\n")
    assert outcome.column("probability") == [pytest.approx(0.6), pytest.approx(0.4)]
    assert outcome.codes() == [(4, "number_out_of_range")]


def instants(load: Reader, values: list[str], zone: str = "UTC", declared: str = "") -> Outcome:
    mapping = f"""
    [[source]]
    file = "t.csv"
    [[source.into]]
    table = "touch"
    columns = {{ touch_id = "id", occurred_at = {{ column = "at"{declared} }} }}
    """
    lines = [f'{number},"{value}"' for number, value in enumerate(values)]
    return load("t.csv", "\n".join(["id,at", *lines]), mapping, zone=zone)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_iso_instants_with_and_without_zone(load: Reader) -> None:
    values = [
        "2018-07-06 14:10:56+00",
        "2018-07-06T14:10:56.25Z",
        "2018-07-06T14:10+03:00",
        "2018-07-06 14:10:56 UTC",
        "2018-07-06 14:10",
        "2018-07-06",
    ]
    outcome = instants(load, values, "Europe/Bucharest")
    assert outcome.column("occurred_at") == [
        utc(2018, 7, 6, 14, 10, 56),
        utc(2018, 7, 6, 14, 10, 56, 250000),
        utc(2018, 7, 6, 11, 10),
        utc(2018, 7, 6, 14, 10, 56),
        utc(2018, 7, 6, 11, 10),
        utc(2018, 7, 5, 21),
    ]


def test_the_gap_moves_forward_and_of_two_the_first_is_taken(load: Reader) -> None:
    values = ["2024-03-31 03:30", "2024-10-27 03:30", "2024-10-27 04:00"]
    outcome = instants(load, values, "Europe/Bucharest")
    assert outcome.column("occurred_at") == [
        utc(2024, 3, 31, 1, 30),  # clocks go from 03:00 to 04:00: this is 04:30
        utc(2024, 10, 27, 0, 30),  # summer time, before clocks go back
        utc(2024, 10, 27, 2, 0),
    ]


def test_a_day_that_begins_with_a_gap_begins_when_clocks_went_on(load: Reader) -> None:
    outcome = instants(load, ["2017-10-15"], "America/Sao_Paulo")
    assert outcome.column("occurred_at") == [utc(2017, 10, 15, 3)]


ZONES = [
    "Europe/Bucharest",
    "Asia/Tehran",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
]


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1905, 1, 1), datetime(2150, 1, 1)).map(
        lambda each: each.replace(microsecond=0, fold=0)
    ),
)
def test_offsets_are_those_of_the_zone(zone: str, local: datetime) -> None:
    """fold=0 is the rule: of two the first, and the offset before a gap."""
    micro = (local - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    held = [change.offset for change in local_changes(zone) if change.at <= micro][-1]
    assert timedelta(microseconds=held) == local.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    shown = local.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    held = [change.offset for change in instant_changes(zone) if change.at <= micro][-1]
    assert timedelta(microseconds=held) == shown


def test_orders_of_dates_are_declared(load: Reader) -> None:
    dmy = instants(
        load, ["6.7.2018", "06/07/2018 14:10", "2018-07-06"], "UTC", ', date_order="dmy"'
    )
    assert dmy.column("occurred_at") == [utc(2018, 7, 6), utc(2018, 7, 6, 14, 10), utc(2018, 7, 6)]
    mdy = instants(load, ["7/6/2018"], "UTC", ', date_order="mdy"')
    assert mdy.column("occurred_at") == [utc(2018, 7, 6)]
    undeclared = instants(load, ["06.07.2018"])
    assert undeclared.codes() == [(2, "bad_instant")]
    assert "date_order" in undeclared.rejected[0]["reason"]


def test_formats_are_declared_several_too(load: Reader) -> None:
    declared = ', format = ["%d %b %Y %I:%M %p", "%Y%m%d", "%d.%m.%Y %H:%M %z", "unix_seconds"]'
    values = ["6 Jul 2018 2:10 PM", "20180706", "06.07.2018 14:10 +0300", "1530886256000", "x"]
    outcome = instants(load, values[:3] + values[4:], "UTC", declared)
    assert outcome.column("occurred_at") == [
        utc(2018, 7, 6, 14, 10),
        utc(2018, 7, 6),
        utc(2018, 7, 6, 11, 10),
    ]
    assert outcome.codes() == [(5, "bad_instant")]
    epoch = instants(load, ["1530886256"], "Asia/Tehran", ', format = "unix_seconds"')
    assert epoch.column("occurred_at") == [utc(2018, 7, 6, 14, 10, 56)]


@pytest.mark.parametrize(
    "value", ["2018-02-30", "infinity", "epoch", "2018", "yesterday", "0000-00-00"]
)
def test_what_is_no_instant_is_rejected(load: Reader, value: str) -> None:
    assert instants(load, [value]).codes() == [(2, "bad_instant")]


def test_a_solar_date_that_is_not_declared_does_not_become_the_middle_ages(load: Reader) -> None:
    outcome = instants(load, ["1402-12-29"])
    assert outcome.codes() == [(2, "date_out_of_range")]
    assert "Solar Hijri" in outcome.rejected[0]["reason"]


def test_solar_hijri_dates_with_persian_digits(load: Reader) -> None:
    values = [
        "1402/12/29",
        "۱۴۰۳/۱۲/۳۰",
        "1402-01-01 09:30",
        "1402/12/30",
        "1402/13/01",
        "2024/01/01",
    ]
    outcome = instants(load, values, "Asia/Tehran", ', calendar = "solar_hijri"')
    assert outcome.column("occurred_at") == [
        utc(2024, 3, 18, 20, 30),
        utc(2025, 3, 19, 20, 30),
        utc(2023, 3, 21, 6),
    ]
    assert outcome.codes() == [(5, "bad_instant"), (6, "bad_instant"), (7, "bad_instant")]


def test_solar_hijri_days_agree_with_jdatetime(load: Reader) -> None:
    start = date(1901, 1, 1)
    days = [start + timedelta(days=97 * step) for step in range(1100)]
    lines = [
        f"{at},{jdatetime.date.fromgregorian(date=day).isoformat()}" for at, day in enumerate(days)
    ]
    mapping = """
    [[source]]
    file = "s.csv"
    calendar = "solar_hijri"
    [[source.into]]
    table = "spend"
    columns = { spend_id = "id", day = "day" }
    """
    outcome = load("s.csv", "\n".join(["id,day", *lines]), mapping)
    assert outcome.column("day") == days


def test_days_are_local(load: Reader) -> None:
    text = "spend_id,day\n1,2024-03-01\n2,2024-03-01T22:30:00Z\n3,2024-03-01 23:59\n4,9999-12-31\n"
    outcome = load("spend.csv", text, zone="Europe/Bucharest")
    assert outcome.column("day") == [
        date(2024, 3, 1),
        date(2024, 3, 2),
        date(2024, 3, 1),
        date(9999, 12, 31),
    ]


def test_choices_flags_and_json(load: Reader) -> None:
    text = "party_id,kind,attributes,deleted\n1, person ,{},yes\n2,human,,\n3,,{x,0\n4,,,maybe\n"
    outcome = load("party.csv", text)
    assert outcome.column("kind") == ["person"]
    assert outcome.column("deleted") == [True]
    assert outcome.codes() == [(3, "bad_choice"), (4, "bad_json"), (5, "bad_flag")]
    assert "person, organisation" in outcome.rejected[0]["reason"]


def test_an_empty_cell_is_null_and_an_absent_column_is_absent(load: Reader) -> None:
    outcome = load("product.csv", 'sku,name\n1,\n2,""\n')
    assert outcome.column("name") == [None, None]
    assert outcome.staged[0].columns == ("sku", "name")
    assert outcome.column("deleted") == [False, False]


def test_types_are_exactly_those_of_the_ledger(load: Reader) -> None:
    from onefunnel.ledger.schema import TABLES

    for table in TABLES.values():
        header = ",".join(table.column_names)
        outcome = load(f"{table.name}.csv", f"{header}\nkey{',' * (len(table.columns) - 1)}\n")
        rows = outcome.staged[0].rows
        found = {name: rows.schema()[name] for name in table.column_names}
        assert found == dict(table.ibis_schema.items()), table.name
        assert [str(rows.schema()[name]) for name in ("file", "line", "deleted")] == [
            "string",
            "int64",
            "boolean",
        ]
        assert len(outcome.rows) == 1
