"""The touches of all entities in order, kept beside the ledger and mended by what is new.

They lie in ``history/`` and can be thrown away at any time; erasure does. A folder there is the
history at one ledger version by one set of rules. That of a later version links the arrays of the
one before, and adds a part for the entities that something was learnt of.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.funnel.dense.entities import instants, microseconds
from onefunnel.funnel.dense.history import (
    ATTRIBUTES,
    CODED,
    CONTACT,
    LONG_AGO,
    NEVER,
    Codes,
    Firsts,
    Ints,
    Part,
    firsts,
    part_of,
    ties,
    with_more,
)
from onefunnel.funnel.dense.program import Program
from onefunnel.funnel.dense.reading import (
    answers_among,
    of_entities,
    texts,
    told_of_touches,
    touches_in_order,
    unknown_visitors,
)
from onefunnel.ledger.disk.scratch import scratch_folder
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.schema.views import as_of
from onefunnel.version import RELEASE
from onefunnel.workflows.arrays import written
from onefunnel.workflows.kept import HISTORY
from onefunnel.workflows.workspace import Workspace

MOST_PARTS = 16
LARGEST_SHARE = 0.25
SMALL = 10_000
"""When later parts hold more touches than this share of the base's, and these, all is read anew."""

STATE = "state.json"
FORMAT = 3
"""What stands in a folder; one of another format is made anew."""
KINDS = {
    "entity_code": np.int32,
    "at": np.int64,
    "marks": np.uint32,
    **dict.fromkeys(CODED, np.int32),
}
"""What is read of each touch, and as what."""


@dataclass(frozen=True)
class Told:
    """What is known of touches whoever's they are: how many, from when to when, what rules match.

    Instants are microseconds since 1970: ``earliest`` is NEVER and ``latest`` LONG_AGO where there
    is none. ``matched`` has the first touch that each rule matches: LONG_AGO where one that it
    matches has no instant.
    """

    touches: int = 0
    earliest: int = NEVER
    latest: int = LONG_AGO
    undated: int = 0
    matched: tuple[int, ...] = ()

    def widened(self, span: pa.Table) -> pa.Table:
        """A span of instants (one row: earliest, latest; NULL for none) with that of touches."""
        earliest, latest = (microseconds(span[name]) for name in ("earliest", "latest"))
        first = np.minimum(earliest, self.earliest)
        last = np.maximum(np.where(latest == NEVER, LONG_AGO, latest), self.latest)
        last = np.where(last == LONG_AGO, NEVER, last)
        return pa.table({"earliest": instants(first), "latest": instants(last)})

    def and_more(self, more: "Told") -> "Told":
        """This and what later touches tell."""
        pairs = zip(self.matched, more.matched, strict=True)
        return Told(
            self.touches + more.touches,
            min(self.earliest, more.earliest),
            max(self.latest, more.latest),
            self.undated + more.undated,
            tuple(min(a, b) for a, b in pairs),
        )


@dataclass(frozen=True)
class History:
    """The touches of entities at a ledger version: parts, and what follows from each."""

    version: int
    parts: tuple[Part, ...]
    firsts: tuple[Firsts, ...]
    texts: Mapping[str, Sequence[str]]
    unknown: Ints
    told: Told


@dataclass
class _Held:
    """What is written down of a history: the folders of its parts, and the rest."""

    version: int
    told: dict[str, Any]
    parts: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)


def history(
    workspace: Workspace, reader: Reader, program: Program, label: str, threads: int
) -> History:
    """The history at the reader's version; ``label`` names the rules it was made by."""
    root = workspace.path / HISTORY
    name = f"{label[:16]}-{RELEASE}-{FORMAT}"
    folder = root / f"{name}-{reader.head.version}"
    if not folder.is_dir():
        root.mkdir(exist_ok=True)
        with scratch_folder(workspace.scratch) as room:
            making = _Making(reader, program, threads, room / HISTORY)
            making.make(_newest(root, name, reader.head.version))
            _appear(making.folder, folder)
        _forget_others(root, folder)
    return _opened(folder)


class _Making:
    """Fills a new folder with the history at a reader's version."""

    def __init__(self, reader: Reader, program: Program, threads: int, folder: Path) -> None:
        self.reader, self.program, self.threads, self.folder = reader, program, threads, folder
        folder.mkdir()
        self.version = reader.head.version
        self.touches = reader.table("touch")
        self.entity = reader.table("entity")

    def make(self, before: Path | None) -> None:
        """From the history of an earlier version where there is one that is not outgrown."""
        if before is None or not self._follow(before):
            self._begin()

    def _begin(self) -> None:
        """Read everything."""
        told, new_texts, unknown = self._looked_over(self.touches, self.touches)
        held = _Held(self.version, asdict(told))
        coded = self._coded(new_texts, held.texts)
        size = self.reader.head.next_code
        part = self._read(self.touches, self.entity, coded, size)
        self._add(held, part)
        np.save(self.folder / "unknown.npy", unknown)
        _write_state(self.folder, held)

    def _follow(self, before: Path) -> bool:
        """Read what is new, and anew what changed; False where that would be too much."""
        old = _opened(before)
        held = _Held(**json.loads((before / STATE).read_text("utf-8")))
        fresh = self._fresh(old.version)
        closed_since = self._closed("touch", "touch_id", old.version)
        gone = self.reader.hold(closed_since.select("party_id").distinct())
        closed = self._any(gone)
        anew = self._anew(old.version, gone)
        held.version = self.version
        told, new_texts, unknown = self._looked_over(fresh, self.touches if closed else fresh)
        held.told = asdict(told if closed else old.told.and_more(told))
        coded = self._coded(new_texts, held.texts)
        more = self._read(fresh, self.entity, coded, None)
        answers = answers_among(held.texts[CONTACT])
        tied = ties(old.parts, old.firsts, more, answers)
        again = np.union1d(anew, tied).astype(np.int64)
        more = _without(more, again)
        grown = sum(len(p.at) for p in old.parts[1:]) + len(more.at) * 4 + len(again) * 8
        most = LARGEST_SHARE * len(old.parts[0].at) + SMALL
        if len(held.parts) + 2 > MOST_PARTS or grown > most:
            return False
        for name in held.parts:
            _link(before / name, self.folder / name)
        if more.size:
            self._add(held, with_more(old.parts, more))
        if len(again):
            wanted = self.reader.hold(pa.table({"entity_code": again}))
            part = self._read(self.touches, of_entities(self.entity, wanted), coded, again)
            self._add(held, part)
        kept = [unknown] if closed else [old.unknown, unknown]
        np.save(self.folder / "unknown.npy", np.sort(np.concatenate(kept)))
        _write_state(self.folder, held)
        return True

    def _fresh(self, since: int) -> ir.Table:
        """Touches that came after a version and stand."""
        rows, gone = self.reader.rows("touch"), self.reader.rows("superseded")
        return as_of(rows.filter(rows.since > since), gone, "touch", "touch_id", self.version)

    def _closed(self, name: str, key: str, since: int) -> ir.Table:
        """Rows of a table that stood at a version and were closed after it."""
        rows, gone = self.reader.rows(name), self.reader.rows("superseded")
        folded = rows.filter(rows.since <= since, rows.until > since)
        loose = gone.filter(gone.fact == name, gone.until > since, gone.since <= since)
        pairs = [(key, "key"), ("since", "since")]
        return folded.union(rows.semi_join(loose, pairs))

    def _any(self, rows: ir.Table) -> bool:
        return bool(self.reader.fetch(rows.limit(1)).num_rows)

    def _anew(self, since: int, gone: ir.Table) -> Ints:
        """The entities whose touches are read again: these changed, or who is who did.

        ``gone`` are the parties (party_id) whose touches were closed.
        """
        columns = ("party_id", "entity_code")
        moved = self.reader.hold(self._closed("entity", "party_id", since).select(*columns))
        parties = ibis.union(moved.select("party_id"), gone, distinct=True)
        now = self.entity.semi_join(parties, "party_id").select("entity_code")
        found = self.reader.fetch(ibis.union(moved.select("entity_code"), now, distinct=True))
        return np.sort(found["entity_code"].to_numpy()).astype(np.int64)

    def _looked_over(self, fresh: ir.Table, counted: ir.Table) -> tuple[Told, pa.Table, Ints]:
        """What is told of the touches ``counted``, the texts of ``fresh``, unknown visitors."""
        with self.reader.ahead() as found:
            found.ask("told", told_of_touches(counted, self.program))
            found.ask("texts", texts(fresh))
            found.ask("unknown", unknown_visitors(counted))
            return self._told(found["told"]), found["texts"], _unknown(found["unknown"])

    def _told(self, row: pa.Table) -> Told:
        matched = []
        for each in self.program.rules:
            undated = row[f"undated_{each.mark}"][0].as_py() or 0
            first = int(microseconds(row[f"first_{each.mark}"])[0])
            matched.append(LONG_AGO if undated else first)
        latest = int(microseconds(row["latest"])[0])
        return Told(
            row["touches"][0].as_py(),
            int(microseconds(row["earliest"])[0]),
            LONG_AGO if latest == NEVER else latest,
            row["undated"][0].as_py() or 0,
            tuple(matched),
        )

    def _coded(self, found: pa.Table, known: dict[str, list[str]]) -> dict[str, ir.Table]:
        """A table (text, code) per attribute; texts seen for the first time are added."""
        coded = {}
        for name in CODED:
            have = known.setdefault(name, [])
            seen = set(have)
            mine = found.filter(pc.equal(found["attribute"], name))["text"].to_pylist()
            have += [text for text in mine if text not in seen]
            codes = pa.array(np.arange(len(have), dtype=np.int32))
            table = pa.table({"text": pa.array(have, pa.string()), "code": codes})
            coded[name] = self.reader.hold(table)
        return coded

    def _read(
        self,
        touches: ir.Table,
        entity: ir.Table,
        coded: Mapping[str, ir.Table],
        codes: Ints | int | None,
    ) -> Part:
        """The touches of a part from the engine; ``codes`` None: the entities that have some."""
        rows = self.reader.stream(touches_in_order(touches, entity, self.program, coded))
        room = Path(mkdtemp(dir=self.folder.parent))
        found = written(rows, room, KINDS)
        whose = found["entity_code"]
        known = np.unique(whose).astype(np.int64) if codes is None else codes
        attributes = {name: found[name] for name in CODED}
        return part_of(whose, found["at"], found["marks"], attributes, known)

    def _add(self, held: _Held, part: Part) -> None:
        """Write a part and what follows from it."""
        name = f"part-{self.version}-{len(held.parts)}"
        folder = self.folder / name
        folder.mkdir()
        answers = answers_among(held.texts[CONTACT])
        first = firsts(part, self.program, self.threads, answers)
        arrays: dict[str, npt.NDArray[Any]] = {
            "offsets": part.offsets,
            "at": part.at,
            "marks": part.marks,
            **part.attributes,
        }
        arrays |= {"entries": first.entries, "first_at": first.first_at}
        arrays |= {f"origin_{name}": codes for name, codes in first.origins.items()}
        if part.codes is not None:
            arrays["codes"] = part.codes
        for each, values in arrays.items():
            np.save(folder / f"{each}.npy", values)
        held.parts.append(name)


def _unknown(found: pa.Table) -> Ints:
    """The instants of touches of unknown visitors, in order; one that isn't known is long ago."""
    at = microseconds(found["at"])
    return np.sort(np.where(at == NEVER, LONG_AGO, at))


def _without(part: Part, codes: Ints) -> Part:
    """A part without some entities."""
    kept = ~np.isin(part.entities, codes)
    if kept.all():
        return part
    lengths = np.diff(part.offsets)
    touches = np.repeat(kept, lengths)
    attributes = {name: values[touches] for name, values in part.attributes.items()}
    offsets = np.concatenate(([0], np.cumsum(lengths[kept]))).astype(np.int64)
    return Part(part.entities[kept], offsets, part.at[touches], part.marks[touches], attributes)


def _opened(folder: Path) -> History:
    held = _Held(**json.loads((folder / STATE).read_text("utf-8")))
    read = [_part(folder / name) for name in held.parts]
    told = Told(**{**held.told, "matched": tuple(held.told["matched"])})
    return History(
        held.version,
        tuple(part for part, _ in read),
        tuple(first for _, first in read),
        held.texts,
        np.load(folder / "unknown.npy", mmap_mode="r"),
        told,
    )


def _part(folder: Path) -> tuple[Part, Firsts]:
    """A part and what follows from it; the arrays are read as they are used."""
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    codes: Ints | None = arrays.get("codes")
    attributes: dict[str, Codes] = {name: arrays[name] for name in CODED}
    origins: dict[str, Codes] = {name: arrays[f"origin_{name}"] for name in ATTRIBUTES}
    part = Part(codes, arrays["offsets"], arrays["at"], arrays["marks"], attributes)
    return part, Firsts(codes, arrays["entries"], arrays["first_at"], origins)


def _write_state(folder: Path, held: _Held) -> None:
    (folder / STATE).write_text(json.dumps(asdict(held), ensure_ascii=False), encoding="utf-8")


def _newest(root: Path, name: str, version: int) -> Path | None:
    """The newest history by these rules that is not later than a version."""
    found = {
        int(path.name.rpartition("-")[2]): path
        for path in root.glob(f"{name}-*")
        if (path / STATE).exists()
    }
    earlier = [number for number in found if number <= version]
    return found[max(earlier)] if earlier else None


def _link(source: Path, target: Path) -> None:
    """The same files under another name: they are never changed."""
    target.mkdir()
    for path in source.iterdir():
        os.link(path, target / path.name)


def _appear(beside: Path, folder: Path) -> None:
    """A folder appears whole; somebody else may have made the same meanwhile."""
    try:
        beside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _forget_others(root: Path, kept: Path) -> None:
    """Older histories by the same rules, of any format; one that is being made has no state yet."""
    for path in _others(root, kept):
        shutil.rmtree(path, ignore_errors=True)


def _others(root: Path, kept: Path) -> Iterator[Path]:
    label = kept.name.partition("-")[0]
    for path in root.glob(f"{label}-*"):
        if path != kept and (path / STATE).exists():
            yield path
