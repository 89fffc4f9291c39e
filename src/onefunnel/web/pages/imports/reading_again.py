"""How a file whose rows are in the quarantine was read: rows that are mended are read so again."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from onefunnel.intake import Mapping, parse_mapping, preset
from onefunnel.intake.files.raw import JOINED
from onefunnel.intake.mapping.canonical import is_table
from onefunnel.intake.recognise import PRESET, TABLE, as_what
from onefunnel.intake.samples import Sample
from onefunnel.ledger.schema import TABLES
from onefunnel.store.models import Upload
from onefunnel.web.pages.imports.quarantined import Group

_LOOKED_AT = 300


def mapping_of_file(file: str, columns: Sequence[str]) -> Mapping | None:
    """The mapping that a file was last imported by; None where its columns are a table's own.

    A file that came in by a command is recognised by its columns, as one that is dropped would be.
    """
    plain = PurePosixPath(file).name
    imported = Upload.objects.exclude(imported_at=None).order_by("-imported_at")
    for upload in imported[:_LOOKED_AT]:
        names = {each["file"] for each in upload.seen.get("files", ())}
        if upload.mapping and names & {file, plain}:
            return parse_mapping(upload.mapping)
    seen = as_what(file, "", Sample(tuple(columns), (), 0))
    if seen.as_what == PRESET:
        return preset(seen.preset)
    return None


def header_of(fact: str, file: str) -> tuple[str, ...]:
    """The columns that a file had when it was last imported here, else those of the table."""
    imported = Upload.objects.exclude(imported_at=None).order_by("-imported_at")
    for upload in imported[:_LOOKED_AT]:
        for each in upload.seen.get("files", ()):
            if each["file"] == file and each["header"]:
                return tuple(each["header"])
    return TABLES[fact].column_names


def wrong_columns(group: Group, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file that the column of a group is made of."""
    fact, column, file = group.fact, group.column, group.file
    for named in ((group.file_column,), tuple(group.file_column.split(JOINED)), (column,)):
        if set(named) <= set(columns):
            return named
    mapping = mapping_of_file(file, columns)
    if mapping is None:
        return ()
    for source in mapping.sources:
        for into in source.into:
            cell = into.cells.get(column)
            if into.table == fact and cell is not None and set(cell.columns) <= set(columns):
                return cell.columns
    return ()


def can_be_read(fact: str, file: str, columns: Sequence[str]) -> bool:
    """Whether rows of a file can be read again here: as they were, or as the table's own."""
    if mapping_of_file(file, columns) is not None:
        return True
    named = {*TABLES[fact].column_names, "deleted", "_more", "_record"}
    seen = as_what(f"{fact}.csv", "", Sample(tuple(columns), (), 0))
    return (seen.as_what == TABLE or is_table(PurePosixPath(file).stem)) and set(columns) <= named
