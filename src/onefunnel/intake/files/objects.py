"""JSON: lines of objects, a list of objects, or an object that holds one such list."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from onefunnel.errors import InputError, Place
from onefunnel.intake.files.batches import Cells, store
from onefunnel.intake.files.dialect import clean_name
from onefunnel.intake.files.raw import Raw, Rejects
from onefunnel.intake.files.request import Request

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Object = dict[str, str | None]


def read_objects(request: Request, rejects: Rejects, con: "Backend") -> Raw:
    """The records of a JSON document; nested objects are flattened with dots.

    Lines are those of JSON lines; in a document, the number of the record, from 1. Lists within a
    record are kept as JSON text. Numbers keep the digits that they are written with.
    Raises InputError: ``no_records``, ``damaged_file``, ``file_too_large``, ``field_too_large``.
    """
    names: dict[str, None] = {}
    for _, each in objects_in(request):
        names |= dict.fromkeys(each)
    if not names:
        message = "There is no record in the file."
        raise InputError(Place(request.file), "no_records", message, remedy="Export it again.")
    records = _rows(objects_in(request, rejects), tuple(names))
    header = tuple(clean_name(name) for name in names)
    return store(con, request.file, header, 1, records)


def objects_in(request: Request, rejects: Rejects | None = None) -> Iterator[tuple[int, Object]]:
    """The records with their lines; what is none goes to ``rejects``. Raises as reading does."""
    lines = request.path.suffix.lower() in (".jsonl", ".ndjson")
    source = _from_lines if lines or _looks_like_lines(request) else _from_document
    return source(request, rejects)


def _rows(
    records: Iterator[tuple[int, Object]], names: tuple[str, ...]
) -> Iterator[tuple[int, Cells]]:
    return ((line, [each.get(name) for name in names]) for line, each in records)


def _looks_like_lines(request: Request) -> bool:
    """Whether the first line is an object by itself and something follows."""
    with request.path.open("rb") as stream:
        first = stream.readline(1024 * 1024).strip()
        more = stream.readline(1024 * 1024).strip()
    try:
        return bool(more) and isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _from_lines(request: Request, rejects: Rejects | None) -> Iterator[tuple[int, Object]]:
    limit = request.options.limits.max_field_bytes
    total = request.path.stat().st_size
    with request.path.open("rb") as stream:
        line = 0
        while text := stream.readline(limit + 1):
            line += 1
            if len(text) > limit:
                place = Place(request.file, line)
                message = f"A line is longer than {limit} bytes."
                raise InputError(place, "field_too_large", message, remedy="Shorten it.")
            if not (text := text.strip(b"\xef\xbb\xbf \t\r\n")):
                continue
            record = _object(text)
            if record is not None:
                yield line, record
            elif rejects is not None:
                shown = text.decode("utf-8", errors="backslashreplace")
                reason = "The line is not a JSON object."
                rejects.add(line, "bad_record", reason, {"_record": shown})
            if line % 10_000 == 0:
                request.progress.step(request.file, stream.tell(), total)


def _object(text: bytes) -> Object | None:
    try:
        found = _loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return dict(_flat(found)) if isinstance(found, dict) else None


def _loads(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str)


def _from_document(request: Request, rejects: Rejects | None) -> Iterator[tuple[int, Object]]:
    limits = request.options.limits
    size = request.path.stat().st_size
    if size > limits.max_whole_bytes:
        message = f"A JSON document may have {limits.max_whole_bytes} bytes; this has {size}."
        remedy = "Export it as JSON lines."
        raise InputError(Place(request.file), "file_too_large", message, remedy=remedy)
    try:
        document = _loads(request.path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        message = f"This is not JSON ({error})."
        remedy = "Export it again as UTF-8."
        place = Place(request.file, line)
        raise InputError(place, "damaged_file", message, remedy=remedy) from error
    for number, each in enumerate(_list(document, request), 1):
        if isinstance(each, dict):
            yield number, dict(_flat(each))
        elif rejects is not None:
            reason = "The record is not an object."
            rejects.add(number, "bad_record", reason, {"_record": each})


def _list(document: object, request: Request) -> list[Any]:
    """The list of records: at the path of the mapping, or the only one there is."""
    found: object = document
    path = request.source.records
    for step in path.split(".") if path else ():
        found = found.get(step) if isinstance(found, dict) else None
    if path is None and isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if isinstance(found, list):
        return found
    names = ", ".join(document) if isinstance(document, dict) else "no names"
    raise InputError(
        Place(request.file),
        "no_records",
        f"There is no list of records{f' at {path!r}' if path else ''}.",
        remedy=f'State records = "…" in a mapping; the document has {names}.',
    )


def _flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, str | None]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield before + name, json.dumps(value, ensure_ascii=False)
        elif isinstance(value, bool):
            yield before + name, "true" if value else "false"
        else:
            yield before + name, value if value != "" else None
