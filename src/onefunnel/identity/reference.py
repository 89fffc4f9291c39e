"""Who is the same, in the plainest Python: slow, obvious, the authority in tests."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from onefunnel.identity.lists import FREE_MAIL_DOMAINS
from onefunnel.identity.normalise import is_role_address, normalise, normalise_name

Record = Mapping[str, str | None]
Identifier = tuple[str, str]
"""A kind and a normalised value."""


def resolve(
    *,
    parties: Sequence[Record],
    aliases: Sequence[Record],
    subjects: Iterable[str],
    unlinks: Sequence[Record] = (),
    frozen: Mapping[str, str] | None = None,
    previous: Mapping[str, int] | None = None,
    region: str | None = None,
    phones: Mapping[str, str | None] | None = None,
    max_carriers: int = 10,
    next_code: int | None = None,
) -> dict[str, int]:
    """The parties whose code is new or has changed; as :func:`onefunnel.identity.resolve`.

    >>> resolve(parties=[], aliases=[{"party_id": "p", "kind": "anonymous", "value": "c"}],
    ...         subjects=["c", "d"])
    {'c': 0, 'd': 1, 'p': 0}
    """
    frozen, previous = frozen or {}, previous or {}
    record = {str(party["party_id"]): party for party in parties}
    everybody = {*subjects, *record, *(str(row["party_id"]) for row in aliases), *frozen}

    def identifiers(rows: Iterable[Record]) -> list[tuple[str, Identifier]]:
        keyed = [
            (row, normalise(str(row["kind"]), row["value"], region, phones or {})) for row in rows
        ]
        return [(str(row["party_id"]), (str(row["kind"]), key)) for row, key in keyed if key]

    carriers: dict[Identifier, set[str]] = defaultdict(set)
    for party, identifier in identifiers([*_of_records(parties), *aliases]):
        carriers[identifier].add(party)
    for (kind, value), carried_by in carriers.items():
        if kind in ("anonymous", "external") and value in everybody:
            carried_by.add(value)

    kinds = {party_id: party["kind"] for party_id, party in record.items()}
    names = {party_id: normalise_name(party["name"]) for party_id, party in record.items()}
    emails = _main_emails(parties, identifiers(aliases))
    ties = {
        identifier: _tied(identifier, carried_by, kinds, names, emails, max_carriers)
        for identifier, carried_by in carriers.items()
    }
    groups = _groups(everybody, ties, frozen, kinds, set(identifiers(unlinks)))
    first = max(previous.values(), default=-1) + 1 if next_code is None else next_code
    return assign(groups, previous, first)


def _of_records(parties: Iterable[Record]) -> list[Record]:
    """What the records say of themselves, as if they were aliases."""
    return [
        {"party_id": party["party_id"], "kind": kind, "value": party[kind]}
        for party in parties
        for kind in ("email", "phone", "domain")
    ]


def _main_emails(
    parties: Iterable[Record], aliases: Iterable[tuple[str, Identifier]]
) -> dict[str, str]:
    """The e-mail by which a party is told apart: the record's, else the smallest alias."""
    own = {
        str(party["party_id"]): normalise("email", party["email"], None, {}) for party in parties
    }
    main = {party_id: email for party_id, email in own.items() if email}
    for party_id, (kind, value) in sorted(aliases, key=lambda each: each[1]):
        if kind == "email" and party_id not in main:
            main[party_id] = value
    return main


def _tied(
    identifier: Identifier,
    carriers: set[str],
    kinds: Mapping[str, str | None],
    names: Mapping[str, str | None],
    emails: Mapping[str, str],
    max_carriers: int,
) -> set[str]:
    """Those among the carriers of an identifier whom it makes one."""
    kind, value = identifier
    organisations = {party for party in carriers if kinds.get(party) == "organisation"}
    persons = {party for party in carriers if kinds.get(party) == "person"}
    not_of_the_house = carriers - persons if organisations else carriers
    doubtful = len(carriers) > max_carriers or _contradict(carriers, names, emails)
    if kind == "domain":
        return set() if value in FREE_MAIL_DOMAINS else organisations
    if kind == "external":
        return not_of_the_house
    if kind == "anonymous":
        return set() if doubtful or len(organisations) > 1 else not_of_the_house
    if organisations or (doubtful and (kind == "phone" or is_role_address(value))):
        return set()
    return carriers


def _contradict(
    carriers: Iterable[str], names: Mapping[str, str | None], emails: Mapping[str, str]
) -> bool:
    """Whether the carriers can't be one: other names; or other e-mails, where one has no name."""
    known_names = {names[party] for party in carriers if names.get(party)}
    known_emails = {emails[party] for party in carriers if party in emails}
    by_email_only = [party for party in carriers if party in emails and not names.get(party)]
    return len(known_names) > 1 or (len(known_emails) > 1 and bool(by_email_only))


def _groups(
    everybody: Iterable[str],
    ties: Mapping[Identifier, set[str]],
    frozen: Mapping[str, str],
    kinds: Mapping[str, str | None],
    undone: set[tuple[str, Identifier]],
) -> list[set[str]]:
    by_group: dict[str, set[str]] = defaultdict(set)
    for party, group in frozen.items():
        by_group[group].add(party)
    all_ties = [*ties.values(), *by_group.values()]
    both: set[str] = set()
    for component in connected(everybody, all_ties):
        if {"person", "organisation"} <= {kinds.get(party) for party in component}:
            both |= {p for p in component if kinds.get(p) not in ("person", "organisation")}
    kept = [
        {party for party in tied if party not in both and (party, identifier) not in undone}
        for identifier, tied in ties.items()
    ]
    return connected(everybody, [*kept, *by_group.values()])


def connected(everybody: Iterable[str], ties: Iterable[Iterable[str]]) -> list[set[str]]:
    """The groups that form when the members of each tie are made one (union-find).

    >>> sorted(map(sorted, connected("abcd", ["ab", "bc"])))
    [['a', 'b', 'c'], ['d']]
    """
    parent = {party: party for party in everybody}

    def root(party: str) -> str:
        while parent[party] != party:
            party = parent[party]
        return party

    for tied in ties:
        members = list(tied)
        for member in members[1:]:
            parent[root(member)] = root(members[0])
    groups: dict[str, set[str]] = defaultdict(set)
    for party in parent:
        groups[root(party)].add(party)
    return list(groups.values())


def assign(
    groups: Iterable[Iterable[str]], previous: Mapping[str, int], next_code: int
) -> dict[str, int]:
    """The new and changed codes of the members of the groups, by party in code-point order.

    A group keeps the smallest code that a member had. Where several groups would keep one code,
    that group does whose member is the smallest among those who had it; the others, and groups
    without a code, take the next codes in order of their smallest member.

    >>> assign([["a"], ["b", "c"], ["d"]], {"a": 5, "b": 5, "c": 2}, next_code=6)
    {'b': 2, 'd': 6}
    """
    ordered = sorted((sorted(group) for group in groups), key=lambda group: group[0])
    wanted = [min((previous[p] for p in group if p in previous), default=None) for group in ordered]
    keeper: dict[int, tuple[str, int]] = {}
    for place, (group, code) in enumerate(zip(ordered, wanted, strict=True)):
        if code is not None:
            claim = (min(party for party in group if previous.get(party) == code), place)
            keeper[code] = min(keeper.get(code, claim), claim)
    changes: dict[str, int] = {}
    for place, (group, code) in enumerate(zip(ordered, wanted, strict=True)):
        if code is None or keeper[code][1] != place:
            code, next_code = next_code, next_code + 1
        changes |= {party: code for party in group if previous.get(party) != code}
    return dict(sorted(changes.items()))
