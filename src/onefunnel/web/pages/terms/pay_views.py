"""What a proposed plan would have paid last month, person by person, before it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from markupsafe import Markup

from onefunnel.store.models import Job
from onefunnel.vocabulary import Permission
from onefunnel.web.jobs import pay_preview as jobs
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.people.employees import employees
from onefunnel.web.pages.statements.amounts import Amounts
from onefunnel.web.pages.statements.notes import told
from onefunnel.web.pages.statements.waiting import waiting
from onefunnel.web.pages.terms.edit_views import may_see
from onefunnel.web.site import current
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note
from onefunnel.web.site.language import words_of
from onefunnel.workflows.pay_preview import GONE, NEW, REFUSED, PayDifference, PayOf
from onefunnel.workflows.staff import Employee
from onefunnel.workflows.terms_files import check

STATES: Mapping[str, str] = {
    GONE: N_("no longer paid by any plan"),
    NEW: N_("not paid until now"),
    REFUSED: N_("can't be worked out: a quota or target pay is missing"),
}
WAITING = "terms/pay_waiting.html"


@dataclass(frozen=True, slots=True)
class PaidView:
    """Somebody, or everybody in one currency: pay before and after, the change, what to know."""

    name: str
    before: str
    after: str
    change: str
    state: Markup


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """The month, the lines of persons, the sums by currency, and what to know."""

    month: Markup
    people: tuple[PaidView, ...]
    sums: tuple[PaidView, ...]
    begins: str
    notes: tuple[Markup, ...]


@page(Permission.TERMS)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have the pay under a previewed plan worked out."""
    name = request.POST.get("name", "")
    _may(request, name)
    text = None if "remove" in request.POST else _plain(request.POST.get("text", ""))
    if text is not None:
        check(name, text)
    found = jobs.look(current.workspace(), {name: text}, person_of(request))
    if isinstance(found, PayDifference):
        return _shown(request, found, name)
    return redirect("terms_paid", job=found.pk)


@page(Permission.TERMS)
def paid(request: HttpRequest, job: UUID) -> HttpResponse:
    """The pay under a previewed plan, once it is worked out."""
    asked = get_object_or_404(Job, pk=job, kind=jobs.KIND)
    for name in asked.parameters["files"]:
        _may(request, name)
    found = jobs.kept(current.workspace(), asked.parameters)
    if found is None:
        return waiting(request, asked, WAITING)
    return _shown(request, found, ", ".join(asked.parameters["files"]))


def _may(request: HttpRequest, name: str) -> None:
    if not person_of(request).may(Permission.PAY):
        raise PermissionDenied
    may_see(request, name)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _shown(request: HttpRequest, found: PayDifference, name: str) -> HttpResponse:
    words = words_of(request)
    note(request, "seen", "pay", f"preview {name}", rows=len(found.people))
    view = difference_view(found, employees(), words)
    return render(request, "terms/pay.html", {"view": view, "name": name})


def difference_view(
    found: PayDifference, staff: Mapping[str, Employee], words: Words
) -> DifferenceView:
    """Persons by the size of their change, those first who lose most.

    The sums leave out those for whom something can't be worked out.
    """
    ordered = sorted(found.people, key=lambda each: (_change(each), each.employee_id))
    notes = dict.fromkeys(told(each, words, all_of_it=True) for each in found.notes)
    return DifferenceView(
        words.days(found.first, found.after),
        tuple(_person(each, staff, words) for each in ordered),
        tuple(_sum(currency, found.people, words) for currency in _currencies(found.people)),
        words.day(found.begins) if found.begins else "",
        tuple(notes),
    )


def _person(each: PayOf, staff: Mapping[str, Employee], words: Words) -> PaidView:
    known = staff.get(each.employee_id)
    was, now, change = _figures(each.before, each.after, each.currency, words)
    shown = "" if each.state == REFUSED else change
    state = words.say(STATES[each.state]) if each.state in STATES else Markup("")
    return PaidView(known.name if known else each.employee_id, was, now, shown, state)


def _sum(currency: str, people: Iterable[PayOf], words: Words) -> PaidView:
    mine = [each for each in people if each.currency == currency and each.state != REFUSED]
    before, after = (
        sum((getattr(each, name) or Decimal(0) for each in mine), Decimal(0))
        for name in ("before", "after")
    )
    return PaidView(currency, *_figures(before, after, currency, words), Markup(""))


def _figures(
    before: Decimal | None, after: Decimal | None, currency: str, words: Words
) -> tuple[str, str, str]:
    amounts = Amounts.of(words, currency)
    was, now = ("" if each is None else amounts.money(each) for each in (before, after))
    change = (after or Decimal(0)) - (before or Decimal(0))
    return was, now, words.figures.plus(amounts.money(change), change)


def _change(each: PayOf) -> Decimal:
    return (each.after or Decimal(0)) - (each.before or Decimal(0))


def _currencies(people: Iterable[PayOf]) -> list[str]:
    return sorted({each.currency for each in people})
