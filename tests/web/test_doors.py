"""Every address has a door, and the fixed cast is asked at each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from onefunnel.vocabulary import Permission, Role


def every_view() -> Iterator[tuple[str, Any]]:
    from django.urls import get_resolver

    def walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, Any]]:
        for each in resolver.url_patterns:
            route = before + str(each.pattern)
            if isinstance(each, URLPattern):
                yield route, each.callback
            else:
                yield from walk(each, route)

    yield from walk(get_resolver(), "")


def test_every_view_names_who_may_see_it(site: object) -> None:
    from onefunnel.web.site.access import OPEN, permission_of

    silent = [
        route
        for route, view in every_view()
        if permission_of(view) is None and not route.startswith("api/")
    ]
    assert silent == []
    opened = {route for route, view in every_view() if permission_of(view) == OPEN}
    assert all(route.startswith(("enter/", "account/", "health", "metrics")) for route in opened)


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


def test_a_stranger_is_sent_to_the_door(stranger: Client) -> None:
    answer = stranger.get("/funnel/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/enter/login/?next=/funnel/"


def test_who_has_left_may_do_nothing() -> None:
    from onefunnel.store.models import Person

    gone = Person(email="a@b.example", role=Role.DIRECTOR, is_active=False)
    assert not any(gone.may(permission) for permission in Permission)
