"""What is said beside an attribution."""

from collections.abc import Sequence
from decimal import Decimal

from onefunnel.measures.attribution.agreed import Agreed
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.models import interval_note
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.ranges import Stake
from onefunnel.measures.attribution.rules import Settings
from onefunnel.vocabulary import Note


def remarks(counts: Counts, untouched: int, refused: Sequence[Note]) -> list[Note]:
    """Of the counts: what no touch came before, what is refused, and what no model can say."""
    found = _together(refused)
    conversions = int(counts.sets.conversions.total.sum())
    if untouched:
        of = {"conversions": untouched, "all": conversions}
        found.append(note("conversions_without_touch", **of))
    intervals = interval_note(counts)
    if intervals is not None and conversions > untouched:
        found.append(intervals)
    return found


def conventions(agreed: Agreed, asked: Asked) -> list[Note]:
    """What is agreed, that nothing is, and what was asked instead."""
    notes = [note("credited_as_agreed", model=agreed.model, **_said(agreed.value, agreed.settings))]
    if not agreed.chosen:
        notes.append(note("credited_without_agreement", model=agreed.model))
    if (asked.value, asked.settings) != (agreed.value, agreed.settings):
        notes.append(note("credited_otherwise", **_said(asked.value, asked.settings)))
    return notes


def _said(value: Value, settings: Settings) -> dict[str, str | int | float]:
    return {
        "value": value.value,
        "window_days": _whole(settings.window_days),
        "half_life_days": _whole(settings.half_life_days),
    }


def _whole(days: float) -> int | float:
    return int(days) if float(days).is_integer() else days


def differing(stake: Stake | None, total: Decimal) -> list[Note]:
    """The models furthest apart, where any two differ."""
    if stake is None or not stake.amount:
        return []
    amounts = {"amount": float(stake.amount), "total": float(total)}
    return [note("models_differ", one=stake.one, other=stake.other, **amounts)]


def _together(refused: Sequence[Note]) -> list[Note]:
    """The notes of models that are refused for one reason as one note."""
    reasons: dict[str, list[Note]] = {}
    for each in refused:
        reasons.setdefault(str(each.params["reason"]), []).append(each)
    return [
        note(
            "refused_attribution",
            **{**notes[0].params, "model": ", ".join(str(each.params["model"]) for each in notes)},
        )
        for notes in reasons.values()
    ]
