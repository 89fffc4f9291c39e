"""Do the pay plans work, and what would others pay: pages for who may see everybody's pay."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from onefunnel.measures.plan_health.notes import SENTENCES
from onefunnel.measures.plan_health.result import PlanHealthRow, Verdict
from onefunnel.measures.plan_health.rows import AT_QUOTA, NO_MORE_THAN_CHANCE, About
from onefunnel.measures.plan_health.statistics import Told
from onefunnel.vocabulary import Role
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.workflows.terms_files import put_terms
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

if TYPE_CHECKING:
    from django.test import Client

SignIn = Callable[[Role], "Client"]
PLAN = """\
name = "sales"
currency = "EUR"
from = 2023-01-01
crediting = "invoice"
period = "month"
[[component]]
name = "price"
base = "revenue"
tiers = [{{ from = 0, rate = {rate} }}]
[[member]]
employee = "e11"
quota = 900
[[member]]
employee = "e12"
quota = 900
"""
ABOUT = About("sales", "price")


def rows() -> list[PlanHealthRow]:
    counts = {"reached": 1, "people": 5, "periods": 2}
    return [
        ABOUT.told("at_quota", Told(0.1, 0.02, 0.4), 10, AT_QUOTA, counts),
        ABOUT.refused("spread", "few_cases", 3, least=10),
        ABOUT.plain("attained", 9.0, 10, {"from": 0.5}),
        ABOUT.plain("attained", 1.0, 10, {"from": 1.0}),
        About("sales").told("unfair_quota", Told(0.9, 0.5, 1.0), 6, NO_MORE_THAN_CHANCE, {}),
        About("sales").plain("closing_day", 4.0, 6, {"days_left": 1}),
    ]


def test_a_plan_is_told_test_by_test_with_two_pictures() -> None:
    from onefunnel.web.pages.statements.health import plan_views

    (plan,) = plan_views(rows(), Words("en"))
    quota, spread, unfair = plan.tests
    assert (quota.value, quota.healthy, quota.verdict) == (
        "10%",
        "50%\u2009–\u200970%",
        "look at it",
    )
    assert "out of reach" in quota.meaning
    assert (spread.value, spread.sentence) == ("", "3 quotas; it takes 10.")
    assert unfair.value == "0.9"
    assert plan.to_look_at == 2
    (_, attained), (_, closing) = plan.pictures
    assert "1 of 10 reach the quota" in attained.label
    assert attained.shapes.count("<rect") == 2
    assert attained.shapes.count("hist--strong") == 1
    assert "4 of 4 sales" in closing.label
    assert closing.shapes.count("hist--strong") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_with_its_figures(language: str) -> None:
    from onefunnel.web.pages.statements import health_words

    words = Words(language)
    pictures = {"attained", "closing_day"}
    assert set(health_words.SENTENCES) == set(SENTENCES) - pictures
    every = [*health_words.SENTENCES.values(), *health_words.NAMES.values()]
    every += [*health_words.BELOW.values(), *health_words.ABOVE.values()]
    every += [said for _, said in health_words.VERDICTS.values()]
    assert [each for each in every if not words.knows(each)] == []
    assert set(health_words.VERDICTS) == set(Verdict)
    for code, message in health_words.SENTENCES.items():
        ours = {name for _, name, _, _ in Formatter().parse(message) if name}
        theirs = {name for _, name, _, _ in Formatter().parse(SENTENCES[code]) if name}
        assert ours <= theirs | {"n", "least"}, code


def seen(client: Client, address: str) -> str:
    for _ in range(4):
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        if 'class="waiting"' not in answer.text:
            return unescape(answer.text)
        work_all()
    raise AssertionError(address)


def test_the_director_sees_the_tests_and_that_is_written_down(
    own_site: Workspace, signed_in: SignIn
) -> None:
    from onefunnel.store.models import AuditLine

    put_terms(own_site, {"pay/sales.toml": PLAN.format(rate="0.03")})
    page = seen(signed_in(Role.DIRECTOR), "/statements/health/")
    assert "2 people; it takes 5." in page
    assert "Who reaches the quota" in page
    assert page.count("<rect") > 5
    assert AuditLine.objects.filter(subject_kind="pay", subject_id="plan_health").exists()


@pytest.mark.long
def test_without_a_plan_there_is_nothing_to_test(own_site: Workspace, signed_in: SignIn) -> None:
    assert "nothing to test" in seen(signed_in(Role.DIRECTOR), "/statements/health/")


def test_a_preview_tells_everybodys_pay_under_both_plans(
    own_site: Workspace, signed_in: SignIn
) -> None:
    from django.test import Client

    from onefunnel.store.models import AuditLine, Job
    from tests.web.callers import with_token

    put_terms(own_site, {"pay/sales.toml": PLAN.format(rate="0.03")})
    client = signed_in(Role.DIRECTOR)
    less = PLAN.format(rate="0.06").rpartition("[[member]]")[0]
    fields = {"name": "pay/sales.toml", "text": less}
    preview = client.post("/terms/file/?name=pay/sales.toml", fields)
    assert 'hx-post="/terms/pay/"' in preview.text
    asked = client.post("/terms/pay/", fields)
    assert asked.status_code == 302
    page = seen(client, asked.headers["Location"])
    told = r'data-label="(In force|Proposed)"><span class="fig">€([^<]*)<'
    (_, before), (_, after), *_ = (
        (label, float(each)) for label, each in re.findall(told, page) if float(each)
    )
    assert after == pytest.approx(2 * before, abs=0.011)
    assert "no longer paid by any plan" in page
    assert client.post("/terms/pay/", fields).status_code == 200
    director, head = (with_token(each).headers for each in (Role.DIRECTOR, Role.HEAD_OF_SALES))
    call, sent = "/api/v1/terms/pay", "application/json"
    told_too = Client().post(call, fields, content_type=sent, headers=director).json()
    assert {each["state"] for each in told_too["people"]} == {"paid", "gone"}
    refused = Client().post(call, fields, content_type=sent, headers=head)
    assert refused.status_code == 403
    assert AuditLine.objects.filter(subject_id="preview pay/sales.toml").exists()
    job = Job.objects.get(kind="pay_preview")
    assert set(job.result) == {"version", "rows"}
    for role in Role:
        if role is not Role.DIRECTOR:
            assert signed_in(role).get(f"/terms/pay/{job.pk}/").status_code == 403
            assert signed_in(role).post("/terms/pay/", fields).status_code == 403


def test_a_plan_that_can_not_stand_beside_another_is_said_not_hidden(
    own_site: Workspace, signed_in: SignIn
) -> None:
    put_terms(own_site, {"pay/sales.toml": PLAN.format(rate="0.03")})
    client = signed_in(Role.DIRECTOR)
    asked = client.post("/terms/pay/", {"name": "pay/b.toml", "text": PLAN.format(rate="0.04")})
    work_all()
    page = unescape(client.get(asked.headers["Location"]).text)
    assert "Two versions of the plan 'sales'" in page
