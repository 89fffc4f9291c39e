"""The canonical import: columns by the names of the ledger, no mapping file."""

import re
from collections.abc import Sequence

from onefunnel.errors import InputError, Place, suggestion
from onefunnel.intake.mapping.model import DELETED, Cell, Into, Part
from onefunnel.ledger.schema import TABLES, Table

_PART_OF = re.compile(r"(?P<table>.+?)[-.](?:part)?-?\d+$")


def table_of(stem: str, file: str) -> Table:
    """The table that a file is named after: ``touch``, ``touch-1``, ``touch.part2``.

    Raises InputError ``unknown_table`` with the nearest name.

    >>> table_of("touch-1", "touch-1.csv").name, table_of("deal.part12", "deal.part12.csv").name
    ('touch', 'deal')
    """
    for name in _names(stem):
        if name in TABLES:
            return TABLES[name]
    raise InputError(
        Place(file),
        "unknown_table",
        "The ledger has no table of that name.",
        remedy=f"{suggestion(stem, TABLES)} Rename the file, or use a mapping.",
    )


def is_table(stem: str) -> bool:
    """Whether a file of that name is named after a table."""
    return any(name in TABLES for name in _names(stem))


def _names(stem: str) -> tuple[str, ...]:
    part = _PART_OF.match(stem)
    return (stem.lower(), part["table"].lower()) if part else (stem.lower(),)


def canonical_into(table: Table, header: Sequence[str], file: str, line: int = 1) -> Into:
    """The identity mapping of a header onto a table; columns without a name are left out.

    Raises InputError: ``unknown_column``, ``duplicate_column``, ``missing_key_column``.

    >>> from onefunnel.ledger.schema import TABLES
    >>> tuple(canonical_into(TABLES["product"], ["sku", "name"], "product.csv").cells)
    ('sku', 'name')
    """
    valid = (*table.column_names, DELETED)
    names = [name for name in header if name]
    for name in names:
        if name not in valid:
            place = Place(file, line, name)
            _refuse_repeated(name, names, place)
            message = f"There is no such column in {table.name!r}."
            raise InputError(place, "unknown_column", message, remedy=suggestion(name, valid))
    if table.key not in names:
        raise InputError(
            Place(file, line, table.key),
            "missing_key_column",
            f"The column that identifies a {table.name} is not there.",
            remedy=f"Add it. There are: {', '.join(names)}.",
        )
    return Into(table.name, {name: Cell((Part(column=name),)) for name in names})


def _refuse_repeated(name: str, names: Sequence[str], place: Place) -> None:
    """A second column of the same name has got a suffix on reading."""
    first = re.sub(r"_\d+$", "", name)
    if first != name and first in names:
        message = f"The header has {first!r} more than once."
        raise InputError(place, "duplicate_column", message, remedy="Leave one of them.")
