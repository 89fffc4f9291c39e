"""The page of attribution: ranges, departments, models, paths, another convention, the rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from html import unescape
from io import StringIO
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from onefunnel.errors import UsageError
from onefunnel.ledger.schema import TABLES
from onefunnel.measures.attribution.agreed import Agreed
from onefunnel.measures.attribution.agreed import read as agreed_read
from onefunnel.measures.attribution.family import MODELS, Value
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.self_reported.result import SelfReportedRow
from onefunnel.measures.transitions.result import TransitionRow
from onefunnel.vocabulary import Answer, Crediting, Note, Role
from onefunnel.web.locale import Words
from onefunnel.web.locale.terms import MODEL_NAMES
from onefunnel.web.pages.attribution import models
from onefunnel.web.pages.attribution.asking import CHOSEN, TRIED, Tried, Wanted
from onefunnel.web.pages.attribution.asking import read as asked_read
from onefunnel.web.pages.attribution.flows import flow_view
from onefunnel.web.pages.attribution.force import file_text, in_force, with_tried
from onefunnel.web.pages.attribution.other import Beside
from onefunnel.web.pages.attribution.players import players_of
from onefunnel.web.pages.attribution.reach import Reach
from onefunnel.web.pages.attribution.sides import sides
from onefunnel.web.pages.attribution.told import told_view
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.workflows.asking import Asked
from onefunnel.workflows.computed import compute_answer, kept_answer
from onefunnel.workflows.workspace import Workspace
from tests.web.test_funnel_page import opened as page
from tests.web.test_rows import body, opened

if TYPE_CHECKING:
    from django.test import Client

Enter = Callable[[Role], "Client"]
WORDS = Words("en")
BY_CHANNEL = Filters(by="channel")
TOTAL = 200
WHO = (("marketing", "search"), ("marketing", "social"), ("sales", "sales:call"), (None, None))
SHARES = {
    "first_touch": (0.6, 0.3, 0.0, 0.1),
    "last_touch": (0.2, 0.1, 0.6, 0.1),
    "linear": (0.4, 0.2, 0.3, 0.1),
    "markov_1": (0.45, 0.25, 0.2, 0.1),
}
GRADES = {"markov_1": "C", "calibrated": "E"}


def rows_of(model: str, shares: Sequence[float], **grades: str) -> list[AttributionRow]:
    """The rows of a model, with intervals a twentieth to each side."""
    return [
        AttributionRow(
            model=model,
            credit=Decimal(str(round(share * TOTAL, 4))),
            share=Decimal(str(share)),
            share_low=Decimal(str(round(share - 0.05, 6))),
            share_high=Decimal(str(round(share + 0.05, 6))),
            removal_effect=share if model.startswith("markov") else None,
            grade=grades.get(name or "", GRADES.get(model, "E")),
            department=department,
            dimensions={"channel": name},
        )
        for share, (department, name) in zip(shares, WHO, strict=True)
    ]


ROWS = [row for model, shares in SHARES.items() for row in rows_of(model, shares)]
CALIBRATED = rows_of("calibrated", (0.1, 0.2, 0.3, 0.4), search="A")
TAKEN = (
    note(
        "credited_as_agreed",
        model="linear",
        value="customers",
        window_days=90,
        half_life_days=7,
    ),
)


def reach(rows: Sequence[AttributionRow] = ROWS, value: str = "customers") -> Reach:
    return Reach(players_of(rows), "linear", value, WORDS)


# Ranges.


def test_the_range_reaches_over_all_models_and_their_intervals() -> None:
    views = {str(each.who.name.striptags()): each for each in reach().views()}
    assert list(views) == ["search", "call", "social", "unknown"]
    search = views["search"]
    assert (search.low, search.high, search.outer) == ("20%", "60%", "[15–65]")
    assert (search.low_model, search.high_model) == ("Last touch", "First touch")
    assert (search.share, search.interval, search.credit) == ("40%", "[35–45]", "80")
    assert search.band.least < search.band.low < search.band.at < search.band.high
    assert search.band.most == 100 and search.band.tried is None
    assert views["call"].who.mark is not None and views["call"].who.mark.suffix == "s"


def test_the_quarrel_has_a_price_in_the_unit_of_the_value() -> None:
    found = reach().stake()
    assert found is not None
    assert (found.one, found.other) == ("First touch", "Last touch")
    assert (found.amount, found.total, found.share) == ("120", "200", "60%")
    money = reach(value="revenue").stake()
    assert money is not None and (money.amount, money.total) == ("€120", "€200")
    assert reach(rows_of("linear", SHARES["linear"])).stake() is None


def test_the_best_evidence_for_a_player_is_its_grade() -> None:
    grades = [each.grade and each.grade.letter for each in reach().views()]
    assert grades == ["C", "C", "C", None]
    rules = [row for row in ROWS if row.grade == "E"]
    assert [each.grade and each.grade.letter for each in reach(rules).views()][:3] == ["E"] * 3


def test_an_experiment_stands_beside_the_range_and_not_in_it() -> None:
    view = reach([*ROWS, *CALIBRATED]).views()[0]
    assert view.grade is not None
    assert (view.grade.letter, view.grade.text) == ("A", "an experiment")
    assert (view.low, view.high) == ("20%", "60%")
    assert view.band.tried is not None and view.band.tried < view.band.low


def test_a_model_that_gives_less_than_nothing_is_no_end_of_a_range() -> None:
    found = reach([*ROWS, *rows_of("shapley_rate", (2.0, -0.7, -0.4, 0.1))])
    assert found.views()[0].high == "60%"
    assert "Shapley, rates" in found.left_out() and not reach().left_out()
    stake = found.stake()
    assert stake is not None and stake.other == "Last touch"


def test_intervals_that_are_refused_are_not_drawn() -> None:
    bare = [AttributionRow(**{**row_fields(row), "share_low": None}) for row in ROWS]  # type: ignore[arg-type]
    view = reach(bare).views()[0]
    assert (view.outer, view.interval) == ("", "")
    assert view.band.least == view.band.low


def row_fields(row: AttributionRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in AttributionRow.__dataclass_fields__}


# Departments, models.


SPREAD = {"marketing": "0.03", "sales": "0.02"}
"""How far the interval of a department goes to each side."""


def with_departments(rows: Sequence[AttributionRow]) -> list[AttributionRow]:
    """The rows, with the sums of their departments and the intervals of these."""
    found = []
    for row in rows:
        mine = [
            each for each in rows if (each.model, each.department) == (row.model, row.department)
        ]
        share, spread = (
            sum(each.share for each in mine),
            Decimal(SPREAD.get(row.department or "", "0")),
        )
        ends = {"department_share_low": share - spread, "department_share_high": share + spread}
        found.append(replace(row, department_share=Decimal(share), **ends))
    return found


def test_departments_have_ranges_as_channels_do() -> None:
    found = sides(players_of(with_departments(ROWS)), "linear", "revenue", WORDS)
    views = {str(each.who.name): each for each in found.ranges}
    assert list(views) == ["Marketing", "Sales", "unknown"]
    marketing, sales = views["Marketing"], views["Sales"]
    assert (marketing.low, marketing.high, marketing.outer) == ("30%", "90%", "[27–93]")
    assert (marketing.low_model, marketing.high_model) == ("Last touch", "First touch")
    assert (sales.share, sales.interval, sales.credit) == ("30%", "[28–32]", "€60")
    band = marketing.band
    assert band.least < band.low < band.at < band.high < band.most
    # Those of search and social, a twentieth to each side, would add up to more.
    assert marketing.interval == "[57–63]"
    by_model = {str(row.model): [part.interval for part in row.parts] for row in found.rows}
    assert by_model["Last touch"] == ["[27–33]", "[58–62]", ""]


def test_an_experiment_stands_beside_the_range_of_its_department() -> None:
    rows = with_departments([*ROWS, *CALIBRATED])
    marketing, sales, _ = sides(players_of(rows), "linear", "customers", WORDS).ranges
    assert marketing.band.tried is not None and marketing.band.tried < marketing.band.at
    assert sales.band.tried is None


def test_answers_kept_before_departments_had_intervals_show_none() -> None:
    found = sides(players_of(ROWS), "linear", "customers", WORDS)
    assert {each.interval for each in found.ranges} == {each.outer for each in found.ranges} == {""}
    assert {part.interval for row in found.rows for part in row.parts} == {""}
    assert [each.share for each in found.ranges] == ["60%", "30%", "10%"]


def test_each_model_splits_the_credit_between_departments() -> None:
    found = sides(players_of(ROWS), "linear", "customers", WORDS)
    assert [each.suffix for each in found.marks] == ["m", "s"]
    by_model = {str(row.model): [part.share for part in row.parts] for row in found.rows}
    assert by_model["First touch"] == ["90%", "0%", "10%"]
    assert by_model["Last touch"] == ["30%", "60%", "10%"]
    assert [row.force for row in found.rows] == [False, False, True, False]
    assert found.lede == "Sales gets from 0% (First touch) to 60% (Last touch)."


def test_every_model_says_what_it_does_and_what_it_cannot() -> None:
    assert set(models.SAID) == set(MODEL_NAMES) == {*MODELS, "calibrated"}
    refused: list[Note] = [
        note(
            "refused_attribution", model="shapley_rate", reason="many_players", players=30, most=20
        )
    ]
    why = models.refusals(refused, WORDS)
    views = models.model_views(Wanted(BY_CHANNEL), SHARES, "linear", why, WORDS)
    by_key = {each.key: each for each in views}
    assert [each.key for each in views] == list(MODELS)
    assert by_key["linear"].shown and by_key["linear"].force
    assert "30 channels" in by_key["shapley_rate"].refused and not by_key["shapley_rate"].slow
    assert by_key["markov_4"].slow and "model=markov_4" in by_key["markov_4"].address


def table_of(model: str, may: bool = True, value: str = "") -> models.ModelTable:
    wanted = Wanted(BY_CHANNEL, value, model)
    views = models.model_views(wanted, SHARES, "linear", {}, WORDS)
    around = Linked(BY_CHANNEL, 3, WORDS, lambda permission: may)
    shown = next(each for each in views if each.shown)
    found = models.table(players_of(ROWS), shown, value or "customers", wanted, around)
    assert found is not None
    return found


def test_the_credit_of_a_rule_opens_its_touches() -> None:
    linear = table_of("linear", value="revenue")
    search, call = linear.rows[:2]
    assert (search.share, search.interval, linear.total) == ("40%", "[35–45]", "€200")
    assert (
        "measure=attribution&amp;figure=credit&amp;model=linear&amp;channel=search" in search.credit
    )
    assert "department=sales&amp;value=revenue" in call.credit and "as_of=3" in call.credit
    assert table_of("linear", may=False).rows[0].credit == "80"
    markov = table_of("markov_1")
    assert markov.effects and not markov.opens and markov.rows[0].credit == "90"
    assert markov.rows[0].effect == "45%" and not linear.effects


# How paths go on.


AROUND = Linked(BY_CHANNEL, 3, WORDS, lambda _: True)


def step(kind: str, before: str | None, after: str | None, paths: int) -> TransitionRow:
    def of(name: str | None) -> str | None:
        return None if name is None else "sales" if name.startswith("sales:") else "marketing"

    return TransitionRow(kind, before, after, of(before), of(after), paths, 0.5, 0.4, 0.6)


STEPS = (
    step("start", None, "search", 60),
    step("start", None, "social", 40),
    step("move", "search", "search", 30),
    step("move", "search", "sales:call", 20),
    step("conversion", "sales:call", None, 15),
    step("no_conversion", "search", None, 40),
    step("no_conversion", "social", None, 40),
    step("no_conversion", "sales:call", None, 5),
)


def test_the_picture_has_each_player_and_both_ends() -> None:
    found = flow_view(STEPS, Wanted(BY_CHANNEL), AROUND)
    assert found is not None
    assert [each.touches for each in found.stops] == ["90 touches", "40 touches", "20 touches"]
    assert found.begun == "100"
    assert (found.converted.paths, found.converted.share) == ("15", "15%")
    assert (found.lost.paths, found.lost.share) == ("85", "85%")
    assert found.converted.y < found.lost.y
    drawn = found.drawn.begins + found.drawn.goes
    assert drawn.count('class="flow ') == 2 + 4 and drawn.count("flow__move") == 1
    assert "<text" not in drawn and drawn.count('class="flip"') == 2
    assert (found.steps[0].before.name, found.steps[0].interval) == ("start", "[40–60]")
    assert "kind=start&amp;by=channel&amp;after=search" in found.steps[0].paths
    assert flow_view((), Wanted(BY_CHANNEL), AROUND) is None


def test_many_players_are_drawn_as_one() -> None:
    many = [step("start", None, f"c{at:02}", 100 - at) for at in range(20)]
    many += [step("no_conversion", f"c{at:02}", None, 100 - at) for at in range(20)]
    many += [step("move", "c18", "c19", 7)]
    found = flow_view(many, Wanted(BY_CHANNEL), AROUND)
    assert found is not None and len(found.stops) == 9
    assert found.stops[-1].who.name == "all others"
    assert "flow__move" not in found.drawn.goes
    assert len(found.steps) == 40 and found.rest == 1


# Another convention.


def other(tried: Tried, rows: Sequence[AttributionRow], *notes: Note) -> Beside:
    agreed = Answer("attribution", tuple(ROWS), TAKEN)
    asked = with_tried(in_force(TAKEN, Agreed()), tried)
    return Beside(agreed, Answer("attribution", tuple(rows), notes), asked, WORDS)


def test_both_conventions_stand_side_by_side() -> None:
    found = other(Tried("last_touch", window_days=30), rows_of("last_touch", SHARES["last_touch"]))
    view = found.view()
    assert [str(each.step) for each in view.departments] == ["−30", "+30", "0"]
    assert {each.agreed.credit for each in view.departments} == {""}
    call = next(each for each in view.players if each.who.mark and each.who.mark.suffix == "s")
    assert (call.agreed.share, call.tried.share, call.step) == ("30%", "60%", "+30")
    assert (call.agreed.credit, call.tried.credit) == ("60", "120")
    assert view.moved == "Between the two 30% of all credit moves: 60 of 200."
    assert "30 days" in view.said[1][1] and "90 days" in view.said[0][1]
    same = other(Tried("linear"), rows_of("linear", SHARES["linear"])).view()
    assert same.same and not view.same and same.moved.startswith("Between the two 0%")


def test_other_values_are_compared_by_share_and_refusals_say_why() -> None:
    money = other(Tried("linear", "revenue"), rows_of("linear", SHARES["linear"])).view()
    assert money.moved == "Between the two 0% of all credit moves."
    assert (money.players[0].agreed.credit, money.players[0].tried.credit) == ("80", "€80")
    why = note("refused_attribution", model="markov_4", reason="nothing_converts")
    refused = other(Tried("markov_4"), (), why).view()
    assert refused.refused == "no conversion has a touch within the window"


def test_who_is_met_in_one_window_only_has_nothing_in_the_other() -> None:
    alone = [row for row in rows_of("linear", (1.0, 0.0, 0.0, 0.0)) if row.share]
    view = other(Tried("linear", window_days=1), alone).view()
    assert [each.tried.share for each in view.players] == ["100%", "0%", "0%", "0%"]


def test_the_file_to_agree_on_keeps_what_else_it_says() -> None:
    standing = '[spend]\nshared = "by_leads"\n\n[attribution]\nmodel = "linear"\ncollapse = true\n'
    tried = Tried("time_decay", "revenue", 30.0, 2.5)
    text = file_text(standing, with_tried(agreed_read(standing), tried))
    found = agreed_read(text)
    assert (found.model, found.value, found.shared) == ("time_decay", Value.REVENUE, "by_leads")
    assert (found.settings.window_days, found.settings.half_life_days) == (30.0, 2.5)
    assert found.settings.collapse and found.chosen


# What is asked.


def test_an_address_says_all_that_is_asked() -> None:
    given = {"value": "revenue", "model": "markov_3", "try_model": "linear", "try_window": "۷٫۵"}
    wanted = asked_read(given, BY_CHANNEL, WORDS)
    assert wanted.tried == Tried("linear", None, 7.5, None)
    address = wanted.address()
    assert "try_window=7.5" in address and "model=markov_3" in address
    questions = wanted.questions(Agreed())
    assert set(questions) == {
        "attribution",
        "transitions",
        "self_reported",
        CHOSEN,
        TRIED,
        "agreed",
    }
    assert questions[CHOSEN][1].crediting == Crediting("revenue", ("markov_3",))
    assert questions[TRIED][1].crediting == Crediting(None, ("linear",), 7.5)
    usual = Wanted(Filters(by="page"), "customers").as_agreed(Agreed())
    assert usual.questions(Agreed()) == {
        name: (name, Asked(by=("page",))) for name in ("attribution", "transitions")
    }


@pytest.mark.parametrize(
    ("given", "filters"),
    [
        ({"value": "love"}, BY_CHANNEL),
        ({"model": "tea_leaves"}, BY_CHANNEL),
        ({"try_model": "calibrated"}, BY_CHANNEL),
        ({"try_model": "linear", "try_window": "0"}, BY_CHANNEL),
        ({"try_model": "linear", "try_half_life": "soon"}, BY_CHANNEL),
        ({}, Filters(by="segment")),
        ({}, Filters(by="channel", only=(("channel", "search"),))),
    ],
)
def test_what_cannot_be_asked_is_refused(given: dict[str, str], filters: Filters) -> None:
    with pytest.raises(UsageError):
        asked_read(given, filters, WORDS)


# What people say.


def said(
    kind: str, tracked: str | None, name: str | None, people: int, **more: object
) -> SelfReportedRow:
    return SelfReportedRow(kind, tracked, name, people, 0, None, 0, **more)  # type: ignore[arg-type]


def test_what_people_say_stands_beside_what_was_tracked() -> None:
    rows = (
        said("pair", "search", "search", 20),
        said("pair", "search", "friend", 10),
        said("pair", None, "friend", 5),
        *(said("pair", f"c{at}", f"c{at}", 1) for at in range(9)),
        said(
            "channel",
            "friend",
            "friend",
            0,
            answering_share_tracked=0.0,
            share_said=0.3,
            share_said_low=0.2,
            share_said_high=0.4,
        ),
        said(
            "all",
            None,
            None,
            44,
            answers=44,
            compared=39,
            agreement=0.7,
            agreement_low=0.5,
            agreement_high=0.8,
        ),
    )
    found = told_view(Answer("self_reported", rows), WORDS)
    assert found is not None
    assert found.agreement == (
        "Of 39 answers that can be compared, 70% [50–80] name what was tracked."
    )
    (name,) = found.names
    assert (name.tracked, name.said, name.between, name.dark) == ("0%", "30%", "[20–40]", "")
    search = found.crossed[0]
    heads = [head[0].striptags() for head in found.heads]
    assert heads[0] == "search" and heads[-1] == "all others"
    assert search.cells[0] == ("20", True) and search.total == "30"
    assert found.crossed[-1].unknown
    assert sum(int(row.total) for row in found.crossed) == 44
    assert (
        told_view(Answer("self_reported", (said("all", None, None, 3, answers=0),)), WORDS) is None
    )


# On the site.


def credited(site: Workspace) -> dict[tuple[str, str | None], AttributionRow]:
    """What the page shows, by model and channel."""
    asked = Asked(by=("channel",))
    found = kept_answer(site, "attribution", asked) or compute_answer(site, "attribution", asked)
    return {(row.model, row.dimensions["channel"]): row for row in found.answer.rows}


def test_both_heads_look_at_the_same_range(signed_in: Enter, site: Workspace) -> None:
    texts = [
        page(signed_in(role), "/attribution/")
        for role in (Role.HEAD_OF_MARKETING, Role.HEAD_OF_SALES)
    ]
    tables = [
        re.search(r'<table class="rows rows--cards ranged">.*?</table>', each, re.S)
        for each in texts
    ]
    assert tables[0] and tables[1] and tables[0][0] == tables[1][0]
    row = credited(site)["linear", "search"]
    assert f"{float(row.credit):,.2f}".rstrip("0").rstrip(".") in tables[0][0]
    assert "Nobody has agreed on a model" in texts[0] and "/experiments/" in texts[0]
    assert "A channel that merely stands on paths that convert" in texts[0]
    assert "The director puts it into force." in texts[0] and "Agree on this one" not in texts[0]


def test_credit_opens_the_touches_that_it_was_given_to(signed_in: Enter, site: Workspace) -> None:
    client, rows = signed_in(Role.DIRECTOR), credited(site)
    of_marketing = [
        r for r in rows.values() if (r.model, r.department) == ("first_touch", "marketing")
    ]
    row = max(of_marketing, key=lambda each: each.credit)
    which = f"model=first_touch&channel={row.dimensions['channel']}&department=marketing"
    address = f"/rows/?measure=attribution&figure=credit&{which}"
    text = opened(client, address)
    assert "Model: First touch" in text and "To the attribution" in text
    assert set(re.findall(r"touch (\d+) of", text)) == {"1"}
    file = body(client.get(address.replace("/rows/", "/rows/file/"))).decode()
    credit = sum(Decimal(each["credit"]) for each in csv.DictReader(StringIO(file)))
    assert float(credit) == pytest.approx(float(row.credit), abs=0.01)
    assert client.get(address.replace("first_touch", "shapley")).status_code == 400
    steps = "/rows/?measure=transitions&figure=paths"
    assert client.get(steps).status_code == 400
    assert "touch 1 of" in opened(client, f"{steps}&kind=start&by=page")


def test_the_answer_is_taken_away_as_it_is_shown(signed_in: Enter, site: Workspace) -> None:
    client, rows = signed_in(Role.ANALYST), credited(site)
    page(client, "/attribution/")
    answer = client.get("/attribution/file/?format=csv")
    found = list(csv.DictReader(StringIO(body(answer).decode())))
    assert len(found) == len(rows)
    search = next(
        each for each in found if (each["model"], each["channel"]) == ("linear", "search")
    )
    assert Decimal(search["credit"]) == rows["linear", "search"].credit
    assert client.get("/attribution/file/?format=exe").status_code == 400


def test_another_convention_is_proposed_in_terms(signed_in: Enter, site: Workspace) -> None:
    client = signed_in(Role.DIRECTOR)
    text = page(client, "/attribution/?try_model=first_touch&try_window=30")
    assert "Agree on it" in text and "of all credit moves" in text
    found = re.search(
        r'name="name" value="([^"]*)"><textarea name="text"[^>]*>\n(.*?)</textarea>', text, re.S
    )
    assert found is not None
    proposed = {"name": found[1], "text": unescape(found[2])}
    answer = client.post("/terms/file/", proposed)
    shown = answer.content.decode()
    assert (
        answer.status_code == 200 and "First touch" in shown and "Nothing has changed yet." in shown
    )


def test_the_forms_lead_to_addresses_to_share(signed_in: Enter) -> None:
    client = signed_in(Role.MARKETING)
    sent = "/attribution/?period=&value=customers&by=page&from=&last=&as_of=&was="
    answer = client.get(sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/attribution/?by=page")
    part = client.get("/attribution/?by=page&value=leads", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div class="waiting"')


def test_an_empty_page_says_what_to_import(
    signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.pages.attribution import views

    tables = {name: {column.name for column in each.columns} for name, each in TABLES.items()}
    assert all(set(columns) <= tables[name] for name, columns in views.NEEDED)
    nothing = SimpleNamespace(is_empty=True)
    monkeypatch.setattr(views, "known_until", lambda workspace, person: nothing)
    text = signed_in(Role.HEAD_OF_SALES).get("/attribution/").content.decode()
    assert "No credit can be given yet" in text and 'href="/imports/"' in text
    assert '<code dir="ltr">occurred_at</code>' in text


@pytest.mark.parametrize("role", [Role.HR, Role.EMPLOYEE])
def test_who_sees_no_figures_sees_no_credit(role: Role, signed_in: Enter) -> None:
    client = signed_in(role)
    for address in ("/attribution/", "/attribution/file/?format=csv"):
        assert client.get(address).status_code == 403
