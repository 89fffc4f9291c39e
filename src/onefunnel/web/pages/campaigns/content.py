"""What the page shows of an answer: the sentence, the picture, the table, the remarks."""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import LOSING, Verdict, left_over, verdict
from onefunnel.vocabulary import Answer
from onefunnel.web.pages.campaigns.asking import Wanted, narrowed
from onefunnel.web.pages.campaigns.columns import put_in_order
from onefunnel.web.pages.campaigns.picture import Picture, picture
from onefunnel.web.pages.campaigns.said import Status, status
from onefunnel.web.pages.campaigns.table import Table, Tabled
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.report.cells import dimension_value
from onefunnel.web.report.notes import NoteView, view

NAMED = 3
"""So many rows are named in a sentence."""


@dataclass(frozen=True, slots=True)
class View:
    """The page; ``nothing`` says that there is neither spend nor anybody in the period."""

    lede: tuple[Markup, Markup]
    picture: Picture | None
    table: Table
    notes: tuple[NoteView, ...]
    nothing: bool


class Content:
    """An answer at work: by the dimensions, and undivided."""

    def __init__(
        self,
        wanted: Wanted,
        answer: Answer[AcquisitionRow],
        whole: Answer[AcquisitionRow],
        around: Linked,
    ) -> None:
        only = dict(wanted.filters.only)
        self.wanted, self.around, self.words = wanted, around, around.words
        self.notes = answer.notes
        self.rows = put_in_order(narrowed(answer.rows, only, wanted.by), wanted.ordered_by)
        self.whole = next(iter(narrowed(whole.rows, only)), None)

    def view(self) -> View:
        """The whole page. UsageError for a part that there is not."""
        notes = sorted((view(each, self.words) for each in self.notes), key=lambda n: not n.refused)
        return View(
            self._lede(),
            picture(self.rows, self._judged, self.words),
            Tabled(self.wanted, self.around, self._judged).table(self.rows, self.whole),
            tuple(notes),
            not any(row.spend or row.touches or row.leads or row.customers for row in self.rows),
        )

    def _judged(self, row: AcquisitionRow) -> Status:
        return status(row, self._verdict(row), self.words)

    def _verdict(self, row: AcquisitionRow) -> Verdict:
        return verdict(row, self.whole or row)

    def _lede(self) -> tuple[Markup, Markup]:
        whole, words = self.whole, self.words
        if whole is None or whole.contribution is None:
            return words.say("What those who came have brought is not known."), Markup("")
        brought = words.figures.money(whole.contribution)
        if whole.spend is None:
            said = words.say(
                "What was spent is not fully known; those who came have brought {brought} so far.",
                brought=brought,
            )
            return said, Markup("")
        spent = words.figures.money(whole.spend)
        said = words.say(
            "{spent} was spent, and those who came have brought {brought} so far.",
            spent=spent,
            brought=brought,
        )
        return said, Markup(" ").join(self._losses())

    def _losses(self) -> list[Markup]:
        """How many rows lose money beyond chance, and where the leads are cheap."""
        words = self.words
        judged = [(row, self._verdict(row)) for row in self.rows]
        losing = [row for row, said in judged if said in LOSING]
        if not losing:
            return [words.say("Nothing loses money beyond chance.")]
        lost = -sum((left_over(row) or Decimal() for row in losing), Decimal())
        said = words.count(
            "{n} of {rows} costs more than it brought, beyond chance: {amount}.",
            "{n} of {rows} cost more than they brought, beyond chance: {amount} together.",
            len(losing),
            rows=words.figures.count(len(self.rows)),
            amount=words.figures.money(lost),
        )
        cheap = [row for row, said in judged if said is Verdict.LOSES_CHEAP]
        if not cheap:
            return [said]
        worst = sorted(cheap, key=lambda row: left_over(row) or 0)[:NAMED]
        names = words.listed(dimension_value(row.dimensions, words) for row in worst)
        return [said, words.say("Cheap leads that lose money: {names}.", names=names)]
