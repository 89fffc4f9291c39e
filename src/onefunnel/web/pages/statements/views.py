"""One's own statement of pay, as a page and a file; everybody's for who may see it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from markupsafe import Markup

from onefunnel.measures.payouts.result import PayoutRow
from onefunnel.store.models import Job, Person
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs.questions import ask_rows
from onefunnel.web.locale import Words
from onefunnel.web.pages.leads.missing import NotOnRecord
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.statements import behind
from onefunnel.web.pages.statements.answers import Paid, look
from onefunnel.web.pages.statements.asked import what_if
from onefunnel.web.pages.statements.forms import NAMES, OneMoreForm
from onefunnel.web.pages.statements.notes import told
from onefunnel.web.pages.statements.overview import overview
from onefunnel.web.pages.statements.own import Own, latest
from onefunnel.web.pages.statements.statement import facts, month_views
from onefunnel.web.pages.statements.waiting import waiting
from onefunnel.web.pages.terms.plans import plan_in_words
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.workflows.computed import kept_rows
from onefunnel.workflows.formats import to_csv

CSV = "text/csv; charset=utf-8"
WAITING = "statements/waiting.html"


@page(Permission.OWN_PAY)
def statements(request: HttpRequest) -> HttpResponse:
    """One's own statement; who may see everybody's pay is shown the list of all."""
    person = person_of(request)
    if person.may(Permission.PAY):
        return _overview(request, person)
    if not person.employee_id:
        return render(request, "statements/nobody.html", {})
    return _statement(request, person, person.employee_id)


@page(Permission.PAY)
def of(request: HttpRequest, employee: str) -> HttpResponse:
    """Anybody's statement; that it was looked at is written down."""
    return _statement(request, person_of(request), employee)


@page(Permission.OWN_PAY)
def file(request: HttpRequest) -> HttpResponse:
    """One's own statement as CSV."""
    return _file(request, person_of(request).employee_id)


@page(Permission.PAY)
def file_of(request: HttpRequest, employee: str) -> HttpResponse:
    """Anybody's statement as CSV."""
    return _file(request, employee)


@page(Permission.OWN_PAY)
def rows(request: HttpRequest) -> HttpResponse:
    """The sales behind a line of one's own."""
    return _rows(request, person_of(request).employee_id, reverse("statements"))


@page(Permission.PAY)
def rows_of(request: HttpRequest, employee: str) -> HttpResponse:
    """The sales behind a line of anybody's."""
    return _rows(request, employee, reverse("statement_of", kwargs={"employee": employee}))


def _overview(request: HttpRequest, person: Person) -> HttpResponse:
    found = look(current.workspace(), person)
    if isinstance(found, Job):
        return waiting(request, found, WAITING)
    words = _words(request)
    answer = found.computed.answer
    note(request, "seen", "pay", "all", rows=len(answer.rows))
    about = {
        "shown": overview(answer.rows, found.closed, employees(), words),
        "notes": [told(each, words, all_of_it=True) for each in answer.notes],
        "own": person.employee_id,
        **_head(found, words),
    }
    return render(request, "statements/overview.html", about)


def _statement(request: HttpRequest, person: Person, employee: str) -> HttpResponse:
    found = look(current.workspace(), person)
    if isinstance(found, Job):
        return waiting(request, found, WAITING)
    words = _words(request)
    own = found.own(employee)
    is_own = employee == person.employee_id
    plain = is_own and not person.may(Permission.PAY)
    if not is_own:
        _check_known(own, words)
        note(request, "seen", "pay", employee, rows=len(own.lines))
    about = {
        "own": is_own,
        "name": person.name if is_own else _name(employee),
        "months": month_views(own, found.closed, words, _rows_address(employee, plain)),
        "facts": facts(own, found.closed, found.day, words),
        "notes": [told(each, words) for each in own.notes],
        "plans": [(plan.name, plan_in_words(plan, words)) for plan in latest(own.plans, found.day)],
        "file": _address("statement_file", employee, plain),
        "here": _address("statement", employee, plain),
        "everybody": reverse("statements") if person.may(Permission.PAY) else "",
        **_asked(request, own, found, words),
        **_head(found, words),
    }
    return render(request, "statements/statement.html", about)


def _asked(request: HttpRequest, own: Own, found: Paid, words: Words) -> dict[str, Any]:
    """The what-if: the form as it was sent, and the answer to it."""
    given = request.GET if any(name in request.GET for name in NAMES) else None
    plans = [plan for plan in own.plans if plan.runs_on(found.day)]
    form = OneMoreForm(given, words=words, plans=plans)
    one = form.one() if given is not None and form.is_valid() else None
    return {
        "form": form,
        "asked": what_if(own, found.day, words, one),
        "was_asked": one is not None,
    }


def _file(request: HttpRequest, employee: str) -> HttpResponse:
    found = look(current.workspace(), person_of(request))
    if isinstance(found, Job):
        return redirect("statements")
    own = found.own(employee)
    note(request, "exported", "pay", employee, rows=len(own.lines), format="csv")
    text = to_csv(replace(found.computed.answer, rows=own.lines, notes=()))
    name = f"statement-{found.version}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode(), content_type=CSV, headers=headers)


def _rows(request: HttpRequest, employee: str, back: str) -> HttpResponse:
    workspace, person, words = current.workspace(), person_of(request), _words(request)
    found = look(workspace, person)
    if isinstance(found, Job):
        return waiting(request, found, WAITING)
    own = found.own(employee)
    line = behind.line_of(own, request.GET)
    wanted = behind.wanted(line, found.version)
    table = kept_rows(workspace, wanted)
    if table is None:
        return waiting(request, ask_rows(workspace, wanted, person), WAITING)
    if employee != person.employee_id:
        note(request, "seen", "pay", employee, rows=len(table), line=behind.query(line))
    about = {
        "line": line,
        "back": back,
        "total": len(table),
        **behind.part(table, request.GET, own, line, words),
        **_head(found, words),
    }
    return render(request, "statements/rows.html", about)


def _head(found: Paid, words: Words) -> dict[str, Any]:
    return {
        "version": words.figures.count(found.version),
        "known_until": words.day(found.day),
        "unread": not found.whole,
        "no_plans": not found.files,
    }


def _check_known(own: Own, words: Words) -> None:
    """NotOnRecord for an employee of whom neither the records nor a plan know."""
    if not own.lines and not own.members and own.employee_id not in employees():
        named = Markup("<bdi>{}</bdi>").format(own.employee_id)
        raise NotOnRecord(words.say("{key} is not on record.", key=named))


def _name(employee: str) -> str:
    found = employees().get(employee)
    return found.name if found is not None else employee


def _address(name: str, employee: str, plain: bool) -> str:
    """One's own pages need no name in their address."""
    if plain:
        return reverse("statements" if name == "statement" else name)
    return reverse(f"{name}_of", kwargs={"employee": employee})


def _rows_address(employee: str, plain: bool) -> Callable[[PayoutRow], str]:
    address = _address("statement_rows", employee, plain)
    return lambda row: f"{address}?{behind.query(row)}"


def _words(request: HttpRequest) -> Words:
    words: Words = request.words  # type: ignore[attr-defined]
    return words
