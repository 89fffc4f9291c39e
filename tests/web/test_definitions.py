"""Definitions: nothing that a page shows is left without its meaning."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from onefunnel.measures.registry import MEASURES
from onefunnel.vocabulary import DIMENSIONS, STAGES, Role
from onefunnel.web.locale import Words
from tests.web.site import work_all

if TYPE_CHECKING:
    from django.test import Client

    from onefunnel.workflows.workspace import Workspace

SignIn = Callable[[Role], "Client"]


@pytest.fixture
def page(signed_in: SignIn) -> str:
    client = signed_in(Role.SALES)
    client.get("/definitions/")
    work_all()
    answer = client.get("/definitions/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_measure_and_every_field_of_its_rows_is_defined() -> None:
    from onefunnel.web.pages.definitions import terms

    assert set(terms.MEASURES) == set(MEASURES) == set(terms.FIELDS)
    for name, measure in MEASURES.items():
        assert set(terms.FIELDS[name]) == {field.name for field in fields(measure.row_type)}, name


def test_every_stage_and_every_dimension_is_defined() -> None:
    from onefunnel.web.pages.definitions import terms

    assert tuple(terms.STAGES) == STAGES
    assert tuple(terms.DIMENSIONS) == DIMENSIONS


def test_every_kind_of_batch_has_words(site: Workspace) -> None:
    from onefunnel.ledger.disk.system import BATCH
    from onefunnel.web.pages.definitions.content import BATCH_KINDS

    assert set(BATCH_KINDS) == set(BATCH.by_name["kind"].about.split(", "))


def test_every_definition_can_be_translated() -> None:
    from onefunnel.web.locale.extraction import messages
    from onefunnel.web.pages.definitions import terms

    known = {message for _, _, message in messages()}
    told = [text for each in terms.FIELDS.values() for text in each.values()]
    told += [text for pair in terms.MEASURES.values() for text in pair]
    told += [*terms.STAGES.values(), *terms.DIMENSIONS.values()]
    told += [text for _, name, text in terms.MORE for text in (name, text)]
    assert set(told) <= known


def test_every_link_to_a_definition_finds_it(page: str) -> None:
    from onefunnel.web.pages.funnel.behind import MEANINGS
    from onefunnel.web.report.context import DEFINITIONS

    anchors = re.findall(r'id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    wanted = {f"definition-{key}" for key, _, _ in DEFINITIONS} | set(MEANINGS.values())
    wanted |= {"definition-month", "definition-alarm", "versions", "entered", "counted"}
    wanted |= {f"measure-{name}" for name in MEASURES} | {f"dimension-{n}" for n in DIMENSIONS}
    wanted |= {f"stage-{stage.value}" for stage in STAGES}
    assert wanted <= set(anchors)


def test_the_rules_in_force_are_told_in_words(page: str, site: Workspace) -> None:
    from onefunnel.workflows.rules import current_rules

    rules = current_rules(site)
    stages = page.split('id="stages"')[1].split("</section>")[0]
    assert stages.count("<li>") == sum(len(each.rules) for each in rules.stages)
    assert "A deal is opened." in stages and "Order number 2." in stages
    assert rules.content_hash[:12] in page
    assert Words("en").figures.days(90.0) in page


def test_settings_in_force_are_shown(page: str, site: Workspace) -> None:
    shown = page.split('id="settings"')[1].split("</section>")[0]
    for text in (site.settings.currency, site.settings.timezone, "Gregorian", "Romania"):
        assert text in shown


def test_versions_are_listed_and_lead_to_the_funnel_as_it_was(page: str, site: Workspace) -> None:
    assert 'href="/funnel/?as_of=1"' in page
    assert "<td>Import</td>" in page


def test_no_place_in_a_definition_is_left_unfilled(page: str) -> None:
    body = page.split("<main")[1].split("</main>")[0]
    assert not re.search(r"\{\w+\}", body)


def test_formulas_name_no_place() -> None:
    from onefunnel.web.pages.definitions import terms

    for _, formula, _ in terms.FORMULAS:
        assert not [name for _, name, _, _ in string.Formatter().parse(formula) if name]


def test_versions_wait_until_they_are_worked_out(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onefunnel.workflows.freshness.RELEASE", uuid4().hex)
    client = signed_in(Role.ANALYST)
    assert 'hx-get="/definitions/versions/"' in client.get("/definitions/").content.decode()
    work_all()
    part = client.get("/definitions/versions/").content.decode()
    assert "as_of=1" in part and "hx-get" not in part


def test_who_may_not_see_figures_sees_no_definitions(signed_in: SignIn) -> None:
    for address in ("/definitions/", "/definitions/versions/"):
        assert signed_in(Role.HR).get(address).status_code == 403
