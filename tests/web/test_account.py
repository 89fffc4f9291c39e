"""One's own account: name, language, password, second factor, tokens, and the way in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from onefunnel.vocabulary import Role
from onefunnel.workflows.workspace import Workspace
from tests.web.site import CAST, PASSWORD


def test_the_name_and_the_language_are_ones_own(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import AuditLine, Person

    client = signed_in(Role.EMPLOYEE)
    answer = client.post("/account/", {"name": "Ana", "language": "ro"})
    assert answer.status_code == 302
    person = Person.objects.get(email=CAST[Role.EMPLOYEE])
    assert (person.name, person.language) == ("Ana", "ro")
    assert AuditLine.objects.filter(action="account_changed", person=person).count() == 1
    assert 'lang="ro"' in client.get("/account/").text


def test_an_empty_name_is_refused_beside_its_field(signed_in: Callable[[Role], Client]) -> None:
    answer = signed_in(Role.EMPLOYEE).post("/account/", {"name": "", "language": ""})
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.text
    assert 'aria-describedby="id_name_error"' in answer.text


def test_a_token_is_shown_once_and_lets_its_person_in(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store import tokens
    from onefunnel.store.models import Token

    client = signed_in(Role.ANALYST)
    answer = client.post("/account/tokens/", {"token-name": "notebook", "token-days": "30"})
    found = re.search(r'value="(of_[\w-]+)"', answer.text)
    assert found is not None
    assert found[1] not in client.get("/account/").text
    token = Token.objects.get()
    assert token.digest != found[1]
    person = tokens.person_of(found[1])
    assert person is not None
    assert person.email == CAST[Role.ANALYST]
    token.refresh_from_db()
    assert token.used_at is not None
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert tokens.person_of(found[1]) is None


def test_nobody_revokes_the_token_of_another(signed_in: Callable[[Role], Client]) -> None:
    from onefunnel.store.models import Token

    signed_in(Role.ANALYST).post("/account/tokens/", {"token-name": "a", "token-days": "30"})
    token = Token.objects.get()
    answer = signed_in(Role.DIRECTOR).post(f"/account/tokens/{token.pk}/revoke/")
    assert answer.status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_token_dies_with_its_time_and_with_its_person(site: object) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from onefunnel.store import tokens
    from onefunnel.store.models import Person, Token

    person = Person.objects.get(email=CAST[Role.ANALYST])
    token, secret = tokens.make(person, "x", timedelta(days=30))
    assert tokens.person_of(secret) == person
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert tokens.person_of(secret) is None
    Person.objects.filter(pk=person.pk).update(is_active=True)
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert tokens.person_of(secret) is None
    assert tokens.person_of("of_nonsense") is None


def test_an_employee_has_no_tokens(signed_in: Callable[[Role], Client]) -> None:
    client = signed_in(Role.EMPLOYEE)
    assert "/account/tokens/" not in client.get("/account/").text
    answer = client.post("/account/tokens/", {"token-name": "a", "token-days": "30"})
    assert answer.status_code == 403


@pytest.fixture
def with_password(site: object) -> None:
    from django.core.cache import cache

    from onefunnel.store.models import Person

    person = Person.objects.get(email=CAST[Role.DIRECTOR])
    person.set_password(PASSWORD)
    person.save()
    cache.clear()


def sign_in(client: Client, password: str = PASSWORD) -> object:
    about = {"login": CAST[Role.DIRECTOR], "password": password, "remember": "on"}
    return client.post("/enter/login/", about)


def code_now(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def again(client: Client) -> None:
    """Show once more who one is."""
    about = {"password": PASSWORD, "next": "/account/"}
    assert client.post("/enter/again/", about).headers["Location"] == "/account/"


def turn_on(client: Client) -> list[str]:
    """Turn the second factor on as a person does; the recovery codes."""
    again(client)
    page = client.get("/account/second-factor/activate/")
    assert page.status_code == 200
    assert "data:image/svg+xml;base64," in page.text
    secret = client.session["mfa.totp.secret"]
    assert secret in page.text
    wrong = client.post("/account/second-factor/activate/", {"code": "000000"})
    assert 'id="id_code_error"' in wrong.text
    done = client.post("/account/second-factor/activate/", {"code": code_now(secret)})
    assert done.headers["Location"] == "/account/recovery-codes/"
    codes = client.get("/account/recovery-codes/").text
    client.session_secret = secret  # type: ignore[attr-defined]
    return re.findall(r"<li><code>([^<]+)</code>", codes)


def test_the_whole_way_with_a_second_factor(with_password: None, stranger: Client) -> None:
    from django.core.cache import cache

    from onefunnel.store.models import AuditLine

    assert sign_in(stranger).headers["Location"] == "/"  # type: ignore[attr-defined]
    codes = turn_on(stranger)
    assert len(codes) == 10
    secret = stranger.session_secret  # type: ignore[attr-defined]
    assert stranger.get("/account/second-factor/").status_code == 200
    download = stranger.get("/account/recovery-codes/download/")
    assert download.content.decode().split() == codes
    assert download.headers["Content-Type"].startswith("text/plain")
    assert stranger.get("/enter/logout/").status_code == 200
    stranger.post("/enter/logout/")

    cache.clear()
    assert sign_in(stranger).headers["Location"] == "/enter/code/"  # type: ignore[attr-defined]
    assert stranger.get("/").status_code == 302
    page = stranger.get("/enter/code/")
    assert page.status_code == 200
    assert stranger.post("/enter/code/", {"code": "000000"}).status_code == 200
    assert stranger.post("/enter/code/", {"code": code_now(secret)}).headers["Location"] == "/"
    assert stranger.get("/").status_code == 200
    stranger.post("/enter/logout/")

    sign_in(stranger)
    assert stranger.post("/enter/code/", {"code": codes[0]}).headers["Location"] == "/"
    stranger.post("/enter/logout/")
    sign_in(stranger)
    assert stranger.post("/enter/code/", {"code": codes[0]}).status_code == 200
    assert stranger.get("/").status_code == 302
    assert stranger.post("/enter/code/", {"code": codes[1]}).status_code == 302

    again(stranger)
    assert stranger.get("/account/recovery-codes/new/").status_code == 200
    assert stranger.post("/account/recovery-codes/new/").status_code == 302
    assert codes[2] not in stranger.get("/account/recovery-codes/").text
    assert stranger.get("/account/second-factor/deactivate/").status_code == 200
    assert stranger.post("/account/second-factor/deactivate/").status_code == 302
    assert "Turn on" in stranger.get("/account/second-factor/").text
    actions = set(AuditLine.objects.values_list("action", flat=True))
    assert {"signed_in", "signed_out", "code_failed", "second_factor_off"} <= actions
    assert "recovery_code_used" in actions


def test_wrong_codes_are_limited(with_password: None, stranger: Client) -> None:
    sign_in(stranger)
    codes = turn_on(stranger)
    stranger.post("/enter/logout/")
    sign_in(stranger)
    said = [stranger.post("/enter/code/", {"code": "000000"}).text for _ in range(7)]
    assert "Too many tries" not in said[0]
    assert "Too many tries" in said[-1]
    # By then the right one is refused too.
    assert stranger.post("/enter/code/", {"code": codes[0]}).status_code == 200
    assert stranger.get("/").status_code == 302


def test_wrong_passwords_are_limited(with_password: None, stranger: Client) -> None:
    said = [sign_in(stranger, "wrong") for _ in range(6)]
    assert "is not right" in said[0].text  # type: ignore[attr-defined]
    assert "Too many tries" in said[-1].text  # type: ignore[attr-defined]
    assert sign_in(stranger).status_code == 200  # type: ignore[attr-defined]


def test_a_flood_of_sign_ins_is_refused_in_our_look(with_password: None, stranger: Client) -> None:
    said = [sign_in(stranger, "wrong").status_code for _ in range(31)]  # type: ignore[attr-defined]
    assert said[-1] == 429
    page = stranger.post("/enter/login/", {"login": "a@b.example", "password": "x"})
    assert "Too many tries" in page.text
    assert "onefunnel.css" in page.text


def test_the_password_is_changed_and_the_session_goes_on(
    with_password: None, stranger: Client
) -> None:
    sign_in(stranger)
    assert stranger.get("/account/password/").status_code == 200
    about = {"oldpassword": "wrong", "password1": "a", "password2": "b"}
    refused = stranger.post("/account/password/", about)
    assert "This is not the present password." in refused.text
    new = "nine herons over Cluj"
    about = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert stranger.post("/account/password/", about).headers["Location"] == "/account/"
    assert stranger.get("/account/").status_code == 200
    stranger.post("/enter/logout/")
    assert sign_in(stranger, new).headers["Location"] == "/"  # type: ignore[attr-defined]


def test_a_failed_sign_in_is_noted_without_an_unknown_address(
    with_password: None, stranger: Client
) -> None:
    from onefunnel.store.models import AuditLine

    stranger.post("/enter/login/", {"login": "my-secret@x.example", "password": "x"})
    sign_in(stranger, "wrong")
    lines = list(AuditLine.objects.filter(action="sign_in_failed").order_by("pk"))
    assert [line.person is None for line in lines] == [True, False]
    assert all("my-secret" not in f"{line.subject_id} {line.detail}" for line in lines)


@pytest.mark.parametrize(
    "address",
    ["/enter/login/", "/enter/inactive/", "/enter/logout/", "/enter/again/", "/enter/code/"],
)
def test_pages_of_the_door(address: str, with_password: None, stranger: Client) -> None:
    assert stranger.get(address).status_code in (200, 302)
    sign_in(stranger)
    assert stranger.get(address).status_code in (200, 302)


def test_before_a_change_one_shows_who_one_is(
    with_password: None, signed_in: Callable[[Role], Client]
) -> None:
    client = signed_in(Role.DIRECTOR)
    asked = client.get("/account/second-factor/activate/")
    assert asked.headers["Location"].startswith("/enter/again/")
    page = client.get(asked.headers["Location"])
    assert page.status_code == 200
    refused = client.post(asked.headers["Location"], {"password": "wrong"})
    assert "This is not the present password." in refused.text
    about = {"password": PASSWORD, "next": "/account/second-factor/activate/"}
    passed = client.post(asked.headers["Location"], about)
    assert passed.headers["Location"] == "/account/second-factor/activate/"
    assert client.get("/account/second-factor/activate/").status_code == 200


def test_two_workspaces_on_one_host_do_not_share_a_sign_in(site: Workspace) -> None:
    """A browser sends a cookie to every port of its host; after a restart it has the same name."""
    from onefunnel.web.site.secrets import Secrets
    from onefunnel.web.site.values import values

    def names(key: str) -> list[str]:
        found = values(site, Secrets(key, "token"))
        return [found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]]

    assert names("one") == names("one")
    assert not set(names("one")) & set(names("two"))
    assert all("one" not in name.removeprefix("onefunnel") for name in names("one"))
