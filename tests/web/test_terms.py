"""Terms: said in words, changed by form and as text, and nobody's pay shown to others."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from onefunnel.measures.incentives import ranges
from onefunnel.measures.scorecard.reading import load
from onefunnel.pay import reading
from onefunnel.vocabulary import Role
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.workspace import Workspace
from tests.web.site import CAST, work_all

SignIn = Callable[[Role], Client]
PLAN = """\
name = "sales"
currency = "EUR"
from = 2024-01-01
crediting = "invoice"
period = "quarter"
clawback_days = 60

[[component]]
name = "revenue"
base = "revenue"
threshold = 2000
cap = 1500
tiers = [
  { from = 0, rate = 0.03 },
  { from = 10000, rate = 0.05 },
  { from = 20000, rate = 0.07, retroactive = true },
]

[[component]]
name = "gates"
base = "units"
segments = ["gates"]
from = 2024-03-01
to = 2024-06-30
tiers = [{ from = 0, rate = 15 }]
gate = { measure = "margin_rate", at_least = 0.2, otherwise = 0.5 }

[[pool]]
name = "together"
share = 0.1
hurdle = 5000
parts = { "secret-1" = 1, "secret-2" = 1 }

[[member]]
employee = "secret-1"
quota = 12345
[[member]]
employee = "secret-2"
quota = { revenue = 54321 }
"""
CARD = """\
level = "person"
of = "secret-1"
department = "sales"
from = 2024-01-01

[[measure]]
source = "contribution"
owner = "both"
weight = 1
threshold = 8000
target = 10000
cap = 12000
"""
RANGES = "hour_cost = 20\nmargin = { low = 0.1, best = 0.15, high = 0.25 }\n"
FORM = {
    "name": "Parts",
    "currency": "eur",
    "first": "2024-01-01",
    "crediting": "invoice",
    "period": "month",
    "accumulate": "year_to_date",
    "base": "margin",
    "cap": "",
    "rate_0": "4",
    "start_1": "5000",
    "rate_1": "6.5",
    "kind_1": "retroactive",
    "employee_0": "e1",
    "quota_0": "2000",
}


@pytest.fixture
def standing(own_site: Workspace) -> Workspace:
    """The site with a plan, a person's scorecard and ranges."""
    for name, text in (("pay/sales.toml", PLAN), ("scorecards/one.toml", CARD)):
        path = own_site.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (own_site.path / "incentives.toml").write_text(RANGES, "utf-8")
    return own_site


def page(client: Client, address: str = "/terms/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_plan_is_a_sentence_in_every_language(language: str) -> None:
    from onefunnel.web.pages.terms.curves import curves
    from onefunnel.web.pages.terms.plans import SENTENCES, plan_in_words

    plan, words = reading.read(PLAN).plan, Words(language)
    lines = plan_in_words(plan, words)
    assert len(lines) == 16
    assert not [line for line in lines if re.search(r"\{\w+\}", line)]
    assert all(words.knows(each) for each in SENTENCES.values())
    assert len(curves(plan, words)[0].cliffs) == 3


def test_a_plan_says_its_figures_in_their_units() -> None:
    from onefunnel.web.pages.terms.curves import curves
    from onefunnel.web.pages.terms.plans import plan_in_words

    plan = reading.read(PLAN).plan
    said = [each.striptags() for each in plan_in_words(plan, Words("en"))]
    assert "More than €20,000.00: 7% on everything, from the first unit." in said
    assert "€15.00 a unit from the first unit on." in said
    assert "Only sales from March 1, 2024 to June 30, 2024." in said
    (curve,) = curves(plan, Words("en"))
    assert "Beyond €20,000.00 pay jumps by €600.00: the higher rate is for all." in curve.cliffs
    assert curve.shapes.count("curve__cliff") == 3


def test_cliffs_of_attainment_are_shares_of_the_quota_and_the_target() -> None:
    from onefunnel.web.pages.terms.curves import curves

    text = (
        'name = "a"\ncurrency = "EUR"\nfrom = 2024-01-01\ncrediting = "invoice"\nperiod = "year"\n'
        '[[component]]\nname = "c"\nbase = "revenue"\ntiers_on = "attainment"\npays = "target"\n'
        "threshold = 0.5\ntiers = [{ from = 0, rate = 1 }]\n"
    )
    (curve,) = curves(reading.read(text).plan, Words("en"))
    said = "At 50% of the quota pay jumps by 50% of the target pay, just below it is nothing."
    assert curve.cliffs == (said,)


def test_members_are_shown_with_the_permission_only(standing: Workspace, signed_in: SignIn) -> None:
    hidden = ("secret-1", "secret-2", "12345", "12,345", "54,321")
    for role in Role:
        text = page(signed_in(role))
        plans = text.split('id="ranges"')[0].split('id="cards"')[0]
        seen = [each for each in hidden if each in plans]
        assert bool(seen) == (role is Role.DIRECTOR), role
        # The scorecard of a person is for that person, for the head, for who sees pay.
        of_one = role in (Role.DIRECTOR, Role.HEAD_OF_SALES)
        assert ("For the person secret-1" in re.sub("<.*?>", "", text)) == of_one, role
        assert ("7% on everything" in text) == (role not in (Role.HR, Role.EMPLOYEE)), role
        assert ("Margin: contribution" in text) == (role not in (Role.HR, Role.EMPLOYEE)), role


def test_somebody_sees_the_own_plan_quota_and_scorecard(
    standing: Workspace, signed_in: SignIn
) -> None:
    from onefunnel.store.models import Person

    Person.objects.filter(email=CAST[Role.EMPLOYEE]).update(employee_id="secret-1")
    text = page(signed_in(Role.EMPLOYEE))
    assert "quota €12,345.00" in text and "secret-2" not in text and "54,321" not in text
    assert "weight 100%" in text  # of the own scorecard
    assert "Margin: contribution" not in text


def test_nobody_but_the_director_opens_a_file(standing: Workspace, signed_in: SignIn) -> None:
    for role in (Role.HEAD_OF_SALES, Role.ANALYST, Role.SALES):
        client = signed_in(role)
        for address in ("file/?name=pay/sales.toml", "plan/", "ranges/", "remove/", "apply/"):
            assert client.get(f"/terms/{address}").status_code == 403
            assert client.post(f"/terms/{address}").status_code == 403


def test_what_is_wrong_is_shown_at_its_line(standing: Workspace, signed_in: SignIn) -> None:
    client = signed_in(Role.DIRECTOR)
    wrong = PLAN.replace("threshold = 2000", 'threshold = "much"')
    answer = client.post(
        "/terms/file/?name=pay/sales.toml", {"name": "pay/sales.toml", "text": wrong}
    )
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "Line 11:" in text and "A number was expected." in text and "&#39;" not in text
    assert re.search(r'class="is-wrong">\s*11\s+threshold = "much"', text)


def applied(client: Client, preview: str) -> str:
    """Put what a preview shows into force; the address that it goes to."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview))
    if found := re.search(r"<textarea name=\"text\"[^>]*>\n(.*?)</textarea>", preview, re.S):
        fields["text"] = found[1]
    began = client.post("/terms/apply/", fields)
    assert began.status_code == 302, began.text
    work_all()
    return str(began.headers["Location"])


def test_a_plan_is_made_by_form_previewed_and_put_into_force(
    own_site: Workspace, signed_in: SignIn
) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.DIRECTOR)
    missing = client.post("/terms/plan/", {**FORM, "rate_0": "", "start_2": "9"})
    assert missing.status_code == 422
    assert missing.text.count("Something is missing here.") == 2
    preview = client.post("/terms/plan/", FORM)
    assert preview.status_code == 200
    text = unescape(preview.text)
    assert "6.5% on everything, from the first unit." in text and "Nothing has changed" in text
    assert current_terms(own_site).files == ()
    there = applied(client, text)
    assert client.get(there).headers["Location"] == "/terms/"
    (file,) = current_terms(own_site).files
    assert file[0] == "pay/parts.toml"
    content = reading.read(file[1])
    tiers = [(t.start, t.rate, t.retroactive) for t in content.plan.components[0].tiers]
    assert tiers == [
        (Decimal(0), Decimal("0.04"), False),
        (Decimal(5000), Decimal("0.065"), True),
    ]
    assert content.members[0].quota_of("") == Decimal(2000)
    assert AuditLine.objects.get(action="terms_applied").subject_id == "pay/parts.toml"
    assert 'value="6.5"' in page(client, "/terms/plan/?name=pay/parts.toml")
    client.get("/terms/")
    work_all()
    history = page(client)
    assert "pay/parts.toml" in history.split('id="history"')[1]


def test_other_terms_by_then_are_not_overwritten(own_site: Workspace, signed_in: SignIn) -> None:
    client = signed_in(Role.DIRECTOR)
    preview = unescape(client.post("/terms/plan/", FORM).text)
    (own_site.path / "incentives.toml").write_text(RANGES, "utf-8")
    there = applied(client, preview)
    assert "The terms have changed since." in unescape(client.get(there).text)
    assert [name for name, _ in current_terms(own_site).files] == ["incentives.toml"]


def test_a_plan_that_says_more_is_not_cut_down_by_the_form() -> None:
    from onefunnel.web.pages.terms.plan_form import fits

    plain = 'name = "p"\ncurrency = "EUR"\nfrom = 2024-01-01\ncrediting = "cash"\nperiod = "year"\n'
    component = '[[component]]\nname = "margin"\nbase = "margin"\n'
    tiers = "tiers = [{ from = 0, rate = 0.03 }]\n"
    assert fits("pay/p.toml", plain + component + tiers)
    assert fits("pay/p.toml", plain + component + "cap = 9\n" + tiers)
    for more in ("threshold = 5\n", 'segments = ["a"]\n', "weight = 0.5\n"):
        assert not fits("pay/p.toml", plain + component + more + tiers)
    assert not fits("pay/p.toml", plain + "clawback_days = 3\n" + component + tiers)
    assert not fits("pay/p.toml", PLAN) and not fits("pay/p.toml", "name = ")


TYPED = (
    RANGES,
    'hours = { low = 1, best = 2, high = 3, per = "week" }\nshare_of_time = 0.5\n',
    'hours = { low = 4, best = 4, high = 4, per = "month" }\n',
    'pay = { rate = 0.03, on = "margin" }\nhistory_days = 90\n',
    "work_within_hours = 7.5\nhour_cost = 25\n",
    '[segments."gates \\"A\\""]\nminutes_per_lead = 180\nworked_share = 0.25\n',
)


@pytest.mark.parametrize("text", TYPED)
def test_ranges_are_written_as_they_are_read(text: str) -> None:
    from onefunnel.web.pages.terms.ranges_form import RangesForm, written

    kept = ranges.read(text)
    assert ranges.read(written(kept)) == kept
    words = Words("en")
    shown = RangesForm(words=words, kept=kept)
    values = {name: shown[name].value() for name in shown.fields}
    sent = {name: "" if value is None else value for name, value in values.items()}
    form = RangesForm(sent, words=words, kept=kept)
    assert form.is_valid(), form.errors
    assert ranges.read(form.file()) == kept


def test_a_range_out_of_order_is_refused_beside_its_field(
    own_site: Workspace, signed_in: SignIn
) -> None:
    client = signed_in(Role.DIRECTOR)
    answer = client.post("/terms/ranges/", {"margin_low": 30, "margin_best": 20, "margin_high": 40})
    assert answer.status_code == 422 and 'id="id_margin_best_error"' in answer.text
    preview = client.post("/terms/ranges/", {"margin_best": 20, "sellers_best": 3})
    assert "Margin: contribution of each revenue: 20%" in unescape(preview.text)


def test_programs_read_check_and_put_terms(standing: Workspace, signed_in: SignIn) -> None:
    from tests.web.callers import with_token

    client = Client(raise_request_exception=False)
    director, sales = (with_token(each).headers for each in (Role.DIRECTOR, Role.SALES))
    seen = client.get("/api/v1/terms", headers=sales)
    assert [each["name"] for each in seen.json()["files"]] == ["incentives.toml", "pay/sales.toml"]
    assert "secret" not in seen.text and "12345" not in seen.text
    whole = client.get("/api/v1/terms", headers=director).json()
    assert whole["files"][1]["text"] == PLAN
    asked = {"name": "incentives.toml", "text": "hour_cost = 25\n"}
    sent = {"content_type": "application/json"}
    assert client.post("/api/v1/terms/check", asked, headers=sales, **sent).status_code == 403
    found = client.post("/api/v1/terms/check", asked, headers=director, **sent).json()
    states = [each["state"] for each in found["changes"]]
    assert "gone" in states and "new" in states
    wrong = {**asked, "text": "hour_cost = -1\n"}
    answer = client.post("/api/v1/terms/check", wrong, headers=director, **sent)
    assert answer.status_code == 422 and "line 1" in answer.json()["error"]["message"]
    put = {**asked, "instead_of": whole["digest"]}
    assert client.put("/api/v1/terms", put, headers=director, **sent).status_code == 202
    work_all()
    assert current_terms(standing).text("incentives.toml") == "hour_cost = 25\n"


COMMON = """\
level = "department"
of = "{of}"
department = "{of}"
from = 2024-01-01

[[measure]]
source = "contribution"
owner = "both"
weight = {weight}
threshold = 8
target = {target}
cap = 12
counter = "discount"

[[measure]]
source = "{source}"
owner = "{of}"
weight = 0.5
threshold = 8
target = 10
cap = 12
counter = "contribution"
"""


def test_what_is_wrong_with_a_scorecard_is_said_before_it_counts(
    standing: Workspace, signed_in: SignIn
) -> None:
    from tests.web.callers import with_token

    sales = COMMON.format(of="sales", weight=0.5, target=10, source="customers")
    (standing.path / "scorecards" / "sales.toml").write_text(sales, "utf-8")
    client, name = signed_in(Role.DIRECTOR), "scorecards/marketing.toml"
    text = COMMON.format(of="marketing", weight=0.4, target=11, source="discount")
    answer = client.post("/terms/file/", {"name": name, "text": text})
    shown = unescape(re.sub(r"<[^>]+>", "", answer.text))
    assert "What is wrong with it" in shown
    assert "The weights sum to 0.9, not to 1." in shown
    assert "contribution is in common, but its target is 11 for marketing and 10 for sales" in shown
    assert "Marketing has two contradictory roles: it answers for contribution and for" in shown
    assert "discount is a figure of Sales, and nothing on record shows" in shown
    # Of what was wrong before, elsewhere, nothing is said again.
    assert "sales.toml: " not in shown

    client = Client(raise_request_exception=False)
    headers = with_token(Role.DIRECTOR).headers
    sent: dict[str, Any] = {"content_type": "application/json", "headers": headers}
    found = client.post("/api/v1/terms/check", {"name": name, "text": text}, **sent)
    codes = {each["code"] for each in found.json()["faults"]}
    assert {
        "scorecard_weights_do_not_sum",
        "scorecard_common_differs",
        "scorecard_opposed_by_declaration",
        "scorecard_others_figure",
    } <= codes
    ranges_ = {"name": "incentives.toml", "text": "hour_cost = 21"}
    assert client.post("/api/v1/terms/check", ranges_, **sent).json()["faults"] == []


def test_a_scorecard_is_shared_out_to_teams_exactly(standing: Workspace, signed_in: SignIn) -> None:
    whole = COMMON.format(of="sales", weight=0.5, target="10", source="customers")
    whole = whole.replace('counter = "discount"', 'counter = "discount"\nadditive = true')
    (standing.path / "scorecards" / "sales.toml").write_text(whole, "utf-8")
    client, address = signed_in(Role.DIRECTOR), "/terms/share/?name=scorecards/sales.toml"
    assert address.replace("/sales.toml", "%2Fsales.toml") in client.get("/terms/").text.replace(
        "scorecards/", "scorecards%2F"
    )
    assert signed_in(Role.SALES).get(address).status_code == 403
    assert client.get("/terms/share/?name=scorecards/one.toml").status_code == 404, "a person's"
    asked = {"level": "team", "department": "sales", "of_0": "e1", "share_0": "33.3333"}
    short = client.post(address, asked)
    assert short.status_code == 422 and "The shares sum to 33.3333%, not to 100%." in short.text
    twice = client.post(address, {**asked, "of_1": "e1", "share_1": "66.6667"})
    assert "This name stands there twice." in twice.text
    preview = client.post(address, {**asked, "of_1": "e 2", "share_1": "66.6667"})
    assert preview.status_code == 200
    names = re.findall(r'name="name" value="([^"]+)"', preview.text)
    texts = [
        unescape(each)
        for each in re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", preview.text, re.S)
    ]
    assert names == ["scorecards/sales-e1.toml", "scorecards/sales-e-2.toml"]
    (digest,) = re.findall(r'name="instead_of" value="([^"]+)"', preview.text)
    client.post("/terms/apply/", {"name": names, "text": texts, "instead_of": digest})
    work_all()
    cards = [load(current_terms(standing).text(name) or "") for name in names]
    targets = [[measure.curve.target for measure in card.measures] for card in cards]
    assert targets == [[Decimal("3.3333"), 10], [Decimal("6.6667"), 10]]
    assert [(card.level, card.of) for card in cards] == [("team", "e1"), ("team", "e 2")]
