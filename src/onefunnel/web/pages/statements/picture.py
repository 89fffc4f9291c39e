"""The pay curve as a picture: lines between its corners, broken strokes where pay jumps."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from markupsafe import Markup

from onefunnel.pay.cliffs import Point

WIDTH, HEIGHT, MARGIN = 600, 120, 6


def picture(points: Sequence[Point], stands: Decimal, then: Decimal | None = None) -> Markup:
    """The curve, a stroke where one stands, and a broken one where one would stand; no text.

    Empty where there is no curve to draw.
    """
    widest = max((point.base for point in points), default=Decimal())
    if len(points) < 2 or not widest:
        return Markup("")
    highest = max(point.pay for point in points) or Decimal(1)

    def x(base: Decimal) -> float:
        return float(WIDTH * min(max(base, Decimal()), widest) / widest)

    def y(pay: Decimal) -> float:
        return float(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * max(pay, Decimal()) / highest)

    strokes = [Markup('<path class="axis" d="M0 {:.1f}H{}"/>').format(y(Decimal()), WIDTH)]
    for first, second in pairwise(points):
        kind = "paycurve paycurve--jump" if first.base == second.base else "paycurve"
        corners = (x(first.base), y(first.pay), x(second.base), y(second.pay))
        strokes.append(
            Markup('<path class="{}" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>').format(kind, *corners)
        )
    strokes.append(_stand(x(stands), "paystand"))
    if then is not None and then != stands:
        strokes.append(_stand(x(then), "paystand paystand--then"))
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}'
        "</svg>"
    ).format(WIDTH, HEIGHT, Markup().join(strokes))


def _stand(at: float, kind: str) -> Markup:
    return Markup('<path class="{}" d="M{:.1f} 0V{}"/>').format(kind, at, HEIGHT)
