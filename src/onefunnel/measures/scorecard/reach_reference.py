"""What somebody did in a month, in plain Python, record after record."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from onefunnel.funnel.reference.company import between
from onefunnel.measures.scorecard.plan import Scorecard
from onefunnel.measures.scorecard.told_reference import (
    PURCHASE,
    Books,
    is_in,
    leads_of,
    lines_of,
    sellers_of,
)
from onefunnel.vocabulary import Month

TRIED = ("attempted", "connected")


def attempts(books: Books, card: Scorecard, month: Month) -> int:
    """How often those of a scorecard tried to reach a lead."""
    whose = sellers_of(books, card)
    tried = [row for row in books.company.dated["handoff"] if row["kind"] in TRIED]
    mine = [row for row in tried if whose is None or row["actor"] in whose]
    return sum(is_in(row["at"], month) for row in mine)


def first_attempts(books: Books, card: Scorecard, month: Month) -> tuple[int, int]:
    """The leads of the month that they were the first to try to reach, and after how many seconds.

    Where two tried at the same instant, both were the first.
    """
    whose = sellers_of(books, card)
    waits = [
        between(lead, first)
        for lead, first, actors in _first(books, month)
        if whose is None or actors & whose
    ]
    return len(waits), sum(waits)


def _first(books: Books, month: Month) -> Iterator[tuple[datetime, datetime, set[str]]]:
    tried = defaultdict(list)
    for row in books.company.dated["handoff"]:
        if row["kind"] in TRIED:
            tried[row["lead_id"]].append((row["at"], row["actor"]))
    for lead in leads_of(books, month):
        after = [each for each in tried[lead["lead_id"]] if each[0] >= lead["at"]]
        if after:
            first = min(at for at, _ in after)
            yield lead["at"], first, {actor for at, actor in after if at == first}


def entered(books: Books, card: Scorecard, month: Month) -> int:
    """Their customers of the month who entered the stage purchase in it."""
    customers = {each.entity for each in lines_of(books, card, month)}
    entries = books.company.entries
    return sum(is_in(entries[each][PURCHASE], month) for each in customers if each in entries)
