"""The palette finds what the person may see, in whatever letters it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from onefunnel.vocabulary import Role
from onefunnel.workflows.directory.folding import fold, match
from onefunnel.workflows.directory.reading import newest
from onefunnel.workflows.workspace import Workspace
from tests.web.site import work_all

Enter = Callable[[Role], Client]
PART = {"HX-Request": "true"}


@pytest.fixture
def ready(site: Workspace, signed_in: Enter) -> Workspace:
    signed_in(Role.DIRECTOR).get("/desk/")
    work_all()
    return site


def found(client: Client, query: str) -> list[str]:
    answer = client.get("/find/", {"q": query}, headers=PART)
    assert answer.status_code == 200
    return re.findall(r'<li><a href="([^"]+)"', answer.text)


def test_nothing_typed_offers_the_pages(ready: Workspace, signed_in: Enter) -> None:
    assert set(found(signed_in(Role.EMPLOYEE), "")) == {
        "/",
        "/account/",
        "/statements/",
        "/scorecards/",
        "/terms/",
    }
    director = found(signed_in(Role.DIRECTOR), "")
    assert {"/", "/funnel/", "/desk/", "/imports/", "/people/", "/audit/"} <= set(director)
    assert "<html" not in signed_in(Role.SALES).get("/find/", headers=PART).text
    assert "<html" in signed_in(Role.SALES).get("/find/").text


def test_customers_leads_and_campaigns_are_for_who_may_see_records(
    ready: Workspace, signed_in: Enter
) -> None:
    with newest(ready) as directory:
        assert directory is not None
        (customer,) = directory.find_customers("palmer", 1)
    assert customer.name
    hits = found(signed_in(Role.SALES), customer.name)
    assert f"/customers/{customer.party_id}/" in hits
    assert any(each.startswith("/leads/") for each in hits)
    assert f"/customers/{customer.party_id}/" in found(signed_in(Role.SALES), customer.party_id)
    assert any("kind=campaign" in each for each in found(signed_in(Role.MARKETING), "gate life"))
    for role in (Role.HR, Role.EMPLOYEE):
        assert found(signed_in(role), customer.name) == []
        assert found(signed_in(role), "gate") == []


def test_pages_and_definitions_by_the_beginnings_of_words(
    ready: Workspace, signed_in: Enter
) -> None:
    assert "/desk/" in found(signed_in(Role.SALES), "DES")
    assert "/imports/" not in found(signed_in(Role.SALES), "imports")
    assert any("/definitions/#" in each for each in found(signed_in(Role.ANALYST), "earn so"))
    assert found(signed_in(Role.DIRECTOR), "zzzz") == []
    assert "Nothing by that name." in signed_in(Role.DIRECTOR).get("/find/?q=zzzz").text


def test_odd_letters_do_no_harm(ready: Workspace, signed_in: Enter) -> None:
    for query in ('"', "*", "a OR b", "NEAR(", "^x", "'; --", "a:b", "٪", "🙂", "x" * 5000):
        found(signed_in(Role.DIRECTOR), query)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("stefan", "Ștefan Țurcan"),
        ("ŞTEF", "Ștefan Țurcan"),
        ("duc ng", "Nguyễn Đức"),
        ("елк", "Ёлкин Пётр"),
        ("علي", "علی کریمی"),
        ("كريمي", "علی کریمی"),
        ("علیرضا", "علی\N{ZERO WIDTH NON-JOINER}رضا"),
        ("۴۲", "Gate 42"),
    ],
)
def test_one_letter_in_its_several_ways(typed: str, name: str) -> None:
    words = fold(name).split()
    begun = re.findall(r'"([^"]+)"\*', match(typed))
    assert begun
    assert all(any(word.startswith(each) for word in words) for each in begun)
