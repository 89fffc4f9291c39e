"""The kinds of value a ledger column can hold, and their types on the engines and on disk."""

from enum import Enum

import pyarrow as pa


class Kind(Enum):
    """A kind of value: Arrow type on disk, Ibis type on every engine.

    Instants are stored in UTC with microseconds. Money is DECIMAL(19,4): one factor of a product
    is cast to it first, and the other has at most 18 digits, so that no product overflows 38.

    >>> Kind.MONEY.ibis_type, str(Kind.INSTANT.arrow_type)
    ('decimal(19, 4)', 'timestamp[us, tz=UTC]')
    """

    TEXT = ("text", "string", pa.string())
    INSTANT = ("instant", "timestamp('UTC')", pa.timestamp("us", tz="UTC"))
    DAY = ("day", "date", pa.date32())
    MONEY = ("money", "decimal(19, 4)", pa.decimal128(19, 4))
    QUANTITY = ("quantity", "decimal(18, 4)", pa.decimal128(18, 4))
    RATE = ("rate", "decimal(18, 11)", pa.decimal128(18, 11))
    COUNT = ("count", "int64", pa.int64())
    RATIO = ("ratio", "float64", pa.float64())
    FLAG = ("flag", "boolean", pa.bool_())
    JSON = ("json", "string", pa.string())

    def __init__(self, title: str, ibis_type: str, arrow_type: pa.DataType) -> None:
        self.title = title
        self.ibis_type = ibis_type
        self.arrow_type = arrow_type
