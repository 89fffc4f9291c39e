"""What a scorecard pays against one figure, as a picture: lines, broken strokes where it jumps."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from onefunnel.measures.scorecard.what_if import Point

WIDTH, HEIGHT, MARGIN = 300, 90, 5


def picture(points: Sequence[Point], now: Decimal | None, *, better: int = 1) -> Markup:
    """The whole where it is known, else what the measure itself pays; a stroke at the value now.

    Better is always towards the end of the line. Empty where there is nothing to draw.
    """
    if len(points) < 2 or points[0].value == points[-1].value:
        return Markup("")
    low, high = points[0].value, points[-1].value
    heights = [each.payout if each.whole is None else each.whole for each in points]
    top = max(heights) or Decimal(1)

    def x(value: Decimal) -> float:
        at = float(WIDTH * (value - low) / (high - low))
        return at if better > 0 else WIDTH - at

    def y(pay: Decimal) -> float:
        return float(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * pay / top)

    strokes = [Markup('<path class="axis" d="M0 {:.1f}H{}"/>').format(y(Decimal()), WIDTH)]
    for (first, start), (second, end) in pairwise(zip(points, heights, strict=True)):
        kind = "paycurve paycurve--jump" if first.value == second.value else "paycurve"
        corners = (x(first.value), y(start), x(second.value), y(end))
        strokes.append(
            Markup('<path class="{}" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>').format(kind, *corners)
        )
    if now is not None:
        strokes.append(Markup('<path class="paystand" d="M{:.1f} 0V{}"/>').format(x(now), HEIGHT))
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}'
        "</svg>"
    ).format(WIDTH, HEIGHT, Markup().join(strokes))
