"""What ``incentives.toml`` may say, and how each mistake in it is named."""

from __future__ import annotations

import pytest

from onefunnel.errors import InputError
from onefunnel.measures.incentives.quantities import Quantity
from onefunnel.measures.incentives.ranges import On, Per, Ranges, ranges_of, read
from onefunnel.vocabulary import Terms


def test_no_file_is_nothing_typed() -> None:
    assert ranges_of(Terms()) == Ranges()


def test_everything_that_can_be_typed() -> None:
    found = read(
        """
hour_cost = 22.5
hours = { low = 100, best = 120, high = 130, per = "week" }
sellers = 3
weekly_hours = { low = 30, best = 35, high = 40 }
share_of_time = 0.5
history_days = 90
work_within_hours = 7.5
margin = 0.2
minutes_per_lead = 30
pay = { rate = { low = 0.02, best = 0.03, high = 0.04 }, on = "margin" }
[segments."big gates"]
worked_share = { low = 0.1, best = 0.2, high = 0.3 }
contribution_per_win = -5
"""
    )
    assert (found.hour_cost, found.history_days, found.work_within_hours) == (22.5, 90, 7.5)
    assert found.hours is not None
    assert (found.hours.per, found.hours.amount.best) == (Per.WEEK, 120)
    assert found.pay is not None
    assert (found.pay.on, found.pay.rate) == (On.MARGIN, Quantity.typed_range(0.02, 0.03, 0.04))
    assert found.of("big gates").contribution_per_win == Quantity.exact(-5.0)
    assert found.of("others").worked_share is None


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("hour_cost = ", 1, None, "This is not TOML"),
        ("\nhour_cots = 3", 2, "hour_cots", "Did you mean 'hour_cost'"),
        ("hour_cost = -1", 1, "hour_cost", "from 0"),
        ("hour_cost = true", 1, "hour_cost", "A number was expected"),
        ("margin = 1.2", 1, "margin", "from 0 to 1"),
        ("margin = { low = 0.1, high = 0.2 }", 1, "margin", "'best' is missing"),
        ("margin = { low = 0.3, best = 0.2, high = 0.4 }", 1, "margin", "out of order"),
        ("minutes_per_lead = 0", 1, "minutes_per_lead", "above 0"),
        ("work_within_hours = 0", 1, "work_within_hours", "above 0"),
        ("work_within_hours = 9000", 1, "work_within_hours", "from 0 to 8760"),
        ("weekly_hours = nan", 1, "weekly_hours", "A number was expected"),
        ("history_days = 1.5", 1, "history_days", "whole number of days"),
        ("history_days = 0", 1, "history_days", "Give 1 to"),
        ('hours = { low = 1, best = 2, high = 3, per = "day" }', 1, "hours.per", "no such value"),
        ("hours = { best = 2, most = 3 }", 1, "hours.most", "no such key"),
        ('pay = { on = "revenue" }', 1, "pay", "'rate' is missing"),
        ("[segments.gates]\nhours = 3", 2, "segments.gates.hours", "no such key"),
        ("[segments]\ngates = 3", 2, "segments.gates", "A table was expected"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    text: str, line: int, column: str | None, said: str
) -> None:
    with pytest.raises(InputError, match="incentives") as caught:
        read(text)
    place = caught.value.place
    assert (place.line, place.column) == (line, column)
    assert said in str(caught.value)
