"""The bridge by segment, as a table: a row per segment, a column per factor."""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.bridge.factors import CONTRIBUTED
from onefunnel.measures.bridge.result import BridgeRow, Chance
from onefunnel.vocabulary import Answer
from onefunnel.web.locale import Words
from onefunnel.web.pages.bridge import factors, links
from onefunnel.web.pages.bridge.content import SHAPLEY, step_text
from onefunnel.web.pages.months.offered import LookedAt
from onefunnel.web.report.cells import dimension_value


@dataclass(frozen=True, slots=True)
class CellView:
    """What a factor brought in a segment; empty where it has no such row."""

    label: Markup
    amount: Markup | str
    within_chance: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment: its name, its factors, their sum."""

    name: Markup
    cells: tuple[CellView, ...]
    total: Markup | str


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """The heads of the columns, and the segments in order, the unknown one last."""

    heads: tuple[Markup, ...]
    rows: tuple[SegmentView, ...]


def segment_table(answer: Answer[BridgeRow], month: LookedAt, words: Words) -> SegmentTable | None:
    """The table; None where there are fewer than two segments. What is of no segment is left out.

    Sums are those of the factors shown.
    """
    rows = [
        row
        for row in answer.rows
        if row.method == SHAPLEY and row.factor not in (*factors.TOTALS, CONTRIBUTED)
    ]
    segments = list(dict.fromkeys(row.dimensions.get("segment") for row in rows))
    if len(segments) < 2:
        return None
    names = list(dict.fromkeys(row.factor for row in rows))
    found = {(row.dimensions.get("segment"), row.factor): row for row in rows}
    views = []
    for segment in segments:
        own = [found.get((segment, name)) for name in names]
        cells = [_cell(row, month, answer, words) for row in own if row is not None]
        views.append(SegmentView(_name(segment, words), tuple(cells), _total(own, words)))
    return SegmentTable(tuple(words.say(factors.NAMES[name]) for name in names), tuple(views))


def _name(segment: str | None, words: Words) -> Markup:
    return dimension_value({"segment": segment}, words)


def _cell(row: BridgeRow, month: LookedAt, answer: Answer[BridgeRow], words: Words) -> CellView:
    segment = row.dimensions.get("segment")
    return CellView(
        words.say(factors.NAMES[row.factor]),
        step_text(row.amount, words),
        row.chance is Chance.WITHIN_CHANCE and row.low != row.high,
        links.rows(month, row.factor, links.AFTER, answer.ledger_version, segment=segment),
    )


def _total(rows: list[BridgeRow | None], words: Words) -> Markup | str:
    amounts = [row.amount for row in rows if row is not None]
    known = [each for each in amounts if each is not None]
    if len(known) < len(amounts):
        return words.say("unknown")
    return step_text(sum(known, Decimal()), words)
