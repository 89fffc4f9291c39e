"""Which rules the pass over touches follows, and which are left to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from onefunnel.funnel.instants import SECONDS_A_DAY
from onefunnel.funnel.matching import slot
from onefunnel.funnel.rules import Rule, Rules, StageRules
from onefunnel.vocabulary import Stage

MOST_RULES = 31
"""A touch's marks, one per rule, stand in 32 bits."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TouchRule:
    """A rule over touches: its stage, its mark (a bit), and the slot of the entry it makes."""

    stage: Stage
    rule: Rule
    mark: int

    @property
    def slot(self) -> str:
        """The column of an entity's own entry that the rule can make."""
        return slot(self.stage, self.rule.observed)


@dataclass(frozen=True)
class Program:
    """The touch rules of a funnel, each with a mark."""

    rules: tuple[TouchRule, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that touches can fill, in order."""
        return tuple(sorted({each.slot for each in self.rules}))

    def steps(self) -> Ints:
        """One row per rule: place of its slot, mark as a number, nth, seconds (-1: no bound)."""
        rows = [
            (
                self.slots.index(each.slot),
                1 << each.mark,
                each.rule.nth,
                -1 if each.rule.within_days is None else each.rule.within_days * SECONDS_A_DAY,
            )
            for each in self.rules
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 4)


def program(rules: Rules) -> Program | None:
    """The touch rules as a program; None where one of them asks for what a pass can't tell.

    That is a touch rule with ``distinct``, ``after`` or ``fallback``, a rule of another table that
    comes ``after`` a stage which touches can enter, or more than 31 touch rules.

    >>> from onefunnel.funnel.rules import default_rules
    >>> program(default_rules()).slots
    ('own_0', 'own_1', 'own_3', 'own_4')
    """
    found = [(each.stage, rule) for each in rules.stages for rule in each.rules]
    touching = [(stage, rule) for stage, rule in found if rule.fact == "touch"]
    entered = {stage for stage, _ in touching}
    odd = any(rule.distinct or rule.after or rule.fallback for _, rule in touching)
    if odd or len(touching) > MOST_RULES or any(rule.after in entered for _, rule in found):
        return None
    return Program(tuple(TouchRule(stage, rule, i) for i, (stage, rule) in enumerate(touching)))


def others(rules: Rules, matched: Mapping[Stage, bool]) -> Rules:
    """The rules without those of touches; ``matched`` says whether touches match a stage's.

    A fallback that touches displace is left out too; one that nothing else could displace is used.

    >>> from onefunnel.funnel.rules import default_rules
    >>> left = others(default_rules(), {Stage.BRAND_PREFERENCE: False})
    >>> [rule.fact for rule in left.of(Stage.BRAND_PREFERENCE).rules]
    ['handoff']
    """
    return replace(rules, stages=tuple(_without_touches(s, matched) for s in rules.stages))


def _without_touches(stage: StageRules, matched: Mapping[Stage, bool]) -> StageRules:
    kept = [rule for rule in stage.rules if rule.fact != "touch"]
    if matched.get(stage.stage, False):
        kept = [rule for rule in kept if not rule.fallback]
    if all(rule.fallback for rule in kept):
        kept = [replace(rule, fallback=False) for rule in kept]
    return replace(stage, rules=tuple(kept))
