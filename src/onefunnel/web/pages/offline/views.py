"""The page of offline conversions: what a platform is told, why the rest is not, and the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.telling import NAMES, ToldValue
from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import Answers, ask_rows, look
from onefunnel.web.locale import Words
from onefunnel.web.pages.funnel import page as of_funnel
from onefunnel.web.pages.funnel.answers import known_until
from onefunnel.web.pages.funnel.views import days_of, filters_of
from onefunnel.web.pages.offline import content
from onefunnel.web.pages.offline.asking import CHANGED, Wanted, read
from onefunnel.web.report.context import FIRST_TABLES
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.computed import kept_rows
from onefunnel.workflows.encoded import Computed
from onefunnel.workflows.returning import MEASURE, File

TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
Found = Sequence[Mapping[str, Any]]


@page(Permission.RECORDS)
def conversions(request: HttpRequest) -> HttpResponse:
    """The page, or what it waits for; asked by htmx only what changed."""
    wanted = _wanted(request)
    if "was" in request.GET:
        # The form was sent: its address, without what was left empty, is one to share.
        return redirect(wanted.address())
    held = known_until(current.workspace(), person_of(request))
    if not isinstance(held, Job) and held.is_empty and wanted.filters.as_of is None:
        return render(request, "funnel/empty.html", {"first_tables": FIRST_TABLES})
    file = wanted.file(current.workspace().settings.currency)
    found = _found(request, wanted, file)
    if isinstance(found, Job):
        return _waiting(request, wanted, found)
    wanted, answer, rows = found
    note(request, "seen", "conversions", wanted.address(), rows=len(rows))
    context = {**_form(request, wanted), **_shown(request, wanted, file, answer, rows)}
    if not request.headers.get("HX-Request"):
        return render(request, "offline/conversions.html", context)
    part = render(request, "offline/whole.html", context)
    part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#whole", "innerHTML"
    return part


@page(Permission.RECORDS)
def file(request: HttpRequest) -> HttpResponseBase:
    """The file; where it is not worked out yet, the page that waits for it."""
    wanted, changed = _wanted(request), bool(request.GET.get(CHANGED))
    asked = wanted.file(current.workspace().settings.currency, adjustments=changed)
    found = _found(request, wanted, asked)
    if isinstance(found, Job):
        return redirect(wanted.address())
    wanted, answer, rows = found
    told = asked.text(rows)
    number = len(rows) - asked.left_out(rows)
    note(request, "exported", "conversions", request.GET.urlencode(), rows=number)
    response = StreamingHttpResponse(_bytes(told), TYPES[asked.ending])
    version = answer.answer.ledger_version
    name = f"{wanted.platform.value}-{wanted.of.value}-{asked.figure}-{version}.{asked.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _wanted(request: HttpRequest) -> Wanted:
    return read(request.GET.dict(), filters_of(request, current.workspace()), words_of(request))


def _found(
    request: HttpRequest, wanted: Wanted, file: File
) -> tuple[Wanted, Computed, Found] | Job:
    """What is asked with its days, the counts and the rows; or the job that works them out."""
    workspace, person = current.workspace(), person_of(request)
    held = known_until(workspace, person)
    if isinstance(held, Job):
        return held
    wanted = replace(wanted, filters=days_of(wanted.filters, held, workspace))
    answer = look(workspace, MEASURE, wanted.asked(), person)
    if isinstance(answer, Job):
        return answer
    wanted_rows = wanted.rows(file, answer.answer.ledger_version)
    table = kept_rows(workspace, wanted_rows)
    if table is None:
        return ask_rows(workspace, wanted_rows, person)
    return wanted, answer, table.to_pylist()


def _shown(
    request: HttpRequest, wanted: Wanted, file: File, found: Computed, rows: Found
) -> dict[str, Any]:
    words, answer = words_of(request), found.answer
    row = next(
        each
        for each in answer.rows
        if (each.platform, each.of) == (wanted.platform.value, wanted.of.value)
    )
    version, left_out = answer.ledger_version, file.left_out(rows)
    takes = [each for each in rows if not file.left_out([each])]
    adjusts = row.to_adjust and wanted.platform is not Platform.META
    return {
        "platforms": [content.PLATFORMS[each] for each in Platform],
        "platform": content.PLATFORMS[wanted.platform],
        "fates": content.fates(answer, wanted.of, words),
        "conversions": row.conversions,
        "returned": row.returned,
        "left_out": left_out,
        "in_file": len(takes),
        "lines": content.preview(file, takes, words),
        "valued": wanted.value is not ToldValue.NONE,
        "limit": words.say(content.LIMITS[wanted.platform]),
        "upload": words.say(content.UPLOADS[wanted.platform]),
        "called": file.told.name,
        "download": wanted.file_address(version),
        "adjust": wanted.file_address(version, adjustments=True) if adjusts else "",
        "to_adjust": row.to_adjust,
        "notes": content.said(answer, words),
        "period": words.period(found.question),
        "version": words.figures.count(version),
        "now": words.instant(found.question.now),
    }


def _form(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    """What can be chosen, and what is."""
    words: Words = words_of(request)
    return {
        **of_funnel.form(wanted.filters, False, words),
        "platforms_offered": [
            (each.value, name, each is wanted.platform) for each, name in content.PLATFORMS.items()
        ],
        "kinds": content.options(content.KINDS, wanted.of, words),
        "values": content.options(content.VALUES, wanted.value, words),
        "name": wanted.name,
        "period_key": wanted.filters.period,
        "usual_name": NAMES[wanted.of],
        "waiting": None,
    }


def _waiting(request: HttpRequest, wanted: Wanted, job: Job) -> HttpResponse:
    """The head, the form and a part that asks again; of that, htmx is given the part."""
    context = {
        **_form(request, wanted),
        "waiting": job,
        "failure": Answers({}, (job,)).failed,
        "address": request.get_full_path(),
    }
    part = request.headers.get("HX-Request")
    return render(request, "offline/waiting.html" if part else "offline/conversions.html", context)


def _bytes(parts: Iterator[str]) -> Iterator[bytes]:
    return (part.encode() for part in parts)
