"""What a measure answers: typed rows, notes, and all that is needed to ask again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from onefunnel.vocabulary.notes import Note

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Row(Protocol):
    """A row of an answer: a frozen dataclass whose ``dimensions`` hold the values of ``--by``."""

    @property
    def dimensions(self) -> Mapping[str, str | None]:
        """The values of the dimensions, None for unknown."""
        ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Answer(Generic[R]):
    """Rows of one measure at one ledger version.

    ``parameters`` is what was asked, as text. An empty ledger gives rows with counts of zero, not
    an error.
    """

    measure: str
    rows: tuple[R, ...]
    notes: tuple[Note, ...] = ()
    ledger_version: int = 0
    now: datetime | None = None
    parameters: Mapping[str, str | int | None] = field(default_factory=dict)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows, flat: the dimensions first, then the fields in their order."""
        return [flat(row) for row in self.rows]

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a data frame; an unknown value is NaN or None."""
        import pandas as pd

        return pd.DataFrame(self.to_dicts())

    def to_arrow(self) -> "pa.Table":
        """The rows as an Arrow table."""
        import pyarrow as pa

        return pa.Table.from_pylist(self.to_dicts())


def flat(row: Row) -> dict[str, Any]:
    """A row as a flat mapping, its dimensions as columns of their own, before the others.

    A Decimal is money but for the fields that a row names in ``no_money``: those become numbers.
    """
    rest = {f.name: getattr(row, f.name) for f in fields(row) if f.name != "dimensions"}  # type: ignore[arg-type]
    numbers = {name: _number(rest[name]) for name in no_money(row)}
    return {**row.dimensions, **rest, **numbers}


def no_money(row: Row) -> frozenset[str]:
    """The fields of a row that are Decimals for the sake of exact sums, and no money."""
    found: frozenset[str] = getattr(row, "no_money", frozenset())
    return found


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
