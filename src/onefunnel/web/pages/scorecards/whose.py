"""For whom a scorecard is, and who may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.store.models import Person
from onefunnel.vocabulary import Department, Permission
from onefunnel.vocabulary.terms import SCORECARDS
from onefunnel.web.jobs.roster import Worker

SHARED = (Level.COMPANY, Level.DEPARTMENT)
"""Scorecards that everybody may see who reads figures: they name no person."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks: their record among the employees (None: nobody), and what they may see."""

    worker: Worker | None
    reads_figures: bool
    sees_all: bool

    @classmethod
    def of(cls, person: Person, workers: Iterable[Worker]) -> "Looker":
        """Somebody with an account."""
        known = (each for each in workers if each.employee_id == person.employee_id)
        return cls(
            next(known, None) if person.employee_id else None,
            person.may(Permission.FIGURES),
            person.may(Permission.PAY),
        )

    def is_on(self, card: Scorecard) -> bool:
        """Whether a scorecard is for them."""
        return self.worker is not None and is_for(card, self.worker)

    def sees(self, card: Scorecard) -> bool:
        """Whether they may see a scorecard: their own, shared ones with figures, all with pay."""
        if self.sees_all or (card.level not in SHARED and self.is_on(card)):
            return True
        return card.level in SHARED and (self.reads_figures or self.is_on(card))


def is_for(card: Scorecard, worker: Worker) -> bool:
    """Whether a scorecard is for an employee.

    One of a role is for those of that role in its department, one of a team for somebody and those
    who report to them, one of a department for all in it. One of the company is for nobody: it
    says what the others come from.
    """
    if card.level is Level.PERSON:
        return worker.employee_id == card.of
    if card.level is Level.ROLE:
        return (worker.role, worker.department) == (card.of, card.department)
    if card.level is Level.TEAM:
        return card.of in (worker.employee_id, worker.manager)
    return card.level is Level.DEPARTMENT and worker.department == card.department


def people_of(card: Scorecard, workers: Iterable[Worker], day: date) -> tuple[Worker, ...]:
    """Everybody whom a scorecard is for on a day."""
    return tuple(each for each in workers if each.works_on(day) and is_for(card, each))


def key_of(card: Scorecard) -> str:
    """A scorecard in an address: its file without the folder.

    >>> from onefunnel.measures.scorecard.plan import Scorecard
    >>> key_of(Scorecard(Level.COMPANY, "x", None, (), date(2024, 1, 1), file="scorecards/x.toml"))
    'x.toml'
    """
    return card.file.removeprefix(f"{SCORECARDS}/")


def column(card: Scorecard) -> Department | None:
    """The facing column that a department's scorecard stands in."""
    sides = (Department.MARKETING, Department.SALES)
    stands = card.level is Level.DEPARTMENT and card.department in sides
    return card.department if stands else None
