"""What a tile of Today is made of, as its template shows it."""

from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.funnel.result import FunnelRow
from onefunnel.vocabulary import Question
from onefunnel.web.locale import Words
from onefunnel.web.pages.today.periods import Period, Spoken
from onefunnel.web.report.cells import Cell
from onefunnel.workflows.encoded import Computed


@dataclass(frozen=True, slots=True)
class Foot:
    """A link beneath a tile; ``in_panel``: to rows, which are shown beside the page."""

    text: Markup
    address: str
    in_panel: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a tile's number: its class, in words, its figure and weight, where it leads.

    ``aside`` is its interval, where it has one.
    """

    style: str
    name: Markup
    shown: Markup
    weight: float
    address: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a bridge in words; ``low`` and ``high`` in percent, for narrow pages."""

    amount: str
    name: Markup
    low: float
    high: float
    fill: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge: its shapes, what they say to those who can't see them, its columns."""

    shapes: Markup
    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark of a small quadrant, in percent.

    Its name stands at ``height``, ``before`` the mark or after it: names must not cover each other.
    """

    name: Markup
    x: float
    y: float
    height: float
    before: bool


@dataclass(frozen=True, slots=True)
class SmallQuadrant:
    """Pay per hour against contribution per hour: its marks, and what it says in words."""

    spots: tuple[Spot, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A number: its label, what stands beside it, its picture, its sentences, its foot."""

    key: str
    label: Markup
    value: str | Markup
    beside: Markup
    sentences: tuple[Markup, ...]
    period: Markup
    foot: tuple[Foot, ...]
    parts: tuple[Part, ...] = ()
    facts: tuple[Cell, ...] = ()
    bridge: Bridge | None = None
    quadrant: SmallQuadrant | None = None


def month(period: Period, words: Words) -> Markup:
    """A month in words, such as "October 2025"."""
    return words.period(Question(now=period.end, start=period.start, end=period.end))


def judged_month(spoken: Spoken, words: Words) -> Markup:
    """The month whose leaks are counted, and how long everybody in it has had."""
    if spoken.judged is None:
        return so_far(spoken, words)
    days = words.figures.days(spoken.horizon_days)
    return words.say("{month}, after {days}", month=month(spoken.judged, words), days=days)


def so_far(spoken: Spoken, words: Words) -> Markup:
    """The current month; one that is not over says so."""
    name = month(spoken.current, words)
    return name if spoken.is_whole else words.say("{month} so far", month=name)


def everybody(computed: Computed) -> FunnelRow | None:
    """The row that holds everybody: the first stage that records measure; None without any.

    Whoever is at a later stage has entered it, if only by implication.
    """
    rows = (row for row in computed.answer.rows if not row.dimensions)
    return next((row for row in rows if row.measured_by == "records"), None)
