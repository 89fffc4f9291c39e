"""The designer person by person: for the director by page, part and call, and for nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from onefunnel.measures.behaviour.result import BehaviourRow
from onefunnel.measures.incentives.cost import quarrel
from onefunnel.measures.incentives.rates import Rates, proposed
from onefunnel.measures.sellers.result import SellersRow
from onefunnel.pay.reading import read
from onefunnel.pay.writing import written_components
from onefunnel.vocabulary import Answer, Note, Question, Role
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.persons import bar_width
from onefunnel.workflows.encoded import Computed
from tests import company_x
from tests.unit.incentives.companies import company_x as sheet_x
from tests.web.site import work_all

if TYPE_CHECKING:
    from django.test import Client

SignIn = Callable[[Role], "Client"]
PAGE, CALL = "/incentives/design/", "/api/v1/incentives/2024-06/design"
OTHERS = (Role.HEAD_OF_SALES, Role.SALES, Role.MARKETING, Role.ANALYST)
ROWS = quarrel(sheet_x()).rows
HTMX = {"HX-Request": "true"}


def person(name: str | None, gates: int, parts: int, **more: Any) -> list[SellersRow]:
    return [
        SellersRow(name, "gates", gates, gates, 0),
        SellersRow(name, "parts", parts, 0, 0),
        SellersRow(name, None, gates + parts, gates, 0, **more),
    ]


SELLERS = (
    *person("gates-only", 100, 0, hours=200.0, plan="sales", pay=Decimal("1500.0000")),
    *person("parts-only", 0, 400, hours=100.0, plan="sales", pay=Decimal("0.0000")),
)
SECRETS = ("gates-only", "parts-only", "Who would win", "most_lost", "spread__bar")


@pytest.fixture
def of_x(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of incentives and salespeople is answered by Company X."""
    asked = Question(now=datetime(2024, 7, 20, tzinfo=UTC))
    notes = (Note("leads_of_nobody", "Leads for which nobody is named: 3.", {"leads": 3}),)
    made = {
        "incentives": Computed(Answer("incentives", ROWS, ledger_version=1), asked),
        "behaviour": Computed(Answer("behaviour", (BehaviourRow(None),), ledger_version=1), asked),
        "sellers": Computed(Answer("sellers", SELLERS, notes, ledger_version=1), asked),
    }

    def look_up(workspace: Any, questions: Any, who: Any) -> Answers:
        return Answers({name: made[name] for name in questions}, ())

    monkeypatch.setattr("onefunnel.web.pages.incentives.views.look_up", look_up)
    monkeypatch.setattr("onefunnel.web.api.incentives.look", lambda w, name, *more: made[name])


def shown(client: Client, path: str, **more: Any) -> str:
    for _ in range(2):
        answer = client.get(path, **more)
        work_all()
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_the_director_sees_who_wins_and_who_loses(signed_in: SignIn, of_x: None) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.DIRECTOR)
    for page in (shown(client, PAGE), shown(client, PAGE, headers=HTMX)):
        assert all(each in page for each in SECRETS)
        assert "€1,500.00" in page and "Paid less: 1 of 2 people; paid more: 1." in page
        assert "Leads for which no deal" in page
    lines = AuditLine.objects.filter(action="seen", subject_kind="pay", subject_id="all")
    assert lines.count() >= 2


def test_the_director_can_copy_the_new_rates(
    signed_in: SignIn, of_x: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = read(company_x.PLAN, "pay/sales.toml").plan
    monkeypatch.setattr("onefunnel.web.pages.incentives.plans_views._plans_on", lambda day: (plan,))
    page = shown(signed_in(Role.DIRECTOR), PAGE)
    assert "segments = [" in page and page.count("[[component]]") == 2
    assert "segments = [" not in shown(signed_in(Role.ANALYST), PAGE)


def test_rates_stand_beside_pay_per_win(signed_in: SignIn, of_x: None) -> None:
    page = shown(signed_in(Role.ANALYST), PAGE)
    assert "2.92208%" in page and "8.52273%" in page
    answer = json.loads(shown(signed_in(Role.ANALYST), CALL))
    assert [each["of_revenue"] for each in answer["segments"]] == ["0.0292208", "0.0852273"]
    assert [each["of_contribution"] for each in answer["segments"]] == ["0.1948052", "0.1420455"]


def test_a_bound_names_whom_it_holds(signed_in: SignIn, of_x: None) -> None:
    client = signed_in(Role.DIRECTOR)
    page = shown(client, f"{PAGE}?most_lost=0&months=6")
    assert "gates-only</bdi> may lose no more than was agreed" in page
    assert "6 months" in page
    free = json.loads(shown(client, CALL))
    (loser,) = [each for each in free["persons"] if Decimal(each["change"]) < 0]
    assert loser["employee_id"] == "gates-only"
    assert Decimal(loser["guarantee"]) == -3 * Decimal(loser["change"])
    assert Decimal(loser["pay"][1]) > Decimal(960)
    assert json.loads(shown(client, f"{CALL}?most_lost=36"))["feasible"]
    bound = json.loads(shown(client, f"{CALL}?most_lost=30"))
    assert not bound["feasible"]
    assert ("pay_floor", "gates-only") in {(e["kind"], e["who"]) for e in bound["given_up"]}


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_a_person(signed_in: SignIn, of_x: None, role: Role) -> None:
    client = signed_in(role)
    for text in (shown(client, PAGE), shown(client, PAGE, headers=HTMX)):
        assert [each for each in SECRETS if each in text] == []
        assert "All salespeople are taken to be alike" in text
    answer = json.loads(shown(client, CALL))
    assert answer["persons"] is None and answer["notes"] == []
    assert "gates-only" not in json.dumps(answer)
    assert client.get(f"{PAGE}?most_lost=10").status_code == 403
    assert client.get(f"{PAGE}?most_lost=10", headers=HTMX).status_code == 403
    assert client.get(f"{CALL}?most_lost=10").status_code == 403
    for path in ("measures/sellers", "measures/sellers/rows"):
        assert client.get(f"/api/v1/{path}").status_code == 403


@pytest.mark.parametrize("given", ["most_lost=101", "most_lost=-1", "most_lost=x", "months=5"])
def test_what_can_not_be_asked_is_said(signed_in: SignIn, of_x: None, given: str) -> None:
    client = signed_in(Role.DIRECTOR)
    shown(client, PAGE)
    assert client.get(f"{PAGE}?{given}").status_code == 400


def test_new_rates_can_be_copied_into_the_plan() -> None:
    plan = read(company_x.PLAN, "pay/sales.toml").plan
    rates = {"gates": Rates(0.0292208, 0.19), "parts": Rates(0.0852273, 0.14)}
    text = written_components(proposed([plan], rates))
    head = company_x.PLAN.partition("[[component]]")[0]
    gates, parts = read(head + text, "pay/sales.toml").plan.components
    assert (gates.segments, gates.tiers[0].rate) == (("gates",), Decimal("0.0292208"))
    assert (parts.segments, parts.tiers[0].rate) == (("parts",), Decimal("0.0852273"))
    assert proposed([plan, plan], rates) == ()
    assert proposed([plan], {"unknown": rates["gates"]}) == ()
    assert proposed([plan], {**rates, "dust": Rates(None, 0.1)}) == ()
    part = plan.components[0]
    for other in (replace(part, cap=Decimal(9)), replace(part, tiers=part.tiers * 2)):
        assert proposed([replace(plan, components=(other,))], rates) == ()


@pytest.mark.parametrize("span", [0.37, 1.0, 14.0, 15.0, 1234.5, 1e6])
def test_bars_are_of_round_width_and_few(span: float) -> None:
    assert 2 <= span / bar_width(span) <= 14
    assert Words("en").figures.number(bar_width(span))[0] in "0125"
