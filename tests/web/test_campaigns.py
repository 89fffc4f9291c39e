"""The page of campaigns: what both departments see of spend, what loses money, and the rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from onefunnel.errors import UsageError
from onefunnel.measures.acquisition.behind import FIGURES as WITH_ROWS
from onefunnel.measures.acquisition.notes import note
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.vocabulary import Answer, Role
from onefunnel.web.locale import Words
from onefunnel.web.pages.campaigns.asking import NEXT, Wanted, narrowed, read
from onefunnel.web.pages.campaigns.columns import COLUMNS, FIGURES, ORDERS, put_in_order
from onefunnel.web.pages.campaigns.content import Content, View
from onefunnel.web.pages.campaigns.picture import shapes
from onefunnel.web.pages.campaigns.said import convention
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.workflows.asking import Asked
from onefunnel.workflows.computed import compute_answer, kept_answer
from onefunnel.workflows.workspace import Workspace
from tests.unit.acquisition.rows import made
from tests.web.test_funnel_page import opened as page
from tests.web.test_rows import body, opened

if TYPE_CHECKING:
    from django.test import Client

Enter = Callable[[Role], "Client"]
WORDS = Words("en")
CAMPAIGNS = Filters(by="campaign")


def campaign(
    name: str | None, spend: float | None, brought: float | None, **more: int
) -> AcquisitionRow:
    return made(spend, brought, dimensions={"campaign": name}, **more)  # type: ignore[arg-type]


# Cheap leads at 5 that lose money, dear ones that pay, one that nobody came of, and the unknown.
ROWS = (
    campaign("bargain", 5000, 1000, leads=1000, customers=10),
    campaign("gates", 6000, 18000, leads=100, customers=60),
    campaign("idle", 300, 0, leads=0, customers=0),
    campaign("free", 0, 700, leads=10, customers=7),
    campaign(None, None, 90, leads=4, customers=1),
)
WHOLE = made(11_300, 19_790, leads=1114, customers=78)


def shown(
    rows: tuple[AcquisitionRow, ...] = ROWS,
    whole: AcquisitionRow = WHOLE,
    wanted: Wanted | None = None,
    may: bool = True,
) -> View:
    asked = wanted or Wanted(CAMPAIGNS)
    around = Linked(asked.filters, 3, WORDS, lambda _: may)
    return Content(
        asked, Answer("acquisition", rows), Answer("acquisition", (whole,)), around
    ).view()


def under(name: str, shown: str) -> str:
    return f'<span class="both__word">{name}: </span>{shown}'


# What is said and drawn.


def test_the_sentence_names_the_cheap_leads_that_lose_money() -> None:
    said, losses = shown().lede
    assert said == "€11,300 was spent, and those who came have brought €19,790 so far."
    assert losses.striptags() == (
        "1 of 5 costs more than it brought, beyond chance: €4,000. "
        "Cheap leads that lose money: bargain."
    )
    ease = shown(ROWS[1:2]).lede[1]
    assert ease == "Nothing loses money beyond chance."
    unspent = shown(whole=replace(WHOLE, spend=None)).lede[0]
    assert unspent.startswith("What was spent is not fully known; those who came have brought €19")
    unknown = shown(whole=replace(WHOLE, contribution=None)).lede[0]
    assert unknown == "What those who came have brought is not known."


def test_where_money_is_lost_stands_first_and_what_is_unknown_last() -> None:
    lines = shown().table.lines
    assert [line.values[0].value for line in lines] == ["bargain", "idle", "free", "gates", None]
    assert [line.status.kind for line in lines] == ["bad", "risk", "idle", "good", "idle"]
    assert lines[0].status.text == "cheap leads, loses money"


def test_marketing_sales_and_both_have_columns_of_their_own() -> None:
    view = shown()
    assert [(g.mark.suffix, g.columns) for g in view.table.groups] == [("m", 4), ("s", 4), ("b", 5)]
    first = view.table.lines[0]
    cells = {str(cell.label): cell for _, _, cell in first.cells}
    assert re.sub("<[^>]+>", "", str(cells["Spend"].value)) == "€5,000"
    assert cells["Cost per lead"].value == "€5"
    assert cells["Cost per lead"].small == under("Cost per accepted lead", "€10")
    assert cells["Acceptance"].small == "[40–60]"
    assert str(cells["Acceptance"].aside) == "<bdi>no budget</bdi> (500)"
    assert cells["Contribution per hour"].value == "€25"
    assert cells["Customers"].small == under("Cost per customer", "€500")
    assert cells["Less spend"].value == "−€4,000"
    assert cells["Return on spend"].value == "× 0.2"


def test_spend_that_was_shared_out_is_marked() -> None:
    rows = (replace(ROWS[0], spend_shared=Decimal(1200)), *ROWS[1:])
    assert shown(rows).table.lines[0].cells[0][2].small == "€1,200 shared out"
    by_leads = convention([note("spend_shared_by_leads", share=0.5, dimensions="page")], WORDS)
    assert by_leads == "Spend whose record names too little is shared out by leads."
    assert convention([note("no_spend")], WORDS) == ""


def test_what_is_not_on_record_is_no_zero() -> None:
    free, unknown = (shown().table.lines[at].cells[0][2] for at in (2, 4))
    assert (free.value, free.quiet) == ("none on record", True)
    assert (unknown.value, unknown.quiet) == ("unknown", True)
    idle = shown().table.lines[1].cells
    assert not idle[3][2].applies and idle[3][2].value == "–"
    young = shown((replace(ROWS[0], maturity=0.3, win_rate=None),)).table.lines[0]
    win = young.cells[6][2]
    assert (win.value, win.small) == ("refused", "known of 30%")
    assert young.status.text == "too early to say: 30% known"


def test_figures_open_rows_for_those_who_may_see_them() -> None:
    spend = shown().table.lines[0].cells[0][2]
    assert "measure=acquisition&amp;figure=spend&amp;campaign=bargain" in str(spend.value)
    assert "as_of=3" in str(spend.value)
    assert shown(may=False).table.lines[0].cells[0][2].value == "€5,000"


def test_the_picture_draws_where_most_money_is_the_worst_first() -> None:
    drawn = shown().picture
    assert drawn is not None and drawn.others == 1
    assert [each.name.striptags() for each in drawn.bars] == ["bargain", "idle", "free", "gates"]
    assert [each.left for each in drawn.bars] == ["−€4,000", "−€300", "+€700", "+€12,000"]
    assert [each.shapes.count("spent__lost") for each in drawn.bars] == [1, 1, 0, 0]
    many = tuple(campaign(f"c{n}", n, n) for n in range(1, 31))
    of_many = shown(many).picture
    assert of_many is not None and (len(of_many.bars), of_many.others) == (12, 18)
    assert shown(ROWS[:1]).picture is None


def test_a_period_without_anything_says_so() -> None:
    nothing = made(None, 0, leads=0, customers=0, dimensions={"campaign": None})
    assert shown((nothing,), nothing).nothing and not shown().nothing


def test_what_came_back_below_zero_goes_the_other_way() -> None:
    drawn = shapes(Decimal(50), Decimal(-50), Decimal(-50), Decimal(100))
    assert 'class="bar--m" x="500.0" y="0" width="500.0"' in drawn
    assert 'class="bar--b" x="0.0" y="15" width="500.0"' in drawn
    assert 'class="spent__lost" x="500.0" y="15" width="500.0"' in drawn


# Order, parts, dimensions.


def test_every_head_puts_the_rows_in_its_order_and_turns_it_round() -> None:
    keys = {each.key for each in COLUMNS} | {each.under for each in COLUMNS if each.under}
    assert keys | {"name"} == set(FIGURES)
    for key in FIGURES:
        up = [row.dimensions["campaign"] for row in put_in_order(ROWS, key)]
        down = [row.dimensions["campaign"] for row in put_in_order(ROWS, f"-{key}")]
        assert set(up) == set(down) == {row.dimensions["campaign"] for row in ROWS}
    assert [row.spend for row in put_in_order(ROWS, "-spend")] == [6000, 5000, 300, 0, None]
    heads = {str(head.order.name): head.order for head in shown().table.heads}
    assert heads["Less spend"].sorted == "ascending"
    assert "order=-left" in heads["Less spend"].address
    assert "order=-spend" in heads["Spend"].address
    turned = shown(wanted=Wanted(CAMPAIGNS, order="-spend")).table.heads[0].order
    assert (turned.sorted, "order=spend" in turned.address) == ("descending", True)
    for order in ORDERS:
        assert read({"order": order}, CAMPAIGNS, WORDS).ordered_by == order


def test_months_follow_each_other() -> None:
    assert Wanted(Filters(by="cohort_month")).ordered_by == "name"
    assert Wanted(Filters(by="cohort_month"), order="-left").ordered_by == "-left"


def test_many_rows_stand_on_many_pages() -> None:
    many = tuple(campaign(f"c{n:04}", n, 0) for n in range(60))
    first = shown(many).table
    assert (len(first.lines), first.total, first.first, first.last) == (25, 60, 1, 25)
    assert not first.previous and "part=2" in first.following
    last = shown(many, wanted=Wanted(CAMPAIGNS, part=3)).table
    assert (len(last.lines), last.first, last.last) == (10, 51, 60)
    assert not last.following and "part=2" in last.previous
    names = [line.values[0].value for line in (*first.lines, *last.lines)]
    assert len(set(names)) == 35
    with pytest.raises(UsageError):
        shown(many, wanted=Wanted(CAMPAIGNS, part=4))


def test_a_pair_of_dimensions_is_asked_and_shown() -> None:
    wanted = read({"then": "segment"}, CAMPAIGNS, WORDS)
    assert wanted.asked() == Asked(by=("campaign", "segment"))
    assert wanted.whole() == Asked()
    assert read({"then": "campaign"}, CAMPAIGNS, WORDS).then == ""
    narrow = Wanted(replace(CAMPAIGNS, only=(("channel", "search"),)), "segment")
    assert narrow.asked().by == ("channel", "campaign", "segment")
    assert narrow.whole().by == ("channel",)
    row = made(1, 1, dimensions={"channel": "search", "campaign": "a", "segment": None})
    other = replace(row, dimensions={**row.dimensions, "channel": None})
    (kept,) = narrowed([row, other], {"channel": "search"}, narrow.by)
    assert kept.dimensions == {"campaign": "a", "segment": None}


def test_a_value_opens_divided_by_something_else() -> None:
    address = shown().table.lines[0].values[0].address
    assert address == "/campaigns/?by=segment&campaign=bargain"
    unknown = shown().table.lines[-1].values[0].address
    assert unknown == "/campaigns/?by=segment&campaign=unknown"
    for name, following in NEXT.items():
        every = tuple((each, "x") for each in NEXT if each != name)
        assert Wanted(Filters(by=name, only=every)).narrowed(name, "y")
        assert {name, *following} == set(NEXT)


@pytest.mark.parametrize(
    ("given", "filters"),
    [
        ({"then": "owner"}, CAMPAIGNS),
        ({"order": "weather"}, CAMPAIGNS),
        ({"part": "0"}, CAMPAIGNS),
        ({"part": "x"}, CAMPAIGNS),
        ({}, Filters(by="owner")),
        ({}, Filters(by="campaign", only=(("owner", "e1"),))),
    ],
)
def test_what_the_measure_does_not_know_is_refused(given: dict[str, str], filters: Filters) -> None:
    with pytest.raises(UsageError):
        read(given, filters, WORDS)


# On the site.

BY_CHANNEL = Asked(by=("channel",))


def best(site: Workspace) -> tuple[str, AcquisitionRow]:
    """The channel of most customers, and what the page shows of it."""
    found = kept_answer(site, "acquisition", BY_CHANNEL) or compute_answer(
        site, "acquisition", BY_CHANNEL
    )
    rows: tuple[AcquisitionRow, ...] = found.answer.rows
    row = max(rows, key=lambda row: (row.dimensions["channel"] is not None, row.customers))
    assert row.customers and row.spend and row.contribution
    return str(row.dimensions["channel"]), row


def test_both_heads_look_at_the_same_table(signed_in: Enter, site: Workspace) -> None:
    texts = [
        page(signed_in(role), "/campaigns/?by=channel")
        for role in (Role.HEAD_OF_MARKETING, Role.HEAD_OF_SALES)
    ]
    tables = [re.search(r'<table class="by both">.*</table>', each, re.S) for each in texts]
    assert tables[0] and tables[1] and tables[0][0] == tables[1][0]
    text = tables[0][0]
    channel, row = best(site)
    for figure in ("touches", "leads", "customers"):
        found = re.search(rf"figure={figure}&channel={channel}&[^>]*>([^<]*)</a>", text)
        assert found is not None and found[1] == f"{getattr(row, figure):,}"
    figures = set(re.findall(r"measure=acquisition&figure=(\w+)", text))
    assert figures <= set(WITH_ROWS)
    assert {"spend", "touches", "leads", "customers", "revenue", "contribution"} <= figures
    assert "Ledger 1" in texts[0] and "/incentives/campaign/" in texts[0]


def test_every_figure_has_its_rows(signed_in: Enter, site: Workspace) -> None:
    client, (channel, row) = signed_in(Role.DIRECTOR), best(site)
    for figure in ("touches", "accepted", "customers"):
        text = opened(client, f"/rows/?measure=acquisition&figure={figure}&channel={channel}")
        assert f"<p>{getattr(row, figure):,} row" in text, figure
        assert "To the campaigns" in text and 'href="/campaigns/?' in text
    for figure, column in (("spend", "amount"), ("contribution", "contribution")):
        address = f"/rows/?measure=acquisition&figure={figure}&channel={channel}"
        assert "€" in opened(client, address)
        file = body(client.get(address.replace("/rows/", "/rows/file/"))).decode()
        total = sum(Decimal(each[column]) for each in csv.DictReader(StringIO(file)))
        assert total == pytest.approx(getattr(row, figure), abs=Decimal("0.01"))


def test_the_table_is_taken_away_as_it_is_shown(signed_in: Enter, site: Workspace) -> None:
    from onefunnel.store.models import AuditLine

    client, (channel, row) = signed_in(Role.ANALYST), best(site)
    page(client, "/campaigns/?by=channel")
    answer = client.get("/campaigns/file/?by=channel&format=csv")
    rows = {each["channel"]: each for each in csv.DictReader(StringIO(body(answer).decode()))}
    assert rows[channel]["spend"] == str(row.spend)
    assert rows[channel]["top_rejection_reason"] == (row.top_rejection_reason or "")
    assert AuditLine.objects.filter(action="exported", subject_kind="figure").count() == 1
    assert client.get("/campaigns/file/?format=exe").status_code == 400
    assert client.get("/campaigns/file/?by=page").headers["Location"] == "/campaigns/?by=page"


def test_the_form_leads_to_an_address_to_share(signed_in: Enter) -> None:
    client = signed_in(Role.MARKETING)
    sent = "/campaigns/?period=&by=channel&then=&order=left&from=&last=&horizon=&as_of=&was="
    answer = client.get(sent)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/campaigns/?by=channel&order=left"
    part = client.get("/campaigns/?by=page&horizon=7", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div class="waiting"')


@pytest.mark.parametrize("role", [Role.HR, Role.EMPLOYEE])
def test_who_sees_no_figures_sees_no_campaigns(role: Role, signed_in: Enter) -> None:
    client = signed_in(role)
    for address in ("/campaigns/", "/campaigns/file/?format=csv"):
        assert client.get(address).status_code == 403
