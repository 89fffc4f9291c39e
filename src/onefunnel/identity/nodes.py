"""Dense integer codes for parties, in code-point order, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.identity.keys import TEXT
from onefunnel.identity.normalise import normalise_name

Codes = npt.NDArray[np.int64]
"""Integer codes; -1 stands for none."""
Flags = npt.NDArray[np.bool_]


def encode(
    defining: Sequence[pa.Array], referring: Sequence[pa.Array]
) -> tuple[pa.Array, list[Codes]]:
    """The distinct texts of ``defining`` in code-point order, and each array as codes into them.

    The codes come for ``defining``, then for ``referring``; -1 where a text of ``referring`` is
    not among them, or is NULL.

    >>> texts, codes = encode([pa.array(["b", "a"])], [pa.array(["a", "c"])])
    >>> texts.to_pylist(), [each.tolist() for each in codes]
    (['a', 'b'], [[1, 0], [0, -1]])
    """
    # One pass over one hash table. It numbers by first appearance, so the defined come first.
    parts = [part.cast(TEXT) for part in (*defining, *referring)]
    chunks = pa.chunked_array(parts, TEXT).dictionary_encode().chunks
    texts = chunks[-1].dictionary if chunks else pa.array([], TEXT)
    found = [chunk.indices.fill_null(-1).to_numpy().astype(np.int64) for chunk in chunks]
    # Arrow leaves empty chunks out: cut by length.
    ends = np.cumsum([len(part) for part in parts])
    raw = np.split(np.concatenate([np.empty(0, np.int64), *found]), ends[:-1])
    defined = max((int(codes.max(initial=-1)) for codes in raw[: len(defining)]), default=-1) + 1
    ordered, rank = _in_order(texts.slice(0, defined))
    beyond = np.full(len(texts) - defined + 1, -1, dtype=np.int64)  # the last one serves code -1
    places = np.concatenate([rank, beyond])
    return ordered, [places[codes] for codes in raw]


def _in_order(texts: pa.Array) -> tuple[pa.Array, Codes]:
    """The texts in order of their UTF-8 bytes, which is that of code points, and their places."""
    size = len(texts)
    if size < 2 or pc.all(pc.less(texts[:-1], texts[1:])).as_py():
        return texts, np.arange(size, dtype=np.int64)
    order = pc.array_sort_indices(texts).to_numpy().astype(np.int64)
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size, dtype=np.int64)
    return texts.take(pa.array(order)), rank


@dataclass(frozen=True)
class Known:
    """What is known of the parties, by code: kind, name, e-mail.

    ``row`` is the place of each party in ``name`` and ``email`` (its record's values, the e-mail
    normalised), -1 where it has no record; ``alias_party`` and ``alias_email`` are the further
    e-mails.
    """

    person: Flags
    organisation: Flags
    row: Codes
    name: pa.Array
    email: pa.Array
    alias_party: Codes
    alias_email: pa.Array

    def names(self, party: Codes) -> Codes:
        """A code per name of each of ``party``, equal for equal normalised names; -1 for none."""
        raw = self._recorded(self.name, party).dictionary_encode()
        texts = pa.array([normalise_name(text) for text in raw.dictionary.to_pylist()], TEXT)
        return _codes(texts.take(raw.indices))

    def emails(self, party: Codes) -> Codes:
        """A code per main e-mail of each of ``party``: the record's, else the smallest alias."""
        distinct, place = np.unique(party, return_inverse=True)
        own = self._recorded(self.email, distinct)
        without = np.where(own.is_null().to_numpy(zero_copy_only=False), distinct, -1)
        return _codes(pc.coalesce(own, self._smallest_alias(without)))[place]

    def _recorded(self, column: pa.Array, party: Codes) -> pa.Array:
        row = self.row[party]
        return column.take(pa.array(row, mask=row < 0))

    def _smallest_alias(self, party: Codes) -> pa.Array:
        """The smallest e-mail among the aliases of each party; ``party`` is distinct or -1."""
        valid = self.alias_email.is_valid().to_numpy(zero_copy_only=False)
        used = np.flatnonzero(valid & np.isin(self.alias_party, party))
        texts, (rank,) = encode([self.alias_email.take(pa.array(used))], [])
        smallest = np.full(len(self.row) + 1, len(texts), dtype=np.int64)
        np.minimum.at(smallest, self.alias_party[used], rank)
        smallest[-1] = len(texts)
        found = smallest[party]
        return texts.take(pa.array(found, mask=found == len(texts)))


def _codes(texts: pa.Array) -> Codes:
    codes: Codes = texts.dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
    return codes
