"""The pay plans of a question, by the currency that they pay in."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from onefunnel.pay.currencies import minor_unit
from onefunnel.pay.plan import Event, Member, Plan, PlanFile
from onefunnel.pay.reading import read_plan
from onefunnel.vocabulary import Question
from onefunnel.vocabulary.terms import PAY


@dataclass(frozen=True, slots=True)
class Purse:
    """The plans of one currency; ``members`` are those of all plans, for managers may be others'.

    ``name`` is that of the query of their sales.
    """

    name: str
    currency: str
    plans: tuple[Plan, ...]
    members: tuple[Member, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """What makes a sale count under some plan, and is on record."""
        counted = {plan.crediting for plan in self.plans}
        return tuple(event for event in (Event.INVOICE, Event.BOOKING) if event in counted)

    @property
    def first(self) -> date:
        """The first day of the first plan."""
        return min(plan.first for plan in self.plans)

    @property
    def minor(self) -> Decimal:
        """The smallest unit that is paid."""
        return minor_unit(self.currency)

    def since(self, question: Question) -> datetime:
        """The instant at which the first plan begins."""
        return question.calendar.start_of_day(self.first)


def plan_files(question: Question) -> tuple[PlanFile, ...]:
    """The plan files of the question's terms. Raises InputError where one can't be read."""
    return tuple(read_plan(text, path) for path, text in question.terms.under(PAY))


def purses(question: Question) -> tuple[Purse, ...]:
    """The plans that have begun by now, by currency, in order of the currencies."""
    files, today = plan_files(question), question.calendar.local_day(question.now)
    members = tuple(row for each in files for row in each.members)
    begun = [each.plan for each in files if each.plan.first <= today]
    return tuple(
        Purse(f"sold_{at}", currency, tuple(p for p in begun if p.currency == currency), members)
        for at, currency in enumerate(sorted({plan.currency for plan in begun}))
    )
