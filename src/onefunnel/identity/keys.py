"""The rules of ``normalise`` over whole Arrow columns: each distinct value is looked at once.

Values in ASCII, which nearly all are, go through Arrow's own functions; the others through the
plain ones. A test holds the two to the same answers.
"""

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.identity.normalise import (
    BLANKS,
    normalise_domain,
    normalise_email,
    phone_keys,
)

TEXT = pa.large_string()
"""Text with 64-bit offsets: ten million names are more than 2 GB."""

KINDS = ("email", "phone", "domain", "anonymous", "external")
"""What an identifier can be."""

_ADDRESS = f"^[^@{BLANKS}]+@[^@{BLANKS}]+$"


def text_column(table: pa.Table, name: str) -> pa.Array:
    """A column as one array of text with 64-bit offsets."""
    column = table[name].cast(TEXT)
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def keys(
    kind: str, values: pa.Array, *, region: str | None, phones: Mapping[str, str | None]
) -> pa.Array:
    """The normalised form of each value of one kind of identifier; NULL where there is none.

    ``phones`` holds telephone numbers that were normalised before; the others are read in
    ``region``. The answer has the length of ``values``.

    >>> keys("email", pa.array([" A@B.ro ", "-", None]), region=None, phones={}).to_pylist()
    ['a@b.ro', None, None]
    """
    if kind == "email":
        return each_distinct(values, _email_keys)
    if kind == "phone":
        return each_distinct(values, lambda distinct: _phones(distinct, region, phones))
    if kind == "domain":
        return each_distinct(values, lambda distinct: plain_keys(distinct, normalise_domain))
    return each_distinct(values, _number_keys)


def each_distinct(values: pa.Array, rule: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """``rule`` applied to the distinct values, and its answers at the places of the values."""
    encoded = values.cast(TEXT).dictionary_encode()
    return rule(encoded.dictionary).cast(TEXT).take(encoded.indices)


def plain_keys(values: pa.Array, rule: Callable[[str], str | None]) -> pa.Array:
    """A plain rule applied to each of some values that are not NULL."""
    return pa.array([rule(value) for value in values.to_pylist()], TEXT)


def _phones(values: pa.Array, region: str | None, known: Mapping[str, str | None]) -> pa.Array:
    texts = values.to_pylist()
    fresh = phone_keys((text for text in texts if text not in known), region)
    return pa.array([known[text] if text in known else fresh[text] for text in texts], TEXT)


def _email_keys(values: pa.Array) -> pa.Array:
    lowered = pc.ascii_trim(pc.ascii_lower(values), BLANKS)
    valid = pc.match_substring_regex(lowered, _ADDRESS)
    ascii_keys = pc.if_else(valid, lowered, pa.scalar(None, TEXT))
    return _withplain_keys(values, ascii_keys, normalise_email)


def _number_keys(values: pa.Array) -> pa.Array:
    trimmed = pc.ascii_trim(values, BLANKS)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, TEXT), trimmed)


def _withplain_keys(
    values: pa.Array, ascii_keys: pa.Array, rule: Callable[[str], str | None]
) -> pa.Array:
    """``ascii_keys``, and where a value holds other letters what the plain rule says."""
    other = pc.invert(pc.string_is_ascii(values))
    return pc.replace_with_mask(ascii_keys, other, plain_keys(values.filter(other), rule))
