"""What was spent in a period, and which contacts agree with spend that says too little.

Expressions only.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from onefunnel.funnel.base import Base
from onefunnel.funnel.dimensions import month_label
from onefunnel.funnel.exchange import WIDE, with_amounts
from onefunnel.measures.acquisition.contacts import COLUMNS
from onefunnel.measures.periods import MOMENT, Period, label_of_day
from onefunnel.vocabulary import Month, Question

PATTERN = tuple(f"of_{name}" for name in (*COLUMNS, "month"))
"""What a row of spend says of itself, where it stands beside contacts that agree with it."""

BEFORE = timedelta(days=730)
"""How long before anything happened money can have been spent."""

SAID = tuple(f"says_{name}" for name in COLUMNS)
KEYS = tuple(f"key_{name}" for name in (*COLUMNS, "month"))


def spent(base: Base) -> ir.Table:
    """The spend on days of the period, in the question's currency.

    Columns: spend_id, day, channel, campaign, page, segment, cohort_month (see :func:`months_of`),
    amount (NULL where unknown) and priced, whether it has one in its own currency.
    """
    question, rows = base.question, base.facts["spend"]
    calendar = question.calendar
    rows = rows.filter(rows.day.notnull())
    if question.start is not None:
        rows = rows.filter(rows.day >= ibis.literal(calendar.local_day(question.start)))
    if question.end is not None:
        rows = rows.filter(rows.day < ibis.literal(calendar.local_day(question.end)))
    months = {each.label: Period(each.start, each.end) for each in months_of(question)}
    label = label_of_day(rows.day, months, calendar) if months else ibis.null("string")
    own = rows.select(
        *("spend_id", "currency", *COLUMNS),
        at=rows.day,
        cohort_month=label,
        priced=rows.amount.notnull(),
        amount=rows.amount.cast(WIDE),
    )
    found = with_amounts(own, base.facts["rate"], question.currency, ("amount",))
    return found.rename(day="at").drop("currency")


def months_of(question: Question) -> tuple[Month, ...]:
    """The months that spend can be of: those of the question, and two years before them.

    >>> from dataclasses import replace
    >>> from datetime import UTC, datetime
    >>> question = Question(datetime(2024, 6, 1, tzinfo=UTC))
    >>> may = question.calendar.month_of(datetime(2024, 5, 1).date())
    >>> found = months_of(replace(question, months=(may,)))
    >>> found[0].label, found[-1].label, len(found)
    ('2022-05', '2024-05', 25)
    """
    if not question.months:
        return ()
    first = question.months[0].start
    return (*question.calendar.months(first - BEFORE, first - MOMENT), *question.months)


def patterns(base: Base) -> ir.Table:
    """The sums of spend by all that it says, or by what is asked where nothing is to be shared out.

    Columns: those of :func:`said`, rows, amount (of what is known), and how many rows are
    without_amount and without_rate.
    """
    rows = spent(base)
    return rows.aggregate(
        by=list(said(base.question.by)),
        rows=rows.count(),
        amount=rows.amount.sum(),
        without_amount=rows.count(where=~rows.priced),
        without_rate=rows.count(where=rows.priced & rows.amount.isnull()),
    )


def said(by: tuple[str, ...]) -> tuple[str, ...]:
    """The columns by which spend must be known to answer a question.

    >>> said(("cohort_month",)), said(("page",))
    (('cohort_month',), ('channel', 'campaign', 'page', 'segment', 'cohort_month'))
    """
    return (*COLUMNS, "cohort_month") if set(by) & set(COLUMNS) else by


def agreeing(base: Base, contacts: ir.Table) -> ir.Table:
    """How many contacts agree with spend that lacks a dimension which is asked for.

    ``contacts`` have ``COLUMNS`` and at. Columns: ``PATTERN``, what the spend says; the question's
    dimensions of the contacts that agree with all of it, and their number ``n``. A column that the
    spend does not say agrees with any value; its month is always said.
    """
    asked = [name for name in base.question.by if name in COLUMNS]
    known = _keyed(spent(base).select(*COLUMNS, "cohort_month").distinct())
    lacking = known.filter(reduce(or_, [known[f"of_{name}"].isnull() for name in asked]))
    contacts = contacts.mutate(cohort_month=month_label(contacts["at"], base.question))
    counted = contacts.group_by(*COLUMNS, "cohort_month").aggregate(n=contacts.count())
    # Spend says few combinations of columns: the contacts are counted once, and seen by each.
    crossed = counted.cross_join(lacking.select(*SAID).distinct())
    fitting = crossed.filter(
        *[
            (crossed[says] == 0) | crossed[name].notnull()
            for says, name in zip(SAID, COLUMNS, strict=True)
        ]
    )
    seen = fitting.mutate(
        **{
            f"key_{name}": ibis.ifelse(fitting[f"says_{name}"] == 1, fitting[name], "")
            for name in COLUMNS
        },
        key_month=fitting.cohort_month.fill_null(""),
    )
    summed = seen.group_by(*SAID, *KEYS, *base.question.by).aggregate(n=seen.n.sum())
    joined = lacking.inner_join(summed, [*SAID, *KEYS])
    return joined.select(*PATTERN, *base.question.by, n=joined.n.cast("int64"))


def _keyed(rows: ir.Table) -> ir.Table:
    """What spend says, which columns it says (1 or 0), and keys without NULL."""
    one, none = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    return rows.select(
        **{f"of_{name}": rows[name] for name in COLUMNS},
        of_month=rows.cohort_month,
        **{f"says_{name}": rows[name].notnull().ifelse(one, none) for name in COLUMNS},
        **{f"key_{name}": rows[name].fill_null("") for name in COLUMNS},
        key_month=rows.cohort_month.fill_null(""),
    )
