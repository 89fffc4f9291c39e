"""Who saw and did what."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from onefunnel.store.models import AuditLine, Person
from onefunnel.vocabulary import Permission
from onefunnel.vocabulary.cells import guarded
from onefunnel.web.pages.audit.forms import Wanted
from onefunnel.web.pages.audit.names import ACTIONS, SUBJECTS, in_words
from onefunnel.web.site import current
from onefunnel.web.site.access import page
from onefunnel.web.site.audit import note

AT_ONCE = 100
COLUMNS = ("at", "person", "email", "action", "subject_kind", "subject_id", "detail")


@page(Permission.AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The log, newest first, a hundred lines a page."""
    form = _form(request)
    lines = _wanted(form)
    if (before := _number(request.GET.get("before"))) is not None:
        lines = lines.filter(pk__lt=before)
    else:
        note(request, "seen", "audit", **_said(form))
    found = list(lines[: AT_ONCE + 1])
    words = request.words  # type: ignore[attr-defined]
    asked = {name: value for name, value in form.data.items() if value and name != "before"}
    about = {
        "form": form,
        "lines": [_shown(line, words, form.people) for line in found[:AT_ONCE]],
        "export": f"?{urlencode(asked)}",
        "older": f"?{urlencode({**asked, 'before': found[AT_ONCE - 1].pk})}"
        if len(found) > AT_ONCE
        else "",
        "filtered": bool(asked),
    }
    return render(request, "audit/audit.html", about)


@page(Permission.AUDIT)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All lines that are asked for, as CSV."""
    form = _form(request)
    note(request, "exported", "audit", **_said(form))
    response = StreamingHttpResponse(_rows(_wanted(form)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _form(request: HttpRequest) -> Wanted:
    words = request.words  # type: ignore[attr-defined]
    people = Person.objects.order_by("name").values_list("pk", "name")
    used = AuditLine.objects.order_by().values_list("action", flat=True).distinct()
    actions = sorted((each, in_words(ACTIONS, each, words)) for each in used)
    return Wanted(request.GET, words=words, people=list(people), actions=actions)


def _wanted(form: Wanted) -> "QuerySet[AuditLine]":
    lines = AuditLine.objects.select_related("person").order_by("-pk")
    if not form.is_valid():
        return lines
    asked = form.cleaned_data
    if asked["person"]:
        lines = lines.filter(person_id=int(asked["person"]))
    if asked["action"]:
        lines = lines.filter(action=asked["action"])
    if asked["subject"]:
        lines = lines.filter(subject_id__icontains=asked["subject"])
    calendar = current.workspace().settings.calendar
    if asked["since"]:
        lines = lines.filter(at__gte=calendar.start_of_day(asked["since"]))
    if asked["until"]:
        lines = lines.filter(at__lt=calendar.start_of_day(_after(asked["until"])))
    return lines


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _said(form: Wanted) -> dict[str, Any]:
    """What was filtered by, for the line about this very look."""
    asked = {name: str(form.data[name]) for name in form.fields if form.data.get(name)}
    return {"asked": asked} if asked else {}


def _shown(line: AuditLine, words: Any, people: Mapping[str, str]) -> dict[str, Any]:
    subject = line.subject_id
    if line.subject_kind == "person":
        subject = people.get(subject, subject)
    return {
        "at": words.instant(line.at),
        "person": line.person.name if line.person else "",
        "action": in_words(ACTIONS, line.action, words),
        "kind": in_words(SUBJECTS, line.subject_kind, words) if line.subject_kind else "",
        "subject": subject,
        "detail": words.listed(
            f"{name}: {_plain(value)}" for name, value in line.detail.items() if value
        ),
    }


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _rows(lines: "QuerySet[AuditLine]") -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for line in lines.iterator(chunk_size=1000):
        yield writer.writerow([guarded(each) for each in _cells(line)])


def _cells(line: AuditLine) -> list[str]:
    person = (line.person.name, line.person.email) if line.person else ("", "")
    detail = json.dumps(line.detail, ensure_ascii=False) if line.detail else ""
    about = (line.action, line.subject_kind, line.subject_id, detail)
    return [line.at.isoformat(), *person, *about]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
