"""Who the persons are: records, cookies, second records, organisations."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.simulator.columns import coded, constant, identifiers, instants, prefixed, rows
from onefunnel.simulator.delays import Flags, Integers
from onefunnel.simulator.market import Market
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.streams import ATOM, Stream, generator
from onefunnel.simulator.touches import PARTY_PREFIXES, Acts

MEMBERS = 0.25
"""The share of persons who belong to an organisation."""

OWN, COOKIE, SECOND = range(3)
"""Positions in ``PARTY_PREFIXES``."""


@dataclass(frozen=True, slots=True)
class People:
    """What is known of an atom's persons at the cut; arrays over them.

    ``known``: they left contact details. ``cookie``: their touches before that carry a visitor's
    cookie, tied by an alias. ``second``: there is a second record with the same e-mail, which their
    later orders carry. ``organisation`` is a number, below zero for none.
    """

    known: Flags
    cookie: Flags
    second: Flags
    name: Integers
    organisation: Integers


def organisations(setting: Setting) -> int:
    """How many organisations there are."""
    return max(1, min(2_000, setting.scenario.persons // 100))


def people(setting: Setting, atom: Market) -> People:
    """The persons of an atom."""
    scenario, size = setting.scenario, len(atom)
    rng = generator(scenario.seed, Stream.PEOPLE, atom.first // ATOM)
    known = atom.entered[2] < setting.end
    cookie = known & (rng.random(size) < scenario.several)
    second = known & (rng.random(size) < scenario.twice)
    name = np.floor(rng.random(size) * len(scenario.words.people)).astype(np.int64)
    member = rng.random(size) < MEMBERS
    number = np.floor(rng.random(size) * organisations(setting)).astype(np.int64)
    return People(known, cookie, second, name, np.where(member, number, -1))


def parties_of(setting: Setting, atom: Market, who: People, told: Acts) -> Integers:
    """Under which of its names each touch is told: the cookie until the person is known."""
    early = told.at < atom.entered[2, told.who]
    return np.where(who.cookie[told.who] & early, COOKIE, OWN)


def party_table(setting: Setting, atom: Market, who: People) -> pa.Table:
    """The rows of ``party`` of an atom: everybody's own record, then the second records."""
    own, second = np.arange(len(atom)), np.flatnonzero(who.second)
    index = np.concatenate([own, second])
    kind = np.concatenate([np.full(len(own), OWN), np.full(len(second), SECOND)])
    known, number = who.known[index], atom.person[index]
    names, words = setting.scenario.words.people, setting.scenario.words
    here = atom.entered[:, index]
    created = np.where(known, here[2], here[0])
    member = who.organisation[index]
    return rows(
        "party",
        {
            "party_id": prefixed(PARTY_PREFIXES, kind, number),
            "kind": constant("person", len(index)),
            "organisation_id": identifiers("g", member, member >= 0),
            "name": coded(names, who.name[index], known),
            "email": _emails(number, member, known),
            "phone": _phones(words.phone, number, known),
            "country": constant(words.country, len(index)),
            "segment": coded(_segments(setting), atom.segment[index]),
            "created_at": instants(setting, created),
        },
    )


def organisation_table(setting: Setting) -> pa.Table:
    """The rows of ``party`` that are organisations; the whole company's at once."""
    numbers = np.arange(organisations(setting))
    words = setting.scenario.words
    names = [
        words.organisations[k % len(words.organisations)]
        + (f" {k // len(words.organisations) + 1}" if k >= len(words.organisations) else "")
        for k in range(len(numbers))
    ]
    domains = pc.binary_join_element_wise(
        identifiers("org", numbers), pa.scalar("example.org"), "."
    )
    return rows(
        "party",
        {
            "party_id": identifiers("g", numbers),
            "kind": constant("organisation", len(numbers)),
            "name": pa.array(names),
            "domain": domains,
            "country": constant(words.country, len(numbers)),
            "created_at": instants(setting, np.zeros(len(numbers), np.int64)),
        },
    )


def alias_table(setting: Setting, atom: Market, who: People) -> pa.Table:
    """The rows of ``alias``: the cookies of persons who became known."""
    here = np.flatnonzero(who.cookie)
    number = atom.person[here]
    return rows(
        "alias",
        {
            "alias_id": identifiers("a", number),
            "party_id": identifiers("p", number),
            "kind": constant("anonymous", len(here)),
            "value": identifiers("v", number),
            "occurred_at": instants(setting, atom.entered[2, here]),
        },
    )


UNLINKED_EACH = 1_000
"""One in so many persons had a cookie of a public computer, which somebody unlinked again."""


def public_cookies(setting: Setting, atom: Market, who: People) -> Integers:
    """The persons who were once tied to a public computer."""
    return np.flatnonzero(who.known & (atom.person % UNLINKED_EACH == 17))


def public_alias_table(setting: Setting, atom: Market, who: People) -> pa.Table:
    """The wrong aliases: nothing else carries these cookies, so they tie nobody."""
    here = public_cookies(setting, atom, who)
    number = atom.person[here]
    return rows(
        "alias",
        {
            "alias_id": identifiers("ax", number),
            "party_id": identifiers("p", number),
            "kind": constant("anonymous", len(here)),
            "value": identifiers("public-", number),
            "occurred_at": instants(setting, atom.entered[2, here]),
        },
    )


def unlink_table(setting: Setting, atom: Market, who: People) -> pa.Table:
    """The rows of ``unlink``: the aliases of public computers, taken back."""
    here = public_cookies(setting, atom, who)
    number = atom.person[here]
    at = np.minimum(atom.entered[2, here] + 86_400, setting.end - 1)
    return rows(
        "unlink",
        {
            "unlink_id": identifiers("u", number),
            "party_id": identifiers("p", number),
            "kind": constant("anonymous", len(here)),
            "value": identifiers("public-", number),
            "occurred_at": instants(setting, at),
            "actor": constant("e1", len(here)),
        },
    )


def _segments(setting: Setting) -> tuple[str, ...]:
    return tuple(each.name for each in setting.scenario.segments)


def _emails(number: Integers, member: Integers, known: Flags) -> pa.Array:
    """An address of its own for each person, in domains that are kept for examples."""
    local = identifiers("person", number, known)
    host = pc.binary_join_element_wise(
        identifiers("org", member, member >= 0), pa.scalar("example.org"), "."
    )
    return pc.binary_join_element_wise(local, pc.coalesce(host, pa.scalar("example.com")), "@")


def _phones(prefix: str, number: Integers, known: Flags) -> pa.Array:
    """Numbers that can't be in use; so they may come more than once, and tie nobody."""
    digits = pc.utf8_lpad(pc.cast(pa.array(number % 1_000, mask=~known), pa.string()), 3, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")
