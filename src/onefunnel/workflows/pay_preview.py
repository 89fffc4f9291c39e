"""What other terms would have paid for the last month that is over, person by person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from onefunnel.intake import Progress
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.measures.payouts import query
from onefunnel.measures.payouts.assemble import assemble
from onefunnel.measures.payouts.plans import plan_files
from onefunnel.pay.periods import DAY, Period, month_of
from onefunnel.pay.plan import Member, Plan, PlanFile
from onefunnel.pay.reading import read_plan
from onefunnel.pay.writing import written
from onefunnel.vocabulary import Note, Question, Terms
from onefunnel.vocabulary.terms import PAY
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.put import Put
from onefunnel.workflows.terms import adopt, current_terms
from onefunnel.workflows.terms_files import check
from onefunnel.workflows.workspace import Workspace

GONE, NEW, REFUSED, PAID = "gone", "new", "refused", "paid"
BOOKED = ("booked", "closed")
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PayOf:
    """What somebody gets for the month under both terms, in one currency; None: paid by no plan.

    ``state``: ``paid`` under both, ``new`` and ``gone`` under one only, ``refused`` where the
    proposed terms lack something for them, such as a quota.
    """

    employee_id: str
    currency: str
    before: Decimal | None
    after: Decimal | None
    state: str


@dataclass(frozen=True, slots=True)
class PayDifference:
    """The month, everybody whom either terms pay, and the notes on the proposed ones.

    ``begins`` is the first day of the proposed plan where it lies after the month's first: then it
    was held as if it had begun with the month.
    """

    version: int
    month: str
    first: date
    after: date
    begins: date | None
    people: tuple[PayOf, ...]
    notes: tuple[Note, ...]


def pay_difference(
    workspace: Workspace, files: Mapping[str, str | None], progress: Progress
) -> PayDifference:
    """What the terms in force and those with other files pay for the last month that is over.

    Both as if no month were closed, with what is known today. A text of None removes a file.
    Raises InputError where a file can't be read, UsageError where the plans can't stand together.
    """
    for name, text in files.items():
        if text is not None:
            check(name, text)
    standing = current_terms(workspace)
    adopt(workspace)

    def work(reader: Reader) -> PayDifference:
        put = Put(workspace, reader, Asked())
        month = last_month(put.question)
        proposed, begins = held_in(_with(standing, files), files, month)
        progress.step("terms in force", 0, 2)
        before = _paid(reader, put, standing, month)
        progress.step("terms proposed", 1, 2)
        after = _paid(reader, put, proposed, month)
        people, days = tuple(_people(before, after)), (month.first, month.after)
        return PayDifference(put.version, month.label, *days, begins, people, after.notes)

    return workspace.reading(work)


def last_month(question: Question) -> Period:
    """The last month of the calendar that is over by ``now``.

    >>> from datetime import UTC, datetime
    >>> last_month(Question(now=datetime(2024, 3, 15, tzinfo=UTC))).label
    '2024-02'
    """
    calendar = question.calendar
    return month_of(calendar, month_of(calendar, calendar.local_day(question.now)).first - DAY)


def _with(terms: Terms, files: Mapping[str, str | None]) -> Terms:
    together = {**dict(terms.files), **files}
    return Terms(tuple((name, text) for name, text in sorted(together.items()) if text is not None))


def held_in(
    terms: Terms, files: Mapping[str, str | None], month: Period
) -> tuple[Terms, date | None]:
    """Terms with each of some plans in force from the first day of a month on; when one begins.

    Versions of the same plan end the day before, or are left out where they begin later.
    """
    begins, texts = None, dict(terms.files)
    for name, text in files.items():
        if text is None or not name.startswith(f"{PAY}/"):
            continue
        content = read_plan(text, name)
        if content.plan.first <= month.first:
            continue
        begins = content.plan.first
        texts[name] = written(_begun(content, month.first))
        for other, its in terms.under(PAY):
            version = read_plan(its, other)
            if other != name and version.plan.name == content.plan.name:
                ended = _ended(version, month.first - DAY)
                texts.pop(other)
                texts |= {other: written(ended)} if ended is not None else {}
    return Terms(tuple(sorted(texts.items()))), begins


def _begun(content: PlanFile, first: date) -> PlanFile:
    plan = content.plan
    rows = (
        replace(row, first=first) if row.first == plan.first else row for row in content.members
    )
    return PlanFile(replace(plan, first=first), tuple(rows))


def _ended(content: PlanFile, last: date) -> PlanFile | None:
    plan = content.plan
    if plan.first > last:
        return None
    kept = [row for row in content.members if row.first <= last]
    rows = tuple(replace(row, last=min(row.last or last, last)) for row in kept)
    return PlanFile(replace(plan, last=min(plan.last or last, last)), rows)


Key = tuple[str, str]
"""An employee and a currency."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What terms pay by employee and currency, for whom something is refused, and the notes."""

    sums: Mapping[Key, Decimal]
    refused: frozenset[Key]
    notes: tuple[Note, ...]


def _paid(reader: Reader, put: Put, terms: Terms, month: Period) -> Paid:
    """What terms pay in a month, by employee and currency; with nothing for members without."""
    calendar = put.question.calendar
    start, end = (calendar.start_of_day(each) for each in (month.first, month.after))
    question = replace(put.question, now=end - MOMENT, start=start, end=end, terms=terms)
    asked = query.queries(put.facts, put.rules, question)
    collected = {name: reader.fetch(each) for name, each in asked.items()}
    collected |= {name: collected[name].slice(0, 0) for name in BOOKED}
    rows, notes = assemble(collected, put.rules, question)
    members = _members(question, month)
    sums = {key: Decimal(0) for keys in members.values() for key in sorted(keys)}
    for row in rows:
        key = (row.employee_id, row.currency)
        sums[key] = sums.get(key, Decimal(0)) + row.amount
    return Paid(sums, _refused(notes, members), notes)


def _members(question: Question, month: Period) -> dict[str, set[Key]]:
    """Whom each plan pays in a month."""
    found: dict[str, set[Key]] = {}
    for each in plan_files(question):
        for row in each.members:
            if _is_in(each.plan, month) and _is_in(row, month):
                found.setdefault(each.plan.name, set()).add((row.employee, each.plan.currency))
    return found


def _is_in(what: Plan | Member, month: Period) -> bool:
    return what.first < month.after and (what.last is None or month.first <= what.last)


def _people(before: Paid, after: Paid) -> Iterator[PayOf]:
    for key in sorted({*before.sums, *after.sums}):
        was, now = before.sums.get(key), after.sums.get(key)
        state = GONE if now is None else NEW if was is None else PAID
        if now is not None and key in after.refused:
            now, state = None, REFUSED
        yield PayOf(*key, None if key in before.refused else was, now, state)


def _refused(notes: Iterable[Note], members: Mapping[str, set[Key]]) -> frozenset[Key]:
    """Those for whom something could not be worked out: for one member, or for all of a plan."""
    found: set[Key] = set()
    for each in notes:
        if each.code.startswith("refused_") and "plan" in each.params:
            of_plan = members.get(str(each.params["plan"]), set())
            employee = each.params.get("employee")
            found |= {key for key in of_plan if employee in (None, key[0])}
    return frozenset(found)
