"""Experiments: what they showed, beside the model; one recorded by form; the planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client

from onefunnel.measures.attribution.recorded import Counted, Of
from onefunnel.measures.attribution.recording import read
from onefunnel.store.models import Person
from onefunnel.vocabulary import Role
from onefunnel.web.jobs.reachable import OnRecord, look_up
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.pages.experiments import plan
from onefunnel.web.pages.experiments.content import content
from onefunnel.web.pages.experiments.records import filled, records
from onefunnel.web.pages.terms.experiments import experiment_in_words
from onefunnel.workflows.computed import compute_answer
from onefunnel.workflows.freshness import kept_freshness
from onefunnel.workflows.reachable import FullMonths, Reachable, Tried, full_months, question
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace
from tests.unit.attribution.test_recording import HOLDOUT, REGIONS
from tests.web.callers import with_token
from tests.web.site import CAST, work_all

SignIn = Callable[[Role], Client]
CHANNEL = "search"
FORM = {
    "name": "Spring holdout",
    "kind": "holdout",
    "dimension": "channel",
    "of": CHANNEL,
    "value": "customers",
    "first": "2024-03-01",
    "last": "2024-03-31",
    "randomised": "yes",
    "overrides": "no",
    "treated": "10000",
    "converted": "230",
    "control": "10000",
    "control_converted": "200",
}


def seen(client: Client, address: str = "/experiments/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.text)


def test_an_empty_page_says_how_to_make_one(site: Workspace, signed_in: SignIn) -> None:
    page = seen(signed_in(Role.DIRECTOR))
    assert "No experiment is recorded yet" in page and "Let chance choose" in page
    assert "/experiments/record/" in page
    assert "/experiments/record/" not in seen(signed_in(Role.MARKETING))
    assert signed_in(Role.MARKETING).get("/experiments/record/").status_code == 403
    assert signed_in(Role.EMPLOYEE).get("/experiments/").status_code == 403


def test_the_planner_says_how_long_or_no(site: Workspace, signed_in: SignIn) -> None:
    client = signed_in(Role.MARKETING)
    page = seen(client, "/experiments/?people=20000&rate=2&change=0.3")
    assert "4 months" in page and "40,000" in page and "83%" in page
    page = seen(client, "/experiments/?people=2000&rate=2&change=0.3")
    assert "No: it would take 37 months, and there are 6 months." in page
    assert "a change of 0.78 points" in page
    page = seen(client, "/experiments/?people=2000&rate=2&change=0.3&months=24&share=10&power=95")
    assert "there are 24 months" in page
    for wrong in ("people=x", "rate=101", "rate=99&change=2", "share=7", "months=0", "power=x"):
        assert client.get(f"/experiments/?{wrong}").status_code == 400, wrong


PERIOD = FullMonths(date(2024, 3, 1), date(2024, 6, 1), 3, datetime(2024, 5, 31, tzinfo=UTC))
ASKED = plan.Asked(of="search")


def test_what_nobody_typed_is_taken_from_the_records() -> None:
    known = OnRecord(PERIOD, Reachable(PERIOD, 601, 13), ("search",))
    found = filled(ASKED, known)
    assert (found.people, found.rate) == (200, 2.163)
    typed = filled(replace(ASKED, people=50.0), known)
    assert (typed.people, typed.rate) == (50, 2.163)
    assert filled(ASKED, OnRecord(PERIOD, None, ())) == ASKED
    said = records(ASKED, known, Words("en"))
    assert said.found and not said.names
    text = said.said.striptags()
    assert "601 people met search, about 200 a month, and 13 of them (2.2% [1.3–3.7])" in text
    assert "Change it if you know better." in text and "2024" in text


def test_what_is_not_on_record_is_said_with_what_is() -> None:
    unmet = records(ASKED, OnRecord(PERIOD, None, ("social", "a b&c")), Words("en"))
    assert not unmet.found and "nobody met" in unmet.said
    assert [each.address for each in unmet.names] == [
        "/experiments/?dimension=channel&of=social&value=customers#plan",
        "/experiments/?dimension=channel&of=a+b%26c&value=customers#plan",
    ]
    assert "no full month" in records(ASKED, OnRecord(), Words("en")).said


def test_numbers_of_something_else_are_left_over() -> None:
    typed = {"people": "20", "rate": "2", "change": "1", "of": "search"}
    assert plan.read(typed, Words("en")).people == 20
    same = plan.read({**typed, "was": "channel customers search"}, Words("en"))
    assert (same.people, same.rate, same.change) == (20, 2, 1)
    for other in ({"of": "social"}, {"value": "leads"}, {"dimension": "page"}):
        changed = plan.read({**typed, "was": "channel customers search", **other}, Words("en"))
        assert (changed.people, changed.rate, changed.change) == (None, None, 1)


def test_the_planner_starts_from_the_records(site: Workspace, signed_in: SignIn) -> None:
    client = signed_in(Role.MARKETING)
    address = "/experiments/?of=search&change=1"
    unasked = "/experiments/?dimension=campaign&of=search&change=1"
    assert "Looking who met it in the last full months." in seen(client, unasked)
    seen(client, address)
    for _ in range(2):  # first what the ledger holds, then what is asked of it
        work_all()
        page = seen(client, address)
    fresh = kept_freshness(site)
    assert fresh is not None
    kept = site.settings
    months = full_months(
        fresh, Counted.CUSTOMERS, site.clock(), kept.calendar, kept.server.stale_days
    )
    assert months is not None
    answer = compute_answer(site, "attribution", question(ASKED.tried, months)).answer  # type: ignore[arg-type]
    row = next(
        each
        for each in answer.rows
        if (each.department, each.dimensions["channel"]) == ("marketing", "search")
    )
    assert row.paths
    people, rate = round(row.paths / months.months), 100 * row.paths_converted / row.paths
    assert f'name="people" inputmode="decimal" dir="ltr" size="8" value="{people}"' in page
    assert (
        f'name="rate" inputmode="decimal" dir="ltr" size="6" value="{float(f"{rate:.4g}"):.12g}"'
        in page
    )
    assert "From your records of" in page and "People with it" in page
    assert "no record says" in page
    typed = seen(client, f"{address}&people=7&was=channel+customers+search")
    assert 'size="8" value="7"' in typed
    unmet = seen(client, "/experiments/?of=nothing")
    assert "Met in that time:" in unmet and "of=search" in unmet
    assert signed_in(Role.EMPLOYEE).get(address).status_code == 403


def test_who_may_not_see_figures_gets_none_of_the_records(site: Workspace) -> None:
    person = Person.objects.get(email=CAST[Role.EMPLOYEE])
    tried = Tried(Of.CHANNEL, CHANNEL, Counted.CUSTOMERS)
    assert look_up(site, tried, person) == OnRecord()


def test_an_experiment_is_recorded_previewed_and_put_into_force(
    own_site: Workspace, signed_in: SignIn
) -> None:
    client = signed_in(Role.DIRECTOR)
    assert "Its name on record" in seen(client, "/experiments/record/")
    preview = client.post("/experiments/record/", FORM)
    assert preview.status_code == 200
    told = unescape(preview.text)
    assert "With it: 230 of 10,000 converted." in told and "Put into force" in told
    name = "experiments/spring-holdout.toml"
    assert current_terms(own_site).text(name) is None, "nothing has changed yet"
    text = told[told.index("kind = ") : told.index("</textarea>", told.index("kind = "))]
    posted = {"name": name, "text": text, "instead_of": current_terms(own_site).digest}
    assert client.post("/terms/apply/", posted).status_code == 302
    work_all()
    assert read(current_terms(own_site).text(name) or "", name).of == CHANNEL
    assert "spring-holdout" in seen(client, "/terms/")
    assert "Working out what models say" in seen(client)
    work_all()
    page = seen(client)
    assert "No effect is shown, and none is ruled out" in page
    assert "+3" in page and "−1.02 to +7.02" in page
    assert "By the model Linear" in page and "With the experiment" in page
    assert "Grade A" in page and "corrects" in page
    assert "What no experiment shows" in page and "social" in page
    again = seen(client, f"/experiments/record/?name={name}")
    assert 'value="230"' in again and "2024-03-01" in again
    assert client.post("/experiments/record/", FORM).status_code == 422, "the name is taken"


def test_regions_are_recorded_as_well(own_site: Workspace, signed_in: SignIn) -> None:
    client = signed_in(Role.DIRECTOR)
    regions = {
        **{"region_0": "north", "with_0": "yes", "before_0": "10 12", "after_0": "14 15,5"},
        **{"region_1": "south", "with_1": "yes", "before_1": "20", "after_1": "26"},
        **{"region_2": "east", "with_2": "no", "before_2": "10", "after_2": "11"},
        **{"region_3": "west", "with_3": "no", "before_3": "۲۰", "after_3": "23"},
    }
    given = {**FORM, **regions, "kind": "geographic", "randomised": "no"}
    preview = client.post("/experiments/record/", given)
    assert preview.status_code == 200
    told = unescape(preview.text)
    assert "north, with it: 11 a period before, 14.75 a period after." in told.replace(
        "<bdi>", ""
    ).replace("</bdi>", "")
    assert "Chance did not make the groups." in told
    wrong = {**given, "after_1": "many", "before_2": ""}
    answer = client.post("/experiments/record/", wrong)
    assert answer.status_code == 422
    assert "Write numbers with a space between them." in unescape(answer.text)
    few = {name: value for name, value in given.items() if not name.endswith("_3")}
    answer = client.post("/experiments/record/", few)
    assert answer.status_code == 422 and "Two regions with it" in unescape(answer.text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"converted": ""}, "Something is missing here."),
        ({"converted": "20000"}, "More converted than there are people."),
        ({"last": "2024-02-01"}, "It ends before it begins."),
        ({"planned": "2024-03-05"}, "It was planned after it began."),
        ({"reached": "10001"}, "More were reached than were treated."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    own_site: Workspace, signed_in: SignIn, changes: dict[str, str], said: str
) -> None:
    answer = signed_in(Role.DIRECTOR).post("/experiments/record/", {**FORM, **changes})
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert said in page
    assert f'id="id_{next(iter(changes))}_error"' in page


def test_a_broken_file_is_told_and_nothing_is_shown(own_site: Workspace, signed_in: SignIn) -> None:
    path = own_site.path / "experiments" / "spring.toml"
    path.parent.mkdir()
    path.write_text(HOLDOUT.replace("230", "23000"), "utf-8")
    page = seen(signed_in(Role.DIRECTOR))
    assert "This file can't be read" in page and "More converted than there are" in page
    assert "More converted" not in seen(signed_in(Role.MARKETING))
    assert "This file can't be read" in seen(signed_in(Role.DIRECTOR), "/terms/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_experiments_are_said_in_every_language(language: str) -> None:
    words = Words(language)
    for text in (HOLDOUT + "reached = 500\noverrides = true\n", REGIONS):
        found = read(text, "experiments/a.toml")
        lines = experiment_in_words(found, words)
        assert len(lines) >= 6 and not [line for line in lines if "{" in line]
        (view,) = content([found], {}, "linear", words)
        assert view.grade in "AB" and "{" not in view.verdict
        bar = view.figures[0].bar
        assert bar is not None
        assert 0 < bar.low < bar.at < bar.high < 100 and 0 < bar.zero < 100
        if language != "en":
            english = {str(each) for each in experiment_in_words(found, Words("en"))}
            assert not english & {str(each) for each in lines}
            assert view.verdict != content([found], {}, "linear", Words("en"))[0].verdict


def test_programs_read_and_plan_them(own_site: Workspace) -> None:
    path = own_site.path / "experiments" / "spring.toml"
    path.parent.mkdir()
    path.write_text(HOLDOUT, "utf-8")
    client = Client(raise_request_exception=False)
    marketing, employee = (with_token(each).headers for each in (Role.MARKETING, Role.EMPLOYEE))
    (found,) = client.get("/api/v1/experiments", headers=marketing).json()
    assert (found["name"], found["grade"], found["first"]) == ("spring", "A", "2024-03-01")
    assert found["conversions"]["value"] == pytest.approx(30)
    asked = "/api/v1/experiments/plan?people=2000&rate=0.02&change=0.003"
    said = client.get(asked, headers=marketing).json()
    assert said["months"] is None and said["notes"][0]["code"] == "refused_experiment"
    assert client.get(asked + "&horizon_months=48", headers=marketing).json()["months"] == 37
    assert client.get(asked.replace("0.003", "0"), headers=marketing).status_code == 400
    assert said["people"] == 2000 and said["records"] is None
    short = "/api/v1/experiments/plan?change=0.01"
    assert client.get(short, headers=marketing).status_code == 400, "of what is not said"
    later = client.get(f"{short}&of={CHANNEL}", headers=marketing)
    for _ in range(2):  # first what the ledger holds, then what is asked of it
        if later.status_code == 202:
            assert later.json()["job"]["kind"] in ("answer", "freshness")
            work_all()
            later = client.get(f"{short}&of={CHANNEL}", headers=marketing)
    assert later.status_code == 200
    found = later.json()
    told = found["records"]
    assert found["people"] == pytest.approx(told["paths"] / told["months"])
    assert found["rate"] == pytest.approx(told["converted"] / told["paths"])
    given = client.get(f"{short}&of={CHANNEL}&people=9000", headers=marketing).json()
    assert (given["people"], given["rate"]) == (9000, found["rate"])
    refused = client.get(f"{short}&of=nothing", headers=marketing)
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "refused"
    for address in ("/api/v1/experiments", asked):
        assert client.get(address, headers=employee).status_code == 401, "no token of theirs holds"
