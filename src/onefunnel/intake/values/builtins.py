"""Functions of DuckDB that Ibis has no name for.

The bodies are never run: Ibis writes the call, the engine answers it.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.expr.operations.udf import InputType, ScalarUDF

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

INSTANT = dt.Timestamp(timezone="UTC")


@ibis.udf.scalar.builtin(name="trim", signature=((dt.string, dt.string), dt.string))
def trim(text, characters):  # type: ignore[no-untyped-def]
    """``text`` without any of the characters at its ends."""


@ibis.udf.scalar.builtin(name="translate", signature=((dt.string, dt.string, dt.string), dt.string))
def translate(text, characters, replacements):  # type: ignore[no-untyped-def]
    """Each of the characters replaced by the one at its place; one without a place is dropped."""


@ibis.udf.scalar.builtin(name="regexp_full_match", signature=((dt.string, dt.string), dt.boolean))
def matches(text, pattern):  # type: ignore[no-untyped-def]
    """Whether the pattern matches all of ``text``."""


@ibis.udf.scalar.builtin(
    name="regexp_replace", signature=((dt.string, dt.string, dt.string, dt.string), dt.string)
)
def replace(text, pattern, replacement, options):  # type: ignore[no-untyped-def]
    r"""What the pattern matches, replaced; ``\1`` is its first group, option ``g`` means all."""


@ibis.udf.scalar.builtin(
    name="regexp_extract", signature=((dt.string, dt.string, dt.int32), dt.string)
)
def extract(text, pattern, group):  # type: ignore[no-untyped-def]
    """A group of the pattern's first match; an empty text where there is none."""


@ibis.udf.scalar.builtin(name="list_extract", signature=((dt.Array(dt.int32), dt.int64), dt.int32))
def element(values, position):  # type: ignore[no-untyped-def]
    """The value at a position, from 1; NULL outside."""


@ibis.udf.scalar.builtin(name="make_timestamptz", signature=((dt.int64,), INSTANT))
def make_instant(microseconds):  # type: ignore[no-untyped-def]
    """An instant from its microseconds since 1970."""


@ibis.udf.scalar.builtin(name="make_timestamp", signature=((dt.int64,), dt.timestamp))
def make_timestamp(microseconds):  # type: ignore[no-untyped-def]
    """A time without zone from its microseconds since 1970."""


@ibis.udf.scalar.builtin(name="epoch_us", signature=((dt.timestamp,), dt.int64))
def epoch_us(time):  # type: ignore[no-untyped-def]
    """Microseconds since 1970."""


@ibis.udf.scalar.builtin(name="epoch_us", signature=((INSTANT,), dt.int64))
def instant_us(instant):  # type: ignore[no-untyped-def]
    """Microseconds of an instant since 1970."""


@ibis.udf.scalar.builtin(name="try_strptime", signature=((dt.string, dt.string), dt.timestamp))
def parse_local(text, pattern):  # type: ignore[no-untyped-def]
    """A time without zone in the form of the pattern; NULL where it has not that form."""


@ibis.udf.scalar.builtin(name="try_strptime", signature=((dt.string, dt.string), INSTANT))
def parse_zoned(text, pattern):  # type: ignore[no-untyped-def]
    """An instant in the form of a pattern that has an offset."""


@ibis.udf.scalar.builtin(name="json_valid", signature=((dt.string,), dt.boolean))
def json_valid(text):  # type: ignore[no-untyped-def]
    """Whether ``text`` is JSON."""


@ibis.udf.scalar.builtin(name="to_json", signature=((dt.string,), dt.string))
def quoted(text):  # type: ignore[no-untyped-def]
    """A text as JSON writes it, between quotation marks."""


def among(value: ir.StringValue, texts: Collection[str]) -> ir.BooleanValue:
    """Whether a value is one of the texts; NULL where the value is.

    Not by ``isin``: DuckDB makes a join of a longer list, and a join loses the order of the rows,
    by which records are numbered.
    """
    return ibis.or_(ibis.literal(False), *(value == text for text in texts))


def teach(con: "Backend", rows: ir.Table) -> None:
    """Make the engine know the functions of our own that are used in some rows.

    Ibis tells it of them when it runs an expression; not when it compiles one, or makes a view.
    """
    ours = (each for each in rows.op().find(ScalarUDF) if each.__input_type__ is InputType.PYARROW)
    for function, use in {type(each): each for each in ours}.items():
        # Ibis learns them from any query; the rows' own would take long to write.
        call = function(*(ibis.null(each.dtype) for each in use.args)).to_expr()
        con.to_pyarrow(call.name("taught").as_table().limit(0))
