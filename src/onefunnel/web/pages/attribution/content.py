"""What the page shows of its answers: the sentence, ranges, departments, models, paths, remarks."""

from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from onefunnel.measures.attribution.agreed import Agreed
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.vocabulary import Answer, Note
from onefunnel.web.jobs.questions import Answers
from onefunnel.web.locale.terms import VALUE_NAMES
from onefunnel.web.pages.attribution.asking import (
    AGREED,
    CHOSEN,
    MEASURE,
    SAID,
    STEPS,
    TRIED,
    Wanted,
)
from onefunnel.web.pages.attribution.flows import FlowView, flow_view
from onefunnel.web.pages.attribution.force import in_force, said, with_tried
from onefunnel.web.pages.attribution.grades import GradeView, scale
from onefunnel.web.pages.attribution.measured import CODE, MeasuredView, measured_view
from onefunnel.web.pages.attribution.models import (
    ModelTable,
    ModelView,
    model_views,
    refusals,
    table,
)
from onefunnel.web.pages.attribution.other import Beside, OtherView
from onefunnel.web.pages.attribution.players import Players, players_of
from onefunnel.web.pages.attribution.reach import RangeView, Reach, StakeView
from onefunnel.web.pages.attribution.sides import Sides, sides
from onefunnel.web.pages.attribution.told import ToldView, told_view
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.report.notes import NoteView, view

SHOWN_ELSEWHERE = frozenset(
    {
        CODE,
        "credited_as_agreed",
        "credited_without_agreement",
        "models_differ",
        "no_model_is_causal",
    }
)
"""Notes that the page says in words of its own, or beside the figures."""


@dataclass(frozen=True, slots=True)
class View:
    """The page; ``convention`` is in words, ``value`` what credit is given for.

    ``reach`` is empty where no model gives anything; ``tried`` says that experiments correct some
    of it.
    """

    convention: tuple[Markup, ...]
    chosen: bool
    value: Markup
    total: str
    stake: StakeView | None
    reach: tuple[RangeView, ...]
    tried: bool
    left_out: Markup
    grades: tuple[GradeView, ...]
    causal: NoteView | None
    measured: MeasuredView | None
    sides: Sides | None
    models: tuple[ModelView, ...]
    table: ModelTable | None
    flows: FlowView | None
    other: OtherView | None
    told: ToldView | None
    notes: tuple[NoteView, ...]


class Content:
    """The answers at work; ``agreed`` is what the terms in force say."""

    def __init__(self, wanted: Wanted, found: Answers, agreed: Agreed, around: Linked) -> None:
        self.wanted, self.around, self.words = wanted, around, around.words
        self.found = {name: each.answer for name, each in found.found.items()}
        self.answer: Answer[AttributionRow] = self.found[MEASURE]
        self.force = in_force(self.answer.notes, agreed)
        self.value = wanted.value or self.force.value.value
        self.players = players_of(self.answer.rows)
        self.refused = refusals(self.answer.notes, self.words)

    def view(self) -> View:
        """The whole page."""
        words, reach = self.words, self._reach()
        ranges = reach.views() if reach else ()
        models = self._models()
        return View(
            tuple(said(self.force, words)),
            self.force.chosen,
            words.say(VALUE_NAMES[self.value]),
            reach.amount(self.players.total(reach.model)) if reach else "",
            reach.stake() if reach else None,
            ranges,
            any(each.band.tried is not None for each in ranges),
            reach.left_out() if reach else Markup(""),
            scale(words),
            self._causal(),
            measured_view(self.answer.notes, self.wanted, words),
            self._sides(),
            models,
            self._table(models),
            flow_view(self.found[STEPS].rows, self.wanted, self.around),
            self._other(),
            told_view(self.found[SAID], words) if SAID in self.found else None,
            self._notes(),
        )

    def _reach(self) -> Reach | None:
        """The ranges; of the first model there is where the one in force is refused."""
        if not self.players.rows:
            return None
        model = (
            self.force.model
            if self.force.model in self.players.rows
            else next(iter(self.players.rows))
        )
        return Reach(self.players, model, self.value, self.words)

    def _sides(self) -> Sides | None:
        if not self.players.rows:
            return None
        return sides(self.players, self.force.model, self.value, self.words)

    def _causal(self) -> NoteView | None:
        found = (note for note in self.answer.notes if note.code == "no_model_is_causal")
        return next((view(each, self.words) for each in found), None)

    def _more(self) -> tuple[Players, dict[str, Markup]]:
        """The rows and refusals with those of the model that was chosen besides."""
        if CHOSEN not in self.found:
            return self.players, self.refused
        chosen = self.found[CHOSEN]
        rows = {**self.players.rows, **players_of(chosen.rows).rows}
        return Players(rows), self.refused | refusals(chosen.notes, self.words)

    def _models(self) -> tuple[ModelView, ...]:
        players, refused = self._more()
        return model_views(self.wanted, players.models, self.force.model, refused, self.words)

    def _table(self, models: tuple[ModelView, ...]) -> ModelTable | None:
        shown = next((each for each in models if each.shown), None)
        if shown is None:
            return None
        return table(self._more()[0], shown, self.value, self.wanted, self.around)

    def _other(self) -> OtherView | None:
        tried = self.wanted.tried
        if tried is None or TRIED not in self.found:
            return None
        agreed: Answer[Any] = self.found.get(AGREED, self.answer)
        asked = with_tried(in_force(agreed.notes, self.force), tried)
        return Beside(agreed, self.found[TRIED], asked, self.words).view()

    def _notes(self) -> tuple[NoteView, ...]:
        """What is left to be told, refusals first; each once."""
        notes: dict[tuple[str, str], Note] = {}
        for name in (MEASURE, STEPS):
            for note in self.found[name].notes:
                if note.code not in SHOWN_ELSEWHERE:
                    notes.setdefault((note.code, note.text), note)
        shown = (view(each, self.words) for each in notes.values())
        return tuple(sorted(shown, key=lambda each: not each.refused))


def proposed(force: Agreed, wanted: Wanted) -> Agreed:
    """The convention that a button would propose: the one tried, else the one taken."""
    if wanted.tried is not None:
        return with_tried(force, wanted.tried)
    return replace(force, value=Value(wanted.value) if wanted.value else force.value, chosen=True)
