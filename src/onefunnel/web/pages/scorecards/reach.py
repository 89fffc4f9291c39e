"""How far those who answer for a figure can move it, in words, with the threshold."""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.scorecard.influence import LEAST_ELASTICITY
from onefunnel.measures.scorecard.result import ScorecardRow
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.scorecards.terms import source_name

THEY_CAN = "moved"
VERDICTS = {
    THEY_CAN: ("good", N_("they can move it")),
    "no_influence": ("risk", N_("they can hardly move it")),
    "others_figure": (
        "risk",
        N_("it is the other department's figure, and nothing shows that they move it"),
    ),
    "influence_uncertain": ("idle", N_("the records leave it open")),
    "influence_unknown": ("idle", N_("unknown")),
}
REASONS = {
    "few_months": N_("too few months of records"),
    "near_zero": N_("it comes and goes around zero"),
    "never_moved": N_("it, or what they did, was the same in all months"),
    "no_lever": N_("no record names what they do for it"),
    "not_apart": N_("what they did always went with what others delivered"),
    "unknown_value": N_("its value is unknown"),
}
SOURCES = {
    "history": N_("from what went along with what they did, month by month"),
    "rows": N_("the share of the records that are theirs"),
}


@dataclass(frozen=True, slots=True)
class ReachView:
    """One figure of a scorecard: by how much it moves, from what, and what follows.

    ``kind`` is that of the mark: ``good``, ``risk`` or ``idle``. ``amount`` is empty where nothing
    was measured, ``moved`` where nothing was compared month by month.
    """

    name: Markup
    kind: str
    verdict: Markup
    amount: str
    told: Markup
    moved: Markup


def reach_view(row: ScorecardRow, words: Words) -> ReachView | None:
    """None for a scorecard that is nobody's own, and for the row of the whole."""
    if row.measure is None or (row.influence is None and row.influence_code is None):
        return None
    kind, verdict = VERDICTS[row.influence_code or THEY_CAN]
    told = SOURCES.get(row.influence_by or "") or REASONS.get(row.influence_reason or "")
    return ReachView(
        source_name(row.measure, words),
        kind,
        words.say(verdict),
        _amount(row, words),
        words.say(told) if told else Markup(""),
        _moved(row, words),
    )


def least(words: Words) -> str:
    """Below it nobody should answer for a figure."""
    return _per_cent(LEAST_ELASTICITY, words)


def _amount(row: ScorecardRow, words: Words) -> str:
    if row.influence is None:
        return ""
    at = _per_cent(row.influence, words)
    if row.influence_low is None or row.influence_high is None:
        return at
    low, high = (_per_cent(each, words) for each in (row.influence_low, row.influence_high))
    return str(words.say("{at} ({low} to {high})", at=at, low=low, high=high))


def _per_cent(elasticity: float, words: Words) -> str:
    """How many per cent 1 % more brings, to a hundredth of a per cent."""
    return words.figures.rate(Decimal(str(elasticity)) / 100, places=2)


def _moved(row: ScorecardRow, words: Words) -> Markup:
    if row.moved_own is None or row.moved_others is None:
        return Markup("")
    share = words.figures.share
    return words.say(
        "Of its ups and downs {own} goes with what they did and {others} with what others "
        "delivered, the rest with neither.",
        own=share(max(row.moved_own, 0.0)),
        others=share(max(row.moved_others, 0.0)),
    )
