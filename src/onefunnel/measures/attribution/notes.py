"""The notes of attribution: code, when it is left, and sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "conversions_without_touch": NoteKind(
        "conversions that no touch within the window came before",
        "{conversions} of {all} conversions have no touch within the window; their credit is "
        "unknown in every model.",
    ),
    "no_model_is_causal": NoteKind(
        "always, beside models of attribution",
        "A channel that merely stands on paths that convert gets credit from such models, also "
        "where the same people would have bought without it. What a channel adds only an "
        "experiment shows.",
    ),
    "refused_attribution": NoteKind(
        "a model that the data can't support", "The model {model} is refused: {why}."
    ),
    "refused_experiment": NoteKind(
        "an experiment that can't be done in time",
        "It would take {months} months, more than the {horizon} there are; what could be found in "
        "that time is a change of {smallest}.",
    ),
    "refused_intervals": NoteKind(
        "intervals that the data can't support",
        "The intervals are refused: conversions lie in {buckets} groups of parties, and {needed} "
        "are needed.",
    ),
    "regions_few": NoteKind(
        "a test by regions with few regions on a side",
        "{regions} regions on a side are few: the interval leans on their changes being normal.",
    ),
}

REASONS: dict[str, str] = {
    "many_players": "{players} channels and contacts occur, and rates are worked out for "
    "{most} at most",
    "no_value": "what conversions with a touch within the window are worth is not above zero",
    "nothing_converts": "no conversion has a touch within the window",
}
"""Why a model is refused: what a note's parameter ``reason`` can be, and its words."""


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("refused_attribution", model="markov_1", reason="nothing_converts").text
    'The model markov_1 is refused: no conversion has a touch within the window.'
    """
    words = dict(params)
    if "reason" in params:
        words["why"] = REASONS[str(params["reason"])].format(**params)
    return Note(code, NOTES[code].text.format(**words), params)
