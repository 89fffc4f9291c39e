"""The text of one ledger column: from the raw columns of a file, as its mapping says."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.intake.files.raw import Raw
from onefunnel.intake.mapping.model import Cell, Into, Where
from onefunnel.intake.values.builtins import among
from onefunnel.intake.values.typed import trimmed


def check_columns(into: Into, raw: Raw, mapping: str) -> None:
    """Every column that the mapping names is in the file.

    Raises InputError ``missing_column`` with the nearest name.
    """
    for name in sorted(into.source_columns):
        if name not in raw.header:
            raise InputError(
                Place(raw.file, raw.header_line, name),
                "missing_column",
                f"There is no such column, but {mapping} uses it for {into.table!r}.",
                remedy=suggestion(name, [each for each in raw.header if each]),
            )


def text_of(cell: Cell, raw: Raw, null_values: tuple[str, ...]) -> ir.StringValue:
    """The text of a cell; NULL where it is empty, or is one of ``null_values``."""
    parts = [
        _first(_known(raw.value(part.column), null_values), cell.first)
        if part.column is not None
        else ibis.literal(part.value, type="string")
        for part in cell.parts
    ]
    if len(parts) == 1:
        return parts[0]
    text = trimmed(parts[0])
    for part in parts[1:]:
        text = text + cell.separator + trimmed(part)
    return text


def _first(text: ir.StringValue, before: str | None) -> ir.StringValue:
    """Of a list in one cell what stands before the first separator."""
    return text if before is None else trimmed(text.split(before)[0])


def _known(text: ir.StringValue, null_values: tuple[str, ...]) -> ir.StringValue:
    if not null_values:
        return text
    return ibis.ifelse(among(trimmed(text), null_values), ibis.null("string"), text)


def plain_text_of(cell: Cell, header: Sequence[str], record: Sequence[str | None]) -> str | None:
    """The same for one record at hand, before ``map``."""
    texts = [
        part.value
        if part.column is None
        else _plain_first(record[header.index(part.column)], cell.first)
        for part in cell.parts
    ]
    return cell.separator.join(filter(None, texts)) if all(texts) else None


def _plain_first(text: str | None, before: str | None) -> str | None:
    return text if before is None or text is None else text.split(before)[0].strip()


def taken(
    conditions: Sequence[Where], raw: Raw, null_values: tuple[str, ...]
) -> ir.BooleanValue | None:
    """Whether a row is to be taken; None when all are."""
    met = [_met(each, raw, null_values) for each in conditions]
    return ibis.and_(*met) if met else None


def _met(condition: Where, raw: Raw, null_values: tuple[str, ...]) -> ir.BooleanValue:
    value = trimmed(_known(raw.value(condition.column), null_values))
    if condition.known is not None:
        return value.notnull() if condition.known else value.isnull()
    if condition.among:
        return among(value, condition.among).fill_null(False)
    return ~among(value, condition.not_among).fill_null(False)
