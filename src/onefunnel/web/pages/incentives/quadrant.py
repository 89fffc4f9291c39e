"""Pay per hour against contribution per hour: a mark per segment, sized by its leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.web.locale import Words
from onefunnel.web.pages.incentives.said import Known, known, money, segment_name
from onefunnel.web.pages.today.tiles import SmallQuadrant, Spot

SMALLEST, LARGEST = 1.25, 2.75
"""Diameters of marks, in rem; the area goes with the leads."""
ROOM = 0.08
"""What is left free at each end of an axis."""
NAMED, APART, ROOM_FOR_NAMES = 4, 17.0, 0.35
"""So many segments a small quadrant has; their names stand so many percent apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A segment in the picture: its number, where it stands in percent, its diameter in rem."""

    number: str
    name: Markup
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Quadrant:
    """The marks, the whiskers of their intervals, and the lines of the average hour in percent."""

    marks: tuple[Mark, ...]
    whiskers: Markup
    middle_x: float
    middle_y: float
    label: str
    left_out: int


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    row: IncentivesRow
    pay: Known
    contribution: Known


class _Axis:
    """From amounts to percent of an axis that holds zero and all intervals."""

    def __init__(self, figures: Sequence[Known], room: float = ROOM) -> None:
        low = min(0.0, *(each.low for each in figures))
        high = max(0.0, *(each.high for each in figures))
        width = (high - low) or 1.0
        self.low = low - (ROOM * width if low < 0 else 0.0)
        self.width = high + room * width - self.low

    def at(self, value: float) -> float:
        return 100.0 * (value - self.low) / self.width


def quadrant(segments: Sequence[IncentivesRow], words: Words) -> Quadrant | None:
    """The picture of the segments whose rates are both known; None where there is none.

    Segments are numbered by their places.
    """
    places = _places(segments)
    if not places:
        return None
    across, up = _Axis([each.pay for each in places]), _Axis([e.contribution for e in places])
    most = max(each.row.leads or 0.0 for each in places) or 1.0
    marks = tuple(
        Mark(
            words.figures.count(each.number),
            segment_name(each.row.segment, words),
            across.at(each.pay.value),
            up.at(each.contribution.value),
            max(SMALLEST, LARGEST * sqrt((each.row.leads or 0.0) / most)),
        )
        for each in places
    )
    x, y = _average(places)
    return Quadrant(
        marks,
        _whiskers(places, across, up),
        across.at(x),
        up.at(y),
        _in_words(places, words),
        len(segments) - len(places),
    )


def small_quadrant(segments: Sequence[IncentivesRow], words: Words) -> SmallQuadrant | None:
    """The picture with the segments of most leads, by their names; None where there is none."""
    places = sorted(_places(segments), key=lambda each: -(each.row.leads or 0.0))[:NAMED]
    if not places:
        return None
    across = _Axis([Known(*(each.pay.value,) * 3) for each in places])
    up = _Axis([Known(*(each.contribution.value,) * 3) for each in places], ROOM_FOR_NAMES)
    spots: list[Spot] = []
    for each in sorted(places, key=lambda each: each.contribution.value):
        x, y = across.at(each.pay.value), up.at(each.contribution.value)
        height = max([y, *(spot.height + APART for spot in spots)])
        spots.append(Spot(segment_name(each.row.segment, words), x, y, height, x > 50))
    return SmallQuadrant(tuple(spots), _in_words(places, words))


def _places(segments: Sequence[IncentivesRow]) -> list[_Place]:
    return [
        _Place(number, row, pay, contribution)
        for number, row in enumerate(segments, 1)
        if (pay := known(row, "pay_per_hour")) is not None
        and (contribution := known(row, "contribution_per_hour")) is not None
    ]


def _average(places: Sequence[_Place]) -> tuple[float, float]:
    """Both rates of the average hour that the leads ask for."""
    hours = [(each.row.leads or 0.0) * (each.row.hours_per_lead or 0.0) for each in places]
    total = sum(hours)
    if not total:
        return places[0].pay.value, places[0].contribution.value
    pay = sum(h * each.pay.value for h, each in zip(hours, places, strict=True))
    earned = sum(h * each.contribution.value for h, each in zip(hours, places, strict=True))
    return pay / total, earned / total


def _whiskers(places: Sequence[_Place], across: _Axis, up: _Axis) -> Markup:
    """A line over each interval, in both directions; certain figures have none."""
    lines = []
    for each in places:
        x, y = across.at(each.pay.value), 100.0 - up.at(each.contribution.value)
        if not each.pay.is_certain:
            ends = across.at(each.pay.low), across.at(each.pay.high)
            lines.append(f"M{ends[0]:.2f} {y:.2f}H{ends[1]:.2f}")
        if not each.contribution.is_certain:
            tops = 100.0 - up.at(each.contribution.low), 100.0 - up.at(each.contribution.high)
            lines.append(f"M{x:.2f} {tops[0]:.2f}V{tops[1]:.2f}")
    return Markup(
        '<svg class="flip" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="whisk" d="{}"/></svg>'
    ).format("".join(lines))


def _in_words(places: Sequence[_Place], words: Words) -> str:
    said = [
        words.say(
            "{segment}: pay per hour {pay}, contribution per hour {contribution}",
            segment=segment_name(each.row.segment, words),
            pay=money(each.row, "pay_per_hour", words).value,
            contribution=money(each.row, "contribution_per_hour", words).value,
        )
        for each in places
    ]
    return Markup("; ").join(said).striptags()
