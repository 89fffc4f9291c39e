"""How far those who answer for a figure can move it, from the records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from onefunnel.funnel.collected import Collected, rows_of
from onefunnel.measures.scorecard.cards import WHOLE, all_months, scope
from onefunnel.measures.scorecard.influence import LEAST_ELASTICITY, Influence, Unfair, unfair
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.measures.scorecard.response import Response, by_rows, in_history, within
from onefunnel.measures.scorecard.values import UNKNOWN_BY, Values
from onefunnel.vocabulary import Department, Question

HISTORY, ROWS = "history", "rows"
UNKNOWN_VALUE, NO_LEVER = "unknown_value", "no_lever"

PARTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "profit": ("sales", "contribution", "profit"),
        "contacted_leads": ("first", "contacted", "contacted"),
        "response_hours": ("first", "response_seconds", "response_seconds"),
        "new_customers": ("sales", "entered", "new"),
    }
)
"""What of a company's figure passes through a seller's hands: query, sum, and that of the whole."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the owner of a scorecard can move one of its figures.

    ``by`` says where it is from: ``history`` or ``rows``. ``code`` is that of
    :class:`~onefunnel.measures.scorecard.influence.Unfair`, None where they can move it; ``reason``
    says why nothing was measured. ``own`` and ``others`` are those of
    :class:`~onefunnel.measures.scorecard.response.Response`.
    """

    influence: Influence | None
    by: str | None
    code: str | None
    reason: str | None
    own: float | None
    others: float | None


class Reaches:
    """What each scorecard's owner can move, over the months of the history that are over."""

    def __init__(self, collected: Collected, told: Values, question: Question) -> None:
        self.told = told
        self.months = [each.label for each in all_months(question) if each.end <= question.now]
        keys = {"sales": 2, "first": 2, "done": 2, "leads": 1, "new": 1, "spend": 1}
        self.rows = {
            name: rows_of(collected[f"scorecard_{name}"], ("scope", "month")[-number:])
            for name, number in keys.items()
        }

    def of(self, card: Scorecard) -> dict[str, Reach]:
        """By source, gates included; nothing for a company's scorecard, which is nobody's own."""
        if card.level is Level.COMPANY:
            return {}
        chosen = {source: self._chosen(card, source) for source in card.sources}
        known = {name: each.influence for name, (each, _) in chosen.items() if each.influence}
        flagged = {each.source: each for each in unfair(card, known)}
        return {name: _reach(*each, flagged.get(name)) for name, each in chosen.items()}

    def _chosen(self, card: Scorecard, source: str) -> tuple[Response, str | None]:
        """What the history says; the share of the rows where it says nothing, or that settles it.

        A share that is too small does: whatever they do, they move no more than their part.
        """
        history, rows = self._in_history(card, source), self._by_rows(card, source)
        if rows is None or rows.influence is None:
            return history, HISTORY if history.influence else None
        if history.influence is not None and rows.influence.most >= LEAST_ELASTICITY:
            return history, HISTORY
        return replace(rows, own=history.own, others=history.others), ROWS

    def _in_history(self, card: Scorecard, source: str) -> Response:
        levers = self._levers(card)
        if levers is None or not any(levers[0]):
            return Response(None, NO_LEVER)
        figure, months = self._figure(scope(card, source), source), within(*levers)
        if all(each is None for each in figure):
            return Response(None, UNKNOWN_VALUE)
        return in_history(*(each[months] for each in (figure, *levers)))

    def _levers(self, card: Scorecard) -> tuple[list[float | None], list[float | None]] | None:
        """What they did and what others delivered; None where no record names what they do.

        Sales tries to reach leads, marketing spends; each delivers to the other. What is spent is
        the department's, no record says by whom.
        """
        if card.department is Department.SALES:
            return self._of("done", "attempts", scope(card)), self._of("leads", "leads")
        if card.department is Department.MARKETING and card.level is Level.DEPARTMENT:
            return self._of("spend", "spend"), self._of("done", "attempts", WHOLE)
        return None

    def _by_rows(self, card: Scorecard, source: str) -> Response | None:
        """The share of the rows that are theirs; None where records name nobody for the figure."""
        whose = scope(card)
        if whose == WHOLE:
            return None
        if scope(card, source) == whose:
            on_record = any(self._figure(whose, source))
            return Response(Influence(1.0)) if on_record else Response(None, UNKNOWN_VALUE)
        if source not in PARTS:
            return None
        query, own, whole = PARTS[source]
        mine = self._of(query, own, whose)
        if whole == source:
            all_ = self._figure(WHOLE, source)
        else:
            all_ = self._of("new" if whole == "new" else "leads", whole)
        months = within(mine, all_)
        return by_rows(mine[months], all_[months])

    def _figure(self, whose: str, source: str) -> list[float | None]:
        found = [self.told.get((whose, month, source)) for month in self.months]
        return [None if e is None or e.value is None else float(e.value) for e in found]

    def _of(self, query: str, name: str, *scope: str) -> list[float | None]:
        """A sum by month: 0 where there are no rows, None where a part of it is unknown."""
        return [_number(self.rows[query].get((*scope, month), {}), name) for month in self.months]


def _number(row: Mapping[str, object], name: str) -> float | None:
    unknown = UNKNOWN_BY.get(name)
    if unknown is not None and row.get(unknown):
        return None
    value = row.get(name)
    return float(str(value)) if value is not None else 0.0


def _reach(response: Response, by: str | None, flag: Unfair | None) -> Reach:
    code = flag.code if flag else None
    return Reach(response.influence, by, code, response.reason, response.own, response.others)
