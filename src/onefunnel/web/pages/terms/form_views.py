"""Terms by form: the commonest pay plan, and the typed ranges."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from onefunnel.errors import InputError
from onefunnel.measures.incentives.ranges import ranges_of
from onefunnel.pay import reading
from onefunnel.vocabulary import Permission, Terms
from onefunnel.vocabulary.terms import INCENTIVES
from onefunnel.web.locale import Words
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.terms.edit_views import may_see, previewed
from onefunnel.web.pages.terms.faults import said_wrong
from onefunnel.web.pages.terms.plan_form import (
    SPARE,
    Known,
    PlanForm,
    blank,
    file_name,
    known,
)
from onefunnel.web.pages.terms.ranges_form import RangesForm
from onefunnel.web.site import current
from onefunnel.web.site.access import page
from onefunnel.workflows.terms import current_terms


@page(Permission.TERMS)
def plan(request: HttpRequest) -> HttpResponse:
    """A pay plan as a form; posted: what it would change."""
    may_see(request, "pay/")
    workspace, name = current.workspace(), request.GET.get("name", "")
    standing = current_terms(workspace)
    found = _known(standing, name) if name else None
    if name and found is None:
        return redirect(_as_text(name))
    today = workspace.settings.calendar.local_day(workspace.clock())
    shown = found or blank(workspace.settings.currency, today)
    words: Words = request.words  # type: ignore[attr-defined]
    if request.method != "POST":
        form = PlanForm(words=words, members=shown.members, initial=dict(shown.initial))
        return _plan_shown(request, form, name)
    rows = sum(key.startswith("employee_") for key in request.POST)
    form = PlanForm(request.POST, words=words, members=rows or SPARE)
    if not form.is_valid():
        return _plan_shown(request, form, name, 422)
    wanted = name or file_name(form.cleaned_data["name"])
    text = form.file()
    try:
        reading.read(text, wanted)
    except InputError as error:
        form.add_error(None, said_wrong(error, words))
        return _plan_shown(request, form, name, 422)
    return previewed(request, standing, wanted, text)


def _known(standing: Terms, name: str) -> Known | None:
    """What the form shows of a file; None where the file says more. Http404: no such file."""
    text = standing.text(name)
    if text is None or not name.startswith("pay/"):
        raise Http404
    try:
        return known(reading.read(text, name))
    except InputError:
        return None


def _plan_shown(request: HttpRequest, form: PlanForm, name: str, status: int = 200) -> HttpResponse:
    staff = sorted((each.name, key) for key, each in employees().items())
    return render(
        request, "terms/plan.html", {"form": form, "name": name, "staff": staff}, status=status
    )


@page(Permission.TERMS)
def ranges(request: HttpRequest) -> HttpResponse:
    """The typed ranges as a form; posted: what they would change."""
    standing = current_terms(current.workspace())
    try:
        kept = ranges_of(standing)
    except InputError:
        return redirect(_as_text(INCENTIVES))
    about: dict[str, Any] = {"words": request.words, "kept": kept}  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "terms/ranges.html", {"form": RangesForm(**about)})
    form = RangesForm(request.POST, **about)
    if not form.is_valid():
        return render(request, "terms/ranges.html", {"form": form}, status=422)
    return previewed(request, standing, INCENTIVES, form.file())


def _as_text(name: str) -> str:
    """Where a file is changed as text."""
    return f"{reverse('terms_file')}?{urlencode({'name': name})}"
