"""Experiments in money: by form, shown in money, and what is said where they measured otherwise."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.recorded import Amounts
from onefunnel.measures.attribution.recording import read
from onefunnel.vocabulary import Role
from onefunnel.web.locale import LANGUAGES, Words
from onefunnel.web.pages.attribution.asking import Tried, Wanted
from onefunnel.web.pages.attribution.measured import measured_view
from onefunnel.web.pages.experiments.content import content, question_of
from onefunnel.web.pages.experiments.form import known
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.web.pages.terms.experiments import experiment_in_words
from onefunnel.web.report.notes import view
from onefunnel.workflows.workspace import Workspace
from tests.unit.attribution.test_recording import MONEY, REGIONS
from tests.web.test_experiments import FORM

SignIn = Callable[[Role], Client]
WORDS = Words("en")
IN_MONEY = {
    **{name: value for name, value in FORM.items() if "converted" not in name},
    "value": "contribution",
    "treated": "400",
    "brought": "2000.5",
    "deviation": "30",
    "control": "800",
    "control_brought": "-20.5",
    "control_deviation": "40",
}


def test_an_experiment_in_money_is_recorded(own_site: Workspace, signed_in: SignIn) -> None:
    client = signed_in(Role.DIRECTOR)
    page = unescape(client.get("/experiments/record/").text)
    assert "Standard deviation a person, with it" in page
    preview = client.post("/experiments/record/", IN_MONEY)
    assert preview.status_code == 200
    told = unescape(preview.text)
    text = told[told.index("kind = ") : told.index("</textarea>", told.index("kind = "))]
    made = read(text)
    assert isinstance(made.outcome, Amounts)
    assert (made.outcome.treated.brought, made.outcome.control.deviation) == (2000.5, 40.0)
    again = known(made)
    assert (again["value"], again["brought"], again["control"]) == ("contribution", 2000.5, 800)
    missing = client.post("/experiments/record/", {**IN_MONEY, "control_brought": ""})
    assert missing.status_code == 422
    assert 'id="id_control_brought_error"' in missing.text
    alike = client.post("/experiments/record/", {**IN_MONEY, "deviation": "-1"})
    assert alike.status_code == 422 and 'id="id_deviation_error"' in alike.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_showed_is_money(language: str) -> None:
    words = Words(language)
    regions = REGIONS.replace('"leads"', '"revenue"')
    for text in (MONEY + "reached = 250\n", regions):
        found = read(text, "experiments/a.toml")
        (shown,) = content([found], {}, "linear", words)
        assert in_euro(shown.figures[0].value) and in_euro(shown.figures[-1].interval)
        lines = experiment_in_words(found, words)
        assert any(in_euro(line) for line in lines) and not any("{" in line for line in lines)


def in_euro(text: str) -> bool:
    return "€" in text or "EUR" in text


def test_it_is_held_against_credit_in_money() -> None:
    name, asked = question_of(read(MONEY))
    assert name == "channel contribution"
    assert asked.crediting.value == "contribution"


def test_a_correction_in_money_is_said_in_money() -> None:
    told = {"experiment": "spring", "player": "search", "was": 1200.5, "now": 300.0}
    more = {"people": 1000, "before": 4000.0, "after": 990.5}
    money = view(note("experiment_corrects", value="contribution", **told, **more), WORDS)
    assert "from €1,201 to €300" in money.text and "€4,000" in money.text
    counted = view(note("experiment_corrects", value="leads", **told, **more), WORDS)
    assert "€" not in counted.text


def test_where_another_value_was_measured_a_link_leads_to_it() -> None:
    wanted = Wanted(Filters(by="channel"), "revenue", "linear", Tried("last_touch"))
    about = {"experiment": "a, b", "measured": "leads, contribution", "value": "revenue"}
    found = measured_view([note("experiments_measure_otherwise", **about)], wanted, WORDS)
    assert found is not None
    said = found.note.text.replace("<bdi>", "").replace("</bdi>", "")
    assert "(a, b) measured leads, contribution; credit for revenue" in said
    names = [str(name) for name, _ in found.values]
    assert names == ["Credit for leads", "Credit for contribution"]
    assert "value=leads" in found.values[0][1]
    assert not any("model=" in address or "try_" in address for _, address in found.values)
    assert measured_view([note("no_model_is_causal")], wanted, WORDS) is None
