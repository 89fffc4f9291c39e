"""Which parties are one person or one organisation: a local solve over integer codes.

The groups are the connected components of the graph of parties and the identifiers they carry
that tie; see docs/explanation/identity.md for what ties and what does not.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from onefunnel.identity.claims import tying
from onefunnel.identity.evidence import CHANGES, FROZEN, NAMES, Evidence
from onefunnel.identity.groups import assign, smallest_members
from onefunnel.identity.keys import KINDS
from onefunnel.identity.nodes import Codes, Flags, Known

# So many identifiers of up to 200 bytes fit into a column with 32-bit offsets.
_CHUNK = 10_000_000


def resolve(
    *,
    parties: pa.Table,
    aliases: pa.Table,
    subjects: pa.Table,
    unlinks: pa.Table | None = None,
    frozen: pa.Table | None = None,
    previous: pa.Table | None = None,
    region: str | None = None,
    phones: Mapping[str, str | None] | None = None,
    max_carriers: int = 10,
    next_code: int | None = None,
) -> pa.Table:
    """The parties whose entity code is new or has changed: party_id, entity_code (int64).

    Args:
        parties: party_id (distinct), kind, name, email, phone, domain.
        aliases: party_id, kind, value.
        subjects: party_id of everybody a fact is about, stand-ins included.
        unlinks: party_id, kind, value: names that were taken away from a party.
        frozen: party_id, group: parties of one group stay one, whatever they carry.
        previous: party_id, entity_code: the codes that stand.
        region: ISO 3166 code in which telephone numbers without a country are read.
        phones: telephone numbers normalised before (as ``phone_keys`` gives them).
        max_carriers: a telephone, role's address or visitor that more parties carry ties nobody.
        next_code: the first code never used; one above those of ``previous`` where it is None.
            Give it where codes were closed that ``previous`` no longer holds.

    Returns:
        Ordered by party_id in code-point order, and the same for any order of the rows given. No
        rows where nothing is new. Everybody in ``subjects``, ``parties``, ``aliases`` and
        ``frozen`` has a code then; who stands in ``previous`` only keeps its own.

    Raises:
        UnknownName: the region does not exist.

    >>> import pyarrow as pa
    >>> parties = pa.table({
    ...     "party_id": ["p1", "p2"], "kind": ["person", "person"], "name": ["Ana", "Ana Pop"],
    ...     "email": ["ana@example.com", " ANA@example.com"], "phone": ["", ""], "domain": ["", ""],
    ... })
    >>> aliases = pa.table({"party_id": ["p1"], "kind": ["anonymous"], "value": ["cookie-9"]})
    >>> subjects = pa.table({"party_id": ["p1", "p2", "cookie-9", "lead:3"]})
    >>> changes = resolve(parties=parties, aliases=aliases, subjects=subjects)
    >>> dict(zip(*changes.to_pydict().values(), strict=True))
    {'cookie-9': 0, 'lead:3': 1, 'p1': 0, 'p2': 0}
    """
    evidence = Evidence(
        parties=parties,
        aliases=aliases,
        subjects=subjects,
        unlinks=NAMES.empty_table() if unlinks is None else unlinks,
        frozen=FROZEN.empty_table() if frozen is None else frozen,
        previous=CHANGES.empty_table() if previous is None else previous,
        region=region,
        phones={} if phones is None else phones,
    )
    smallest = _groups(evidence, max_carriers)
    first = evidence.next_code if next_code is None else next_code
    codes = assign(smallest, evidence.previous, first)
    return _changes(evidence, codes)


def _groups(evidence: Evidence, max_carriers: int) -> Codes:
    """The smallest member of each party's group."""
    party, value, undone, frozen = _links(evidence, max_carriers)
    # Who would be both is judged before anything is undone: an undo then only ever parts.
    together = smallest_members(evidence.size, party, value)
    dropped = ~frozen & _between_kinds(party, together, evidence.known)
    kept = ~undone & ~dropped
    return together if kept.all() else smallest_members(evidence.size, party[kept], value[kept])


def _links(evidence: Evidence, max_carriers: int) -> tuple[Codes, Codes, Flags, Flags]:
    """Parties and the values that tie them, numbered over all kinds; which are undone, frozen."""
    groups = evidence.frozen_group
    found = [(groups, np.zeros(len(groups.party), bool))]
    for kind in KINDS:
        ties = tying(kind, evidence.claims(kind), evidence.known, max_carriers)
        found.append((ties, evidence.undone(kind, ties)))
    starts = np.cumsum([0, *(len(ties.texts) for ties, _ in found)])
    party = np.concatenate([ties.party for ties, _ in found])
    value = np.concatenate(
        [ties.value + start for (ties, _), start in zip(found, starts[:-1], strict=True)]
    )
    undone = np.concatenate([flags for _, flags in found])
    return party, value, undone, np.arange(len(party)) < len(groups.party)


def _between_kinds(party: Codes, together: Codes, known: Known) -> Flags:
    """The links of parties of unknown kind that would make a person and an organisation one."""
    group = together[party]
    both = np.intersect1d(group[known.person[party]], group[known.organisation[party]])
    unknown = ~known.person[party] & ~known.organisation[party]
    flags: Flags = unknown & np.isin(group, both)
    return flags


def _changes(evidence: Evidence, codes: Codes) -> pa.Table:
    changed = np.flatnonzero(codes != evidence.previous)
    ids = evidence.ids.take(pa.array(changed))
    # The ledger's text has 32-bit offsets; pieces keep any number of identifiers within them.
    pieces = [ids.slice(at, _CHUNK).cast(pa.string()) for at in range(0, len(ids), _CHUNK)]
    return pa.table([pa.chunked_array(pieces, pa.string()), pa.array(codes[changed])], CHANGES)
