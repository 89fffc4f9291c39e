"""Comments: a thread, one's own mentions, writing and withdrawing."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from onefunnel.store.models import Person, Remark
from onefunnel.vocabulary import Permission
from onefunnel.web.locale import Words
from onefunnel.web.pages.remarks import threads
from onefunnel.web.pages.remarks.subjects import ASKS, Subject, subject
from onefunnel.web.site.access import page, person_of
from onefunnel.web.site.audit import note

MENTIONS_SHOWN = 50


@page(Permission.FIGURES)
def remarks(request: HttpRequest) -> HttpResponse:
    """A thread to read (GET) or to write to (POST); without a subject, what mentions one."""
    person, words = person_of(request), _words(request)
    if request.method == "POST":
        return _write(request, person, words)
    if "kind" not in request.GET:
        return _mentions(request, person, words)
    about = subject(request.GET["kind"], request.GET.get("id", ""), person, words)
    if about.kind in ("lead", "customer"):
        note(request, "seen", about.kind, about.key)
    return _shown(request, about, person, words)


@page(Permission.FIGURES)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one's own comment back."""
    person, words = person_of(request), _words(request)
    remark = Remark.objects.filter(pk=number).first()
    if remark is None:
        raise Http404
    if remark.author_id != person.pk or not person.may(ASKS[remark.subject_kind]):
        raise PermissionDenied
    if remark.withdrawn_at is None:
        threads.withdraw(remark)
        note(request, "withdrew_comment", remark.subject_kind, remark.subject_id)
    about = subject(remark.subject_kind, remark.subject_id, person, words)
    return _after(request, about, person, words)


def _write(request: HttpRequest, person: Person, words: Words) -> HttpResponse:
    about = subject(request.POST.get("kind", ""), request.POST.get("id", ""), person, words)
    mentioned = request.POST.getlist("mention")
    threads.add(about, request.POST.get("text", ""), mentioned, person)
    note(request, "commented", about.kind, about.key)
    return _after(request, about, person, words)


def _after(request: HttpRequest, about: Subject, person: Person, words: Words) -> HttpResponse:
    """The thread as it is now: the part alone to htmx, else the page it stands on."""
    if request.headers.get("HX-Request"):
        shown = threads.thread(about, person, words)
        return render(request, "remarks/thread.html", {"thread": shown, "level": "h2"})
    return redirect(f"{about.address}#thread")


def _shown(request: HttpRequest, about: Subject, person: Person, words: Words) -> HttpResponse:
    beside = request.headers.get("HX-Target") == "panel"
    shown = threads.thread(about, person, words)
    values = {"thread": shown, "title": about.title(words)}
    return render(request, "remarks/panel.html" if beside else "remarks/remarks.html", values)


def _mentions(request: HttpRequest, person: Person, words: Words) -> HttpResponse:
    """The comments that mention somebody, latest first; unread ones are marked, then read."""
    kinds = [kind for kind, asks in ASKS.items() if person.may(asks)]
    mine = Remark.objects.filter(mentions__person=person, withdrawn_at=None, subject_kind__in=kinds)
    latest = mine.order_by("-written_at", "-pk").select_related("author")
    found = list(latest.prefetch_related("mentions__person")[:MENTIONS_SHOWN])
    unread = {
        each.pk
        for each in found
        if any(m.person_id == person.pk and m.read_at is None for m in each.mentions.all())
    }
    listed = [
        {
            "remark": threads.view(each, person, words),
            "subject": Subject(each.subject_kind, each.subject_id, (each.subject_id,)),
            "unread": each.pk in unread,
        }
        for each in found
    ]
    threads.read(unread, person)
    return render(request, "remarks/mentions.html", {"listed": listed})


def _words(request: HttpRequest) -> Words:
    words: Words = request.words  # type: ignore[attr-defined]
    return words
