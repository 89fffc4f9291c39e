"""Threads of comments: read, written, withdrawn; who is mentioned in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from markupsafe import Markup

from onefunnel.errors import UsageError
from onefunnel.store.models import Mention, Person, Remark
from onefunnel.web.locale import Words
from onefunnel.web.pages.remarks.subjects import Subject, readers
from onefunnel.web.site import current
from onefunnel.workflows.computed import ledger_version

LONGEST = 4_000
SHOWN = 100
MOST_SAME = 500


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A comment: who wrote it when, its lines, whom it mentions, whether the reader wrote it."""

    number: int
    author: str
    role: str
    when: Markup
    text: str
    withdrawn: bool
    mentions: Sequence[str]
    own: bool
    version: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments on a subject, the latest of them, and whom one may mention."""

    subject: Subject
    remarks: Sequence[RemarkView]
    count: int
    people: Sequence[Person]


def thread(subject: Subject, person: Person, words: Words) -> Thread:
    """The comments on a subject; to have been shown them is to have read their mentions."""
    about = Remark.objects.filter(
        subject_kind=subject.kind, subject_id__in=subject.same[:MOST_SAME]
    )
    latest = about.order_by("-written_at", "-pk").select_related("author")
    found = list(latest.prefetch_related("mentions__person")[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else about.count()
    shown = found[:SHOWN][::-1]
    read([each.pk for each in shown], person)
    people = [each for each in readers(subject.kind) if each.pk != person.pk]
    return Thread(subject, [view(each, person, words) for each in shown], count, people)


def read(remarks: Iterable[int], person: Person) -> None:
    """A person has seen these comments: mentions in them wait no longer."""
    unread = Mention.objects.filter(remark__in=list(remarks), person=person, read_at=None)
    if unread.exists():
        unread.update(read_at=timezone.now())


def view(remark: Remark, person: Person, words: Words) -> RemarkView:
    """A comment as a page shows it."""
    withdrawn = remark.withdrawn_at is not None
    return RemarkView(
        number=remark.pk,
        author=remark.author.name,
        role=remark.author.role,
        when=words.instant(remark.written_at),
        text=remark.text,
        withdrawn=withdrawn,
        mentions=[] if withdrawn else [each.person.name for each in remark.mentions.all()],
        own=remark.author.pk == person.pk and not withdrawn,
        version=words.figures.count(remark.ledger_version),
    )


def add(subject: Subject, text: str, mentioned: Iterable[str], author: Person) -> Remark:
    """Write a comment, and mention people in it, by number or by ``@`` and their name.

    UsageError where it is empty or too long. Who may not read it is not mentioned.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise UsageError("The comment is empty.", remedy="Write something, then send it again.")
    if len(text) > LONGEST:
        raise UsageError(f"The comment has {len(text)} letters.", remedy=f"{LONGEST} is the most.")
    wanted, folded = set(mentioned), text.casefold()
    people = [
        each
        for each in readers(subject.kind)
        if str(each.pk) in wanted or (each.name and f"@{each.name.casefold()}" in folded)
    ]
    with transaction.atomic():
        remark = Remark.objects.create(
            subject_kind=subject.kind,
            subject_id=subject.key,
            text=text,
            author=author,
            ledger_version=ledger_version(current.workspace()),
        )
        others = [each for each in people if each.pk != author.pk]
        Mention.objects.bulk_create([Mention(remark=remark, person=each) for each in others])
    return remark


def withdraw(remark: Remark) -> None:
    """Take a comment back: it keeps its place and loses its text, and mentions nobody."""
    with transaction.atomic():
        remark.mentions.all().delete()
        remark.text, remark.withdrawn_at = "", timezone.now()
        remark.save(update_fields=["text", "withdrawn_at"])
