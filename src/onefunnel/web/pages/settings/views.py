"""The firm, and the funnel rules with a preview of what a change does."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from onefunnel.errors import InputError
from onefunnel.funnel.rules import Rules, default_text, load
from onefunnel.funnel.rules_text import Written, with_horizon, with_stage
from onefunnel.settings import change
from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission, Stage
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.pages.settings.comparison import comparison
from onefunnel.web.pages.settings.forms import Firm, Horizon, StageForm, Text, lists
from onefunnel.web.pages.settings.history import versions
from onefunnel.web.pages.settings.stages import stage_views
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.rules import current_rules, text_of


@page(Permission.RULES_PREVIEW)
def settings(request: HttpRequest) -> HttpResponse:
    """The firm, the rules of each stage, the versions of the rules."""
    return _shown(request)


@page(Permission.RULES)
@require_POST
def firm(request: HttpRequest) -> HttpResponse:
    """Change the settings of the firm."""
    form = _firm_form(request, request.POST)
    if not form.is_valid():
        return _shown(request, firm=form)
    kept, wanted = current.workspace().settings, form.wanted()
    changed = sorted(name for name, value in wanted.items() if value != getattr(kept, name))
    if changed:
        change(current.path(), **wanted)
        note(request, "settings_changed", "settings", "firm", changed=changed)
    messages.success(request, request.words.say("Saved."))  # type: ignore[attr-defined]
    return redirect("settings")


@page(Permission.RULES_PREVIEW)
@require_POST
def stage(request: HttpRequest, name: str) -> HttpResponse:
    """Propose other rules for a stage, and preview what they would change."""
    kept = _rules().of(Stage(name))
    words = request.words  # type: ignore[attr-defined]
    form = StageForm(request.POST, words=words, stage=kept)
    if not form.is_valid():
        return _shown(request, stage=form)
    return _previewed(request, with_stage(text_of(current.workspace()), form.wanted()))


@page(Permission.RULES_PREVIEW)
@require_POST
def horizon(request: HttpRequest) -> HttpResponse:
    """Propose another horizon."""
    form = Horizon(request.POST)
    if not form.is_valid():
        return _shown(request, horizon=form)
    text = text_of(current.workspace())
    return _previewed(request, with_horizon(text, form.cleaned_data["horizon_days"]))


@page(Permission.RULES_PREVIEW)
@require_POST
def text(request: HttpRequest) -> HttpResponse:
    """Propose a whole file; what can't be read is shown again with what is wrong and where."""
    form = Text(request.POST)
    form.full_clean()
    wanted = form.cleaned_data.get("text", "").replace("\r\n", "\n")
    try:
        return _previewed(request, Written(wanted, load(wanted)))
    except InputError as error:
        form.add_error("text", _where(request, error))
        return _shown(request, text=form)


@page(Permission.RULES_PREVIEW)
def preview(request: HttpRequest, job: UUID) -> HttpResponse:
    """What the proposed rules would change, once that is worked out."""
    found = get_object_or_404(Job, pk=job, kind="preview")
    about: dict[str, Any] = {"job": found, "text": found.parameters["text"]}
    about["anew"] = found.parameters["anew"]
    about["stale"] = (
        found.parameters["instead_of"] != current_rules(current.workspace()).content_hash
    )
    if found.state == State.DONE:
        about["compared"] = comparison(found.result, request.words)  # type: ignore[attr-defined]
    return render(request, "settings/preview.html", about)


@page(Permission.RULES)
@require_POST
def apply(request: HttpRequest, job: UUID) -> HttpResponse:
    """Put previewed rules into force."""
    found = get_object_or_404(Job, pk=job, kind="preview", state=State.DONE)
    person = person_of(request)
    asked = {name: found.parameters[name] for name in ("text", "instead_of")}
    made = enqueue("rules", {**asked, "person": person.pk}, person)
    return redirect("rules_applied", job=made.pk)


@page(Permission.RULES)
def applied(request: HttpRequest, job: UUID) -> HttpResponse:
    """How far it is; back to the settings when it is done."""
    found = get_object_or_404(Job, pk=job, kind="rules")
    if found.state != State.DONE:
        return render(request, "settings/applied.html", {"job": found})
    words = request.words  # type: ignore[attr-defined]
    version = words.figures.count(found.result["version"])
    said = words.say("The rules are in force from ledger version {version} on.", version=version)
    messages.success(request, said)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": "/settings/#versions"})
    return redirect("settings")


def _previewed(request: HttpRequest, wanted: Written) -> HttpResponse:
    workspace = current.workspace()
    words = request.words  # type: ignore[attr-defined]
    in_force = current_rules(workspace).content_hash
    if wanted.rules.content_hash == in_force:
        messages.info(request, words.say("These are the rules in force already."))
        return redirect("settings")
    about = {
        "text": wanted.text,
        "rules": wanted.rules.content_hash,
        "instead_of": in_force,
        "version": ledger_version(workspace),
        "anew": wanted.anew,
    }
    job = enqueue("preview", about, person_of(request))
    note(request, "rules_previewed", "rules", wanted.rules.content_hash)
    return redirect("rules_preview", job=job.pk)


def _shown(request: HttpRequest, **forms: Any) -> HttpResponse:
    workspace, words = current.workspace(), request.words  # type: ignore[attr-defined]
    rules, broken = _readable_rules(request)
    about = {
        "firm_form": forms.get("firm") or _firm_form(request),
        "lists": lists(words),
        "stages": stage_views(rules, words, forms.get("stage")) if rules else (),
        "horizon": forms.get("horizon")
        or Horizon(initial={"horizon_days": rules and rules.horizon_days}),
        "text": forms.get("text") or Text(initial={"text": text_of(workspace)}),
        "broken": broken,
        "versions": versions(workspace, words),
        "usual": default_text(),
    }
    return render(request, "settings/settings.html", about, status=422 if forms else 200)


def _firm_form(request: HttpRequest, data: Any = None) -> Firm:
    workspace = current.workspace()
    records = ledger_version(workspace) > 0
    words = request.words  # type: ignore[attr-defined]
    return Firm(data, words=words, kept=workspace.settings, records=records)


def _rules() -> Rules:
    return current_rules(current.workspace())


def _readable_rules(request: HttpRequest) -> tuple[Rules | None, str]:
    """The rules in force; None, and what is wrong, where the file can't be read."""
    try:
        return _rules(), ""
    except InputError as error:
        return None, _where(request, error)


def _where(request: HttpRequest, error: InputError) -> str:
    words = request.words  # type: ignore[attr-defined]
    about = f"{error.message} {error.remedy}".strip()
    if error.place.column:
        about = f"{error.place.column}: {about}"
    if error.place.line is None:
        return about
    at = words.figures.count(error.place.line)
    return str(words.say("Line {n}: {what}", n=at, what=about).unescape())
