"""Leads and hand-offs: what marketing hands over, and what sales does with it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, identifiers, instants, ratios, rows
from onefunnel.simulator.delays import DAY, Floats, Integers
from onefunnel.simulator.market import Market
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.selling import Outcome, Selling
from onefunnel.simulator.setting import NEVER, Setting
from onefunnel.simulator.staff import DIRECTOR
from onefunnel.simulator.touches import DEPARTMENTS, Names

STEPS = (
    "offered", "assigned", "accepted", "attempted", "connected", "qualified", "disqualified",
    "recycled",
)  # fmt: skip
OFFERED, ASSIGNED, ACCEPTED, ATTEMPTED, CONNECTED, QUALIFIED, DISQUALIFIED, RECYCLED = range(8)
MARKETING, SALES, MANAGEMENT = 0, 1, 2
SOURCES = ("salesperson", "customer", "system")
SALESPERSON, CUSTOMER, SYSTEM = range(3)

GIVEN_UP = 9
"""Ends the key of marketing's own refusal; sales' steps end with their position."""


def lead_table(setting: Setting, names: Names, atom: Market) -> pa.Table:
    """The rows of ``lead``: the persons of an atom who left a way to be reached before the cut."""
    here = np.flatnonzero(atom.entered[2] < setting.end)
    segments = [each.name for each in setting.scenario.segments]
    return rows(
        "lead",
        {
            "lead_id": identifiers("l", atom.person[here]),
            "party_id": identifiers("p", atom.person[here]),
            "created_at": instants(setting, atom.entered[2, here]),
            "channel": coded(names.channels, atom.channel[here]),
            "source": coded(names.sources, atom.channel[here]),
            "medium": coded(names.mediums, atom.channel[here]),
            "campaign": coded(names.campaigns, atom.campaign[here]),
            "page": coded(names.pages, atom.segment[here]),
            "segment": coded(segments, atom.segment[here]),
        },
    )


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of one kind of step; arrays over them.

    ``actor`` is the number of an employee, zero for none; ``minutes`` NaN where unknown;
    ``reason`` a position among the language's refusals, below zero for none.
    """

    key: Integers
    person: Integers
    at: Integers
    kind: Integers
    department: Integers
    actor: Integers
    minutes: Floats
    reason: Integers
    source: Integers


def handoff_table(setting: Setting, atom: Market, deals: Selling) -> pa.Table:
    """The rows of ``handoff`` of an atom, by kind of step."""
    parts = [_given_up(setting, atom), *_steps(setting, deals)]
    joined = Step(*[np.concatenate([getattr(p, name) for p in parts]) for name in Step.__slots__])
    refusals = list(setting.scenario.words.refusals.values())
    return rows(
        "handoff",
        {
            "handoff_id": identifiers("h", joined.key),
            "lead_id": identifiers("l", joined.person),
            "occurred_at": instants(setting, joined.at),
            "kind": coded(STEPS, joined.kind),
            "actor": identifiers("e", joined.actor, joined.actor > 0),
            "department": coded((*DEPARTMENTS, "management"), joined.department),
            "reason": coded(refusals, joined.reason),
            "reason_source": coded(SOURCES, joined.source),
            "minutes": ratios(joined.minutes, ~np.isnan(joined.minutes)),
        },
    )


def refusal_of(setting: Setting, person: Integers) -> Integers:
    """Why a lead is refused, as a position among the language's refusals."""
    return person % len(setting.scenario.words.refusals)


def recycled_at(deals: Selling) -> Integers:
    """When a lost lead goes back to marketing, the day after; ``NEVER`` where it does not."""
    back = (deals.outcome == Outcome.LOST) & (deals.person % RECYCLED_EACH == 0)
    return np.where(back, np.where(back, deals.closed_at, 0) + DAY, NEVER)


RECYCLED_EACH = 3
"""One in so many lost leads goes back to marketing. It is only a record: nobody comes back."""


def _given_up(setting: Setting, atom: Market) -> Step:
    here = np.flatnonzero(atom.lost_at < setting.end)
    person, size = atom.person[here], len(here)
    return Step(
        person * 10 + GIVEN_UP,
        person,
        atom.lost_at[here],
        np.full(size, DISQUALIFIED),
        np.full(size, MARKETING),
        np.zeros(size, np.int64),
        np.full(size, np.nan),
        refusal_of(setting, person),
        np.full(size, SYSTEM),
    )


def _steps(setting: Setting, deals: Selling) -> Iterator[Step]:
    """The steps of offered leads, each kind at its instants before the cut.

    Leads that the trial drew are assigned by the director, the others by sales itself.
    """
    opened = np.where(deals.worked, deals.opened_at, NEVER)
    refused = np.where(deals.outcome == Outcome.DISQUALIFIED, deals.closed_at, NEVER)
    instants_of = {
        OFFERED: deals.asked_at,
        ASSIGNED: opened,
        ACCEPTED: opened,
        ATTEMPTED: opened,
        CONNECTED: opened,
        QUALIFIED: np.where(deals.junk, NEVER, opened),
        DISQUALIFIED: refused,
        RECYCLED: recycled_at(deals),
    }
    hours = np.asarray([each.hours for each in setting.scenario.segments])[deals.segment]
    for kind, at in instants_of.items():
        here = np.flatnonzero(at < setting.end)
        person, size = deals.person[here], len(here)
        says = kind == DISQUALIFIED
        yield Step(
            person * 10 + kind,
            person,
            at[here],
            np.full(size, kind),
            *_by_whom(kind, deals, here),
            hours[here] * 60.0 if kind == CONNECTED else np.full(size, np.nan),
            refusal_of(setting, person) if says else np.full(size, -1),
            np.full(size, SALESPERSON if says else -1),
        )


def _by_whom(kind: int, deals: Selling, here: Integers) -> tuple[Integers, Integers]:
    """The department and the employee that take a step."""
    if kind == OFFERED:
        return np.full(len(here), MARKETING), np.zeros(len(here), np.int64)
    drawn = deals.drawn[here] & (kind == ASSIGNED)
    sellers = deals.owner[here] + FIRST_SELLER
    return np.where(drawn, MANAGEMENT, SALES), np.where(drawn, DIRECTOR, sellers)
