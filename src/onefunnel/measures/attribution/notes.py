"""The notes of attribution: code, when it is left, and sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "credited_as_agreed": NoteKind(
        "always: what attribution.toml says, or the defaults",
        "Agreed: the model {model} for {value}, {window_days} days back, a half-life of "
        "{half_life_days} days.",
    ),
    "credited_without_agreement": NoteKind(
        "where nobody has agreed on a model",
        "Nobody has agreed on a model; {model} is taken, which favours no place in a path. Agree "
        "on one before you look at what it gives.",
    ),
    "credited_otherwise": NoteKind(
        "a question that departs from what is agreed",
        "Asked for {value}, {window_days} days back, a half-life of {half_life_days} days: that is "
        "not what is agreed.",
    ),
    "models_differ": NoteKind(
        "two models or more",
        "The models furthest apart are {one} and {other}: {amount} of {total} would move from one "
        "row to another.",
    ),
    "players_merged": NoteKind(
        "more channels and contacts than can be told apart",
        "Those with the fewest touches ({merged}) are put together as other: who has fewer than "
        "{least}, and who is beyond the {most} that can be told apart.",
    ),
    "worth_unknown": NoteKind(
        "purchases with lines whose amount is unknown",
        "{unknown} of {lines} lines have no known amount; they are credited to nobody.",
    ),
    "conversions_without_touch": NoteKind(
        "conversions that no touch within the window came before",
        "{conversions} of {all} conversions have no touch within the window; their credit is "
        "unknown in every model.",
    ),
    "experiment_apart": NoteKind(
        "an experiment and a model more than two standard errors apart",
        "On {player} the experiment {experiment} and the model {model} lie {apart} standard errors "
        "apart: the model is off by more than was allowed for, or the two do not speak of the "
        "same people.",
    ),
    "experiment_corrects": NoteKind(
        "an experiment that corrects the credit of a model",
        "The experiment {experiment} corrects {player} from {was} to {now}: for each {people} "
        "people who met it, it brought {before} by the model and {after} with the experiment.",
    ),
    "experiment_unmet": NoteKind(
        "an experiment on what nobody met in the period",
        "The experiment {experiment} corrects nothing here: {player} is on no path of the period, "
        "or is put together with others.",
    ),
    "experiment_unreached": NoteKind(
        "an experiment by regions without the number of people reached",
        "The experiment {experiment} corrects no credit: it does not say how many people it "
        "reached.",
    ),
    "experiments_exceed": NoteKind(
        "experiments that show more than the unknown part leaves room for",
        "The experiments show more than the model, and more than was unknown: what the model gives "
        "to all others is made smaller in proportion, so that the sum stays.",
    ),
    "experiments_measure_otherwise": NoteKind(
        "experiments on what is asked that measured another value, and none that measured this one",
        "The experiments on record ({experiment}) measured {measured}; credit for {value} is not "
        "corrected by them, for what is added in one says nothing sure of the other.",
    ),
    "groups_not_by_chance": NoteKind(
        "a holdout whose groups chance did not make",
        "Chance did not make the groups of {experiment}: it holds only if both would have bought "
        "alike without what was tried.",
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
    "refused_chances": NoteKind(
        "steps of paths that too few people took for an interval",
        "The intervals of {rows} steps are refused: those who went on from there lie in fewer than "
        "{needed} groups of parties.",
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
    "refused_rate_intervals": NoteKind(
        "channels that never convert alone",
        "The intervals of the game of rates are refused: {players} channels and contacts were "
        "never seen to convert alone, and what they bring alone is where it begins.",
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
