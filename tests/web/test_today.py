"""Today: what it says, to whom, and that its figures are those of the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onefunnel.funnel.result import LeakRow
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.vocabulary import Answer, Calendar, Question, Role, Stage
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.campaigns.table import anchor
from onefunnel.web.pages.today import alarms as rule
from onefunnel.web.pages.today import bridge
from onefunnel.web.pages.today.alarms import Flow, alarms, grew, two_proportions
from onefunnel.web.pages.today.bridge import Earned
from onefunnel.web.pages.today.campaigns import Campaigns, campaigns
from onefunnel.web.pages.today.periods import Span, spoken_of
from onefunnel.web.pages.today.spent import BY, WHOLE, sees
from onefunnel.web.pages.today.spent import questions as campaign_questions
from onefunnel.workflows.computed import compute_answer
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.freshness import Freshness, Held, compute_freshness, kept_freshness
from tests.unit.acquisition.rows import made
from tests.web.report.examples import row
from tests.web.site import CAST, work_all

if TYPE_CHECKING:
    from django.test import Client

    from onefunnel.store.models import Person
    from onefunnel.workflows.workspace import Workspace

SignIn = Callable[[Role], "Client"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Which months the page speaks of.


def spoken(first: str, last: str, now: str, *, horizon: int = 30, calendar: Calendar | None = None):  # type: ignore[no-untyped-def]
    span = Span(at(first), at(last), at(last))
    return spoken_of(span, at(now), calendar or Calendar(), 3, horizon)


@pytest.mark.parametrize(
    ("last", "now", "month"),
    [
        ("2025-11-18", "2025-11-20", date(2025, 10, 1)),
        ("2025-10-31", "2025-11-01", date(2025, 10, 1)),
        ("2025-10-29", "2025-11-20", date(2025, 10, 1)),
        ("2025-10-27", "2025-11-20", date(2025, 9, 1)),
        ("2025-10-31", "2025-10-31", date(2025, 9, 1)),
    ],
    ids=["month_runs", "just_over", "ends_within_grace", "ends_too_early", "not_over_yet"],
)
def test_the_current_month_is_the_latest_whole_one(last: str, now: str, month: date) -> None:
    found = spoken("2025-01-01", last, now)
    assert found.is_whole
    assert found.current.since == month


def test_records_of_less_than_a_month_are_spoken_of_as_they_are() -> None:
    found = spoken("2025-11-05", "2025-11-18", "2025-11-20")
    assert not found.is_whole
    assert found.current.since == date(2025, 11, 1)
    assert (found.before, found.judged, found.judged_before) == (None, None, None)


def test_a_month_is_not_compared_with_one_that_the_records_do_not_cover() -> None:
    assert spoken("2025-09-10", "2025-11-18", "2025-11-20").before is None
    assert spoken("2025-09-03", "2025-11-18", "2025-11-20").before is not None


def test_leaks_are_judged_of_the_latest_month_whose_horizon_has_passed() -> None:
    found = spoken("2025-01-01", "2025-11-18", "2025-11-20", horizon=90)
    assert found.judged is not None and found.judged_before is not None
    assert found.judged.since == date(2025, 7, 1)
    assert found.judged.end + timedelta(days=90) <= at("2025-11-18")
    assert spoken("2025-01-01", "2025-10-28", "2025-11-20", horizon=90).judged.since == date(
        2025, 6, 1
    )


def test_both_judged_months_are_seen_at_the_same_age() -> None:
    found = spoken("2025-01-01", "2025-11-18", "2025-11-20")
    assert found.at_same_age() - found.judged_before.end == found.latest - found.judged.end


def test_months_are_those_of_the_calendar() -> None:
    solar = Calendar("solar_hijri", "Asia/Tehran")
    found = spoken("2024-01-01", "2025-11-18", "2025-11-20", calendar=solar)
    assert found.current.since == date(2025, 9, 23)  # 1 Mehr 1404
    assert found.current.until == date(2025, 10, 23)


# When a leak raises an alarm.

LARGE = (Flow(200, 120), Flow(200, 80))


def test_a_leak_that_grew_beyond_chance_raises_an_alarm() -> None:
    assert grew(*LARGE)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (Flow(40, 4), Flow(400, 4)),
        (Flow(10_000, 900), Flow(10_000, 500)),
        (Flow(10_000, 6_200), Flow(10_000, 5_000)),
        (Flow(20, 12), Flow(20, 8)),
        (Flow(200, 120), Flow(0, 0)),
        (Flow(200, 80), Flow(200, 120)),
    ],
    ids=["too_few", "small_share", "grew_little", "chance", "nobody_before", "shrank"],
)
def test_a_leak_raises_no_alarm_where_one_condition_fails(now: Flow, before: Flow) -> None:
    assert not grew(now, before)


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_two_proportions_are_the_root_of_pearsons_chi_squared(
    entered: int, entered_before: int, data: st.DataObject
) -> None:
    from scipy.stats import chi2_contingency

    left = data.draw(st.integers(0, entered))
    left_before = data.draw(st.integers(0, entered_before))
    assume(0 < left + left_before < entered + entered_before)
    z = two_proportions(Flow(entered, left), Flow(entered_before, left_before))
    table = [[left, entered - left], [left_before, entered_before - left_before]]
    assert z**2 == pytest.approx(chi2_contingency(table, correction=False).statistic, abs=1e-9)
    assert (z > 0) == (left * entered_before > left_before * entered)


def test_two_proportions_without_spread_are_zero() -> None:
    assert two_proportions(Flow(10, 0), Flow(10, 0)) == 0
    assert two_proportions(Flow(10, 10), Flow(10, 10)) == 0


def test_the_bound_of_chance_is_that_of_the_confidence_it_names() -> None:
    from statistics import NormalDist

    assert pytest.approx(NormalDist().inv_cdf(rule.CONFIDENCE), abs=0.001) == rule.LEAST_Z


def leak(stage: Stage, left: int, amount: str | None) -> LeakRow:
    cost = None if amount is None else Decimal(amount)
    return LeakRow(stage, stage.default_owner, left, left, 0, None, cost, 30)


def test_alarms_come_dearest_first_and_unknown_cost_last() -> None:
    stages = [Stage.BRAND_AWARENESS, Stage.BRAND_PREFERENCE, Stage.PURCHASE_INTENTION]
    now = [leak(s, 120, cost) for s, cost in zip(stages, [None, "10", "900"], strict=True)]
    before = [leak(stage, 80, "5") for stage in stages]
    entered = [row(stage, 200) for stage in stages]
    found = alarms(now, before, entered, entered)
    assert [each.stage for each in found] == [stages[2], stages[1], stages[0]]
    assert found[0].flow == LARGE[0] and found[0].before == LARGE[1]


def test_a_stage_that_had_no_leak_before_is_not_compared() -> None:
    stage = Stage.PURCHASE_INTENTION
    entered = [row(stage, 200)]
    assert alarms([leak(stage, 120, "1")], [], entered, []) == ()


# The bridge.

money = st.decimals(-10_000, 10_000, places=2)
earned = st.builds(Earned, money, money, st.integers(0, 50))


@given(earned, earned)
def test_the_changes_of_a_bridge_add_up(before: Earned, now: Earned) -> None:
    first, *changes, last = bridge.steps(before, now)
    total = first.amount + sum(step.amount for step in changes)
    assert total == pytest.approx(last.amount, abs=Decimal("0.000001"))


@given(earned, earned)
def test_a_bridge_lies_within_its_axis_and_joins(before: Earned, now: Earned) -> None:
    way = bridge.steps(before, now)
    drawn = bridge.drawn(way)
    assert all(-0.01 <= each.low <= each.high <= 100.01 for each in drawn)
    assert bridge.svg(way, drawn).count("<rect") == len(way)
    assert bridge.svg(way, drawn).count("<path") == len(way) - 1


# What the ledger holds.


def fetched(site: Workspace, table: str, *columns: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.reading(
        lambda reader: reader.fetch(reader.table(table).select(*columns)).to_pylist()
    )
    return found


def test_freshness_counts_what_the_ledger_holds(site: Workspace) -> None:
    made = compute_freshness(site)
    assert kept_freshness(site) == made
    leads = fetched(site, "lead", "created_at")
    assert made.tables["lead"].records == len(leads)
    assert made.tables["lead"].last == max(each["created_at"] for each in leads).isoformat()
    assert made.tables["spend"].last_day(Calendar()) == max(
        each["day"] for each in fetched(site, "spend", "day")
    )
    assert made.batches[0].version == made.version and made.batches[0].kind == "import"


def test_freshness_counts_the_leads_that_nobody_took_up(site: Workspace) -> None:
    rows = fetched(site, "handoff", "lead_id", "kind", "occurred_at")
    last = max(each["occurred_at"] for each in rows)
    offered, taken = {}, {}
    for each in sorted(rows, key=lambda each: each["occurred_at"]):
        where = offered if each["kind"] == "offered" else taken
        if each["kind"] not in ("assigned", "recycled", "returned"):
            where[each["lead_id"]] = each["occurred_at"]
    waiting = [
        lead
        for lead, when in offered.items()
        if taken.get(lead, at("1970-01-01")) < when
        and last - timedelta(days=30) <= when <= last - timedelta(hours=24)
    ]
    assert compute_freshness(site).unworked == len(waiting)


def test_a_date_in_the_future_does_not_make_a_table_fresh(
    site: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = fetched(site, "order_line", "ordered_at")
    middle = sorted(each["ordered_at"] for each in orders)[len(orders) // 2]
    early = replace(site, clock=lambda: middle)
    kept: list[Any] = []
    monkeypatch.setattr("onefunnel.workflows.freshness.replace_file", lambda *each: kept.append(1))
    held = compute_freshness(early).tables["order_line"]
    assert kept and held.last == middle.isoformat() and held.records == len(orders)


# The page.


@pytest.fixture
def today(signed_in: SignIn) -> Callable[[Role], str]:
    """The page as somebody sees it when all is worked out."""

    def opened(role: Role) -> str:
        client = signed_in(role)
        for _ in range(2):  # first what the ledger holds, then what is asked of it
            assert client.get("/").status_code == 200
            work_all()
        answer = client.get("/")
        assert answer.status_code == 200
        return answer.content.decode()

    return opened


HTMX = {"HTTP_HX_REQUEST": "true"}


def test_until_the_ledger_was_looked_at_today_waits(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onefunnel.workflows.freshness.RELEASE", uuid4().hex)
    client = signed_in(Role.DIRECTOR)
    assert 'hx-get="/today/figures/?have=0"' in client.get("/").content.decode()
    part = client.get("/today/figures/?have=0", **HTMX)
    assert "HX-Retarget" not in part.headers and b"<header" not in part.content


@pytest.mark.long
def test_figures_come_part_by_part(
    today: Callable[[Role], str], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.jobs import questions

    whole = today(Role.DIRECTOR)
    client, kept, there = signed_in(Role.DIRECTOR), questions.kept_answer, 0
    order: list[tuple[str, object]] = []

    def some(workspace: Workspace, measure: str, asked: object) -> object:
        if (measure, asked) not in order:
            order.append((measure, asked))
        found = kept(workspace, measure, asked)  # type: ignore[arg-type]
        return found if order.index((measure, asked)) < there else None

    monkeypatch.setattr(questions, "kept_answer", some)
    tiles = []
    for step in range(15):
        there = step
        page = client.get("/").content.decode()
        tiles.append(page.count('class="num__value"'))
        have = re.search(r"have=(\d+)", page)
        if have is None:
            break
        again = client.get(f"/today/figures/?have={have[1]}", **HTMX)
        assert "HX-Retarget" not in again.headers and b"meter" in again.content
        other = client.get("/today/figures/?have=0", **HTMX)
        assert other.headers["HX-Retarget"] == "#today"
    assert there == len(order) and there >= 6
    assert tiles == sorted(tiles) and tiles[0] == 0
    assert tiles[-1] == whole.count('class="num__value"') >= 2


def test_the_part_alone_sends_a_browser_without_script_to_the_page(signed_in: SignIn) -> None:
    answer = signed_in(Role.SALES).get("/today/figures/")
    assert answer.status_code == 302 and answer.headers["Location"] == "/"


def test_contribution_is_what_the_order_lines_of_the_month_contributed(site: Workspace) -> None:
    from onefunnel.web.pages.today.answers import questions
    from onefunnel.web.pages.today.contribution import brought

    lines = fetched(site, "order_line", "ordered_at", "quantity", "net_price", "unit_cost")
    first, last = (pick(each["ordered_at"] for each in lines) for pick in (min, max))
    month = site.settings.calendar.month_of(last.date())
    seen = Span(first - timedelta(days=90), month.end, month.end)
    found = spoken_of(seen, month.end, site.settings.calendar, 3, 90)
    assert found.current.start == month.start
    asked = questions(found)
    made = brought(*(compute_answer(site, *asked[name]) for name in ("until", "start", "new")))
    within = [each for each in lines if month.start <= each["ordered_at"] < month.end]
    assert within
    worth = sum(each["quantity"] * (each["net_price"] - each["unit_cost"]) for each in within)
    sold = sum(each["quantity"] * each["net_price"] for each in within)
    assert made.contribution == pytest.approx(worth, abs=Decimal("0.001"))
    assert made.revenue == pytest.approx(sold, abs=Decimal("0.001"))
    assert made.unknown == 0


def test_every_tile_has_period_definition_and_rows_and_the_head_the_version(
    today: Callable[[Role], str],
) -> None:
    page = today(Role.HEAD_OF_SALES)
    assert "Ledger 1, " in page
    tiles = page.split("<article")[1:]
    assert len(tiles) >= 2
    for tile in tiles:
        assert "/definitions/#" in tile and "/rows/?measure=" in tile and 'class="foot"' in tile
        assert "num__say" in tile or "today__facts" in tile


def test_rows_of_the_handoff_are_as_many_as_it_says(
    today: Callable[[Role], str], signed_in: SignIn
) -> None:
    import html

    page = today(Role.DIRECTOR)
    handoff = next(part for part in page.split("<article") if "tile-handoff" in part)
    address, said = re.findall(
        r'<a href="(/rows/[^"]+figure=left[^"]*)"[^>]*>(\d+ rows?)<', handoff
    )[0]
    client = signed_in(Role.DIRECTOR)
    client.get(html.unescape(address))
    work_all()
    rows = client.get(html.unescape(address)).content.decode()
    assert said in rows


def test_who_may_not_see_figures_is_told_what_it_is_for(signed_in: SignIn) -> None:
    for role in (Role.HR, Role.EMPLOYEE):
        client = signed_in(role)
        page = client.get("/").content.decode()
        assert "onefunnel joins the records" in page and "Waits for me" in page
        assert "num__value" not in page and "Alarms" not in page and "Ledger" not in page
        assert client.get("/today/figures/").status_code == 403


def test_stale_tables_are_named_with_their_last_day(
    today: Callable[[Role], str], site: Workspace
) -> None:
    page = today(Role.HEAD_OF_MARKETING)
    last = kept_freshness(site).tables["order_line"].last_day(site.settings.calendar)  # type: ignore[union-attr]
    assert last is not None
    days = (site.settings.calendar.local_day(site.clock()) - last).days
    day = Words("en").day(last)
    assert f"Order lines: the newest record is of {day}, {days} days ago." in page
    assert 'href="/imports/"' in page.split("Out of date")[1]
    assert 'href="/imports/"' not in today(Role.SALES).split("Out of date")[1].split("</main>")[0]


def test_fresh_tables_are_not_named() -> None:
    from onefunnel.web.pages.today.warnings import stale_lines

    held = {name: Held(5, last="2025-11-03T10:00:00+00:00") for name in ("lead", "order_line")}
    held["lead"] = Held(5, last="2025-11-19T10:00:00+00:00")
    fresh = Freshness(1, None, held, 0, 0, ())
    (line,) = stale_lines(fresh, at("2025-11-21"), 3, Words("en"), "/imports/")
    assert line.text == "Order lines: the newest record is of November 3, 2025, 18 days ago."


def test_an_empty_ledger_says_what_to_import(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Freshness(0, None, {}, 0, 0, ())
    monkeypatch.setattr("onefunnel.web.jobs.freshness.kept_freshness", lambda workspace: empty)
    page = signed_in(Role.DIRECTOR).get("/").content.decode()
    assert "the ledger holds no records" in page and "Import the first tables" in page
    assert 'class="btn btn--go" href="/imports/"' in page
    assert page.index("Leads") < page.index("Order lines")
    reader = signed_in(Role.SALES).get("/").content.decode()
    assert "btn--go" not in reader and "can import" in reader


def test_a_table_that_is_missing_is_named_with_what_it_would_bring() -> None:
    from onefunnel.web.pages.today.warnings import missing

    fresh = Freshness(1, None, {"lead": Held(3), "touch": Held(2)}, 0, 0, ())
    assert [each.table for each in missing(fresh, Words("en"))] == [
        "deal",
        "deal_event",
        "order_line",
    ]


def test_a_job_that_failed_is_told_and_not_asked_for_again_at_once(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.store.models import Job

    monkeypatch.setattr("onefunnel.workflows.freshness.RELEASE", "a release that fails")

    def fails(*given: object) -> Mapping[str, Any]:
        raise RuntimeError

    monkeypatch.setattr("onefunnel.web.jobs.freshness.compute_freshness", fails)
    client = signed_in(Role.DIRECTOR)
    client.get("/")
    work_all()
    assert "could not be worked out" in client.get("/").content.decode()
    client.get("/")
    assert Job.objects.filter(kind="freshness").count() == 1


# Campaigns.


def looked_back(first: str = "2025-01-01") -> Any:
    return spoken(first, "2025-11-18", "2025-11-20")


def campaigns_of(rows: list[AcquisitionRow], whole: AcquisitionRow) -> Campaigns | None:
    """What is said of these rows, looking back on July to September 2025."""
    asked = Question(now=at("2025-11-18"))
    found = {
        name: Computed(Answer("acquisition", tuple(each)), asked)
        for name, each in ((BY, rows), (WHOLE, [whole]))
    }
    return campaigns(Answers(found, ()), looked_back(), Words("en"))


def test_campaigns_are_judged_over_months_whose_leads_had_their_time() -> None:
    ripe = looked_back().ripe
    assert (ripe.since, ripe.until) == (date(2025, 7, 1), date(2025, 10, 1))
    assert looked_back("2025-08-20").ripe.since == date(2025, 9, 1)
    asked = campaign_questions(looked_back())
    assert {each.by for _, each in asked.values()} == {("campaign",), ()}
    assert {(each.since, each.until) for _, each in asked.values()} == {(ripe.since, ripe.until)}
    assert spoken("2025-11-05", "2025-11-18", "2025-11-20").ripe is None


def test_a_campaign_that_loses_money_has_a_line_that_leads_to_its_row() -> None:
    names = ("dear", "<idle>", "cheap", "idle too", "pays")
    dear, idle, cheap, too, pays = ({"campaign": name} for name in names)
    rows = [
        made(4000, 9000, dimensions=pays),
        made(300, 0, leads=0, customers=0, dimensions=idle),
        made(1230, 1000, leads=500, customers=100, dimensions=cheap),
        made(2000, 100, leads=20, customers=6, dimensions=dear),
        made(200, 0, leads=0, customers=0, dimensions=too),
    ]
    found = campaigns_of(rows, made(10_000, 20_000, leads=1000, customers=200))
    assert found is not None and found.others == 1
    assert [(each.kind, each.money) for each in found.lines] == [
        ("bad", "€1,900"),
        ("risk", "€300"),
        ("bad", "€230"),
    ]
    first, second, third = found.lines
    text = "<bdi>dear</bdi> loses money: €2,000 was spent, and its customers have brought €100."
    assert first.text == text
    assert "<bdi>&lt;idle&gt;</bdi>: €300 was spent" in second.text
    assert "brings cheap leads and loses money" in third.text
    page, place = first.address.split("#")
    assert page == "/campaigns/?from=2025-07-01&to=2025-10-01&by=campaign"
    assert place == anchor(dear) != anchor(cheap)


def test_most_leads_rejected_is_said_of_a_campaign_that_is_too_young() -> None:
    told = {"acceptance_rate_high": 0.4, "accepted": 10, "rejected": 40, "maturity": 0.3}
    young = made(1000, 10, leads=50, dimensions={"campaign": "young"}, **told)  # type: ignore[arg-type]
    found = campaigns_of([young], made(10_000, 20_000, leads=1000, customers=200))
    assert found is not None
    (line,) = found.lines
    assert "sales rejected 40 of the 50 leads that it answered; €1,000 was spent" in line.text
    assert line.money == "€800"


@pytest.mark.parametrize(
    ("spend", "brought", "said"),
    [
        (None, 10, "nothing is on record as spent in"),
        (10, None, "is unknown"),
        (10, 20, "No campaign loses money beyond chance."),
    ],
)
def test_where_no_campaign_stands_out_or_none_can_be_judged_it_is_said(
    spend: float | None, brought: float | None, said: str
) -> None:
    row = made(spend, brought, dimensions={"campaign": "a"})
    found = campaigns_of([row], made(spend, brought))
    assert found is not None and found.lines == ()
    assert said in found.said


def test_spend_without_campaigns_judges_none() -> None:
    rows = [made(0, 5, dimensions={"campaign": "a"}), made(10, 5, dimensions={"campaign": None})]
    found = campaigns_of(rows, made(10, 10))
    assert found is not None and "does not say which campaign it was for" in found.said


def test_campaigns_are_for_marketing_and_the_director(
    today: Callable[[Role], str], site: Workspace
) -> None:
    heading, period = '<h2 id="campaigns">', "All campaigns"
    for role in (Role.MARKETING, Role.HEAD_OF_MARKETING, Role.DIRECTOR):
        page = today(role)
        assert heading in page and period in page, role
    for role in (Role.SALES, Role.HEAD_OF_SALES, Role.ANALYST, Role.HR, Role.EMPLOYEE):
        assert not sees(person(role))
        assert heading not in today(role), role


def test_the_line_says_what_the_page_of_campaigns_says(
    today: Callable[[Role], str], signed_in: SignIn
) -> None:
    import html

    page = html.unescape(today(Role.MARKETING))
    part = page.split('<h2 id="campaigns">')[1].split("</section>")[0]
    address = re.findall(r'href="(/campaigns/[^"#]*)', part)[-1]
    places = re.findall(r'href="/campaigns/[^"]*#(row-[0-9a-f]+)"', part)
    client = signed_in(Role.MARKETING)
    answer = client.get(address)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "loses money" not in part or "loses money" in shown
    assert 'class="waiting"' not in shown, "Today has asked the same already"
    assert all(f'id="{place}"' in shown for place in places)
    assert places or "campaign" in part


# What waits.


def person(role: Role) -> Person:
    from onefunnel.store.models import Person

    return Person.objects.get(email=CAST[role])


def waiting(client: Client) -> str:
    page = client.get("/").content.decode()
    return page[page.index('id="waits"') :]


def test_a_mention_waits_until_it_is_read(signed_in: SignIn) -> None:
    from onefunnel.store.models import Mention, Remark

    remark = Remark.objects.create(
        subject_kind="figure", subject_id="x", text="<b>Why?</b>", author=person(Role.SALES)
    )
    mention = Mention.objects.create(remark=remark, person=person(Role.EMPLOYEE))
    client = signed_in(Role.EMPLOYEE)
    found = waiting(client)
    assert "<bdi>Sales</bdi> mentions you" in found and "&lt;b&gt;Why?&lt;/b&gt;" in found
    assert "mentions you" not in waiting(signed_in(Role.HR))
    mention.read_at = at("2025-01-01")
    mention.save()
    assert "mentions you" not in waiting(client)


def test_a_withdrawn_comment_waits_for_nobody(signed_in: SignIn) -> None:
    from onefunnel.store.models import Mention, Remark

    remark = Remark.objects.create(
        subject_kind="figure",
        subject_id="x",
        author=person(Role.SALES),
        withdrawn_at=at("2025-01-01"),
    )
    Mention.objects.create(remark=remark, person=person(Role.HR))
    assert "mentions you" not in waiting(signed_in(Role.HR))


def test_a_failed_import_waits_until_one_goes_well(signed_in: SignIn) -> None:
    from django.utils import timezone

    from onefunnel.store.models import Job

    def ended(state: str) -> None:
        Job.objects.create(
            kind="import",
            lane="writes",
            key=state,
            state=state,
            error={"message": "The file is cut off."},
            asked_by=person(Role.ANALYST),
            ended_at=timezone.now(),
        )

    client = signed_in(Role.ANALYST)
    ended("failed")
    assert "The file is cut off." in waiting(client)
    assert "The file is cut off." not in waiting(signed_in(Role.DIRECTOR))
    ended("done")
    assert "The file is cut off." not in waiting(client)


def test_rows_in_the_quarantine_wait_for_who_may_import(
    signed_in: SignIn, site: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = replace(compute_freshness(site), quarantined=7, unworked=3)
    monkeypatch.setattr("onefunnel.web.jobs.freshness.kept_freshness", lambda workspace: fresh)
    assert "7 rows in the quarantine" in waiting(signed_in(Role.HEAD_OF_MARKETING))
    sales = waiting(signed_in(Role.SALES))
    assert "quarantine" not in sales and "3 leads wait" in sales
    assert "leads wait" not in waiting(signed_in(Role.MARKETING))


def test_a_second_factor_waits_for_heads_and_director_without_one(signed_in: SignIn) -> None:
    from allauth.mfa.models import Authenticator

    text = "A second factor"
    assert text in waiting(signed_in(Role.DIRECTOR)) and text in waiting(
        signed_in(Role.HEAD_OF_SALES)
    )
    assert text not in waiting(signed_in(Role.ANALYST))
    Authenticator.objects.create(
        user=person(Role.DIRECTOR), type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    assert text not in waiting(signed_in(Role.DIRECTOR))


def test_queries_do_not_grow_with_what_waits(
    today: Callable[[Role], str], signed_in: SignIn
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from onefunnel.store.models import Mention, Remark

    today(Role.DIRECTOR)
    client = signed_in(Role.DIRECTOR)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    before = asked()
    for number in range(4):
        remark = Remark.objects.create(
            subject_kind="figure", subject_id=str(number), text="!", author=person(Role.SALES)
        )
        Mention.objects.create(remark=remark, person=person(Role.DIRECTOR))
    assert asked() == before <= 8


def test_what_the_sample_lacks_of_late_is_not_named(
    today: Callable[[Role], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.workflows import sample

    assert 'id="stale"' in today(Role.DIRECTOR)
    shown = sample.Sample(alone=True, demonstration=False)
    monkeypatch.setattr(sample, "shown", lambda workspace: shown)
    assert 'id="stale"' not in today(Role.DIRECTOR)
