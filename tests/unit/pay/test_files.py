"""Plan files: read, written, told apart by what they say; every mistake with its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from onefunnel.errors import InputError
from onefunnel.pay.content import digest
from onefunnel.pay.describe import describe
from onefunnel.pay.plan import Base, Gauge, PlanFile, Tier, Whose
from onefunnel.pay.reading import read
from onefunnel.pay.writing import written
from tests.unit.pay.strategies import families

TEXT = """\
name = "gates and parts"
currency = "EUR"
from = 2024-01-01
to = 2024-12-31
crediting = "invoice"
period = "quarter"
clawback_days = 90

[draw]
amount = 1000
recoverable = true

[holdback]
share = 0.1
after_days = 60

[[component]]
name = "revenue"
base = "revenue"
tiers = [
  { from = 0, rate = 0.05 },
  { from = 50_000, rate = 0.07, retroactive = true },
]
cap = 9000

[component.gate]
measure = "margin_rate"
at_least = 0.2

[[component]]
name = "override"
base = "margin"
whose = "team"
tiers = [{ from = 0, rate = 0.01 }]

[[pool]]
name = "together"
share = 0.1
hurdle = 5000
parts = { e1 = 1, m1 = 2 }

[[member]]
employee = "e1"
quota = 100000
target = 12000
manager = "head"

[[member]]
employee = "head"
from = 2024-07-01
quota = { override = 30000 }
"""


def test_a_file_says_what_it_means() -> None:
    found = read(TEXT)
    revenue, override = found.plan.components
    assert revenue.tiers[1] == Tier(Decimal(50_000), Decimal("0.07"), retroactive=True)
    assert revenue.gate is not None
    assert (revenue.gate.measure, revenue.gate.otherwise) == (Gauge.MARGIN_RATE, 0)
    assert (override.base, override.whose) == (Base.MARGIN, Whose.TEAM)
    assert found.plan.pools[0].parts == (("e1", 1), ("m1", 2))
    one, head = found.members
    assert (one.first, one.last, one.quota_of("revenue")) == (
        date(2024, 1, 1),
        date(2024, 12, 31),
        100_000,
    )
    assert (head.first, head.quota_of("override"), head.quota_of("revenue")) == (
        date(2024, 7, 1),
        30_000,
        None,
    )


def test_what_is_written_reads_as_the_same() -> None:
    found = read(TEXT)
    assert read(written(found)) == found
    assert written(read(written(found))) == written(found)


@given(families())
def test_every_plan_can_be_written_and_read(versions: tuple) -> None:
    for plan in versions:
        again = read(written(PlanFile(plan)))
        assert again.plan == plan
        assert digest(again) == digest(PlanFile(plan))


def test_the_digest_is_of_the_content() -> None:
    found = read(TEXT)
    same = read("# ours\n" + TEXT.replace("50_000", "5.0e4").replace("0.07", "0.0700"))
    assert digest(same.plan) == digest(found.plan)
    other = read(TEXT.replace("rate = 0.07", "rate = 0.08"))
    assert digest(other.plan) != digest(found.plan)
    moved = read(TEXT.replace("quota = 100000", "quota = 100001"))
    assert digest(moved.plan) == digest(found.plan)
    assert digest(moved) != digest(found)


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "said"),
    [
        ("name = ", "name == ", 1, "bad_toml", "not TOML"),
        ("clawback_days = 90", "clawback = 90", 7, "unknown_name", "Did you mean 'clawback_days'?"),
        ('"quarter"', '"quartal"', 6, "unknown_name", "Did you mean 'quarter'?"),
        ("to = 2024-12-31", "to = 2023-12-31", 4, "bad_plan", "ends before it begins"),
        ("recoverable = true", 'recoverable = "yes"', 11, "bad_value", "true or false"),
        ("after_days = 60", "", 13, "bad_plan", "one of the two"),
        ("rate = 0.05", "rte = 0.05", 20, "unknown_name", "Did you mean 'rate'?"),
        ("from = 0, rate = 0.05", "from = 5, rate = 0.05", 20, "bad_plan", "begins at 0"),
        ("rate = 0.07", "rate = nan", 20, "bad_value", "finite"),
        ("at_least = 0.2", "", 26, "missing_key", "'at_least' is missing"),
        ('whose = "team"', 'whose = "teem"', 33, "unknown_name", "Did you mean 'team'?"),
        ("share = 0.1\nhurdle", "share = 1.1\nhurdle", 38, "bad_plan", "from 0 to 1"),
        ("{ override = 30000 }", "{ overide = 30000 }", 51, "bad_plan", "no such component"),
        ("from = 2024-07-01", "from = 2023-07-01", 50, "bad_plan", "days that the plan has not"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    old: str, new: str, line: int, code: str, said: str
) -> None:
    assert TEXT.count(old) >= 1
    with pytest.raises(InputError) as caught:
        read(TEXT.replace(old, new, 1), "gates.toml")
    place = caught.value.place
    assert (place.file, place.line, caught.value.code) == ("gates.toml", line, code)
    assert said in str(caught.value)


def test_a_plan_is_described_line_by_line() -> None:
    lines = describe(read(TEXT).plan)
    assert [line.code for line in lines] == [
        "effective",
        "crediting_invoice",
        "tiers_year_to_date",
        "component",
        "tier_first",
        "tier_retroactive",
        "cap",
        "gate",
        "override",
        "tier_first",
        "pool",
        "draw_recoverable",
        "holdback_days",
        "clawback",
    ]
    assert lines[5].params["from"] == 50_000
