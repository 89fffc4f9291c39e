"""Contacts, spend and customers of a period in plain Python, one after the other."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from onefunnel.funnel.reference.company import EPOCH, Company, Record
from onefunnel.funnel.reference.money import convert_on, lines
from onefunnel.measures.attribution.agreed import Shared, agreed_of
from onefunnel.vocabulary import Stage
from onefunnel.vocabulary.apportioning import apportioned, money

Values: TypeAlias = tuple[str | None, ...]
Contact: TypeAlias = dict[str, Any]
"""A touch, a lead, a customer or a row of spend with the five dimensions."""

COLUMNS = ("channel", "campaign", "page", "segment")
PURCHASE = Stage.PURCHASE
TWO_YEARS = timedelta(days=730)


class Plain:
    """A company's contacts, spend and customers of the period."""

    def __init__(self, company: Company) -> None:
        self.company, self.question = company, company.question
        self.touches = [self.touch(row) for row in company.records["touch"] if self.is_ours(row)]
        self.leads = [self.lead(row) for row in company.dated["lead"] if self.within(row["at"])]
        self.spend = self.spent()
        self.customers = self.came()
        self.lines = lines(company)

    def within(self, instant: datetime | None) -> bool:
        """Whether an instant is in the period."""
        return self.company.in_period(instant)

    # What a contact says of itself.

    def is_ours(self, touch: Record) -> bool:
        """Whether it is a touch of marketing, or of no named department, in the period."""
        contact = touch["kind"] != "self_report" and self.within(touch["occurred_at"])
        return contact and touch["department"] in (None, "marketing")

    def touch(self, row: Record) -> Contact:
        """A touch with the segment of its party and its own month."""
        entity = self.company.codes.get(row["party_id"])
        segment = None if entity is None else self.company._party_segment(entity)
        month = self.company.month(row["occurred_at"])
        return {**row, "segment": segment, "cohort_month": month}

    def lead(self, row: Record) -> Contact:
        """A lead with its segment, its month, and how sales answered last."""
        segment = row["segment"]
        if segment is None:
            segment = self.company._party_segment(row["entity"])
        answers = [
            step
            for step in self.company.records["handoff"]
            if step["lead_id"] == row["lead_id"] and step["kind"] in ("accepted", "rejected")
        ]
        dated = [step for step in answers if step["occurred_at"] is not None] or answers
        last = max(dated, key=_when, default=None)
        return {
            **row,
            "segment": segment,
            "cohort_month": self.company.month(row["at"]),
            "answer": last and last["kind"],
            "reason": last and last["reason"],
        }

    def spent(self) -> list[Contact]:
        """The rows of spend, each with its amount in the question's currency, or None."""
        question, found = self.question, []
        calendar = question.calendar
        for row in self.company.records["spend"]:
            day = row["day"]
            if day is None or not self.within_days(day):
                continue
            start, months = calendar.start_of_day(day), question.months
            known = months and months[0].start - TWO_YEARS <= start < months[-1].end
            own = None if row["amount"] is None else Fraction(row["amount"])
            found.append(
                {
                    **row,
                    "amount": convert_on(self.company, own, row["currency"], day),
                    "cohort_month": calendar.month_of(day).label if known else None,
                }
            )
        return found

    def within_days(self, day: date) -> bool:
        """Whether a local day is in the period."""
        start, end, local = self.question.start, self.question.end, self.question.calendar.local_day
        return (start is None or day >= local(start)) and (end is None or day < local(end))

    def came(self) -> list[Contact]:
        """The entities that bought, with when they came and from where."""
        found = []
        for entity, entries in self.company.entries.items():
            origin, _ = self.company._origin(entity)
            at = origin["at"] if origin else entries[0]
            if entries[PURCHASE.position] is not None and self.within(at):
                dimensions = {name: self.company.dimension(entity, name) for name in COLUMNS}
                month = self.company.month(at)
                found.append({"entity": entity, **dimensions, "cohort_month": month})
        return found

    # Rows.

    def of(self, row: Contact) -> Values:
        """The values of the dimensions that are asked for."""
        return tuple(row[name] for name in self.question.by)

    def values(self) -> list[Values]:
        """Every combination of values that anything has, unknown last."""
        if not self.question.by:
            return [()]
        found = {self.of(row) for row in (*self.touches, *self.leads, *self.customers)}
        for row in self.spend:
            found |= set(self.shares(row))
        return sorted(found, key=lambda values: [(v is None, v or "") for v in values])

    def shares(self, row: Contact) -> dict[Values, Fraction]:
        """Where a row of spend goes, and which part of it."""
        own = self.of(row)
        weights = self.weights(row)
        if not self.lacks(row) or not weights:
            return {own: Fraction(1)}
        total = sum(weights.values())
        return {values: Fraction(count, total) for values, count in weights.items()}

    def lacks(self, row: Contact) -> bool:
        """Whether spend does not say something else than its month that is asked for."""
        return any(row[name] is None for name in self.question.by if name in COLUMNS)

    def weights(self, row: Contact) -> Counter[Values]:
        """The contacts that agree with a row of spend, of the first kind that there is."""
        rule = agreed_of(self.question.terms).shared
        kinds = {
            Shared.BY_TOUCHES: (self.touches, self.leads),
            Shared.BY_LEADS: (self.leads,),
            Shared.RECORDED_ONLY: (),
        }[rule]
        for contacts in kinds:
            agreeing = [each for each in contacts if self.agrees(row, each)]
            if agreeing:
                return Counter(self.of(each) for each in agreeing)
        return Counter()

    def agrees(self, row: Contact, contact: Contact) -> bool:
        """Whether a contact is of the month of spend and of all else that the spend says."""
        same_month = row["cohort_month"] == contact["cohort_month"]
        return same_month and all(row[name] in (None, contact[name]) for name in COLUMNS)

    def costs(self, values: list[Values]) -> tuple[list[Decimal | None], list[Decimal | None]]:
        """What each row cost, and which part of it was shared out."""
        recorded, shared, unknown = (dict.fromkeys(values, Fraction(0)) for _ in range(3))
        for row in self.spend:
            is_shared = self.lacks(row) and bool(self.weights(row))
            for each, part in self.shares(row).items():
                unknown[each] += row["amount"] is None
                (shared if is_shared else recorded)[each] += (row["amount"] or 0) * part
        own = apportioned(list(recorded.values()), money(sum(recorded.values(), Fraction(0))))
        more = apportioned(list(shared.values()), money(sum(shared.values(), Fraction(0))))
        known = [bool(self.spend) and not unknown[each] for each in values]
        return (
            [a + b if told else None for a, b, told in zip(own, more, known, strict=True)],
            [b if told else None for b, told in zip(more, known, strict=True)],
        )


def _when(step: Record) -> tuple[datetime, str]:
    return step["occurred_at"] or EPOCH, step["handoff_id"]
