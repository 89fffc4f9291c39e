"""What files are: a table of the ledger, something that a preset knows, or a list to be mapped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from onefunnel.errors import InputError
from onefunnel.intake.files.discover import discover
from onefunnel.intake.guessing import Draft, guess, profile, recipe, suggest, writing_of
from onefunnel.intake.guessing.profile import Profile, Writing
from onefunnel.intake.guessing.suggest import likely_choice
from onefunnel.intake.mapping.canonical import canonical_into, is_table, table_of
from onefunnel.intake.mapping.fitting import fitted
from onefunnel.intake.mapping.model import DELETED, Source
from onefunnel.intake.mended import ID
from onefunnel.intake.presets import preset, preset_names
from onefunnel.intake.samples import Sample, sample, sheets_of
from onefunnel.intake.staged import Options, Progress
from onefunnel.ledger.schema import TABLES
from onefunnel.ledger.schema.facts import STATUSES

FEWEST = 4
"""Columns that a file must share with a preset that does not know its name."""

TABLE, PRESET, MENDED, LIST, REFUSED = "table", "preset", "mended", "list", "refused"
"""What a file can be recognised as."""


@dataclass(frozen=True)
class Seen:
    """A file (or a sheet of one), and what it was recognised as.

    ``as_what`` is ``table`` (``table`` says which), ``preset`` (``preset`` and ``source``, its
    number there), ``mended`` (rows of the quarantine that come back), ``list`` (to be mapped) or
    ``refused`` (``error`` says why; there is no sample then).
    """

    file: str
    kind: str
    size: int
    as_what: str
    sheet: str = ""
    table: str = ""
    preset: str = ""
    source: int = 0
    sample: Sample | None = None
    error: InputError | None = None


def recognise(
    paths: Sequence[Path],
    options: Options,
    progress: Progress,
    written: Mapping[tuple[str, str], Source] | None = None,
) -> list[Seen]:
    """Every file at the paths, recognised; ``written`` says how a file (and sheet) is written.

    What can't be read is ``refused``, an archive as a whole; the others are recognised.
    """
    seen: list[Seen] = []
    with TemporaryDirectory(prefix="onefunnel-seen-", dir=options.scratch) as folder:
        scratch = Path(folder)
        for number, path in enumerate(paths, 1):
            progress.step(path.name, number, len(paths))
            try:
                found, _ = discover([path], scratch, options, progress)
            except InputError as error:
                size = path.stat().st_size if path.is_file() else 0
                seen.append(Seen(path.name, "", size, REFUSED, error=error))
                continue
            for each in found:
                seen += _seen(each.path, each.kind, each.file, scratch, options, written or {})
    return seen


def _seen(
    path: Path,
    kind: str,
    file: str,
    scratch: Path,
    options: Options,
    written: Mapping[tuple[str, str], Source],
) -> Iterator[Seen]:
    size = path.stat().st_size
    try:
        sheets = sheets_of(path, kind, file, options.limits)
    except InputError as error:
        yield Seen(file, kind, size, REFUSED, error=error)
        return
    several = sheets if len(sheets) > 1 else ("",)
    for sheet in several:
        source = written.get((file, sheet), Source(file, (), sheet=sheet or None))
        try:
            looked = sample(path, kind, file, source, scratch, _expected(file), options)
        except InputError as error:
            yield Seen(file, kind, size, REFUSED, sheet, error=error)
            continue
        yield replace(as_what(file, sheet, looked), kind=kind, size=size)


def _expected(file: str) -> tuple[str, ...]:
    stem = PurePosixPath(file).stem
    return (*table_of(stem, file).column_names, DELETED, ID) if is_table(stem) else ()


def as_what(file: str, sheet: str, looked: Sample) -> Seen:
    """What a file is, by its name and its columns."""
    seen = Seen(file, "", 0, LIST, sheet, sample=looked)
    if ID in looked.header:
        return replace(seen, as_what=MENDED)
    stem = sheet or PurePosixPath(file).stem
    if table := _table(stem, file, looked.header):
        return replace(seen, as_what=TABLE, table=table)
    if (known := _preset(file, sheet, looked)) is not None:
        return replace(seen, as_what=PRESET, preset=known[0], source=known[1])
    return seen


def _table(stem: str, file: str, header: Sequence[str]) -> str:
    """The table whose columns these are; of several, the one that the file is named after."""
    named = [table_of(stem, file).name] if is_table(stem) else []
    columns = {name for name in header if name}
    for name in dict.fromkeys((*named, *TABLES)):
        table = TABLES[name]
        enough = name in named or len(columns) >= 3
        if enough and table.key in columns and columns <= {*table.column_names, DELETED}:
            try:
                canonical_into(table, header, file)
            except InputError:
                continue
            return name
    return ""


def _preset(file: str, sheet: str, looked: Sample) -> tuple[str, int] | None:
    best: tuple[int, str, int] | None = None
    for name in preset_names():
        for number, source in enumerate(preset(name).sources):
            if sheet and source.sheet != sheet:
                continue
            alike = _alike(source, file, looked)
            if alike and (best is None or alike > best[0]):
                best = (alike, name, number)
    return (best[1], best[2]) if best else None


def _alike(source: Source, file: str, looked: Sample) -> int:
    """How many columns a source and a file share; 0 where the source can't read the file."""
    own = fitted(source, looked.header)
    if not own.columns <= set(looked.header) or own.into[0].table != source.into[0].table:
        return 0
    named = PurePosixPath(file).match(source.file)
    if source.known_by and not named and set(source.known_by).isdisjoint(looked.header):
        return 0
    if len(own.columns) < FEWEST and not named:
        return 0
    if source.optional and len(own.columns) < 0.3 * len(source.columns) and not named:
        return 0
    return len(own.columns) if all(_said(own, looked)) else 0


def _said(source: Source, looked: Sample) -> Iterator[bool]:
    """Whether conditions that ask for values find one: else the firm has words of its own."""
    for into in source.into:
        for condition in into.where:
            values = looked.values.get(condition.column)
            if condition.among and values:
                yield any(value in condition.among for value in values)


def first_draft(looked: Sample, kind: str = "") -> Draft | None:
    """A draft of what a list is, to be looked at by a person; None where nothing can be guessed.

    ``kind`` is the kind of list where it is known.
    """
    profiles = profiles_of(looked)
    name = kind or guess(profiles)
    if not name:
        return None
    found = suggest(recipe(name), profiles)
    columns = {column: field for column, (field, _) in found.items()}
    writing = writing_of(looked.column(column) for column in profiles)
    draft = Draft(
        name,
        columns,
        formats={c: profiles[c].format for c in columns if profiles[c].format},
        percents=tuple(c for c in columns if profiles[c].percent),
        date_order=writing.date_order,
        calendar=writing.calendar,
        decimal=writing.decimal,
    )
    return replace(draft, meanings=likely_meanings(draft, looked))


def profiles_of(looked: Sample) -> dict[str, Profile]:
    """The profile of each column that has a name."""
    return {name: profile(looked.column(name)) for name in looked.header if name}


def writing(looked: Sample) -> Writing:
    """How the file writes dates and numbers."""
    return writing_of(looked.column(name) for name in looked.header if name)


def likely_meanings(draft: Draft, looked: Sample) -> dict[str, dict[str, str]]:
    """For each field whose values need a meaning: value -> what it probably means."""
    by_field = {field: column for column, field in draft.columns.items()}
    fields = recipe(draft.recipe).by_name
    meanings = {}
    for name in draft.asked():
        values = looked.values.get(by_field[name], ())
        state = name == draft.state and draft.recipe == "deals"
        choices = STATUSES if state else fields[name].choices
        likely = {value: likely_choice(value, choices) for value in values}
        meanings[name] = {value: to or ("open" if state else "") for value, to in likely.items()}
    return meanings
