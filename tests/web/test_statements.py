"""One's own pay: what is shown of it, in which words, and what one more sale would pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from onefunnel.measures.payouts.booked import row_of
from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.pay.credits import Sale, Seller
from onefunnel.pay.engine import payouts
from onefunnel.pay.plan import Base, Event, PlanFile
from onefunnel.pay.reading import read
from onefunnel.pay.sentences import SENTENCES
from onefunnel.vocabulary import Answer, Calendar, Note
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.pages.statements.amounts import Amounts
from onefunnel.web.pages.statements.asked import what_if
from onefunnel.web.pages.statements.forms import Number
from onefunnel.web.pages.statements.notes import told
from onefunnel.web.pages.statements.own import Own, own
from onefunnel.web.pages.statements.pooled import pools
from onefunnel.web.pages.statements.reasons import why
from onefunnel.web.pages.statements.statement import facts, month_views
from onefunnel.web.pages.statements.what_if import OneMore, steps
from onefunnel.workflows.closed import Closed

PLAN = """\
name = "sales"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "month"

[holdback]
share = 0.1
after_days = 40

[[component]]
name = "gates"
base = "revenue"
segments = ["gates"]
tiers = [{ from = 0, rate = 0.05 }, { from = 50_000, rate = 0.07, retroactive = true }]

[[component]]
name = "profit"
base = "margin"
tiers = [{ from = 0, rate = 0.1 }]
gate = { measure = "margin_rate", at_least = 0.2, otherwise = 0.5 }

[[component]]
name = "goal"
base = "units"
tiers_on = "attainment"
pays = "target"
tiers = [{ from = 0, rate = 1 }, { from = 1, rate = 2 }]

[[pool]]
name = "together"
share = 0.1
hurdle = 100
parts = { e1 = 1, m1 = 1 }

[[member]]
employee = "e1"
quota = { goal = 10 }
target = 1000
[[member]]
employee = "e2"
quota = { goal = 10 }
target = 1000
"""
DAY = date(2024, 2, 20)


def sale(name: str, day: date, amount: int, margin: int, who: str = "e1") -> Sale:
    money, profit = Decimal(amount), Decimal(margin)
    return Sale(name, day, Event.INVOICE, (Seller(who),), Decimal(1), money, profit, "s1", "gates")


SALES = (
    sale("a", date(2024, 1, 5), 30_000, 3_000),
    sale("b", date(2024, 2, 7), 19_000, 9_000),
    sale("c", date(2024, 2, 8), 777, 77, "e2"),
)


@pytest.fixture(scope="module")
def file() -> PlanFile:
    return read(PLAN)


def lines(file: PlanFile, sales: tuple[Sale, ...]) -> tuple[PayoutRow, ...]:
    found = payouts([file.plan], file.members, sales, DAY, since=date(2024, 1, 1)).lines
    return tuple(row_of(each, "EUR") for each in found)


@pytest.fixture(scope="module")
def mine(file: PlanFile) -> Own:
    return own(Answer("payouts", lines(file, SALES)), [file], "e1")


def test_own_lines_are_ones_own_and_nobodys_where_one_is_nobody(file: PlanFile) -> None:
    every = Answer("payouts", lines(file, SALES))
    assert {row.employee_id for row in own(every, [file], "e1").lines} == {"e1"}
    assert own(every, [file], "") == own(every, [file], "nobody").__class__("", (), (), (), ())
    assert {row.employee for row in own(every, [file], "e2").members} == {"e2"}


def test_notes_to_oneself_name_no_sales_and_nobody_else(file: PlanFile) -> None:
    named: dict[str, str | int | float] = {
        "plan": "sales",
        "component": "profit",
        "what": "margin",
        "count": 3,
        "sales": "x9",
    }
    notes = (
        Note("unknown_margin", "…", named),
        Note("refused_no_quota", "…", {"plan": "sales", "employee": "e2"}),
        Note("no_seller", "…", {"count": 4}),
    )
    found = own(Answer("payouts", (), notes), [file], "e1").notes
    assert [each.code for each in found] == ["unknown_margin"]
    said = told(found[0], Words("en"))
    assert said == "<bdi>profit</bdi> does not count sales whose margin is unknown."
    assert "x9" in told(notes[0], Words("en"), all_of_it=True)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_reason_has_a_sentence_in_every_language(language: str) -> None:
    words = Words(language)
    amounts = Amounts.of(words, "EUR")
    for code, message in SENTENCES.items():
        assert words.knows(message), code
        assert why(code, {}, Base.REVENUE, amounts), code


def test_figures_of_a_reason_are_in_the_unit_of_the_base() -> None:
    params = {"tier": "2", "rate": "0.07", "from": "50000", "to": "51000.5"}
    amounts = Amounts.of(Words("en"), "EUR")
    assert why("tier", params, Base.REVENUE, amounts) == (
        "Tier 2 pays 7% from €50,000.00 to €51,000.50."
    )
    assert why("tier", {**params, "rate": "5"}, Base.UNITS, amounts) == (
        "Tier 2 pays €5.00 a unit from 50,000 to 51,000.5."
    )
    assert why("brand_new", {}, None, amounts) is None


def test_closed_and_open_months_and_restatements_are_told_apart(mine: Own) -> None:
    restated = replace(mine.lines[0], period="2024-02", of_period="2024-01", line="restatement")
    shut = Closed(
        "2024-01",
        date(2024, 1, 1),
        date(2024, 2, 1),
        datetime(2024, 2, 3, tzinfo=UTC),
        "Ana",
        7,
        (),
    )
    own_lines = replace(mine, lines=(*mine.lines, restated))
    latest, first = month_views(own_lines, [shut], Words("en"), lambda row: "/rows")
    assert (latest.label, latest.is_open, first.is_open) == ("2024-02", True, False)
    assert first.closed == "closed on February 3, 2024 with ledger version 7"
    assert [line.of for line in latest.lines if line.of] == ["January 2024"]
    head = {str(each.name): each.value for each in facts(own_lines, [shut], DAY, Words("en"))}
    assert head["Open, so far"] == latest.total


@pytest.mark.parametrize("amount", [500, 2_000, 40_000])
def test_one_more_sale_pays_what_the_engine_then_pays(
    file: PlanFile, mine: Own, amount: int
) -> None:
    one = OneMore(Decimal(amount), Decimal(amount // 2), Decimal(1), "s1", "gates")
    found = steps(mine, DAY, Calendar(), one)
    more = sale("d", DAY, amount, amount - amount // 2)
    kinds = ("earning",)
    before = sum(row.amount for row in mine.lines if row.kind in kinds)
    after = sum(
        row.amount
        for row in lines(file, (*SALES, more))
        if row.employee_id == "e1" and row.kind in kinds
    )
    assert sum(each.paid or 0 for each in found) == after - before
    pooled = [each.paid for each in pools(mine, DAY, Calendar(), one)]
    assert pooled == [Decimal(amount - amount // 2) * Decimal("0.05")]


def test_what_is_missing_for_one_more_sale_is_said(mine: Own) -> None:
    found = {
        each.component.name: each for each in steps(mine, DAY, Calendar(), OneMore(Decimal(9)))
    }
    assert found["profit"].lacks == "margin"
    assert found["gates"].more == 0
    without = replace(mine, members=tuple(replace(row, quotas=()) for row in mine.members))
    unquoted = {each.component.name: each for each in steps(without, DAY, Calendar(), None)}
    assert unquoted["goal"].lacks == "quota"


def test_the_jump_ahead_is_said_with_how_far_it_is(mine: Own) -> None:
    shown = what_if(mine, DAY, Words("en"), None)
    gates = next(each for each in shown.steps if "gates" in each.name)
    assert gates.cliffs == (
        "Beyond €50,000.00 pay jumps by €1,000.00: the higher rate is for all. "
        "€1,000.00 more to go.",
    )
    assert "paycurve--jump" in gates.curve
    assert "<text" not in gates.curve


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200.50", "1200.50"),
        ("1.200,50", "1200.50"),
        ("1200,5", "1200.5"),
        ("۱۲۰۰٫۵", "1200.5"),
        ("much", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str | None) -> None:
    from django.core.exceptions import ValidationError

    field = Number(Words("en"))
    if number is None:
        with pytest.raises(ValidationError):
            field.clean(text)
    else:
        assert field.clean(text) == Decimal(number)
