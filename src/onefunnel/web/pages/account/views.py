"""One's own name, language, password, second factor and tokens."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from onefunnel.store import tokens
from onefunnel.store.models import Person, Token
from onefunnel.vocabulary import Permission
from onefunnel.web.pages.account.forms import NewToken, Profile
from onefunnel.web.pages.people.employees import named
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import COOKIE


@page(Permission.OWN_ACCOUNT)
def account(request: HttpRequest) -> HttpResponse:
    """The own account; posted: the name and the language."""
    person, words = person_of(request), request.words  # type: ignore[attr-defined]
    known = {"name": person.name, "language": person.language}
    form = Profile(request.POST or None, words=words, initial=known)
    if request.method == "POST" and form.is_valid():
        person.name, person.language = form.cleaned_data["name"], form.cleaned_data["language"]
        person.save(update_fields=["name", "language"])
        note(request, "account_changed", "person", str(person.pk))
        messages.success(request, words.say("Saved."))
        response = redirect("account")
        response.delete_cookie(COOKIE)
        return response
    return _shown(request, person, profile=form)


@page(Permission.TOKENS)
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """A new token; its secret is on this answer only."""
    person = person_of(request)
    form = NewToken(request.POST, words=request.words)  # type: ignore[attr-defined]
    if not form.is_valid():
        return _shown(request, person, token=form)
    valid_for = timedelta(days=form.cleaned_data["days"])
    made, secret = tokens.make(person, form.cleaned_data["name"], valid_for)
    note(request, "token_made", "token", str(made.pk), days=form.cleaned_data["days"])
    return _shown(request, person, secret=secret)


@page(Permission.TOKENS)
@require_POST
def revoke_token(request: HttpRequest, number: int) -> HttpResponse:
    """Take one of the own tokens back."""
    token = get_object_or_404(Token, pk=number, person=person_of(request))
    tokens.revoke([token])
    note(request, "token_revoked", "token", str(token.pk))
    words = request.words  # type: ignore[attr-defined]
    messages.success(request, words.say("The token is revoked."))
    return redirect("account")


def _shown(
    request: HttpRequest,
    person: Person,
    *,
    profile: Profile | None = None,
    token: NewToken | None = None,
    secret: str = "",
) -> HttpResponse:
    words = request.words  # type: ignore[attr-defined]
    known = {"name": person.name, "language": person.language}
    factors = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP)
    about: dict[str, Any] = {
        "profile": profile or Profile(words=words, initial=known),
        "new_token": token or NewToken(words=words),
        "secret": secret,
        "second_factor": factors.first(),
        "employee": named(person.employee_id),
        "tokens": _tokens(person),
        "now": timezone.now(),
    }
    wrong = (profile is not None and profile.errors) or (token is not None and token.errors)
    return render(request, "account/account.html", about, status=422 if wrong else 200)


def _tokens(person: Person) -> list[Token]:
    if not person.may(Permission.TOKENS):
        return []
    return list(Token.objects.filter(person=person, revoked_at=None).order_by("-made_at"))
