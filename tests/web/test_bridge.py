"""The bridge: what it draws, what it says of chance, and who signs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from onefunnel.errors import UsageError
from onefunnel.measures.bridge.result import BridgeRow
from onefunnel.vocabulary import Answer, Calendar, Department, Role
from onefunnel.web.locale import Words
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

SignIn = Callable[[Role], Client]
MONTH = "2024-05"
PAGE = f"/bridge/?month={MONTH}"


def shown(client: Client, address: str = PAGE) -> str:
    """A page once everything that it asks is worked out."""
    for _ in range(4):
        answer = client.get(address)
        if 'class="waiting"' not in answer.text:
            break
        work_all()
    assert answer.status_code == 200
    return unescape(answer.text)


def asked() -> Asked:
    return Asked(since=date(2024, 5, 1), until=date(2024, 6, 1))


def test_the_picture_ends_where_the_next_column_begins() -> None:
    from onefunnel.web.pages.bridge.picture import Step, drawn

    way = [
        Step("t", Decimal(100), is_total=True),
        Step("m", Decimal(-30), Decimal(-50), Decimal(10)),
        Step("s", Decimal(60)),
        Step("t", Decimal(130), is_total=True),
    ]
    first, fell, rose, last = drawn(way)
    assert first.end == fell.high and fell.end == fell.low == rose.low
    assert rose.end == rose.high == last.low == last.high == 100
    assert fell.whisker is not None
    # The band is around where the change arrives: 50 to 110 of an axis from 50 to 130.
    assert fell.whisker == pytest.approx((0, 75))


def test_every_factor_is_on_the_page_with_its_rows(site: Workspace, signed_in: SignIn) -> None:
    page = shown(signed_in(Role.SALES))
    figures = Words("en").figures
    rows = [row for row in ask(site, "bridge", asked()).rows if row.method == "shapley"]
    assert len(rows) > 7
    for row in rows:
        assert row.amount is not None
        assert figures.money(row.amount) in page
    for figure in ("leads", "customers", "lines", "contributed"):
        assert f"figure={figure}" in page
    assert "LMDI" in page and "By segment" in page


def whole(*between: BridgeRow) -> Answer[BridgeRow]:
    """An answer by Shapley from 100 to 130."""
    totals = [
        BridgeRow(name, Department.BOTH, Decimal(amount), None, None, "shapley")
        for name, amount in (("before", 100), ("change", 30), ("after", 130))
    ]
    return Answer("bridge", (totals[0], *between, *totals[1:]))


def test_what_chance_can_do_is_said_and_what_is_booked_has_no_band() -> None:
    from onefunnel.web.pages.bridge.content import bridge_view
    from onefunnel.web.pages.months.offered import LookedAt
    from onefunnel.web.pages.today.periods import period_of

    calendar = Calendar()
    may, april = (period_of(calendar, calendar.month_of(date(2024, n, 1))) for n in (5, 4))
    ten, far = Decimal(10), Decimal(-5)
    given = whole(
        BridgeRow("volume", Department.MARKETING, ten, far, Decimal(25), "shapley"),
        BridgeRow("arpu", Department.SALES, ten, Decimal(2), Decimal(18), "shapley"),
        BridgeRow("contributed", Department.SUPPORT, ten, ten, ten, "shapley"),
    )
    view = bridge_view(given, LookedAt("2024-05", may, april, True), Words("en"))
    assert [each.chance for each in view.factors] == ["within_chance", "told", "told"]
    assert [each.band for each in view.factors] == ["[−€5 to +€25]", "[+€2 to +€18]", ""]
    assert [each.name for each in view.factors][-1] == "Support"
    assert view.waterfall is not None
    assert [each.within_chance for each in view.waterfall.columns] == [False, True] + [False] * 3
    assert view.waterfall.shapes.count("whisk") == 2
    assert [each.other for each in view.factors] == ["", "", ""]  # no bridge by LMDI


def test_a_refused_bridge_draws_nothing() -> None:
    from onefunnel.web.pages.bridge.content import bridge_view
    from onefunnel.web.pages.bridge.signing import can_be_signed
    from onefunnel.web.pages.months.offered import LookedAt
    from onefunnel.web.pages.today.periods import period_of

    calendar = Calendar()
    month = period_of(calendar, calendar.month_of(date(2024, 5, 1)))
    given = whole(BridgeRow("volume", Department.MARKETING, None, None, None, "shapley"))
    view = bridge_view(given, LookedAt("2024-05", month, month, True), Words("en"))
    assert view.waterfall is None and view.factors[0].amount == "unknown"
    assert not can_be_signed(given)


@pytest.mark.parametrize(
    ("figure", "side"), [("leads", "before"), ("customers", "after"), ("contributed", "after")]
)
def test_the_rows_of_a_factor_open(figure: str, side: str, signed_in: SignIn) -> None:
    client = signed_in(Role.SALES)
    days = "from=2024-05-01&to=2024-06-01"
    page = shown(client, f"/rows/?measure=bridge&figure={figure}&side={side}&{days}")
    assert ("April 2024" if side == "before" else "May 2024") in page
    assert "<td" in page and "/bridge/?month=2024-05" in page
    assert client.get(f"/rows/?measure=bridge&figure={figure}&side=x&{days}").status_code == 400


def test_leads_and_conversion_can_be_one_factor(site: Workspace, signed_in: SignIn) -> None:
    client, figures = signed_in(Role.HEAD_OF_SALES), Words("en").figures
    rows = {
        row.factor: row
        for row in ask(site, "bridge", replace(asked(), joint=True)).rows
        if row.method == "shapley"
    }
    assert {"volume", "conversion"}.isdisjoint(rows)
    joint = rows["leads_and_conversion"]
    assert joint.owner is Department.BOTH and joint.amount is not None
    page = shown(client, f"{PAGE}&factors=joint")
    assert figures.money(joint.amount) in page and "Customers per lead" not in page
    assert '<option value="joint" selected>' in page  # the choice goes with the month
    assert "Sign these figures" not in page and f'href="{PAGE}"' in page
    assert '<option value="joint">' in shown(client)
    assert client.get(f"{PAGE}&factors=x").status_code == 400


def test_only_the_bridge_has_a_joint_factor(site: Workspace) -> None:
    with pytest.raises(UsageError, match="joint"):
        ask(site, "funnel", replace(asked(), joint=True))


def test_a_month_that_can_not_be_bridged_is_refused(signed_in: SignIn) -> None:
    client = signed_in(Role.SALES)
    shown(client)
    assert client.get("/bridge/?month=1999-01").status_code == 400


def test_both_heads_sign_what_they_saw_and_nobody_else(signed_in: SignIn) -> None:
    from onefunnel.store.models import AuditLine, SignOff

    marketing, sales = signed_in(Role.HEAD_OF_MARKETING), signed_in(Role.HEAD_OF_SALES)
    page = shown(marketing)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    about = {"month": MONTH, "digest": digest}
    assert signed_in(Role.DIRECTOR).post("/bridge/sign/", about).status_code == 403
    assert signed_in(Role.MARKETING).post("/bridge/sign/", about).status_code == 403
    sales.post("/bridge/sign/", {**about, "digest": "0" * 64})
    assert SignOff.objects.count() == 0
    for client in (marketing, sales, marketing):
        assert client.post("/bridge/sign/", about).status_code == 302
    assert sorted(SignOff.objects.values_list("role", flat=True)) == [
        "head_of_marketing",
        "head_of_sales",
    ]
    assert AuditLine.objects.filter(action="signed_off", subject_id=MONTH).count() >= 2
    page = shown(signed_in(Role.SALES))
    assert page.count("Signed on") == 2 and "Sign these figures" not in page


def test_a_signature_is_void_when_a_figure_changes(site: Workspace, signed_in: SignIn) -> None:
    from onefunnel.store.models import Person
    from onefunnel.web.pages.bridge.signing import digest, sign, signatures

    head = Person.objects.get(role=Role.HEAD_OF_SALES)

    def answer(amount: str, high: str = "9") -> Answer[BridgeRow]:
        row = BridgeRow(
            "arpu", Department.SALES, Decimal(amount), Decimal(1), Decimal(high), "shapley"
        )
        return Answer("bridge", (row,))

    sign(MONTH, answer("5"), head)
    assert digest(answer("5", "8")) == digest(answer("5"))  # a band is drawn by chance

    def states(given: Answer[BridgeRow]) -> list[str]:
        return [each.state for each in signatures(MONTH, given, head, Words("en"))]

    assert states(answer("5")) == ["open", "signed"]
    assert states(answer("6")) == ["open", "void"]
    assert signatures(MONTH, answer("6"), head, Words("en"))[1].mine


def test_programs_ask_for_the_joint_factor_too(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.api import jobs
    from tests.web.callers import with_token

    monkeypatch.setattr(jobs, "pause", work_all)
    address = "/api/v1/measures/bridge?from=2024-05-01&to=2024-06-01&wait=30&joint=true"
    found = Client().get(address, headers=with_token(Role.ANALYST).headers).json()
    assert found["parameters"]["joint"] == "yes"
    assert "leads_and_conversion" in {row["factor"] for row in found["rows"]}


def test_programs_sign_the_same_way(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from onefunnel.web.api import jobs
    from tests.web.callers import with_token

    monkeypatch.setattr(jobs, "pause", work_all)
    client = Client(raise_request_exception=False)
    address = f"/api/v1/bridge/{MONTH}/signatures?wait=30"
    head = with_token(Role.HEAD_OF_SALES).headers
    found = client.get(address, headers=head)
    assert found.status_code == 200, found.text
    body = {"digest": found.json()["digest"]}
    other = with_token(Role.ANALYST).headers
    sent = {"data": body, "content_type": "application/json"}
    assert client.post(address, headers=other, **sent).status_code == 403
    signed = client.post(address, headers=head, **sent).json()
    assert [each["state"] for each in signed["signatures"]] == ["open", "signed"]
    wrong = {**sent, "data": {"digest": "1"}}
    assert client.post(address, headers=head, **wrong).status_code == 400
