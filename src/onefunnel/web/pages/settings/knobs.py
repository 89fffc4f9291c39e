"""The common changes of funnel rules: what a form shows of a stage, and the rules it makes of it.

A knob knows one rule of its stage by its shape. Rules that no knob knows are kept as they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from onefunnel.funnel.rules import Rule, StageRules
from onefunnel.vocabulary import Stage

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Knob:
    """A rule of a stage that a form can change.

    ``fields`` are the names of its fields; ``read`` gives their values from a rule, None where it
    is another rule; ``make`` gives the rule of such values, None where there is to be none.
    """

    fields: tuple[str, ...]
    read: Callable[[Rule], Values | None]
    make: Callable[[Values], Rule | None]


def _switch(name: str, rule: Rule) -> Knob:
    """A rule that is there or is not."""
    return Knob(
        (name,),
        lambda found: (True,) if found == rule else None,
        lambda values: rule if values[0] else None,
    )


def _nth(name: str, rule: Rule) -> Knob:
    """A rule whose ``nth`` is chosen."""
    return Knob(
        (name,),
        lambda found: (found.nth,) if replace(found, nth=1) == rule else None,
        lambda values: replace(rule, nth=int(values[0])) if values[0] else None,
    )


def _score(name: str, kind: str) -> Knob:
    """A least score of one kind of advocacy."""
    rule = _said(kind)

    def read(found: Rule) -> Values | None:
        if replace(found, at_least=()) != rule or [each for each, _ in found.at_least] != ["score"]:
            return None
        return (found.at_least[0][1],)

    def make(values: Values) -> Rule | None:
        least = values[0]
        return None if least is None else replace(rule, at_least=(("score", _number(least)),))

    return Knob((name,), read, make)


def _visits() -> Knob:
    rule = Rule("touch", where=(("kind", ("visit",)),))

    def read(found: Rule) -> Values | None:
        same = replace(found, nth=1, within_days=None) == rule and found.nth > 1
        return (found.nth, found.within_days) if same else None

    def make(values: Values) -> Rule | None:
        times, days = values
        return replace(rule, nth=int(times), within_days=days) if times else None

    return Knob(("visits", "visits_days"), read, make)


def _intents() -> Knob:
    def read(found: Rule) -> Values | None:
        if [name for name, _ in found.where] != ["intent"] or replace(found, where=()) != Rule(
            "touch"
        ):
            return None
        return (list(found.where[0][1]),)

    def make(values: Values) -> Rule | None:
        return Rule("touch", where=(("intent", tuple(values[0])),)) if values[0] else None

    return Knob(("intents",), read, make)


def _said(kind: str) -> Rule:
    return Rule("advocacy", where=(("kind", (kind,)),), after=Stage.PURCHASE)


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else float(value)


_SALE = (("quantity", 0),)
KNOBS: Mapping[Stage, tuple[Knob, ...]] = {
    Stage.BRAND_AWARENESS: (_nth("visit", Rule("touch", where=(("kind", ("visit",)),))),),
    Stage.BRAND_PREFERENCE: (
        _switch("intent", Rule("touch", known=("intent",))),
        _visits(),
        _switch("offered", Rule("handoff", where=(("kind", ("offered",)),), fallback=True)),
    ),
    Stage.PURCHASE_INTENTION: (
        _intents(),
        _switch("deal", Rule("deal_event", where=(("status", ("open",)),))),
    ),
    Stage.CUSTOMER_LOYALTY: (_nth("order", Rule("order_line", above=_SALE, distinct="order_id")),),
    Stage.CUSTOMER_ADVOCACY: (
        _score("review", "review"),
        _switch("referral", _said("referral")),
        _score("recommendation", "recommendation"),
    ),
}
"""By stage; a stage that is not here has only its owner in the form."""


def known(stage: StageRules) -> dict[str, Any]:
    """What the fields of a stage's form show; a rule that is not there shows nothing."""
    values: dict[str, Any] = {}
    for knob in KNOBS.get(stage.stage, ()):
        found = next((read for rule in stage.rules if (read := knob.read(rule)) is not None), None)
        values |= dict(zip(knob.fields, found or (None,) * len(knob.fields), strict=True))
    return values


def turned(stage: StageRules, values: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules of a stage with its knobs at other values; what no knob knows stays as it is."""
    rules: list[Rule | None] = list(stage.rules)
    for knob in KNOBS.get(stage.stage, ()):
        made = knob.make(tuple(values[name] for name in knob.fields))
        at = next((n for n, rule in enumerate(rules) if rule and knob.read(rule) is not None), None)
        if at is not None:
            rules[at] = made
        elif made is not None:
            rules.append(made)
    return tuple(rule for rule in rules if rule is not None)
