"""A simulated company: its tables, in memory or in blocks, and its truth."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from onefunnel.ledger.schema import TABLES, table
from onefunnel.simulator import (
    advocates,
    deals,
    decisions,
    handoffs,
    meetings,
    offers,
    orders,
    people,
    said,
    spending,
    staff,
    targets,
    touches,
    work,
)
from onefunnel.simulator.columns import plain
from onefunnel.simulator.delays import Flags
from onefunnel.simulator.market import Market, market, markets
from onefunnel.simulator.measured import measured
from onefunnel.simulator.people import People
from onefunnel.simulator.scenario import Scenario
from onefunnel.simulator.selling import Selling, selling
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import ATOM, atoms
from onefunnel.simulator.touches import Names, acts, between, journey_acts
from onefunnel.simulator.truth import Truth
from onefunnel.simulator.writing import write

ATOMS_A_BLOCK = 16
"""A block of touches has about a million rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """An atom with what is known of its persons; what the tables of persons are made of."""

    number: int
    market: Market
    people: People
    deals: Selling
    between: float


class Company:
    """A company of a scenario. Nothing is drawn before it is asked for.

    >>> from onefunnel.simulator import SCENARIOS
    >>> company = simulate(SCENARIOS["healthy"](touches=2_000, seed=1))
    >>> company.tables()["touch"].num_rows > 1_800
    True
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.setting = Setting(scenario)
        self.names = Names(self.setting)

    @cached_property
    def selling(self) -> Selling:
        """The leads that sales was offered, and what became of them."""
        return selling(self.setting, markets(self.setting))

    @cached_property
    def between(self) -> float:
        """Touches a person beside those of the journey, so that the target is met."""
        journey = sum(
            len(journey_acts(self.setting, atom, self.deals_of(atom.first)))
            for atom in markets(self.setting)
        )
        return max(0.0, (self.scenario.touches - journey) / self.scenario.persons)

    @cached_property
    def truth(self) -> Truth:
        """What generated the facts, and what they are."""
        return measured(self)

    def tables(self) -> dict[str, pa.Table]:
        """Every table of the ledger, whole, in its own types; for sizes that fit memory."""
        return {name: pa.concat_tables(self.blocks(name)) for name in TABLES}

    def blocks(self, name: str, atoms_a_block: int = ATOMS_A_BLOCK) -> Iterator[pa.Table]:
        """The rows of a table, block by block, in the ledger's own types; at least one block.

        The rows and their order don't depend on the size of the blocks. Raises UnknownName for a
        table that does not exist.
        """
        for block in self.coded_blocks(name, atoms_a_block):
            yield plain(name, block)

    def coded_blocks(self, name: str, atoms_a_block: int = ATOMS_A_BLOCK) -> Iterator[pa.Table]:
        """The same with texts coded by dictionaries, as they are made and written."""
        table(name)
        if name in OF_PERSONS:
            for numbers in self._groups(atoms_a_block):
                yield pa.concat_tables(OF_PERSONS[name](self, self.part(n)) for n in numbers)
        if name in WHOLE:
            yield WHOLE[name](self)

    def passes(self) -> Iterator[tuple[str, pa.Table]]:
        """Coded blocks of all tables with their names, in one pass over the persons."""
        for numbers in self._groups(ATOMS_A_BLOCK):
            parts = [self.part(number) for number in numbers]
            for name, make in OF_PERSONS.items():
                yield name, pa.concat_tables(make(self, part) for part in parts)
        for name, make_whole in WHOLE.items():
            yield name, make_whole(self)

    def _groups(self, atoms_a_block: int) -> Iterator[range]:
        last = atoms(self.scenario.persons)
        for first in range(0, last, atoms_a_block):
            yield range(first, min(first + atoms_a_block, last))

    def write(self, folder: str | Path, format: str = "parquet") -> Path:
        """The canonical import folder, a file a table, and its truth beside it.

        See :func:`onefunnel.simulator.writing.write`. Returns the folder.
        """
        return write(self, Path(folder), format)

    def part(self, number: int) -> Part:
        """An atom with its people and its leads."""
        atom = market(self.setting, number)
        who = people.people(self.setting, atom)
        return Part(number, atom, who, self.deals_of(atom.first), self.between)

    def count_touches(self, part: Part) -> int:
        """How many touches an atom has; what leads say brought them is none."""
        journey = journey_acts(self.setting, part.market, part.deals)
        return len(journey) + int(between(self.setting, part.market, part.between).sum())

    def deals_of(self, first: int) -> Selling:
        """The leads of the atom that begins with the person ``first``."""
        here = self.selling.of_atom(first)
        return Selling(*[getattr(self.selling, name)[here] for name in Selling.__slots__])


def simulate(scenario: Scenario) -> Company:
    """The company of a scenario: the same for the same scenario, on any machine."""
    return Company(scenario)


def _touches(company: Company, part: Part) -> pa.Table:
    told = acts(company.setting, part.market, part.deals, part.between)
    parties = people.parties_of(company.setting, part.market, part.people, told)
    rows = touches.touch_table(company.setting, company.names, part.market, told, parties)
    if company.scenario.self_reports is None:
        return rows
    return pa.concat_tables([rows, said.said_table(company.setting, part.market)])


def _second(part: Part) -> Flags:
    return part.people.second[part.deals.person - part.number * ATOM]


def _order_lines(company: Company, part: Part) -> pa.Table:
    made = orders.orders(company.setting, part.deals, part.number)
    return orders.order_table(company.setting, part.deals, made, _second(part))


def _aliases(company: Company, part: Part) -> pa.Table:
    setting, atom, who = company.setting, part.market, part.people
    return pa.concat_tables(
        [people.alias_table(setting, atom, who), people.public_alias_table(setting, atom, who)]
    )


OF_PERSONS: Mapping[str, Callable[[Company, Part], pa.Table]] = {
    "party": lambda c, p: people.party_table(c.setting, p.market, p.people),
    "alias": _aliases,
    "unlink": lambda c, p: people.unlink_table(c.setting, p.market, p.people),
    "touch": _touches,
    "lead": lambda c, p: handoffs.lead_table(c.setting, c.names, p.market),
    "handoff": lambda c, p: handoffs.handoff_table(c.setting, p.market, p.deals),
    "deal": lambda c, p: deals.deal_table(c.setting, p.deals),
    "deal_event": lambda c, p: deals.deal_event_table(c.setting, p.deals, p.number),
    "credit": lambda c, p: deals.credit_table(c.setting, p.deals),
    "order_line": _order_lines,
    "quote": lambda c, p: offers.quote_table(c.setting, p.deals),
    "commitment": lambda c, p: offers.commitment_table(c.setting, p.deals, p.number),
    "advocacy": lambda c, p: advocates.advocacy_table(c.setting, p.deals, _second(p)),
}
"""The tables that grow with the persons, made atom by atom."""

WHOLE: Mapping[str, Callable[[Company], pa.Table]] = {
    "party": lambda c: people.organisation_table(c.setting),
    "spend": lambda c: spending.spend_table(c.setting, c.names),
    "product": lambda c: spending.product_table(c.setting),
    "promotion": lambda c: decisions.promotion_table(c.setting, c.names),
    "indicator": lambda c: decisions.indicator_table(c.setting),
    "employee": lambda c: staff.employee_table(c.setting),
    "activity": lambda c: work.activity_table(c.setting, c.selling),
    "meeting": lambda c: meetings.meeting_table(c.setting),
    "message_flow": lambda c: meetings.message_table(c.setting),
    "approval": lambda c: decisions.approval_table(c.setting),
    "contribution": lambda c: decisions.contribution_table(c.setting),
    "target": lambda c: targets.target_table(c.setting),
    "rate": lambda c: decisions.rate_table(c.setting),
}
"""The tables, or parts of them, that stay small."""
