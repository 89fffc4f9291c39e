"""The firm and its rules: changed from the page, previewed before they count, never lost."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from onefunnel.funnel.rules import default_rules, load
from onefunnel.vocabulary import Role, Stage
from onefunnel.workflows.asking import Asked, ask
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

FIRM = {
    "name": "Company Y",
    "currency": "EUR",
    "timezone": "UTC",
    "language": "en",
    "calendar_name": "gregorian",
    "country": "RO",
}
LOYALTY = {"customer_loyalty-owner": "sales", "customer_loyalty-order": "3"}
STAGE = "/settings/stage/customer_loyalty/"


def entered(workspace: Workspace, stage: Stage, as_of: int | None = None) -> int:
    rows = ask(workspace, "funnel", Asked(as_of=as_of)).rows
    return next(row.entered for row in rows if row.stage is stage) or 0


def sent(client: Client, address: str, about: dict[str, str]) -> str:
    """The address of the preview of a proposal, not worked out yet."""
    answer = client.post(address, about)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def previewed(client: Client, address: str, about: dict[str, str]) -> str:
    """The address of the preview of a proposal, worked out."""
    found = sent(client, address, about)
    work_all()
    return found


def test_the_firm_is_changed_and_the_rest_of_its_file_stays(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.store.models import AuditLine

    path = own_site.path / "onefunnel.toml"
    path.write_text("# ours\n" + path.read_text("utf-8"), "utf-8")
    before = tomllib.loads(path.read_text("utf-8"))
    answer = signed_in(Role.DIRECTOR).post("/settings/firm/", FIRM)
    assert answer.status_code == 302
    assert path.read_text("utf-8").startswith("# ours\n")
    assert tomllib.loads(path.read_text("utf-8")) == {**before, "name": "Company Y"}
    assert AuditLine.objects.get(action="settings_changed").detail == {"changed": ["name"]}
    assert "Company Y" in signed_in(Role.DIRECTOR).get("/settings/").text


@pytest.mark.parametrize(
    ("name", "value"),
    [("currency", "XXQ"), ("timezone", "Mars/Olympus"), ("country", "QQ"), ("language", "xx")],
)
def test_what_can_not_be_is_refused_beside_its_field(
    name: str, value: str, own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    before = (own_site.path / "onefunnel.toml").read_text("utf-8")
    answer = signed_in(Role.DIRECTOR).post("/settings/firm/", {**FIRM, name: value})
    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in answer.text
    assert (own_site.path / "onefunnel.toml").read_text("utf-8") == before


def test_another_currency_is_asked_twice(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.DIRECTOR)
    asked = client.post("/settings/firm/", {**FIRM, "currency": "ron"})
    assert asked.status_code == 422
    assert "From then on they are read as RON" in asked.text
    assert 'currency = "EUR"' in (own_site.path / "onefunnel.toml").read_text("utf-8")
    meant = client.post("/settings/firm/", {**FIRM, "currency": "ron", "meant": "on"})
    assert meant.status_code == 302
    assert 'currency = "RON"' in (own_site.path / "onefunnel.toml").read_text("utf-8")


def test_the_environment_is_not_written_into_the_file(
    own_site: Workspace, signed_in: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEFUNNEL_MEMORY", "777MB")
    assert signed_in(Role.DIRECTOR).post("/settings/firm/", FIRM).status_code == 302
    assert "777MB" not in (own_site.path / "onefunnel.toml").read_text("utf-8")


def test_a_preview_shows_both_figures_and_changes_nothing(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    before = entered(own_site, Stage.CUSTOMER_LOYALTY)
    version = own_site.reading(lambda reader: reader.head.version)
    client = signed_in(Role.ANALYST)
    address = previewed(client, STAGE, LOYALTY)
    page = client.get(address)
    after = _asked(own_site, 3)
    assert 0 < after < before
    assert f"{before}" in page.text
    assert (
        f'after: </span>{after}</b><small class="fig">\N{MINUS SIGN}{before - after}<' in page.text
    )
    assert "Put into force" not in page.text  # an analyst may look, the director decides
    assert own_site.reading(lambda reader: reader.head.version) == version
    assert not (own_site.path / "funnel.toml").exists()
    assert entered(own_site, Stage.CUSTOMER_LOYALTY) == before


def _asked(workspace: Workspace, order: int) -> int:
    text = (
        '[[stage.customer_loyalty.rule]]\nfact = "order_line"\nabove.quantity = 0\n'
        f'distinct = "order_id"\nnth = {order}\n'
    )
    rows = ask(workspace, "funnel", Asked(), load(text)).rows
    return next(row.entered for row in rows if row.stage is Stage.CUSTOMER_LOYALTY) or 0


def test_the_old_figure_stays_under_its_version(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.store.models import AuditLine

    client = signed_in(Role.DIRECTOR)
    old = own_site.reading(lambda reader: reader.head.version)
    before = entered(own_site, Stage.CUSTOMER_LOYALTY)
    address = previewed(client, STAGE, LOYALTY)
    applied = client.post(f"{address}apply/")
    assert applied.status_code == 302
    work_all()
    done = client.get(applied.headers["Location"])
    assert done.headers["Location"] == "/settings/"
    new = own_site.reading(lambda reader: reader.head.version)
    assert new == old + 1
    after = entered(own_site, Stage.CUSTOMER_LOYALTY)
    assert after < before
    assert entered(own_site, Stage.CUSTOMER_LOYALTY, old) == before
    assert entered(own_site, Stage.CUSTOMER_LOYALTY, new) == after
    page = client.get("/settings/").text
    assert f'href="/funnel/?as_of={old}"' in page
    assert f'href="/funnel/?as_of={new}"' in page
    line = AuditLine.objects.get(action="rules_applied")
    assert line.detail == {"version": new}
    assert line.person is not None
    assert line.person.name in page


def test_what_was_previewed_no_longer_fits_is_not_applied(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.DIRECTOR)
    address = previewed(client, STAGE, LOYALTY)
    (own_site.path / "funnel.toml").write_text('[stage.purchase]\nowner = "both"\n', "utf-8")
    assert "Propose the change once more" in client.get(address).text
    applied = client.post(f"{address}apply/")
    work_all()
    page = client.get(applied.headers["Location"])
    assert "The rules have changed since." in page.text
    assert (own_site.path / "funnel.toml").read_text("utf-8").startswith("[stage.purchase]")


def test_only_the_director_applies(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    address = sent(signed_in(Role.HEAD_OF_SALES), STAGE, LOYALTY)
    assert signed_in(Role.HEAD_OF_SALES).post(f"{address}apply/").status_code == 403
    assert signed_in(Role.HEAD_OF_SALES).post("/settings/firm/", FIRM).status_code == 403
    assert signed_in(Role.SALES).post(STAGE, LOYALTY).status_code == 403


def test_a_mistake_in_the_file_is_shown_with_its_line_and_nothing_is_lost(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    text = "# ours\n[stage.purchace]\nowner = 'both'\n"
    answer = signed_in(Role.ANALYST).post("/settings/rules/", {"text": text})
    assert answer.status_code == 422
    assert "Line 2: " in answer.text
    assert "purchase" in answer.text
    assert "# ours\n[stage.purchace]" in answer.text


def test_a_stage_of_the_page_leaves_the_rest_of_the_file(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.store.models import Job

    kept = '# ours\nhorizon_days = 30\n\n[stage.purchase]\nowner = "both" # agreed in March\n'
    (own_site.path / "funnel.toml").write_text(kept, "utf-8")
    sent(signed_in(Role.ANALYST), STAGE, LOYALTY)
    text = Job.objects.get(kind="preview").parameters["text"]
    assert text.startswith(kept)
    assert load(text).of(Stage.CUSTOMER_LOYALTY).rules[0].nth == 3
    assert load(text).horizon_days == 30


PREFERENCE = "/settings/stage/brand_preference/"
USUAL = {
    "brand_preference-owner": "marketing",
    "brand_preference-intent": "on",
    "brand_preference-visits": "3",
    "brand_preference-visits_days": "30",
    "brand_preference-offered": "on",
}


def proposed(client: Client, address: str, about: dict[str, str]) -> Any:
    """The rules that a form proposes."""
    from onefunnel.store.models import Job

    assert client.post(address, about).status_code == 302
    return load(Job.objects.order_by("-asked_at")[0].parameters["text"])


def test_what_a_form_shows_sent_back_changes_nothing(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    from onefunnel.store.models import Job

    client = signed_in(Role.ANALYST)
    answer = client.post(PREFERENCE, USUAL, follow=True)
    assert "These are the rules in force already." in answer.text
    assert not Job.objects.filter(kind="preview").exists()


def test_the_qualification_rule_by_its_form(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.ANALYST)
    rules = proposed(client, PREFERENCE, {**USUAL, "brand_preference-visits": "5"})
    visits = rules.of(Stage.BRAND_PREFERENCE).rules[1]
    assert (visits.nth, visits.within_days) == (5, 30)
    without = {name: value for name, value in USUAL.items() if not name.endswith("intent")}
    rules = proposed(client, PREFERENCE, without)
    assert len(rules.of(Stage.BRAND_PREFERENCE).rules) == 2
    nothing = {"brand_preference-owner": "sales", "brand_preference-offered": "on"}
    refused = client.post(PREFERENCE, nothing)
    assert refused.status_code == 422
    assert "Nothing would enter the stage any more." in refused.text


def test_the_owner_from_a_day_on(own_site: Workspace, signed_in: Callable[[Role], Client]) -> None:
    about = {**USUAL, "brand_preference-owner": "both", "brand_preference-since": "2025-03-01"}
    rules = proposed(signed_in(Role.ANALYST), PREFERENCE, about)
    owners = rules.of(Stage.BRAND_PREFERENCE).owners
    assert [each.department.value for each in owners] == ["marketing", "both"]
    assert str(owners[1].since) == "2025-03-01"


def test_least_scores_and_the_horizon(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    about = {"customer_advocacy-owner": "sales", "customer_advocacy-review": "4.5"}
    client = signed_in(Role.ANALYST)
    rules = proposed(client, "/settings/stage/customer_advocacy/", about)
    (review,) = rules.of(Stage.CUSTOMER_ADVOCACY).rules
    assert review.at_least == (("score", 4.5),)
    rules = proposed(client, "/settings/horizon/", {"horizon_days": "45"})
    assert rules.horizon_days == 45
    assert rules.stages == default_rules().stages


def test_rules_of_other_kinds_stay_where_they_are(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    text = (
        '[[stage.brand_preference.rule]]\nfact = "touch"\nwhere.kind = ["event"]\n'
        '[[stage.brand_preference.rule]]\nfact = "touch"\nknown = ["intent"]\n'
    )
    (own_site.path / "funnel.toml").write_text(text, "utf-8")
    about = {"brand_preference-owner": "marketing", "brand_preference-visits": "4"}
    rules = proposed(signed_in(Role.ANALYST), PREFERENCE, about).of(Stage.BRAND_PREFERENCE).rules
    assert rules[0].where == (("kind", ("event",)),)
    assert [rule.nth for rule in rules] == [1, 4]


def test_an_unreadable_file_is_said_and_can_be_mended(
    own_site: Workspace, signed_in: Callable[[Role], Client]
) -> None:
    (own_site.path / "funnel.toml").write_text("[stage", "utf-8")
    page = signed_in(Role.DIRECTOR).get("/settings/")
    assert page.status_code == 200
    assert "funnel.toml can" in page.text
    assert "[stage" in page.text


def test_every_default_rule_is_told_in_words() -> None:
    from onefunnel.web.locale import Words
    from onefunnel.web.pages.settings.sentences import rule_in_words

    said = [
        rule_in_words(rule, Words("en"), stage)
        for stage in default_rules().stages
        for rule in stage.rules
    ]
    assert len(set(said)) == len(said)
    assert "Within 30\N{NO-BREAK SPACE}days: 3 visits." in said
    assert all(each.endswith(".") for each in said)


def test_money_before_and_after_is_compared() -> None:
    from onefunnel.web.locale import Words
    from onefunnel.web.pages.settings.comparison import comparison

    row = {"stage": "purchase", "owner": "sales", "entered": 10, "conversion": 0.5}
    row |= {"refused": False, "money": None}
    result = {"before": [row], "after": [{**row, "entered": 7, "money": str(Decimal(100))}]}
    (found,) = comparison(result, Words("en"))
    assert (found.entered.before, found.entered.after) == ("10", "7")
    assert found.entered.difference == "\N{MINUS SIGN}3"
    assert (found.money.before, found.money.after, found.money.difference) == (
        "unknown",
        "€100",
        "",
    )
    assert not found.conversion.changed
