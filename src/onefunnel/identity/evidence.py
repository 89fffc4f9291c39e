"""What the records say, in codes: who carries what, what is known of whom, what was undone."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.identity.claims import Claims, claims, undone
from onefunnel.identity.keys import TEXT, keys, text_column
from onefunnel.identity.nodes import Codes, Flags, Known, encode

CHANGES = pa.schema([("party_id", pa.string()), ("entity_code", pa.int64())])
"""What resolving answers, and what it takes as ``previous``."""

NAMES = pa.schema([("party_id", TEXT), ("kind", TEXT), ("value", TEXT)])
"""What resolving takes as ``aliases`` and ``unlinks``."""

FROZEN = pa.schema([("party_id", TEXT), ("group", TEXT)])
"""What resolving takes as ``frozen``."""

_OWN = ("email", "phone", "domain")
_ALSO_PARTIES = ("anonymous", "external")


class Evidence:
    """The tables that :func:`onefunnel.identity.resolve` takes, with parties as dense codes.

    ``ids`` are the parties in code-point order; a code is a place in it.
    """

    def __init__(
        self,
        *,
        parties: pa.Table,
        aliases: pa.Table,
        subjects: pa.Table,
        unlinks: pa.Table,
        frozen: pa.Table,
        previous: pa.Table,
        region: str | None,
        phones: Mapping[str, str | None],
    ) -> None:
        self.parties, self.aliases, self.unlinks = parties, aliases, unlinks
        self.region, self.phones = region, phones
        defining = [
            text_column(table, "party_id") for table in (subjects, parties, aliases, frozen)
        ]
        referring = [text_column(table, "party_id") for table in (unlinks, previous)]
        self.ids, codes = encode(defining, [*referring, self._values_that_are_parties()])
        _, self._party, self._alias, self.frozen_party = codes[:4]
        self._unlink, self._previous, self._alias_itself = codes[4:]
        self.frozen_group = claims(self.frozen_party, text_column(frozen, "group"))
        self._previous_code = previous["entity_code"].to_numpy().astype(np.int64)

    @property
    def size(self) -> int:
        """How many parties there are."""
        return len(self.ids)

    @cached_property
    def previous(self) -> Codes:
        """The code that each party had, -1 for none."""
        codes = np.full(self.size, -1, dtype=np.int64)
        known = self._previous >= 0
        codes[self._previous[known]] = self._previous_code[known]
        return codes

    @property
    def next_code(self) -> int:
        """One above every code there was, those of parties that are gone included."""
        return int(self._previous_code.max(initial=-1)) + 1

    @cached_property
    def known(self) -> Known:
        """Kind, name and e-mail of the parties."""
        row = np.full(self.size, -1, dtype=np.int64)
        row[self._party] = np.arange(len(self._party), dtype=np.int64)
        party, email = self._aliases_of("email")
        return Known(
            person=self._of_kind("person"),
            organisation=self._of_kind("organisation"),
            row=row,
            name=text_column(self.parties, "name"),
            email=self._emails,
            alias_party=party,
            alias_email=email,
        )

    def claims(self, kind: str) -> Claims:
        """Who carries which identifier of a kind, by record, by alias, or by being called so."""
        party, value = self._aliases_of(kind)
        if kind in _OWN:
            more_parties = self._party
            more_values = self._emails if kind == "email" else self._keys(kind, self.parties, kind)
        else:
            # A party is called so itself: a cookie that became known, a number used by another
            # system as its own key.
            itself = self._alias_itself[self._rows(self.aliases, kind)]
            more_parties = itself[itself >= 0]
            more_values = value.filter(pa.array(itself >= 0))
        every = pa.concat_arrays([value, more_values])
        return claims(np.concatenate([party, more_parties]), every)

    def of_record(self, column: pa.Array) -> pa.Array:
        """A column of ``parties`` by party code; NULL where a party has no record."""
        row = self.known.row
        return column.take(pa.array(row, mask=row < 0))

    def undone(self, kind: str, of_kind: Claims) -> Flags:
        """The claims that somebody undid."""
        rows = self._rows(self.unlinks, kind)
        values = self._keys(kind, self.unlinks.filter(pa.array(rows)), "value")
        return undone(of_kind, self._unlink[rows], values)

    @cached_property
    def _emails(self) -> pa.Array:
        return self._keys("email", self.parties, "email")

    def _aliases_of(self, kind: str) -> tuple[Codes, pa.Array]:
        rows = self._rows(self.aliases, kind)
        values = self._keys(kind, self.aliases.filter(pa.array(rows)), "value")
        return self._alias[rows], values

    def _values_that_are_parties(self) -> pa.Array:
        """The values of aliases that may be a party's own identifier; NULL for the others."""
        kind = text_column(self.aliases, "kind")
        possible = pc.is_in(kind, pa.array(_ALSO_PARTIES, TEXT))
        values = self._keys("external", self.aliases, "value")
        return pc.if_else(possible, values, pa.scalar(None, TEXT))

    def _keys(self, kind: str, table: pa.Table, column: str) -> pa.Array:
        return keys(kind, text_column(table, column), region=self.region, phones=self.phones)

    def _of_kind(self, kind: str) -> Flags:
        flags = np.zeros(self.size, dtype=bool)
        flags[self._party[self._rows(self.parties, kind)]] = True
        return flags

    def _rows(self, table: pa.Table, kind: str) -> Flags:
        same = pc.equal(text_column(table, "kind"), kind).fill_null(False)
        flags: Flags = same.to_numpy(zero_copy_only=False)
        return flags
