"""Three questions on what somebody will get for what; a scorecard waits until all have answered."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from onefunnel.measures.scorecard.decomposition import check_parts
from onefunnel.measures.scorecard.findings import Severity, check
from onefunnel.measures.scorecard.plan import Measure, Scorecard
from onefunnel.measures.scorecard.results import evaluate, pay

QUESTIONS = 3
MOST_OPTIONS = 4
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a code with its figures, the options, and the place of the right one.

    ``money_at``: with ``measure`` at ``value`` and all else at its target, how much money?
    ``payout_at``: which share of its part does ``measure`` pay at ``value``? ``starts_at``,
    ``stops_at``: from which value on does it pay, and from which on no more? ``weighs_most``: which
    measure weighs most? ``gate_shut``: all measures at target but ``gate`` beyond its bound, which
    share of the target pay is left? Options are numbers without trailing zeros, or sources.
    """

    code: str
    params: Mapping[str, str]
    options: tuple[str, ...]
    answer: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person chose, one place per question of an attempt (from 1), and when."""

    person: str
    digest: str
    attempt: int
    chosen: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a scorecard may take effect: no broken rule, and nobody who has not answered yet.

    ``since`` is when the last of them had answered, None until then. ``errors`` are codes of
    findings, ``waiting`` persons.
    """

    effective: bool
    since: datetime | None
    errors: tuple[str, ...]
    waiting: tuple[str, ...]


def questions(
    scorecard: Scorecard, person: str, attempt: int, target_pay: Decimal
) -> tuple[Question, ...]:
    """Three questions of different kinds from somebody's own scorecard; the first is about money.

    They are the same whenever they are asked again, and others for another person, another attempt
    or a scorecard that has changed.
    """
    said = f"{scorecard.digest} {person} {attempt}".encode()
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(said).digest()[:8], "big"))
    money = list(_money(scorecard, target_pay))
    others = [drafts for kind in _KINDS if (drafts := list(kind(scorecard)))]
    pools = [money, *(others[int(at)] for at in random.permutation(len(others)))]
    drafts = [pool[int(random.integers(len(pool)))] for pool in pools[:QUESTIONS]]
    spare = [draft for draft in money if draft not in drafts]
    drafts += spare[: QUESTIONS - len(drafts)]
    return tuple(draft.asked(random) for draft in drafts)


def right(asked: Sequence[Question], chosen: Sequence[int]) -> tuple[bool, ...]:
    """Which questions were answered rightly; one without an answer was not.

    >>> right([Question("starts_at", {}, ("80", "100"), 0)] * 2, [0])
    (True, False)
    """
    given = [*chosen, *[-1] * len(asked)]
    return tuple(each.answer == place for each, place in zip(asked, given, strict=False))


def standing(
    scorecard: Scorecard,
    target_pays: Mapping[str, Decimal],
    answers: Iterable[Answers],
    cards: Sequence[Scorecard] = (),
) -> Standing:
    """Whether the scorecard may take effect for all those whose target pay is given.

    A person has answered once all three questions of one attempt were right; answers to another
    version of the scorecard count for nothing. A scorecard of nobody never takes effect. ``cards``
    are all there are: what is to be shared out among them must be.
    """
    first: dict[str, datetime] = {}
    for each in sorted(answers, key=lambda each: each.at):
        known = each.person in target_pays and each.digest == scorecard.digest
        if known and each.person not in first:
            asked = questions(scorecard, each.person, each.attempt, target_pays[each.person])
            if all(right(asked, each.chosen)):
                first[each.person] = each.at
    findings = (*check(scorecard), *check_parts(scorecard, cards))
    broken = [each.code for each in findings if each.severity is Severity.ERROR]
    errors = tuple(dict.fromkeys(broken))
    waiting = tuple(person for person in target_pays if person not in first)
    since = max(first.values()) if first and not waiting else None
    return Standing(since is not None and not errors, since, errors, waiting)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A question with its right option and others that somebody might take for it."""

    code: str
    params: Mapping[str, str]
    right: str
    others: tuple[str, ...]

    def asked(self, random: np.random.Generator) -> Question:
        wrong = [each for each in dict.fromkeys(self.others) if each != self.right]
        picked = [wrong[int(at)] for at in random.permutation(len(wrong))[: MOST_OPTIONS - 1]]
        options = [self.right, *picked]
        mixed = tuple(options[int(at)] for at in random.permutation(len(options)))
        return Question(self.code, self.params, mixed, mixed.index(self.right))


def _money(scorecard: Scorecard, target_pay: Decimal) -> Iterator[_Draft]:
    for measure in scorecard.measures:
        for value in _places(measure):
            reached = _at_target(scorecard, measure.source, value)
            amount = pay(evaluate(scorecard, "", reached), target_pay) or Decimal(0)
            others = (target_pay, amount + target_pay * HALF, amount * HALF, amount + 1)
            params = {"measure": measure.source, "value": _said(value), "pay": _said(target_pay)}
            yield _Draft("money_at", params, _said(amount), tuple(_said(each) for each in others))


def _payouts(scorecard: Scorecard) -> Iterator[_Draft]:
    for measure in scorecard.measures:
        others = (Decimal(0), *measure.curve.payouts, sum(measure.curve.payouts[:2]) * HALF)
        for value in _places(measure):
            params = {"measure": measure.source, "value": _said(value)}
            paid = _said(measure.curve.payout(value))
            yield _Draft("payout_at", params, paid, tuple(_said(each) for each in others))


def _starts(scorecard: Scorecard) -> Iterator[_Draft]:
    for measure in scorecard.measures:
        if measure.curve.payouts[0] > 0:
            yield _bound("starts_at", measure, measure.curve.threshold)


def _stops(scorecard: Scorecard) -> Iterator[_Draft]:
    for measure in scorecard.measures:
        if measure.curve.payouts[1] < measure.curve.payouts[2]:
            yield _bound("stops_at", measure, measure.curve.cap)


def _weights(scorecard: Scorecard) -> Iterator[_Draft]:
    ranked = sorted(scorecard.measures, key=lambda each: each.weight, reverse=True)
    if len(ranked) > 1 and ranked[0].weight > ranked[1].weight:
        others = tuple(each.source for each in ranked[1:])
        yield _Draft("weighs_most", {}, ranked[0].source, others)


def _gates(scorecard: Scorecard) -> Iterator[_Draft]:
    measured = {measure.source for measure in scorecard.measures}
    for gate in scorecard.gates:
        if gate.source in measured:
            continue
        beyond = gate.bound - 1 if gate.floor is not None else gate.bound + 1
        reached = _at_target(scorecard, gate.source, beyond)
        left = evaluate(scorecard, "", reached).payout or Decimal(0)
        others = (Decimal(0), HALF, Decimal(1), Decimal("0.25"), Decimal("1.5"))
        yield _Draft("gate_shut", {"gate": gate.source}, _said(left), tuple(map(_said, others)))


_KINDS = (_payouts, _starts, _stops, _weights, _gates)


def _bound(code: str, measure: Measure, value: Decimal) -> _Draft:
    curve = measure.curve
    others = (curve.threshold, curve.target, curve.cap, (curve.threshold + curve.target) * HALF)
    return _Draft(code, {"measure": measure.source}, _said(value), tuple(map(_said, others)))


def _places(measure: Measure) -> tuple[Decimal, ...]:
    """Values worth asking about: short of the threshold, between the bounds, beyond the cap."""
    curve = measure.curve
    first, second = curve.target - curve.threshold, curve.cap - curve.target
    return (
        curve.threshold - first * HALF,
        curve.threshold + first * HALF,
        curve.target + second * HALF,
        curve.cap + second,
    )


def _at_target(scorecard: Scorecard, source: str, value: Decimal) -> dict[str, Decimal]:
    """Every measure at its target and every gate just open, but one source at a value."""
    gates = {gate.source: gate.bound for gate in scorecard.all_gates()}
    targets = {measure.source: measure.curve.target for measure in scorecard.measures}
    return {**gates, **targets, source: value}


def _said(value: Decimal | int) -> str:
    """A number without trailing zeros.

    >>> _said(Decimal("0.5000")), _said(Decimal("100"))
    ('0.5', '100')
    """
    return f"{Decimal(value).normalize():f}"
