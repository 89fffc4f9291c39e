"""Small companies for the tests of identity, solved by both implementations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from onefunnel.identity import reference, resolve

TEXT = pa.string()
PARTY = ("party_id", "kind", "organisation_id", "name", "email", "phone", "domain")
NAME = ("party_id", "kind", "value")

Record = Mapping[str, str | None]


def table(columns: Sequence[str], rows: Iterable[Record]) -> pa.Table:
    """Rows as an Arrow table of text; an absent column is NULL."""
    return pa.table({c: pa.array([row.get(c) for row in rows], TEXT) for c in columns})


@dataclass(frozen=True)
class Company:
    """What is known of the parties of a small company."""

    parties: Sequence[Record] = ()
    aliases: Sequence[Record] = ()
    subjects: Sequence[str] = ()
    unlinks: Sequence[Record] = ()
    frozen: Mapping[str, str] = field(default_factory=dict)

    def resolved(
        self,
        previous: Mapping[str, int] | None = None,
        next_code: int | None = None,
        region: str | None = "RO",
        max_carriers: int = 10,
    ) -> dict[str, int]:
        """The changes of codes, in the order in which they were answered."""
        answer = resolve(
            parties=table(PARTY, self.parties),
            aliases=table(NAME, self.aliases),
            subjects=table(("party_id",), [{"party_id": each} for each in self.subjects]),
            unlinks=table(NAME, self.unlinks),
            frozen=table(
                ("party_id", "group"),
                [{"party_id": party, "group": group} for party, group in self.frozen.items()],
            ),
            previous=entity(previous or {}),
            region=region,
            next_code=next_code,
            max_carriers=max_carriers,
        )
        assert answer.schema == pa.schema([("party_id", TEXT), ("entity_code", pa.int64())])
        return dict(zip(*answer.to_pydict().values(), strict=True))

    def by_reference(
        self,
        previous: Mapping[str, int] | None = None,
        next_code: int | None = None,
        region: str | None = "RO",
        max_carriers: int = 10,
    ) -> dict[str, int]:
        """The same, by the reference."""
        return reference.resolve(
            parties=[{column: row.get(column) for column in PARTY} for row in self.parties],
            aliases=self.aliases,
            subjects=self.subjects,
            unlinks=self.unlinks,
            frozen=self.frozen,
            previous=previous,
            region=region,
            next_code=next_code,
            max_carriers=max_carriers,
        )

    def groups(self, **options: int) -> set[str]:
        """The groups, each as the identifiers of its members with a space between; both agree."""
        codes = self.resolved(**options)
        assert codes == self.by_reference(**options)
        return groups_of(codes)


def entity(codes: Mapping[str, int]) -> pa.Table:
    """Codes as the ledger's entity table."""
    columns = {"party_id": pa.array(list(codes), TEXT), "entity_code": list(codes.values())}
    return pa.table({**columns, "entity_code": pa.array(columns["entity_code"], pa.int64())})


def groups_of(codes: Mapping[str, int]) -> set[str]:
    """The groups of codes, each as its members in order with a space between."""
    members: dict[int, list[str]] = {}
    for party in sorted(codes):
        members.setdefault(codes[party], []).append(party)
    return {" ".join(each) for each in members.values()}


def person(party_id: str, name: str | None = None, **known: str) -> Record:
    """The record of a person."""
    return {"party_id": party_id, "kind": "person", "name": name, **known}


def organisation(party_id: str, name: str | None = None, **known: str) -> Record:
    """The record of an organisation."""
    return {"party_id": party_id, "kind": "organisation", "name": name, **known}


def name(party_id: str, kind: str, value: str) -> Record:
    """An alias, or the undoing of a link."""
    return {"party_id": party_id, "kind": kind, "value": value}
