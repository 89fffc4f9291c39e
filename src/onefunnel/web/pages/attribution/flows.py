"""How paths go on, drawn: from the start through channels and contacts to their ends."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onefunnel.measures.transitions.result import Kind, TransitionRow
from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.pages.attribution.asking import STEPS, Wanted
from onefunnel.web.pages.attribution.chain import CONVERTED, LOST, START, Drawn, Flow, drawn
from onefunnel.web.pages.attribution.players import Key, Who, who
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.report.around import Text
from onefunnel.web.report.cells import LETTER_CLASSES

DRAWN, ARROWS = 8, 12
"""So many players are drawn, the others as one; and so many moves between them."""
LISTED = 40
"""So many steps stand in the table."""
OTHERS: Key = ("", "")
"""The players who are drawn as one."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A player of the picture, and how often paths came by."""

    who: Who
    touches: str


@dataclass(frozen=True, slots=True)
class End:
    """An end of paths: its place from the top in percent, how many and which share of all."""

    y: float
    paths: str
    share: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in the table, with its chance and interval."""

    before: Who
    after: Who
    paths: Text
    share: str
    interval: str


@dataclass(frozen=True, slots=True)
class FlowView:
    """The picture with its labels, and the steps beneath; ``rest`` of them are not listed."""

    stops: tuple[Stop, ...]
    begun: str
    converted: End
    lost: End
    drawn: Drawn
    steps: tuple[StepView, ...]
    rest: int


def flow_view(rows: Sequence[TransitionRow], wanted: Wanted, around: Linked) -> FlowView | None:
    """The view; None where no path was begun."""
    words = around.words
    visits = _visits(rows)
    if not visits:
        return None
    kept = sorted(visits, key=lambda key: (-visits[key], str(key)))
    named = kept if len(kept) <= DRAWN + 1 else kept[:DRAWN]
    nodes = named if len(named) == len(kept) else [*named, OTHERS]
    flows = _flows(rows, nodes)
    picture = drawn([_side(key) for key in nodes], flows, ARROWS, len(named))
    begun = sum(flow.paths for flow in flows if flow.before == START)
    ends = {
        end: sum(flow.paths for flow in flows if flow.after == end) for end in (CONVERTED, LOST)
    }
    return FlowView(
        tuple(_stop(key, nodes, visits, words) for key in nodes),
        words.figures.count(begun),
        _end(picture.converted, ends[CONVERTED], begun, words),
        _end(picture.lost, ends[LOST], begun, words),
        picture,
        tuple(_step(row, wanted, around) for row in rows[:LISTED]),
        max(0, len(rows) - LISTED),
    )


def _before(row: TransitionRow) -> Key:
    return row.before_department, row.before


def _after(row: TransitionRow) -> Key:
    return row.after_department, row.after


def _visits(rows: Iterable[TransitionRow]) -> Counter[Key]:
    """How often each player was met."""
    found: Counter[Key] = Counter()
    for row in rows:
        if row.kind in (Kind.START, Kind.MOVE):
            found[_after(row)] += row.paths
    return found


def _flows(rows: Iterable[TransitionRow], nodes: Sequence[Key]) -> list[Flow]:
    """The steps between places of the picture; those of one place to itself are left out."""
    places = {key: at for at, key in enumerate(nodes)}
    rest = places.get(OTHERS, -1)
    found: Counter[tuple[int, int]] = Counter()
    for row in rows:
        before = START if row.kind == Kind.START else places.get(_before(row), rest)
        ends: Mapping[str, int] = {Kind.CONVERSION: CONVERTED, Kind.NO_CONVERSION: LOST}
        after = ends[row.kind] if row.kind in ends else places.get(_after(row), rest)
        if before != after:
            found[before, after] += row.paths
    return [Flow(*ends_, paths) for ends_, paths in found.items()]


def _side(key: Key) -> str:
    department = key[0]
    if not department:
        return "u"
    return LETTER_CLASSES.get(Department(department), "o")


def _who(key: Key, words: Words) -> Who:
    return Who(words.say("all others"), None, False) if key == OTHERS else who(key, words)


def _stop(key: Key, nodes: Sequence[Key], visits: Counter[Key], words: Words) -> Stop:
    number = visits[key]
    if key == OTHERS:
        number = visits.total() - sum(visits[each] for each in nodes if each != OTHERS)
    return Stop(_who(key, words), words.count("{n} touch", "{n} touches", number))


def _end(y: float, paths: int, of: int, words: Words) -> End:
    return End(y, words.figures.count(paths), words.figures.share(paths / of if of else 0.0))


def _step(row: TransitionRow, wanted: Wanted, around: Linked) -> StepView:
    words = around.words
    ends = {
        Kind.CONVERSION: words.say("conversion"),
        Kind.NO_CONVERSION: words.say("no conversion"),
    }
    start = Who(words.say("start"), None, False)
    before = start if row.kind == Kind.START else who(_before(row), words)
    kind = Kind(row.kind)
    after = Who(ends[kind], None, False) if kind in ends else who(_after(row), words)
    between = ""
    if row.share_low is not None and row.share_high is not None:
        between = words.figures.interval(row.share_low, row.share_high, row.share)
    paths = around.rows(words.figures.count(row.paths), STEPS, "paths", _where(row, wanted))
    return StepView(before, after, paths, words.figures.share(row.share), between)


def _where(row: TransitionRow, wanted: Wanted) -> dict[str, str | None]:
    """Which step it is, as the address of its touches says it."""
    ends = {"before": row.before, "after": row.after}
    named = {name: each for name, each in ends.items() if name not in row.not_of_row}
    value = {"value": wanted.value} if wanted.value else {}
    return {"kind": row.kind, "by": wanted.filters.by, **named, **value}
