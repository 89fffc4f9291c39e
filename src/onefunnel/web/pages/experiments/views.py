"""What experiments showed, beside what a model says; one recorded; how large one must be."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from onefunnel.errors import InputError
from onefunnel.measures.attribution import recording
from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.attribution.calibrated import PEOPLE
from onefunnel.measures.attribution.recorded import Experiment
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission, Terms
from onefunnel.vocabulary.terms import EXPERIMENTS
from onefunnel.web.jobs.questions import look_up
from onefunnel.web.jobs.reachable import look_up as look_up_records
from onefunnel.web.pages.experiments import plan, records
from onefunnel.web.pages.experiments.content import MEASURE, content, question_of, untried
from onefunnel.web.pages.experiments.form import (
    FIELDS,
    ROWS,
    START,
    ExperimentForm,
    file_name,
    known,
    rows_of,
)
from onefunnel.web.pages.months import looking
from onefunnel.web.pages.terms.edit_views import previewed
from onefunnel.web.pages.terms.faults import said_wrong
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.language import words_of
from onefunnel.workflows.computed import ledger_version
from onefunnel.workflows.terms import current_terms

Broken = list[tuple[str, str]]
"""Files that can't be read, each with what is wrong."""


@page(Permission.FIGURES)
def experiments(request: HttpRequest) -> HttpResponse:
    """All experiments beside the model, or what they wait for; and the planner."""
    workspace, words = current.workspace(), words_of(request)
    standing = current_terms(workspace)
    found, broken = _read(standing, request)
    context = {**_head(request), "broken": broken, "recorded": bool(found)}
    wanted = {name: (MEASURE, each) for name, each in map(question_of, found)}
    answers = look_up(workspace, {} if broken else wanted, person_of(request))
    if answers.missing:
        return looking.waiting(request, EXPERIMENTS, answers, context)
    given = {name: each.answer for name, each in answers.found.items()}
    model = agreed_of(standing).model
    context["views"] = content(found, given, model, words)
    context["untried"] = untried(found, given, model, words)
    context |= {} if broken else _from_records(request, context["asked"])
    if context["looking"] and request.headers.get("HX-Request"):
        return looking.waiting(request, EXPERIMENTS, context["looking"], context)
    whole, part = (f"{EXPERIMENTS}/{name}.html" for name in (EXPERIMENTS, "whole"))
    return looking.shown(request, whole, part, context)


def _read(standing: Terms, request: HttpRequest) -> tuple[list[Experiment], Broken]:
    """The experiments in force, and the files that can't be read."""
    found, broken = [], []
    for name, text in standing.under(EXPERIMENTS):
        try:
            found.append(recording.read(text, name))
        except InputError as error:
            broken.append((name, said_wrong(error, words_of(request))))
    return found, broken


def _from_records(request: HttpRequest, asked: plan.Asked) -> dict[str, Any]:
    """What the records say where it is named what would be tried, or the job to wait for."""
    words = words_of(request)
    if asked.tried is None:
        return {}
    known = look_up_records(current.workspace(), asked.tried, person_of(request))
    if isinstance(known, Job):
        return {"looking": known, "say": words.say("Looking who met it in the last full months.")}
    asked = records.filled(asked, known)
    plan.check(asked, words)
    told = records.records(asked, known, words)
    return {"asked": asked, "records": told, "planned": plan.planned(asked, words)}


def _head(request: HttpRequest) -> dict[str, Any]:
    """What stands on the page whether answers are there or not."""
    words = words_of(request)
    asked = plan.read(request.GET.dict(), words)
    return {
        "waiting": None,
        "failure": None,
        "looking": None,
        "say": "",
        "address": request.get_full_path(),
        "records": None,
        "asked": asked,
        "planned": plan.planned(asked, words),
        "offered": plan.offered(words),
        "people": words.figures.count(PEOPLE),
        "version": words.figures.count(ledger_version(current.workspace())),
    }


@page(Permission.TERMS)
def record(request: HttpRequest) -> HttpResponse:
    """An experiment as a form; posted: what its file would change."""
    workspace, words = current.workspace(), words_of(request)
    standing, name = current_terms(workspace), request.GET.get("name", "")
    try:
        kept = _kept(standing, name)
    except InputError:
        return redirect(f"{reverse('terms_file')}?{urlencode({'name': name})}")
    if request.method != "POST":
        initial, rows = (known(kept), rows_of(kept)) if kept else (START, ROWS)
        return _asked(request, ExperimentForm(words=words, regions=rows, initial=initial), name)
    rows = sum(key.startswith("region_") for key in request.POST)
    form = ExperimentForm(request.POST, words=words, regions=rows or ROWS)
    if not form.is_valid():
        return _asked(request, form, name, 422)
    today = workspace.settings.calendar.local_day(workspace.clock())
    wanted = name or file_name(form.cleaned_data["name"], today)
    if not name and standing.text(wanted) is not None:
        form.add_error("name", words.say("There is an experiment of this name."))
        return _asked(request, form, name, 422)
    text = form.file()
    try:
        recording.read(text, wanted)
    except InputError as error:
        key = FIELDS.get(error.place.column or "", error.place.column)
        form.add_error(key if key in form.fields else None, said_wrong(error, words))
        return _asked(request, form, name, 422)
    return previewed(request, standing, wanted, text)


def _kept(standing: Terms, name: str) -> Experiment | None:
    """The experiment of a file; None for a new one. Http404: no such file. InputError."""
    if not name:
        return None
    text = standing.text(name)
    if text is None or not name.startswith(f"{EXPERIMENTS}/"):
        raise Http404
    return recording.read(text, name)


def _asked(
    request: HttpRequest, form: ExperimentForm, name: str, status: int = 200
) -> HttpResponse:
    about = {"form": form, "name": name}
    return render(request, f"{EXPERIMENTS}/record.html", about, status=status)
