"""The page of the funnel: what it asks, what it shows, to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client

from onefunnel.errors import UsageError
from onefunnel.funnel.notes import REASONS, note
from onefunnel.funnel.result import FunnelRow
from onefunnel.vocabulary import Calendar, Role, Stage
from onefunnel.web.locale import Words
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

Enter = Callable[[Role], Client]


def opened(client: Client, address: str = "/funnel/") -> str:
    """The page once everything on it is worked out."""
    for _ in range(3):
        answer = client.get(address)
        text = unescape(answer.content.decode())
        assert answer.status_code == 200, text[:2000]
        if 'class="waiting"' not in text:
            return text
        work_all()
    raise AssertionError(text)


def jobs() -> int:
    from onefunnel.store.models import Job

    return Job.objects.count()


def entered_link(text: str, stage: str) -> str:
    """What the link to those who entered a stage shows."""
    pattern = rf'<a href="/rows/\?measure=funnel&figure=entered&stage={stage}&[^>]*>([^<]*)</a>'
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


def test_the_figures_are_those_of_the_measure(signed_in: Enter, site: Workspace) -> None:
    text = opened(signed_in(Role.DIRECTOR))
    rows = [row for row in ask(site, "funnel", Asked()).rows if row.entered]
    assert len(rows) > 4
    for row in rows:
        assert entered_link(text, row.stage) == f"{row.entered:,}"
    assert "Facts known until" in text
    assert "Ledger 1" in text


def test_leaks_stand_dearest_first_with_their_rows(signed_in: Enter, site: Workspace) -> None:
    text = opened(signed_in(Role.SALES))
    answer = ask(site, "leaks", Asked())
    wanted = [(str(row.stage), f"{row.left:,} rows") for row in answer.rows if row.left]
    pattern = r"measure=leaks&figure=left&stage=(\w+)&[^>]*>([^<]*)</a></td>"
    assert re.findall(pattern, text) == wanted


def test_a_new_combination_is_a_job_and_the_next_ask_is_none(signed_in: Enter) -> None:
    client = signed_in(Role.ANALYST)
    before = jobs()
    first = client.get("/funnel/?horizon=7&by=campaign").content.decode()
    assert 'class="waiting"' in first
    assert "<h1>Funnel</h1>" in first
    assert 'name="horizon"' in first
    assert "Look again" in first
    assert jobs() > before
    text = opened(client, "/funnel/?horizon=7&by=campaign")
    assert "The funnel by campaign" in text
    worked = jobs()
    assert "Purchase intention" in opened(client, "/funnel/?horizon=7&by=campaign")
    assert jobs() == worked


def test_htmx_is_given_the_part_that_waits_and_then_the_whole(signed_in: Enter) -> None:
    client, asking = signed_in(Role.ANALYST), {"HX-Request": "true"}
    address = "/funnel/?horizon=14"
    part = client.get(address, headers=asking)
    assert part.content.decode().strip().startswith('<div class="waiting"')
    opened(client, address)
    whole = client.get(address, headers=asking)
    assert whole.headers["HX-Retarget"] == "#whole"
    assert "<html" not in whole.content.decode()
    assert "<h1>Funnel</h1>" in whole.content.decode()


def test_what_failed_is_said_and_not_asked_again_at_once(
    signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.jobs import questions

    def refuse(*_: object) -> None:
        raise UsageError("The records are too odd.", remedy="Mend them.")

    monkeypatch.setattr(questions, "compute_answer", refuse)
    client = signed_in(Role.DIRECTOR)
    client.get("/funnel/?horizon=365&by=page")
    work_all()
    before = jobs()
    text = client.get("/funnel/?horizon=365&by=page").content.decode()
    assert "The records are too odd." in text
    assert 'class="waiting"' not in text
    assert jobs() == before


def test_one_value_of_a_dimension_narrows_the_page(signed_in: Enter, site: Workspace) -> None:
    text = opened(signed_in(Role.DIRECTOR), "/funnel/?channel=search")
    answer = ask(site, "funnel", Asked(by=("channel",)))
    rows = [row for row in answer.rows if row.dimensions == {"channel": "search"}]
    assert len(rows) == len(Stage)
    for row in rows:
        if row.entered:
            assert entered_link(text, row.stage) == f"{row.entered:,}"
    reasons = ask(site, "lost_reasons", Asked(by=("channel",))).rows
    lost = sum(row.lost for row in reasons if row.dimensions == {"channel": "search"})
    pattern = r"measure=lost_reasons&figure=lost&channel=search[^>]*>([^<]*)</a>"
    assert re.findall(pattern, text) == [f"{lost} rows"]
    for measure in ("funnel", "leaks", "deals", "lost_reasons"):
        assert f"/remarks/?kind=figure&id={measure}%3Fchannel%3Dsearch" in text


def test_a_table_by_a_dimension_leads_to_its_values(signed_in: Enter) -> None:
    text = opened(signed_in(Role.DIRECTOR), "/funnel/?by=channel&channel=search")
    assert 'href="/funnel/?by=channel&channel=organic"' in text
    organic = re.search(r"/rows/\?measure=funnel&figure=entered&[^\"]*channel=organic[^\"]*", text)
    assert organic is not None
    assert "channel=search" not in organic[0]


def test_a_value_that_nobody_has_is_said(signed_in: Enter) -> None:
    assert "No records of this value" in opened(signed_in(Role.DIRECTOR), "/funnel/?channel=moon")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("horizon=12", "7, 14, 30, 60, 90, 180, 365"),
        ("horizon=x", "7, 14, 30, 60, 90, 180, 365"),
        ("period=someday", "this_month"),
        ("by=weather", "cohort_month"),
        ("from=2025-13-01", "days such as 2025-10-31"),
        ("from=0001-01-01", "days such as 2025-10-31"),
        ("last=9999-12-31", "days such as 2025-10-31"),
        ("from=2025-02-01&to=2025-01-01", "later last day"),
        ("as_of=99", "The versions are 0 to 1."),
        ("as_of=-1", "0, 1, 2"),
        ("as_of=²", "0, 1, 2"),
        ("now=noon", "instants such as"),
    ],
)
def test_what_cant_be_asked_is_refused_with_what_can(
    query: str, said: str, signed_in: Enter
) -> None:
    answer = signed_in(Role.DIRECTOR).get(f"/funnel/?{query}")
    assert answer.status_code == 400
    assert said in answer.content.decode()


NAMED = [
    ("this_month", date(2025, 11, 1), date(2025, 12, 1)),
    ("last_month", date(2025, 10, 1), date(2025, 11, 1)),
    ("this_quarter", date(2025, 10, 1), date(2026, 1, 1)),
    ("last_quarter", date(2025, 7, 1), date(2025, 10, 1)),
    ("this_year", date(2025, 1, 1), date(2026, 1, 1)),
    ("last_12_months", date(2024, 11, 1), date(2025, 11, 1)),
]
NAMED_IN_IRAN = [
    ("this_month", date(2025, 10, 23), date(2025, 11, 22)),  # Aban 1404
    ("last_month", date(2025, 9, 23), date(2025, 10, 23)),
    ("this_quarter", date(2025, 9, 23), date(2025, 12, 22)),  # Mehr to Azar
    ("last_quarter", date(2025, 6, 22), date(2025, 9, 23)),
    ("this_year", date(2025, 3, 21), date(2026, 3, 21)),
    ("last_12_months", date(2024, 10, 22), date(2025, 10, 23)),
]


@pytest.mark.parametrize(
    ("calendar", "name", "first", "after"),
    [
        *((Calendar("gregorian", "Europe/Bucharest"), *each) for each in NAMED),
        *((Calendar("solar_hijri", "Asia/Tehran"), *each) for each in NAMED_IN_IRAN),
    ],
)
def test_named_periods_are_whole_months_of_the_calendar(
    calendar: Calendar, name: str, first: date, after: date
) -> None:
    from onefunnel.web.pages.funnel.periods import bounds

    assert bounds(name, date(2025, 11, 4), calendar) == (first, after)


def test_own_days_are_read_in_the_calendar_of_the_workspace() -> None:
    from onefunnel.web.pages.funnel.asking import read

    words = Words("fa", calendar=Calendar("solar_hijri", "Asia/Tehran"))
    filters = read({"from": "۱۴۰۴-۰۸-۰۱", "last": "1404-08-30"}, words)
    assert (filters.since, filters.until) == (date(2025, 10, 23), date(2025, 11, 22))
    again = read(dict(each.split("=") for each in filters.query().split("&")), words)
    assert again == filters


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("was=&period=&from=2024-03-01&last=2024-03-31", "from=2024-03-01&to=2024-04-01"),
        ("was=own&period=&from=2024-03-01&last=2024-03-31", ""),
        ("was=own&period=last_month&from=2024-03-01&last=2024-03-31", "period=last_month"),
        ("was=own&period=own&from=2024-03-02&last=", "from=2024-03-02"),
        ("was=last_month&period=last_month&from=&last=2024-03-31", "to=2024-04-01"),
        ("was=&period=this_year&horizon=30&by=&as_of=", "period=this_year&horizon=30"),
        ("was=&period=&by=page&channel=search&as_of=0", "by=page&channel=search&as_of=0"),
    ],
)
def test_the_form_leads_to_an_address_to_share(sent: str, address: str, signed_in: Enter) -> None:
    answer = signed_in(Role.DIRECTOR).get(f"/funnel/?{sent}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/funnel/" + (f"?{address}" if address else "")


@pytest.mark.parametrize("value", [None, "search", "unknown", '"quoted"', 'a "b" & c=d', "نام"])
def test_any_value_survives_its_address(value: str | None) -> None:
    from urllib.parse import parse_qs

    from onefunnel.web.pages.funnel.asking import Filters, read

    filters = Filters(only=(("channel", value),), horizon=30)
    given = {name: found[-1] for name, found in parse_qs(filters.query()).items()}
    assert read(given, Words("en")) == filters


def test_a_named_period_counts_from_the_last_day_and_what_is_refused_says_what_helps(
    signed_in: Enter,
) -> None:
    # The records of the simulated company end with 2024, and a little of it is in the next year.
    text = opened(signed_in(Role.DIRECTOR), "/funnel/?period=last_quarter")
    assert re.search(r"(July|October) 1, 2024 to (September 30|December 31), 2024", text)
    assert "refused" in text
    assert "Look after " in text or "Take all records" in text


@pytest.mark.parametrize("query", ["by=owner", "owner=E1"])
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SALES, Role.MARKETING, Role.ANALYST])
def test_who_leads_no_team_sees_no_figures_by_person(
    query: str, role: Role, signed_in: Enter
) -> None:
    answer = signed_in(role).get(f"/funnel/?{query}")
    assert answer.status_code == 403
    assert "Figures by owner show persons." in answer.content.decode()
    assert 'value="owner"' not in opened(signed_in(role))


def test_heads_see_the_persons_of_the_own_team(signed_in: Enter, site: Workspace) -> None:
    from onefunnel.workflows.staff import kept_staff

    sales = opened(signed_in(Role.HEAD_OF_SALES), "/funnel/?by=owner")
    answer = ask(site, "funnel", Asked(by=("owner",)))
    owners = {row.dimensions["owner"] for row in answer.rows if row.dimensions["owner"]}
    staff = kept_staff(site)
    names = {staff[owner].name for owner in owners if owner}
    assert names
    assert all(staff[owner].department == "sales" for owner in owners if owner)
    assert all(name in sales for name in names)
    marketing = opened(signed_in(Role.HEAD_OF_MARKETING), "/funnel/?by=owner")
    assert not any(name in marketing for name in names)
    assert not any(f"owner={owner}" in marketing for owner in owners)
    address = f"/funnel/?owner={min(owner for owner in owners if owner)}"
    assert "Purchase intention" in opened(signed_in(Role.HEAD_OF_SALES), address)
    assert signed_in(Role.HEAD_OF_MARKETING).get(address).status_code == 403


def test_an_earlier_version_is_shown_as_it_was_and_says_so(signed_in: Enter) -> None:
    text = opened(signed_in(Role.DIRECTOR), "/funnel/?as_of=0")
    assert "These are the figures as Ledger 0 knew them" in text
    assert 'href="/funnel/"' in text
    assert "Nobody entered the funnel in this period." in text or "There is nothing to say" in text
    assert "knew them" not in opened(signed_in(Role.DIRECTOR), "/funnel/?as_of=1")


@pytest.mark.parametrize("reason", [*REASONS, "brand_new"])
@pytest.mark.parametrize("stage", [None, *Stage])
def test_every_reason_names_what_is_missing(reason: str, stage: Stage | None) -> None:
    from onefunnel.ledger.schema import TABLES
    from onefunnel.vocabulary import Note
    from onefunnel.web.pages.funnel.missing import missing

    found = missing(Note("refused_conversion", "", {"reason": reason, "longest_days": 31.5}), stage)
    assert (found is None) == (reason == "brand_new")
    if found is not None and found.table:
        columns = {column.name for column in TABLES[found.table].columns}
        assert set(found.columns) <= columns
        assert found.columns


def test_a_narrowed_page_says_why_its_own_figures_are_refused() -> None:
    from dataclasses import replace

    from onefunnel.vocabulary import Answer
    from onefunnel.web.pages.funnel.asking import Filters
    from onefunnel.web.pages.funnel.narrowing import narrowed
    from tests.web.report.examples import row

    def value(channel: str, followed: int) -> list[FunnelRow]:
        first = row(Stage.PURCHASE_INTENTION, followed, dimensions={"channel": channel})
        return [first, replace(first, stage=Stage.PURCHASE)]

    about = {"from_stage": "purchase_intention", "stage": "purchase", "needed": 5, "rows": 7}
    few = note("refused_conversion", reason="too_few", n=4, **about)
    none = note("refused_conversion", reason="empty", n=0, **about)
    early = note(
        "refused_conversion", reason="too_early", n=9, horizon_days=90, longest_days=31, **about
    )
    rows = (*value("search", 3), *value("email", 0), *value("fair", 9))
    answer = Answer("funnel", rows, (few, none, early))

    def reasons(channel: str) -> list[tuple[object, object]]:
        narrow = narrowed(answer, Filters(only=(("channel", channel),)), lambda _: None)
        assert [each.dimensions for each in narrow.rows] == [{}, {}]
        return [(each.params["reason"], each.params["n"]) for each in narrow.notes]

    assert reasons("search") == [("too_few", 3)]
    assert reasons("email") == [("empty", 0)]
    assert reasons("fair") == [("too_early", 9)]


def test_contribution_is_missing_where_costs_are() -> None:
    from onefunnel.web.pages.funnel.missing import missing

    found = missing(note("refused_expected_contribution", reason="no_contribution"))
    assert found is not None
    assert (found.table, found.columns) == ("order_line", ("unit_cost",))


def test_the_page_asks_the_database_little_however_much_it_shows(signed_in: Enter) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counted = signed_in(Role.DIRECTOR), []
    for address in ("/funnel/", "/funnel/?by=channel", "/funnel/?channel=search"):
        opened(client, address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counted.append(len(asked))
    assert len(set(counted)) == 1
    assert counted[0] <= 6


@pytest.mark.parametrize(("role", "button"), [(Role.DIRECTOR, True), (Role.SALES, False)])
def test_an_empty_ledger_says_what_to_import(
    role: Role, button: bool, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.pages.funnel import views

    monkeypatch.setattr(views, "ledger_version", lambda _: 0)
    text = signed_in(role).get("/funnel/").content.decode()
    assert "Import the first tables" in text
    assert ('class="btn btn--go" href="/imports/"' in text) == button
    assert 'class="stages"' not in text


@pytest.mark.parametrize("language", ["fa", "ro", "ru", "vi"])
def test_the_page_speaks_each_language(language: str, signed_in: Enter) -> None:
    client = signed_in(Role.DIRECTOR)
    client.post("/enter/language/", {"language": language, "next": "/"})
    text = opened(client)
    assert f'lang="{language}"' in text
    assert Words(language).stage(Stage.PURCHASE) in text
