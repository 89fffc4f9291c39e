"""Every address has a door, and the fixed cast is asked at each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from onefunnel.vocabulary import Permission, Role

SAMPLES = {
    "int": 987_654,
    "uuid": "00000000-0000-4000-8000-000000000000",
    "stage": "purchase",
}
"""What stands in an address for a converter; anything else gets a word that names nothing."""
OF_API = "api/"


def every_view() -> Iterator[tuple[str, dict[str, object], Any]]:
    """Each address: its route, sample values of its places, and its view."""
    from django.urls import get_resolver

    def walk(
        resolver: URLResolver, before: str, values: dict[str, object]
    ) -> Iterator[tuple[str, dict[str, object], Any]]:
        for each in resolver.url_patterns:
            route = before + str(each.pattern)
            names = {**values, **samples(each.pattern)}
            if isinstance(each, URLPattern):
                yield route, names, each.callback
            else:
                yield from walk(each, route, names)

    yield from walk(get_resolver(), "", {})


def samples(pattern: Any) -> dict[str, object]:
    from django.urls.converters import get_converters

    kinds = {type(converter): name for name, converter in get_converters().items()}
    found = getattr(pattern, "converters", {})
    return {
        name: SAMPLES.get(kinds.get(type(converter), ""), "nothing")
        for name, converter in found.items()
    }


def address(route: str, values: dict[str, object]) -> str:
    """A route with its places filled."""
    for name, value in values.items():
        start = route.index(f"{name}>")
        opening = route.rindex("<", 0, start)
        route = f"{route[:opening]}{value}{route[start + len(name) + 1 :]}"
    return f"/{route}"


def guarded_views() -> list[tuple[str, Permission]]:
    """The addresses that ask for a permission."""
    from onefunnel.web.site.access import OPEN, permission_of

    return [
        (address(route, values), Permission(asked))
        for route, values, view in every_view()
        if not route.startswith(OF_API) and (asked := permission_of(view)) not in (None, OPEN)
    ]


def test_every_view_names_who_may_see_it(site: object) -> None:
    from onefunnel.web.site.access import OPEN, permission_of

    silent = [
        route
        for route, _, view in every_view()
        if permission_of(view) is None and not route.startswith(OF_API)
    ]
    assert silent == []
    opened = {route for route, _, view in every_view() if permission_of(view) == OPEN}
    doors = ("enter/", "account/", "health", "metrics", OF_API)
    assert [route for route in opened if not route.startswith(doors)] == []


@pytest.mark.parametrize("role", Role)
def test_the_cast_at_every_address(role: Role, signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(role)
    asked = guarded_views()
    assert len(asked) > 30
    for path, permission in asked:
        for method in (client.get, client.post):
            answer = method(path)
            assert answer.status_code < 500, (path, answer.status_code)
            if role.may(permission):
                continue
            assert answer.status_code == 403, (path, answer.status_code)


@pytest.mark.parametrize("role", Role)
def test_the_cast_at_the_pages_of_the_navigation(
    role: Role, signed_in: Callable[[Role], Client]
) -> None:
    from django.urls import reverse

    from onefunnel.web.site.navigation import GROUPS

    client = signed_in(role)
    for entry in (entry for group in GROUPS for entry in group):
        answer = client.get(reverse(entry.name))
        assert answer.status_code == (200 if role.may(entry.asks) else 403), entry.name


def test_a_stranger_is_sent_to_the_door_everywhere(stranger: Client) -> None:
    for path, _ in guarded_views():
        for method in (stranger.get, stranger.post):
            answer = method(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/enter/login/?next=/"), path


def test_who_has_left_may_do_nothing() -> None:
    from onefunnel.store.models import Person

    gone = Person(email="a@b.example", role=Role.DIRECTOR, is_active=False)
    assert not any(gone.may(permission) for permission in Permission)


@pytest.mark.parametrize("path", ["/audit/?subject=%00", "/leads/?channel=a%00", "/find/?q=%00"])
def test_the_character_nul_is_refused_kindly(
    path: str, signed_in: Callable[[Role], Client]
) -> None:
    answer = signed_in(Role.DIRECTOR).get(path)
    assert answer.status_code == 400
    assert "NUL" in answer.text
