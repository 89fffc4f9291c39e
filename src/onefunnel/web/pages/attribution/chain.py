"""The shapes of the picture of paths: bands from the start, bands to the ends, arrows between."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

START, CONVERTED, LOST = -1, -2, -3
"""Places that are no player's."""
ROW, FULL, GAP = 56.0, 44.0, 24.0
"""The height of a player's row, of the greatest of them, and between the two ends."""
BEGIN, WIDTH, EDGE = 200.0, 1000.0, 8.0
"""The widths of both drawings, and of the bars at their edges."""
THINNEST, WIDEST = 1.0, 9.0


@dataclass(frozen=True, slots=True)
class Flow:
    """How many paths went from one place to another."""

    before: int
    after: int
    paths: int

    def between(self, places: int) -> bool:
        """Whether it goes from one of the first places to another."""
        return all(0 <= each < places for each in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Both drawings; where the ends are, in percent of the height."""

    begins: Markup
    goes: Markup
    converted: float
    lost: float


@dataclass(frozen=True, slots=True)
class _Scale:
    """How high a path is, and the height of all."""

    unit: float
    height: float

    def middle(self, place: int) -> float:
        """The middle of a player's row."""
        return ROW * (place + 0.5)

    def top(self, place: int, paths: int) -> float:
        """The upper edge of so many paths around the middle of a row."""
        return self.middle(place) - paths * self.unit / 2


def drawn(sides: Sequence[str], flows: Sequence[Flow], arrows: int, named: int) -> Drawn:
    """The drawings of players in rows (``sides`` has the class of each), and of their flows.

    So many arrows are drawn between the first ``named`` players; the last may stand for several.

    >>> flows = [Flow(START, 0, 3), Flow(0, CONVERTED, 1), Flow(0, LOST, 2)]
    >>> made = drawn(["m"], flows, 5, 1)
    >>> made.begins.count("<path"), made.goes.count("<path"), made.converted < made.lost
    (1, 2, True)
    """
    met = [sum(flow.paths for flow in flows if flow.after == at) for at in range(len(sides))]
    scale = _Scale(FULL / max([*met, 1]), ROW * len(sides))
    goes, converted, lost = _goes(sides, flows, met, scale)
    moves = [each for each in flows if each.between(named)]
    return Drawn(
        _svg(BEGIN, scale, _begins(sides, flows, met, scale)),
        _svg(WIDTH, scale, [*goes, *_arrows(moves, arrows, scale)]),
        100 * converted / scale.height,
        100 * lost / scale.height,
    )


def _begins(
    sides: Sequence[str], flows: Sequence[Flow], met: Sequence[int], scale: _Scale
) -> list[Markup]:
    """Bands from one bar at the start to the players."""
    first = sorted((each for each in flows if each.before == START), key=lambda each: each.after)
    from_y = (scale.height - sum(each.paths for each in first) * scale.unit) / 2
    shapes = [_bar("t", 0.0, from_y, scale.height - 2 * from_y)]
    for each in first:
        high, to_y = each.paths * scale.unit, scale.top(each.after, met[each.after])
        shapes.append(_band(sides[each.after], (EDGE, from_y), (BEGIN, to_y), high))
        from_y += high
    return shapes


def _goes(
    sides: Sequence[str], flows: Sequence[Flow], met: Sequence[int], scale: _Scale
) -> tuple[list[Markup], float, float]:
    """Bars of the players, bands to both ends, their bars; the middles of the ends."""
    shapes = [
        _bar(side, 0.0, scale.top(at, met[at]), met[at] * scale.unit)
        for at, side in enumerate(sides)
    ]
    ended = {end: [each for each in flows if each.after == end] for end in (CONVERTED, LOST)}
    highs = {end: sum(each.paths for each in ended[end]) * scale.unit for end in (CONVERTED, LOST)}
    top = (scale.height - sum(highs.values()) - GAP) / 2
    tops = {CONVERTED: top, LOST: top + highs[CONVERTED] + GAP}
    for end, kind in ((CONVERTED, "won"), (LOST, "lost")):
        y = tops[end]
        for each in sorted(ended[end], key=lambda flow: flow.before):
            high, from_y = each.paths * scale.unit, scale.top(each.before, met[each.before])
            if end == LOST:
                from_y += met[each.before] * scale.unit - high
            style = sides[each.before] if end == CONVERTED else kind
            shapes.append(_band(style, (EDGE, from_y), (WIDTH - EDGE, y), high))
            y += high
        shapes.append(_bar(kind, WIDTH - EDGE, tops[end], highs[end]))
    converted, lost = (tops[end] + highs[end] / 2 for end in (CONVERTED, LOST))
    return shapes, converted, lost


def _arrows(moves: Sequence[Flow], count: int, scale: _Scale) -> list[Markup]:
    """The moves of most paths as arrows, out of the lower half of a row into an upper half."""
    most = sorted(moves, key=lambda each: (-each.paths, each.before, each.after))[:count]
    greatest = max((each.paths for each in most), default=1)
    shapes = []
    for each in most:
        wide = max(THINNEST, WIDEST * each.paths / greatest)
        out, into = scale.middle(each.before) + 6, scale.middle(each.after) - 6
        bulge = EDGE + 60 + 70 * abs(each.before - each.after)
        shapes.append(
            Markup(
                '<path class="flow__move" d="M{0} {1:.1f}C{2:.0f} {1:.1f} {2:.0f} {3:.1f} {4:.0f} '
                '{3:.1f}" stroke-width="{5:.1f}"/>'
                '<path class="flow__head" d="M{0} {3:.1f}l{6:.1f} -{7:.1f}v{8:.1f}z"/>'
            ).format(EDGE, out, bulge, into, EDGE + 10, wide, 14.0, 3 + wide / 2, 6 + wide)
        )
    return shapes


def _bar(style: str, x: float, y: float, high: float) -> Markup:
    return Markup(
        '<rect class="flow__bar flow__bar--{}" x="{:.0f}" y="{:.1f}" width="{:.0f}" '
        'height="{:.1f}"/>'
    ).format(style, x, y, EDGE, max(high, 1.0))


def _band(style: str, start: tuple[float, float], end: tuple[float, float], high: float) -> Markup:
    (x, y), (to_x, to_y) = start, end
    between, high = (x + to_x) / 2, max(high, 0.6)
    return Markup(
        '<path class="flow flow--{0}" d="M{1:.0f} {2:.1f}C{3:.0f} {2:.1f} {3:.0f} {4:.1f} {5:.0f} '
        "{4:.1f}V{6:.1f}C{3:.0f} {6:.1f} {3:.0f} {7:.1f} {1:.0f} {7:.1f}z"
        '"/>'
    ).format(style, x, y, between, to_y, to_x, to_y + high, y + high)


def _svg(width: float, scale: _Scale, shapes: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="flip" viewBox="0 0 {:.0f} {:.0f}" preserveAspectRatio="none" '
        'aria-hidden="true">{}</svg>'
    ).format(width, scale.height, Markup().join(shapes))
