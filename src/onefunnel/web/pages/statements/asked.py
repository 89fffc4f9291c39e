"""The what-if as the page shows it: what one more sale pays, component by component."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from onefunnel.pay.cliffs import Cliff, CliffKind
from onefunnel.pay.plan import ONE, ZERO, Base, Whose
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.statements.amounts import BASE_NAMES, Amounts
from onefunnel.web.pages.statements.own import Own
from onefunnel.web.pages.statements.picture import picture
from onefunnel.web.pages.statements.pooled import PoolStep, held, pools
from onefunnel.web.pages.statements.what_if import OneMore, Step, steps

LACKS = {
    "quota": N_("No quota is written for you, so it can't be said."),
    "target": N_("No target pay is written for you, so it can't be said."),
    "margin": N_("It pays on margin: write what the sale would cost."),
    "product": N_("It counts some products or segments only: choose one."),
}
CLIFFS = {
    CliffKind.RETROACTIVE: N_("Beyond {at} pay jumps by {jump}: the higher rate is for all."),
    CliffKind.THRESHOLD: N_("At {at} pay jumps by {jump}, just below it is nothing."),
    CliffKind.CAP: N_("At {at} the cap is reached: more brings nothing."),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """A component: what one has, what one more brings or why not, its curve and its jumps."""

    name: Markup
    base: Markup
    stands: str
    more: str
    pays: str
    remarks: tuple[Markup, ...]
    curve: Markup
    end: str
    top: str
    cliffs: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All components; with a sale also what it pays in all, and what of it would wait."""

    steps: tuple[StepView, ...]
    whole: str
    remarks: tuple[Markup, ...]
    offered: bool


def what_if(own: Own, day: date, words: Words, one: OneMore | None) -> WhatIf:
    """What one more sale pays on a day, or without one how each component stands."""
    found = steps(own, day, words.calendar, one)
    shared = pools(own, day, words.calendar, one)
    return WhatIf(
        tuple(_step(each, words, one is not None) for each in found),
        "" if one is None else _whole(found, shared, words),
        () if one is None else tuple(_remarks(found, shared, words)),
        bool(found or shared),
    )


def _step(step: Step, words: Words, asked: bool) -> StepView:
    amounts = Amounts.of(words, step.plan.currency)
    base = step.component.base
    then = step.stands + step.more
    last = step.points[-1] if step.points else None
    return StepView(
        Markup("<bdi>{}</bdi>").format(step.component.name),
        words.say(BASE_NAMES[base]),
        amounts.base(step.stands, base),
        amounts.base(step.more, base) if asked and step.more else "",
        amounts.money(step.paid) if asked and step.paid is not None else "",
        tuple(_said(step, words, asked)),
        picture(step.points, step.stands, then if asked else None),
        "" if last is None else amounts.base(last.base, base),
        "" if last is None else amounts.money(last.pay),
        tuple(_cliff(each, base, step.stands, amounts) for each in step.cliffs),
    )


def _said(step: Step, words: Words, asked: bool) -> list[Markup]:
    found = []
    if step.lacks:
        found.append(words.say(LACKS.get(step.lacks, N_("It can't be said."))))
    if step.component.whose is Whose.TEAM:
        found.append(words.say("It counts the sales of one's team, not one's own."))
    elif asked and not step.more and not step.lacks:
        found.append(words.say("It does not count such a sale."))
    if step.gate != ONE:
        left = words.figures.rate(step.gate)
        found.append(words.say("Its gate is shut now: {share} of it is paid.", share=left))
    return found


def _cliff(cliff: Cliff, base: Base, stands: Decimal, amounts: Amounts) -> Markup:
    words = amounts.words
    said = words.say(
        CLIFFS[cliff.kind], at=amounts.base(cliff.at, base), jump=amounts.money(cliff.jump)
    )
    if stands < cliff.at:
        short = words.say("{base} more to go.", base=amounts.base(cliff.at - stands, base))
        return Markup("{} {}").format(said, short)
    return said


def _every(found: Sequence[Step], shared: Sequence[PoolStep]) -> list[Step | PoolStep]:
    return [*found, *shared]


def _whole(found: Sequence[Step], shared: Sequence[PoolStep], words: Words) -> str:
    sums: dict[str, Decimal] = {}
    for each in _every(found, shared):
        currency = each.plan.currency
        sums[currency] = sums.get(currency, ZERO) + (each.paid or ZERO)
    if not sums:
        return words.figures.paid(ZERO)
    return " + ".join(Amounts.of(words, each).money(sums[each]) for each in sorted(sums))


def _remarks(found: Sequence[Step], shared: Sequence[PoolStep], words: Words) -> list[Markup]:
    said = []
    for each in shared:
        amounts = Amounts.of(words, each.plan.currency)
        name = Markup("<bdi>{}</bdi>").format(each.pool.name)
        if each.paid is None:
            said.append(
                words.say("What the pool {name} would add can't be said from here.", name=name)
            )
        else:
            said.append(
                words.say(
                    "The pool {name} adds {money}.", name=name, money=amounts.money(each.paid)
                )
            )
    together = _every(found, shared)
    for plan in dict.fromkeys(each.plan for each in together):
        paid = sum((each.paid or ZERO for each in together if each.plan == plan), ZERO)
        amounts = Amounts.of(words, plan.currency)
        if plan.holdback is not None and paid:
            kept = amounts.money(held(plan, paid))
            said.append(words.say("Of it, {money} would be held back at first.", money=kept))
        if plan.draw is not None or plan.guarantee is not None:
            said.append(
                words.say("Advances and guarantees are left out: they look at the whole month.")
            )
    return said
