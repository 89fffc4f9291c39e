"""The pay curve of a component, drawn, with its cliffs marked and said."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.pay.cliffs import Cliff, CliffKind, Point, cliffs, curve
from onefunnel.pay.plan import Component, Pays, Plan, TiersOn
from onefunnel.web.locale import Words
from onefunnel.web.pages.statements.amounts import Amounts
from onefunnel.web.pages.terms.plans import start_in_words

WIDE, HIGH = 300, 120
WHOLE = Decimal(100)
"""A quota and a target of a hundred: then the axes are in hundredths of both."""
BEYOND = Decimal("1.25")


@dataclass(frozen=True, slots=True)
class CurveView:
    """The curve of a component: its picture, the ends of its axis in words, its cliffs."""

    name: str
    shapes: Markup
    label: Markup
    upto: Markup | str
    pay: Markup | str
    cliffs: tuple[Markup, ...]


def curves(plan: Plan, words: Words) -> tuple[CurveView, ...]:
    """The curves of a plan's components, but those that are one straight line."""
    views = (_view(each, plan, words) for each in plan.components)
    return tuple(view for view in views if view is not None)


def _view(component: Component, plan: Plan, words: Words) -> CurveView | None:
    share = component.tiers_on is TiersOn.ATTAINMENT
    given = (WHOLE, WHOLE) if share or component.pays is Pays.TARGET else (None, None)
    found = cliffs(component, *given)
    corners = [tier.start * (WHOLE if share else 1) for tier in component.tiers]
    corners += [each.at for each in found]
    upto = max(corners, default=Decimal()) * BEYOND
    if not upto:
        return None
    points = curve(component, upto, *given)
    amounts = Amounts.of(words, plan.currency)
    said = tuple(_cliff(each, component, amounts, share) for each in found)
    label = words.say("Pay curve of {name}", name=component.name)
    return CurveView(
        component.name,
        _svg(points, found, upto),
        Markup("{}: {}").format(label, words.clauses(said)) if said else label,
        _at(upto, component, amounts, share),
        _pay(points[-1].pay, component, amounts, share),
        said,
    )


def _at(value: Decimal, component: Component, amounts: Amounts, share: bool) -> Markup | str:
    return start_in_words(component, value / WHOLE if share else value, amounts)


def _pay(value: Decimal, component: Component, amounts: Amounts, share: bool) -> Markup | str:
    """Money, or where no quota is known a share of the target pay or of the quota."""
    if not share:
        return amounts.money(value)
    shown = amounts.figures.rate(value / WHOLE)
    if component.pays is Pays.TARGET:
        return amounts.words.say("{share} of the target pay", share=shown)
    return amounts.words.say("{share} of the quota", share=shown)


def _cliff(cliff: Cliff, component: Component, amounts: Amounts, share: bool) -> Markup:
    at = _at(cliff.at, component, amounts, share)
    jump = _pay(cliff.jump, component, amounts, share)
    say = amounts.words.say
    if cliff.kind is CliffKind.CAP:
        return say("At {at} the cap is reached: more brings nothing.", at=at)
    if cliff.kind is CliffKind.THRESHOLD:
        return say("At {at} pay jumps by {jump}, just below it is nothing.", at=at, jump=jump)
    return say("Beyond {at} pay jumps by {jump}: the higher rate is for all.", at=at, jump=jump)


def _svg(points: Sequence[Point], found: Sequence[Cliff], upto: Decimal) -> Markup:
    most = max((each.pay for each in points), default=Decimal()) or Decimal(1)

    def x(base: Decimal) -> float:
        return float(WIDE * base / upto)

    line = " ".join(
        f"{x(each.base):.1f},{float(HIGH - HIGH * each.pay / most):.1f}" for each in points
    )
    marks = Markup("").join(
        Markup('<path class="curve__cliff" d="M{:.1f} 0V{}"/>').format(x(each.at), HIGH)
        for each in found
        if each.at <= upto
    )
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}'
        '<polyline class="curve__line" points="{}"/></svg>'
    ).format(WIDE, HIGH, marks, line)
