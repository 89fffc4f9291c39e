"""People are invited, given roles and let go; somebody who manages them always stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onefunnel.vocabulary import Role
from tests.web.site import CAST, PASSWORD

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ANA = {"name": "Ana", "email": "Ana@x.example", "role": "sales", "employee_id": ""}


def of(role: Role) -> Any:
    from onefunnel.store.models import Person

    return Person.objects.get(email=CAST[role])


def link_in(page: str) -> str:
    found = re.search(r'value="http://testserver(/enter/link/[\w-]+/)"', page)
    assert found is not None
    return found[1]


def test_an_invitation_lets_in_once_and_is_shown_once(
    signed_in: Callable[[Role], Client], stranger: Client
) -> None:
    from onefunnel.store.models import AuditLine, Invitation, Person

    director = signed_in(Role.DIRECTOR)
    made = director.post("/people/invite/", ANA)
    link = link_in(made.text)
    assert "No mail server is set, so hand the link over yourself." in made.text
    assert link not in director.get("/people/").text
    assert "ana@x.example" in director.get("/people/").text
    joined = stranger.post(link, {"name": "Ana", "email": "ana@x.example", "password": PASSWORD})
    assert joined.status_code == 302
    assert Person.objects.get(email="ana@x.example").role == "sales"
    assert stranger.get(link).status_code != 200
    assert not Invitation.objects.filter(used_at=None).exists()
    line = AuditLine.objects.get(action="invited")
    assert line.person == of(Role.DIRECTOR)


def test_a_second_invitation_replaces_the_first(signed_in: Callable[[Role], Client]) -> None:
    director = signed_in(Role.DIRECTOR)
    first = link_in(director.post("/people/invite/", ANA).text)
    second = link_in(director.post("/people/invite/", ANA).text)
    assert director.get(first).status_code != 200
    assert director.get(second).status_code == 200


def test_an_invitation_can_be_withdrawn(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import Invitation

    director = signed_in(Role.DIRECTOR)
    link = link_in(director.post("/people/invite/", ANA).text)
    number = Invitation.objects.get(email="ana@x.example").pk
    assert director.post(f"/people/links/{number}/withdraw/").status_code == 302
    assert director.get(link).status_code != 200


def test_an_address_that_is_taken_is_refused_beside_its_field(
    signed_in: Callable[[Role], Client],
) -> None:
    about = {**ANA, "email": CAST[Role.SALES].upper()}
    answer = signed_in(Role.DIRECTOR).post("/people/invite/", about)
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.text


def test_a_link_is_mailed_where_a_server_is_set(
    signed_in: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core import mail
    from django.test import override_settings

    from onefunnel.web.pages.people import mailing, views

    monkeypatch.setattr(mailing, "has_server", lambda: True)
    monkeypatch.setattr(views, "has_server", lambda: True)
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        page = signed_in(Role.DIRECTOR).post("/people/invite/", ANA).text
    assert "It was sent by mail too." in page
    (sent,) = mail.outbox
    assert sent.to == ["ana@x.example"]
    assert link_in(page) in sent.body


def test_a_mail_server_that_fails_is_said(
    signed_in: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from onefunnel.web.pages.people import mailing, views

    def fails(*_: object) -> int:
        raise OSError("no route")

    monkeypatch.setattr(mailing, "send_mail", fails)
    monkeypatch.setattr(views, "has_server", lambda: True)
    page = signed_in(Role.DIRECTOR).post("/people/invite/", ANA).text
    assert "The mail server did not take it" in page
    assert link_in(page)


def test_who_gets_another_role_is_signed_out_at_once(signed_in: Callable[[Role], Client]) -> None:
    person = of(Role.ANALYST)
    analyst = signed_in(Role.ANALYST)
    assert analyst.get("/imports/").status_code == 200
    about = {f"p{person.pk}-role": "employee", f"p{person.pk}-employee_id": ""}
    assert signed_in(Role.DIRECTOR).post(f"/people/{person.pk}/", about).status_code == 302
    assert analyst.get("/imports/").status_code == 302
    assert of(Role.ANALYST).role == "employee"


def test_whose_account_is_closed_is_signed_out_at_once(
    signed_in: Callable[[Role], Client],
) -> None:
    from onefunnel.store import tokens

    person = of(Role.ANALYST)
    analyst = signed_in(Role.ANALYST)
    found = analyst.post("/account/tokens/", {"token-name": "a", "token-days": "30"}).text
    secret = re.search(r'value="(of_[\w-]+)"', found)
    assert secret is not None
    director = signed_in(Role.DIRECTOR)
    link = link_in(director.post(f"/people/{person.pk}/password/").text)
    assert director.post(f"/people/{person.pk}/close/").status_code == 302
    assert analyst.get("/account/").headers["Location"].startswith("/enter/login/")
    assert director.get(link).status_code != 200
    # Opened again, neither the old session nor the old token comes back to life.
    assert director.post(f"/people/{person.pk}/open/").status_code == 302
    assert analyst.get("/account/").status_code == 302
    assert tokens.person_of(secret[1]) is None


def test_the_session_of_an_inactive_person_is_refused(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import Person

    client = signed_in(Role.SALES)
    Person.objects.filter(email=CAST[Role.SALES]).update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_who_is_inactive_can_not_sign_in(site: object, stranger: Client) -> None:
    from onefunnel.store.models import Person

    person = of(Role.SALES)
    person.set_password(PASSWORD)
    person.is_active = False
    person.save()
    about = {"login": person.email, "password": PASSWORD}
    answer = stranger.post("/enter/login/", about)
    assert answer.headers.get("Location", "/enter/inactive/") == "/enter/inactive/"
    assert stranger.get("/").status_code == 302
    assert Person.objects.filter(pk=person.pk, is_active=False).exists()


def test_the_last_director_keeps_the_role(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import Person

    director = of(Role.DIRECTOR)
    client = signed_in(Role.DIRECTOR)
    about = {f"p{director.pk}-role": "sales", f"p{director.pk}-employee_id": ""}
    answer = client.post(f"/people/{director.pk}/", about)
    assert answer.status_code == 422
    assert "This is the last director." in answer.text
    assert of(Role.DIRECTOR).role == "director"
    Person.objects.filter(email=CAST[Role.SALES]).update(role="director")
    assert client.post(f"/people/{director.pk}/", about).status_code == 302
    assert of(Role.DIRECTOR).role == "sales"


def test_nobody_closes_the_own_account(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import Person

    Person.objects.filter(email=CAST[Role.SALES]).update(role="director")
    director = of(Role.DIRECTOR)
    answer = signed_in(Role.DIRECTOR).post(f"/people/{director.pk}/close/")
    assert answer.status_code == 422
    assert of(Role.DIRECTOR).is_active


def test_an_inactive_director_is_no_other_director(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import Person

    Person.objects.filter(email=CAST[Role.SALES]).update(role="director", is_active=False)
    director = of(Role.DIRECTOR)
    about = {f"p{director.pk}-role": "sales", f"p{director.pk}-employee_id": ""}
    assert signed_in(Role.DIRECTOR).post(f"/people/{director.pk}/", about).status_code == 422


def test_a_lost_second_factor_is_turned_off(signed_in: Callable[[Role], Client]) -> None:
    from allauth.mfa.models import Authenticator

    person = of(Role.SALES)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    director = signed_in(Role.DIRECTOR)
    assert "Turn the second factor off" in director.get("/people/").text
    assert director.post(f"/people/{person.pk}/factor/").status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()


def test_an_employee_of_the_records_is_named(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.web.pages.people.employees import employees

    identifier, employee = next(iter(employees().items()))
    person = of(Role.SALES)
    director = signed_in(Role.DIRECTOR)
    about = {f"p{person.pk}-role": "sales", f"p{person.pk}-employee_id": identifier}
    assert director.post(f"/people/{person.pk}/", about).status_code == 302
    assert employee.name in signed_in(Role.SALES).get("/account/").text


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.DIRECTOR])
def test_only_the_director_manages_people(role: Role, signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(role)
    number = of(Role.SALES).pk
    for address in ("invite/", f"{number}/", f"{number}/close/", f"{number}/password/"):
        assert client.post(f"/people/{address}", {}).status_code == 403
