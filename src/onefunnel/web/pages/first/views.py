"""The door: coming in by a link, choosing a language before one is signed in."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from onefunnel.errors import UsageError
from onefunnel.store.models import Invitation, Person
from onefunnel.web.locale import LANGUAGES
from onefunnel.web.pages.first import links
from onefunnel.web.pages.first.beginning import ZONE
from onefunnel.web.pages.first.forms import Joining
from onefunnel.web.pages.first.guesses import language_in
from onefunnel.web.site.access import open_page
from onefunnel.web.site.audit import write
from onefunnel.web.site.language import COOKIE, words_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
YEAR = 365 * 24 * 3600


@open_page
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Come in by a link: say who one is and choose a password, or only the password."""
    try:
        invitation = links.find(secret)
    except UsageError as error:
        return render(request, "door/gone.html", status=error.http_status)
    _greet(request)
    form = Joining(request.POST or None, known=invitation.person, initial=_known(invitation))
    form.taken = str(
        request.words.say("Somebody signs in with this address already.")  # type: ignore[attr-defined]
    )
    if request.method == "POST" and form.is_valid():
        person = _let_in(invitation, form.cleaned_data, request.words.language)  # type: ignore[attr-defined]
        login(request, person, backend=BACKEND)
        request.session[ZONE] = form.cleaned_data["zone"]
        return redirect("today")
    return render(request, "door/join.html", {"form": form, "invitation": invitation})


def _greet(request: HttpRequest) -> None:
    """Speak to the first one who comes in as their browser asks; nobody has chosen yet."""
    language = language_in(request.headers.get("Accept-Language", ""))
    if language and COOKIE not in request.COOKIES and not Person.objects.exists():
        request.words = words_in(language)  # type: ignore[attr-defined]
        translation.activate(language)


def _known(invitation: Invitation) -> dict[str, str]:
    return {"name": invitation.name, "email": invitation.email}


@transaction.atomic
def _let_in(invitation: Invitation, said: dict[str, str], language: str) -> Person:
    if not links.spend(invitation):
        raise UsageError("This link has been used.", remedy="Ask for another one.", code="link")
    person = invitation.person or Person(
        email=said["email"],
        name=said["name"],
        role=invitation.role,
        language=invitation.language or language,
        employee_id=invitation.employee_id,
    )
    person.set_password(said["password"])
    person.save()
    write(person, "password_set" if invitation.person else "joined", "person", str(person.pk))
    return person


@open_page
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages; kept for a person, and in a cookie for the door."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    if language in LANGUAGES:
        if isinstance(request.user, Person):
            Person.objects.filter(pk=request.user.pk).update(language=language)
        response.set_cookie(COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True)
    return response
