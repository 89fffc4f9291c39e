"""Which decimal mark a column uses, from all its values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from onefunnel.errors import InputError, Place
from onefunnel.intake.values.builtins import matches
from onefunnel.intake.values.numbers import bare_number

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

# 12,5 · 1.234,5 · 1.234.567 speak for the comma; 12.5 · 1,234.5 · 1,234,567 for the point.
_COMMA = r"\D*\d*,(?:\d{1,2}|\d{4,})\D*|\D*[\d.]+\.\d{3},\d*\D*|\D*\d{1,3}(?:\.\d{3}){2,}\D*"
_POINT = r"\D*\d*\.(?:\d{1,2}|\d{4,})\D*|\D*[\d,]+,\d{3}\.\d*\D*|\D*\d{1,3}(?:,\d{3}){2,}\D*"
_EITHER = r"\D*\d{1,3},\d{3}\D*"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for which mark in one column, and a value that may be either."""

    name: str
    comma: int
    point: int
    either: int
    example: str | None
    whole: bool

    @property
    def mark(self) -> str | None:
        """The mark, where its values leave no doubt; a comma in a whole number parts thousands."""
        if self.whole:
            return "."
        if self.comma and not self.point:
            return ","
        return "." if self.point or not self.either else None


def decimal_marks(
    table: ir.Table, columns: Sequence[tuple[str, ir.StringValue, bool]], con: "Backend"
) -> list[Evidence]:
    """The evidence in each column (name, text, whether only whole numbers fit); one query."""
    if not columns:
        return []
    measures: dict[str, ir.Value] = {}
    for at, (_, text, _) in enumerate(columns):
        bare = bare_number(text)
        # A per cent sign or a currency stands outside the digits; arabic marks are beyond doubt.
        doubtful = ~text.contains("٫")
        measures[f"comma{at}"] = (matches(bare, _COMMA) & doubtful).sum()
        measures[f"point{at}"] = (matches(bare, _POINT) & doubtful).sum()
        either = matches(bare, _EITHER) & doubtful
        measures[f"either{at}"] = either.sum()
        measures[f"example{at}"] = ibis.ifelse(either, text, ibis.null("string")).min()
    row = con.to_pyarrow(table.aggregate(**measures)).to_pylist()[0]
    return [
        Evidence(
            name,
            row[f"comma{at}"] or 0,
            row[f"point{at}"] or 0,
            row[f"either{at}"] or 0,
            row[f"example{at}"],
            whole,
        )
        for at, (name, _, whole) in enumerate(columns)
    ]


def settle(
    evidence: Sequence[Evidence],
    file: str,
    line_of: Callable[[str | None], int | None] = lambda text: None,
) -> dict[str, str]:
    """A mark for each column; one that leaves doubt follows the other columns of its file.

    ``line_of`` finds the line of a text that leaves doubt, for the message.
    Raises InputError ``ambiguous_number`` where those don't help either.
    """
    certain = {each.mark for each in evidence if (each.comma or each.point) and not each.whole}
    marks: dict[str, str] = {}
    for each in evidence:
        mark = each.mark or (next(iter(certain)) if len(certain) == 1 else None)
        if mark is None:
            place = Place(file, line_of(each.example), each.name, each.example)
            message = "The comma may part thousands or decimals."
            remedy = 'Declare decimal = "," or decimal = "." in a mapping.'
            raise InputError(place, "ambiguous_number", message, remedy=remedy)
        marks[each.name] = mark
    return marks
