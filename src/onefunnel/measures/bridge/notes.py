"""Every note that the bridge can leave: its code, when it is left, and its English sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "change_within_chance": NoteKind(
        "the change as a whole can't be told from chance",
        "The whole change can't be told from chance: between {low} and {high} would be no surprise "
        "had nothing but chance been at work around what was seen.",
    ),
    "lmdi_undefined": NoteKind(
        "a bridge by LMDI that would need logarithms of negative numbers",
        "The bridge by LMDI is left out: a factor changes its sign in {segments} segments, and "
        "logarithms need one sign.",
    ),
    "lines_without_contribution": NoteKind(
        "order lines or won deals of the two periods whose contribution is unknown",
        "Order lines or won deals of the two periods whose contribution is unknown: {lines}. "
        "Without price or quantity: {without_price}; in a currency without an exchange rate: "
        "{without_rate}; without unit cost: {without_cost}; won deals without order lines: "
        "{deals}. Import what is missing, and ask again.",
    ),
    "outside_product": NoteKind(
        "contribution of segments without leads, customers or revenue",
        "{segments} segments have contribution without leads, customers or revenue; it stands "
        "outside the factors.",
    ),
    "period_not_over": NoteKind(
        "a period that is not over yet is held against a whole one",
        "The period ends on {end}, and records are read up to {now} only.",
    ),
    "refused_bands": NoteKind(
        "bands of chance that the data can't support", "The bands are refused: {why}."
    ),
    "refused_bridge": NoteKind(
        "a bridge that the data can't support", "The bridge is refused: {why}."
    ),
    "thin_segments": NoteKind(
        "segments with few customers, whose bands may be too narrow",
        "{segments} segments have fewer than {needed} customers in a period; what they may do by "
        "chance is hardly known, and bands may be too narrow.",
    ),
}

REASONS: dict[str, str] = {
    "few_customers": "a period has {n} customers, and {needed} are needed",
    "no_spread": "how the amounts of single customers differ is unknown in {segments} segments",
    "signs": "a factor changes its sign in {segments} segments, and logarithms need one sign; "
    "the Shapley bridge does not",
    "signs_in_draws": "by chance a factor could change its sign, and logarithms need one sign; "
    "the Shapley bridge does not",
    "unknown_amounts": "revenue or contribution is unknown in {segments} segments",
    "unknown_contributed": "what other functions brought is unknown for {departments} departments; "
    "give its amounts, and exchange rates for their currencies",
}
"""Why a figure is refused: what a note's parameter ``reason`` can be, and its words."""


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("refused_bridge", reason="unknown_amounts", segments=2).text
    'The bridge is refused: revenue or contribution is unknown in 2 segments.'
    """
    words = dict(params)
    if "reason" in params:
        words["why"] = REASONS[str(params["reason"])].format(**params)
    return Note(code, NOTES[code].text.format(**words), params)
