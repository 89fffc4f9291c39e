"""What every measure of the funnel starts from: the facts before now, entities, entries, money."""

from dataclasses import dataclass, replace
from functools import cached_property, partial

import ibis.expr.types as ir

from onefunnel.errors import UnknownName
from onefunnel.funnel.dimensions import with_dimensions
from onefunnel.funnel.instants import INSTANT
from onefunnel.funnel.losses import standing_deals, standing_losses
from onefunnel.funnel.money import revenue_lines
from onefunnel.funnel.progress import at, entries, with_losses
from onefunnel.funnel.rules import Rules
from onefunnel.funnel.subjects import USED, Known, known_rows
from onefunnel.ledger.schema import Facts, Lazily, before
from onefunnel.vocabulary import Question, Stage

PREPARED = ("prepared_standing", "prepared_entries", "prepared_losses", "prepared_lines")
"""The tables that :func:`prepare` gives, in an order in which each needs only earlier ones."""

KNOWN = "known_"
"""Before a table's name: its rows with their entities, worked out before."""


@dataclass(frozen=True)
class Base:
    """The expressions that the queries of one question share; each is built when it is used."""

    given: Facts
    rules: Rules
    question: Question

    @cached_property
    def facts(self) -> Facts:
        """The ledger up to and including ``question.now``."""
        return before(self.given, self.question.now)

    @cached_property
    def known(self) -> Known:
        """Its rows with their entities; those given as ``known_<table>`` are taken as they are."""
        return Lazily({name: partial(self._rows, name) for name in USED})

    @cached_property
    def standing(self) -> ir.Table:
        """How each deal stands; see :func:`onefunnel.funnel.losses.standing_deals`."""
        kept = self._kept("prepared_standing")
        return standing_deals(self.known) if kept is None else kept

    @cached_property
    def entries(self) -> ir.Table:
        """When each entity entered the stages; see :func:`onefunnel.funnel.progress.entries`."""
        kept = self._kept("prepared_entries")
        return entries(self.facts, self.known, self.rules) if kept is None else kept

    @cached_property
    def losses(self) -> ir.Table:
        """The losses that stand; see :func:`onefunnel.funnel.losses.standing_losses`."""
        kept = self._kept("prepared_losses")
        bought = self.entries.select("entity_code", at=at(Stage.PURCHASE))
        return standing_losses(self.known, self.standing, bought) if kept is None else kept

    @cached_property
    def progress(self) -> ir.Table:
        """How far each entity came: ``entries``, and the loss that stands."""
        return with_losses(self.entries, self.losses)

    @cached_property
    def lines(self) -> ir.Table:
        """What entities brought; see :func:`onefunnel.funnel.money.revenue_lines`."""
        kept = self._kept("prepared_lines")
        if kept is not None:
            return kept
        return revenue_lines(self.facts, self.known, self.standing, self.question.currency)

    @cached_property
    def dimensioned(self) -> ir.Table:
        """The ``progress`` of each entity with the question's dimensions as columns."""
        return self.with_dimensions(self.question.by)

    def with_dimensions(self, names: tuple[str, ...]) -> ir.Table:
        """The same with the named dimensions as columns."""
        return with_dimensions(self.progress, self.facts, self.known, self.question, names)

    def _kept(self, name: str) -> ir.Table | None:
        """A table of ``PREPARED``, if it was given; its instants as all others are."""
        if name not in self.given:
            return None
        table = self.given[name]
        instants = [column for column, type_ in table.schema().items() if type_.is_timestamp()]
        return table.cast(dict.fromkeys(instants, INSTANT))

    def _rows(self, name: str) -> ir.Table:
        kept = self._kept(f"{KNOWN}{name}")
        return self._known_rows[name] if kept is None else kept

    @cached_property
    def _known_rows(self) -> Known:
        return known_rows(self.facts, self.rules)

    @property
    def pooled(self) -> "Base":
        """The same without period and dimensions: all that the ledger holds until now."""
        return replace(self, question=replace(self.question, start=None, end=None, by=()))


def prepare(name: str, facts: Facts, rules: Rules, question: Question) -> ir.Table:
    """One of the tables in ``PREPARED``, worth keeping when several measures are asked.

    Entries and losses depend on the ledger version, the rules and ``now``; standing deals on the
    version and ``now``; lines on these two and the currency. None depends on the period, the
    horizon or the dimensions. Given back among the facts, every measure reads the kept table
    instead of working it out; so do the later ones of ``PREPARED``::

        for name in PREPARED:
            facts = {**facts, name: keep(prepare(name, facts, rules, question))}
    """
    base = Base(facts, rules, question)
    tables = {
        "prepared_standing": lambda: base.standing,
        "prepared_entries": lambda: base.entries,
        "prepared_losses": lambda: base.losses,
        "prepared_lines": lambda: base.lines,
    }
    if name not in tables:
        raise UnknownName("prepared table", name, PREPARED)
    return tables[name]()
