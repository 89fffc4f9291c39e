"""Who would win and who would lose by another plan, person by person: for the director only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

from markupsafe import Markup

from onefunnel.measures.incentives.outcome import Guarantee, Outcome
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.report.notes import NoteView
from onefunnel.web.report.notes import view as note_view
from onefunnel.workflows.staff import Employee

MOST_BARS = 16
CENT = Decimal("0.005")
"""A smaller change is none."""
NOTES = ("leads_of_nobody", "paid_by_no_plan", "refused_hours_of_each")
"""What of the answer on salespeople is said here; the rest stands with the incentives."""


@dataclass(frozen=True, slots=True)
class Line:
    """A person: pay now and new, the difference, also as a share, and what a guarantee costs."""

    name: str
    pay: tuple[str, str]
    change: str
    share: str
    guarantee: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars of how many people win or lose how much; where it ends, and in words."""

    shapes: Markup
    low: str
    high: str
    in_words: str


@dataclass(frozen=True, slots=True)
class Persons:
    """The table, who loses most first, and the picture; without people the notes say why."""

    lines: tuple[Line, ...]
    sentence: Markup
    picture: Picture | None
    notes: tuple[NoteView, ...]


def persons(
    outcome: Outcome,
    guarantee: Guarantee,
    staff: Mapping[str, Employee],
    notes: Sequence[Note],
    words: Words,
) -> Persons:
    """The winners and losers of an outcome; none where one seller stands for all."""
    told = tuple(note_view(each, words) for each in notes if each.code in NOTES)
    if [each.seller for each in outcome.sellers] == [""]:
        return Persons((), Markup(""), None, told)
    money = words.figures.paid
    lines = tuple(
        Line(
            name_of(each.seller, staff),
            (money(each.pay_now), money(each.pay_new)),
            words.figures.plus(money(each.change), each.change),
            _share(each.pay_now, each.change, words),
            money(guarantee.sellers[each.seller]) if each.seller in guarantee.sellers else "",
        )
        for each in outcome.sellers
    )
    changes = [each.change for each in outcome.sellers]
    return Persons(lines, _sentence(changes, words), _picture(changes, words), told)


def name_of(employee: str, staff: Mapping[str, Employee]) -> str:
    """The name of somebody; what the records call them where it is not known."""
    found = staff.get(employee)
    return found.name if found is not None and found.name else employee


def _share(pay: Decimal, change: Decimal, words: Words) -> str:
    if pay <= 0:
        return ""
    share = float(change / pay)
    return words.figures.plus(words.figures.share(share), share)


def _sentence(changes: Sequence[Decimal], words: Words) -> Markup:
    lose, win = (sum(sign * each >= CENT for each in changes) for sign in (-1, 1))
    return words.say(
        "Paid less: {losers} of {people} people; paid more: {winners}.",
        people=words.figures.count(len(changes)),
        losers=words.figures.count(lose),
        winners=words.figures.count(win),
    )


def _picture(changes: Sequence[Decimal], words: Words) -> Picture | None:
    """None where nobody's pay changes."""
    values = [float(each) for each in changes]
    low, high = min(*values, 0.0), max(*values, 0.0)
    if high - low < float(CENT):
        return None
    width = bar_width(high - low)
    bars = Counter(floor(value / width) for value in values)
    first, last = floor(low / width), max(floor(high / width), *bars)
    most = max(bars.values())
    shapes = Markup("").join(
        Markup('<rect class="spread__bar" x="{}" y="{:.1f}" width="8" height="{:.1f}"/>').format(
            10 * (place - first) + 1, 60 - 60 * count / most, 60 * count / most
        )
        for place, count in sorted(bars.items())
    )
    zero = -10 * first
    drawn = Markup(
        '<svg class="flip" viewBox="0 0 {} 60" preserveAspectRatio="none" aria-hidden="true">'
        '{}<path class="whisk" d="M{} 0V60"/></svg>'
    ).format(10 * (last - first + 1), shapes, zero)
    return Picture(
        drawn,
        _amount(first * width, words),
        _amount((last + 1) * width, words),
        _in_words(bars, width, words),
    )


def bar_width(span: float) -> float:
    """A round width such that at most ``MOST_BARS`` bars hold a span.

    >>> bar_width(1000.0), bar_width(150.0), bar_width(0.9)
    (100.0, 20.0, 0.1)
    """
    unit = 10.0 ** floor(log10(span / (MOST_BARS - 2)))
    return next(w for w in (unit, 2 * unit, 5 * unit, 10 * unit) if span / w <= MOST_BARS - 2)


def _in_words(bars: Mapping[int, int], width: float, words: Words) -> str:
    parts = [
        words.say(
            "{low} to {high}: {people}",
            low=_amount(place * width, words),
            high=_amount((place + 1) * width, words),
            people=words.figures.count(count),
        )
        for place, count in sorted(bars.items())
    ]
    said = words.say(
        "How many people win or lose how much a month: {bars}", bars=words.clauses(parts)
    )
    return said.unescape()


def _amount(value: float, words: Words) -> str:
    return words.figures.money(Decimal(repr(round(value, 4))))
