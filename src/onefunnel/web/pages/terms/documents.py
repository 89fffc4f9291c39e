"""The files of terms as somebody may see them: in words, with whom a plan pays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

from markupsafe import Markup, escape

from onefunnel.errors import InputError
from onefunnel.measures.attribution import agreed, recording
from onefunnel.measures.incentives import ranges
from onefunnel.measures.scorecard import reading as scorecards
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.pay import reading as plans
from onefunnel.pay.plan import PlanFile
from onefunnel.store.models import Person
from onefunnel.vocabulary import Permission, Terms
from onefunnel.vocabulary.terms import ATTRIBUTION, EXPERIMENTS, INCENTIVES, PAY
from onefunnel.web.locale import Words
from onefunnel.web.pages.terms.agreed import agreed_in_words
from onefunnel.web.pages.terms.cards import card_in_words
from onefunnel.web.pages.terms.curves import CurveView, curves
from onefunnel.web.pages.terms.experiments import experiment_in_words
from onefunnel.web.pages.terms.faults import said_wrong
from onefunnel.web.pages.terms.plans import member_in_words, plan_in_words
from onefunnel.web.pages.terms.typed import ranges_in_words
from onefunnel.workflows.staff import Employee

PLAN, RANGES, CARD, CONVENTIONS = "plan", "ranges", "card", "conventions"
EXPERIMENT = "experiment"


@dataclass(frozen=True, slots=True)
class Document:
    """A file of terms: its name in the workspace, its kind, what it says.

    ``members`` are those that the reader may see, ``hidden`` counts the others. ``broken`` says
    what is wrong with a file that can't be read. ``shareable`` is the scorecard of a company or a
    department.
    """

    name: str
    kind: str
    title: str
    lines: tuple[Markup, ...] = ()
    members: tuple[Markup, ...] = ()
    hidden: int = 0
    curves: tuple[CurveView, ...] = ()
    shareable: bool = False
    broken: str = ""

    @property
    def said(self) -> tuple[Markup, ...]:
        """All that it says, line by line, as two versions of it are compared."""
        return (*self.lines, *self.members)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and the employees by name."""

    person: Person
    staff: Mapping[str, Employee]
    words: Words

    def name_of(self, employee: str) -> str:
        """An employee's name, the id where nobody is known by it."""
        known = self.staff.get(employee)
        return known.name if known else employee

    def documents(self, terms: Terms) -> tuple[Document, ...]:
        """Those files of terms that the person may see."""
        found = (self.document(name, text) for name, text in terms.files)
        return tuple(each for each in found if each is not None)

    def document(self, name: str, text: str) -> Document | None:
        """A file in words; None for one that is not for the person."""
        kind = kind_of(name)
        make = {
            PLAN: self._plan,
            RANGES: self._ranges,
            CARD: self._card,
            CONVENTIONS: self._conventions,
            EXPERIMENT: self._experiment,
        }[kind]
        try:
            return make(name, text)
        except InputError as error:
            if not self.person.may(Permission.FIGURES):
                return None
            # What is wrong may name a member.
            open_to = self.person.may(Permission.TERMS)
            return Document(
                name, kind, name, broken=said_wrong(error, self.words) if open_to else " "
            )

    @property
    def _reads(self) -> bool:
        return self.person.may(Permission.FIGURES)

    def _plan(self, name: str, text: str) -> Document | None:
        content = plans.read(text, name)
        own = self.person.employee_id
        paid = {row.employee for row in content.members}
        paid |= {employee for pool in content.plan.pools for employee, _ in pool.parts}
        if not self._reads and own not in paid:
            return None
        lines, drawn = plan_in_words(content.plan, self.words), curves(content.plan, self.words)
        members = tuple(self._members(content))
        hidden = len(content.members) - len(members)
        return Document(name, PLAN, content.plan.name, lines, members, hidden, drawn)

    def _members(self, content: PlanFile) -> Iterator[Markup]:
        """Everybody for who sees pay, else oneself."""
        own, all_ = self.person.employee_id, self.person.may(Permission.PAY)
        for row in content.members:
            if all_ or (own and row.employee == own):
                name = self.name_of(row.employee)
                yield member_in_words(row, content.plan, name, self.words)

    def _ranges(self, name: str, text: str) -> Document | None:
        if not self._reads:
            return None
        said = partial(ranges_in_words, words=self.words)
        return Document(name, RANGES, INCENTIVES, said(ranges.read(text, name)))

    def _conventions(self, name: str, text: str) -> Document | None:
        if not self._reads:
            return None
        said = tuple(agreed_in_words(agreed.read(text, name), self.words))
        return Document(name, CONVENTIONS, ATTRIBUTION, said)

    def _experiment(self, name: str, text: str) -> Document | None:
        if not self._reads:
            return None
        found = recording.read(text, name)
        return Document(name, EXPERIMENT, found.name, experiment_in_words(found, self.words))

    def _card(self, name: str, text: str) -> Document | None:
        card = scorecards.load(text, name)
        if not self._sees(card):
            return None
        of = self.name_of(card.of) if card.level is Level.PERSON else card.of
        whole = card.level in (Level.COMPANY, Level.DEPARTMENT)
        said = card_in_words(card, of, self.words)
        return Document(name, CARD, of, said, shareable=whole)

    def _sees(self, card: Scorecard) -> bool:
        """A person's scorecard is for that person, the head, and who sees pay."""
        if card.level is not Level.PERSON:
            return self._reads
        department = card.department.value if card.department else ""
        own = self.person.sees_person(card.of, department)
        return own or self.person.may(Permission.PAY)


def kind_of(name: str) -> str:
    """What a file is by its place."""
    if name in (INCENTIVES, ATTRIBUTION):
        return RANGES if name == INCENTIVES else CONVENTIONS
    return {PAY: PLAN, EXPERIMENTS: EXPERIMENT}.get(name.split("/")[0], CARD)


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a comparison: ``state`` is ``same``, ``gone`` or ``new``."""

    state: str
    line: Markup


def changes(before: Document | None, after: Document | None) -> tuple[Change, ...]:
    """What two versions of a file say, line by line, in the order of the later one."""
    old = [str(escape(each)) for each in (before.said if before else ())]
    new = [str(escape(each)) for each in (after.said if after else ())]
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Change("same", Markup(each)) for each in old[a:b]]
            continue
        found += [Change("gone", Markup(each)) for each in old[a:b]]
        found += [Change("new", Markup(each)) for each in new[c:d]]
    return tuple(found)
