"""The first run: what the firm is set to, then the sample company or files of one's own."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from onefunnel import settings
from onefunnel.store.models import AuditLine, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.locale import Words
from onefunnel.web.pages.first.forms import Firm
from onefunnel.web.pages.first.guesses import guess
from onefunnel.web.site import current
from onefunnel.web.site.access import page
from onefunnel.web.site.audit import note
from onefunnel.workflows import sample

INTRODUCED, CONFIRMED = "introduced", "settings_confirmed"
ZONE = "zone"
"""Where a session keeps the time zone that its browser shows."""


def is_due(user: object) -> bool:
    """Whether somebody is to be led through the first run: the director, until done or skipped."""
    if not isinstance(user, Person) or not user.may(Permission.RULES):
        return False
    if not sample.holds_nothing(current.workspace()):
        return False
    return not AuditLine.objects.filter(action=INTRODUCED).exists()


class Beginning:
    """Leads from Today to the first run while it is due."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, values: Any
    ) -> HttpResponse | None:
        """Go to the first run, where somebody asks for Today and it is due."""
        match = request.resolver_match
        if match and match.url_name == "today" and is_due(request.user):
            return redirect("first")
        return None


@page(Permission.RULES)
def firm(request: HttpRequest) -> HttpResponse:
    """Say, or only confirm, what the firm is set to."""
    words: Words = request.words  # type: ignore[attr-defined]
    form = Firm(words, request.POST or None, initial=_probably(request))
    if request.method == "POST" and form.is_valid():
        settings.change(current.path(), **form.cleaned_data)
        note(request, CONFIRMED, "settings")
        return redirect("first_records")
    return render(request, "first/firm.html", {"form": form})


@page(Permission.RULES)
def records(request: HttpRequest) -> HttpResponse:
    """Choose: the sample company, or files of one's own."""
    empty = sample.holds_nothing(current.workspace())
    return render(request, "first/records.html", {"empty": empty})


@page(Permission.RULES)
@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """Leave the first run; it does not come by itself again."""
    introduce(request)
    return redirect("today")


def introduce(request: HttpRequest) -> None:
    """Write down that the first run is over."""
    note(request, INTRODUCED)


def _probably(request: HttpRequest) -> dict[str, str]:
    """What the form shows first: the settings once somebody confirmed them, else guesses."""
    kept = current.workspace().settings
    named = {each: getattr(kept, each) for each in Firm.base_fields}
    named["name"] = kept.name or current.path().name
    if AuditLine.objects.filter(action=CONFIRMED).exists():
        return named
    accepted = request.headers.get("Accept-Language", "")
    words: Words = request.words  # type: ignore[attr-defined]
    guessed = guess(accepted, str(request.session.get(ZONE, "")), words.language)
    fresh = settings.Settings(workspace_id=kept.workspace_id)
    # What somebody wrote into the settings already is no guess.
    written = {name for name in asdict(guessed) if getattr(kept, name) != getattr(fresh, name)}
    return named | {name: each for name, each in asdict(guessed).items() if name not in written}
