"""Files of terms as text: proposed, previewed, put into force, removed."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onefunnel.errors import InputError, UsageError
from onefunnel.measures.scorecard.agreed import faults
from onefunnel.store.models import Job
from onefunnel.store.models.jobs import State
from onefunnel.vocabulary import Permission, Terms
from onefunnel.vocabulary.terms import PAY
from onefunnel.web.jobs.queue import enqueue
from onefunnel.web.locale import Words
from onefunnel.web.pages.terms.documents import changes
from onefunnel.web.pages.terms.faults import said_wrong, translated
from onefunnel.web.pages.terms.views import reader_of
from onefunnel.web.report.notes import view
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.terms_files import check, place_of

LONGEST = 1_000_000
AROUND = 3
"""Lines that are shown before and after the one that is wrong."""


class FileForm(forms.Form):
    """A file of terms; without a place it goes where its content says."""

    name = forms.CharField(max_length=120, widget=forms.TextInput({"dir": "ltr"}))
    text = forms.CharField(
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea({"rows": 24, "dir": "ltr", "spellcheck": "false", "class": "toml"}),
    )


@page(Permission.TERMS)
def file(request: HttpRequest) -> HttpResponse:
    """A file as text; posted: what it would change."""
    standing = current_terms(current.workspace())
    name = request.GET.get("name", "")
    may_see(request, name)
    if request.method != "POST":
        text = standing.text(name)
        if name and text is None:
            raise Http404
        form = FileForm(initial={"name": name, "text": text or ""})
        return render(request, "terms/file.html", {"form": form, "name": name, "wrong": ()})
    form = FileForm(request.POST)
    if not form.is_valid():
        return _again(request, form, name, ())
    text = form.cleaned_data["text"].replace("\r\n", "\n")
    words: Words = request.words  # type: ignore[attr-defined]
    try:
        wanted = _place(name or form.cleaned_data["name"].strip(), text)
        check(wanted, text)
    except InputError as error:
        line, said = error.place.line, said_wrong(error, words)
        if line is not None:
            at = words.figures.count(line)
            said = words.say("Line {n}: {what}", n=at, what=said).unescape()
        form.add_error("text", said)
        return _again(request, form, name, around(text, line))
    except UsageError as error:
        told = (translated(each, words) for each in (error.message, error.remedy))
        form.add_error("name", " ".join(told))
        return _again(request, form, name, ())
    may_see(request, wanted)
    return previewed(request, standing, wanted, text)


def may_see(request: HttpRequest, name: str) -> None:
    """The file of a pay plan names whom it pays: it is for who sees everybody's pay."""
    if name.startswith(f"{PAY}/") and not person_of(request).may(Permission.PAY):
        raise PermissionDenied


def _place(name: str, text: str) -> str:
    """The whole name of a file; one without a folder gets that of its content."""
    plain = name if name.endswith(".toml") else f"{name}.toml"
    return plain if "/" in plain else place_of(text, plain)


def around(text: str, line: int | None) -> tuple[tuple[int, str, bool], ...]:
    """The lines about one that is wrong: number, text, whether it is that one."""
    if line is None:
        return ()
    rows = text.splitlines()
    first, last = max(line - AROUND, 1), min(line + AROUND, len(rows))
    return tuple((at, rows[at - 1], at == line) for at in range(first, last + 1))


def _again(request: HttpRequest, form: FileForm, name: str, wrong: Any) -> HttpResponse:
    about = {"form": form, "name": name, "wrong": wrong}
    return render(request, "terms/file.html", about, status=422)


def previewed(request: HttpRequest, standing: Terms, name: str, text: str | None) -> HttpResponse:
    """What a file, or its removal, would change, to be put into force or left."""
    reader = reader_of(request)
    before = standing.text(name)
    words: Words = request.words  # type: ignore[attr-defined]
    if before == text:
        messages.info(request, words.say("These are the terms in force already."))
        return redirect("terms")
    old = None if before is None else reader.document(name, before)
    new = None if text is None else reader.document(name, text)
    about = {
        "name": name,
        "text": text,
        "old": old,
        "new": new,
        "changes": changes(old, new),
        "faults": [view(each, words).text for each in faults(standing, {name: text})],
        "instead_of": standing.digest,
    }
    return render(request, "terms/preview.html", about)


@page(Permission.TERMS)
def remove(request: HttpRequest) -> HttpResponse:
    """What the removal of a file would change."""
    name = request.GET.get("name", "")
    may_see(request, name)
    standing = current_terms(current.workspace())
    if standing.text(name) is None:
        raise Http404
    return previewed(request, standing, name, None)


@page(Permission.TERMS)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Put previewed files into force, or remove one."""
    person, files = person_of(request), _posted(request)
    for name, text in files.items():
        may_see(request, name)
        if text is not None:
            check(name, text)
    about = {"files": files, "instead_of": request.POST.get("instead_of", "")}
    job = enqueue("terms", {**about, "person": person.pk}, person)
    return redirect("terms_applied", job=job.pk)


def _posted(request: HttpRequest) -> dict[str, str | None]:
    """The files that a preview sent, by name; None is to be removed."""
    names = request.POST.getlist("name") or [""]
    if "remove" in request.POST:
        return {names[0]: None}
    texts = request.POST.getlist("text") or [""]
    return {n: t.replace("\r\n", "\n") for n, t in zip(names, texts, strict=False)}


@page(Permission.TERMS)
def applied(request: HttpRequest, job: UUID) -> HttpResponse:
    """How far it is; back to the terms when it is done."""
    found = get_object_or_404(Job, pk=job, kind="terms")
    if found.state != State.DONE:
        return render(request, "terms/applied.html", {"job": found})
    words: Words = request.words  # type: ignore[attr-defined]
    version = words.figures.count(found.result["version"])
    said = words.say("The terms are in force from ledger version {version} on.", version=version)
    messages.success(request, said)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("terms")})
    return redirect("terms")
