"""What is said beside an attribution: the notes of its measure that :mod:`.notes` has not."""

from collections.abc import Sequence
from decimal import Decimal

from onefunnel.funnel.notes import NoteKind
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.models import interval_note
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.ranges import Stake
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "models_differ": NoteKind(
        "two models or more",
        "The models furthest apart are {one} and {other}: {amount} of {total} would move from one "
        "row to another.",
    ),
    "players_merged": NoteKind(
        "more channels and contacts than can be told apart",
        "Those with the fewest touches ({merged}) are put together as other; {most} at most can be "
        "told apart.",
    ),
    "worth_unknown": NoteKind(
        "purchases with lines whose amount is unknown",
        "{unknown} of {lines} lines have no known amount; they are credited to nobody.",
    ),
}


def said(code: str, **params: str | int | float) -> Note:
    """A note of these codes, its sentence filled in.

    >>> said("worth_unknown", unknown=2, lines=10).text
    '2 of 10 lines have no known amount; they are credited to nobody.'
    """
    return Note(code, NOTES[code].text.format(**params), params)


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


def differing(stake: Stake | None, total: Decimal) -> list[Note]:
    """The models furthest apart, where any two differ."""
    if stake is None or not stake.amount:
        return []
    amounts = {"amount": str(stake.amount), "total": str(total)}
    return [said("models_differ", one=stake.one, other=stake.other, **amounts)]


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
