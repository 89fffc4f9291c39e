"""Signs in the history of the figures: crowding, bunching, links that fade, roles that oppose."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from onefunnel.funnel.collected import Collected
from onefunnel.measures.scorecard.cards import (
    WHOLE,
    all_months,
    cards_of,
    in_force,
    scope,
)
from onefunnel.measures.scorecard.catalogue import FIGURES
from onefunnel.measures.scorecard.gaming import Stretch, bunching, decay, spike
from onefunnel.measures.scorecard.influence import contradictions
from onefunnel.measures.scorecard.notes import note, of_contradiction
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.values import Values
from onefunnel.measures.scorecard.weeks import INSIDE, OUTSIDE, weeks
from onefunnel.vocabulary import Department, Note, Question

WIDTH = 0.05
"""How wide the bins beside a threshold are, as a share of it."""

OUTCOME = "contribution"
DAYS = {INSIDE: 7, OUTSIDE: 21}
SIDES = ("ends", "starts")


def signs(collected: Collected, told: Values, question: Question) -> tuple[Note, ...]:
    """The notes on what the history shows, each once."""
    cards, _ = cards_of(question.terms)
    found = [
        *_spikes(collected, cards, question),
        *_bunching(cards, told, question),
        *(each for card in cards for each in _decay(card, told, question)),
        *_contradictions(cards, told, question),
    ]
    return tuple(dict.fromkeys(found))


def _spikes(
    collected: Collected, cards: tuple[Scorecard, ...], question: Question
) -> Iterator[Note]:
    """One note per scope, under the first scorecard of it."""
    named: dict[str, Scorecard] = {}
    for card in cards:
        named.setdefault(scope(card), card)
    for whose, card in named.items():
        ends, starts = (_stretches(collected, name, whose, question) for name in SIDES)
        said = spike(ends, starts)
        if said.code in ("spike", "spike_then_dip"):
            dip = {"dip": round(said.dip_ratio, 2)} if said.dip_ratio is not None else {}
            ratio = round(said.ratio or 0.0, 2)
            yield note(f"scorecard_{said.code}", scorecard=card.file, ratio=ratio, **dip)


def _stretches(collected: Collected, name: str, whose: str, question: Question) -> list[Stretch]:
    counts: Counter[str] = Counter()
    for row in collected["scorecard_turns"].to_pylist():
        if row["scope"] == whose and row[name] is not None:
            counts[row[name]] += row["closings"]
    months = dict.fromkeys(each.partition(" ")[0] for each in weeks(question)[name])
    found = []
    for month in months:
        inside, outside = (counts[f"{month} {side}"] for side in DAYS)
        found.append(Stretch(inside, outside, *DAYS.values()))
    return found


def _bunching(cards: tuple[Scorecard, ...], told: Values, question: Question) -> Iterator[Note]:
    """Per figure, over all persons and months in force, as a share of the threshold."""
    shares: dict[tuple[str, int], list[float]] = defaultdict(list)
    for card in (each for each in cards if each.level is Level.PERSON):
        for measure in card.measures:
            curve, whose = measure.curve, scope(card, measure.source)
            for month in all_months(question):
                value = _value(told, whose, month.label, measure.source)
                held = in_force(card, month, question.calendar)
                if held and value is not None and curve.threshold > 0 and whose != WHOLE:
                    share = value / float(curve.threshold)
                    shares[measure.source, curve.better].append(share)
    for (source, better), each in shares.items():
        said = bunching(each, 1.0, WIDTH, better)
        if said.code == "bunching":
            yield note("scorecard_bunching", measure=source, beyond=said.beyond, short=said.short)


def _decay(card: Scorecard, told: Values, question: Question) -> Iterator[Note]:
    for measure in card.measures:
        if measure.source == OUTCOME or measure.source not in FIGURES:
            continue
        before: list[tuple[float, float]] = []
        since: list[tuple[float, float]] = []
        for month in all_months(question):
            value = _value(told, scope(card, measure.source), month.label, measure.source)
            outcome = _value(told, scope(card, OUTCOME), month.label, OUTCOME)
            if value is not None and outcome is not None:
                paid = question.calendar.local_day(month.start) >= card.valid_from
                (since if paid else before).append((value * measure.curve.better, outcome))
        said = decay(before, since)
        if said.code == "decayed" and said.before is not None and said.since is not None:
            links = {"before": round(said.before, 2), "since": round(said.since, 2)}
            yield note("scorecard_decayed", scorecard=card.file, measure=measure.source, **links)


def _contradictions(
    cards: tuple[Scorecard, ...], told: Values, question: Question
) -> Iterator[Note]:
    months = [each.label for each in all_months(question)]
    history: Mapping[str, list[float | None]] = {
        source: [_value(told, WHOLE, month, source) for month in months]
        for source in sorted({source for _, _, source in told})
    }
    for department in Department:
        for each in contradictions(cards, department, history):
            yield of_contradiction(each)


def _value(told: Values, whose: str, month: str, source: str) -> float | None:
    found = told.get((whose, month, source))
    return None if found is None or found.value is None else float(found.value)
