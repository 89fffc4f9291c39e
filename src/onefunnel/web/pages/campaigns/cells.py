"""The figures of a row as the table shows them, each with the way to its rows."""

from decimal import Decimal

from markupsafe import Markup

from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import RIPE, left_over
from onefunnel.web.locale import Words
from onefunnel.web.pages.campaigns.columns import COLUMNS, NAMES
from onefunnel.web.pages.funnel.around import Linked
from onefunnel.web.report.around import Text
from onefunnel.web.report.cells import Cell, nothing

MEASURE = "acquisition"
UNDER = Markup('<span class="both__word">{}: </span>{}')


class Row:
    """A row at work: what each of its columns shows."""

    def __init__(self, row: AcquisitionRow, around: Linked) -> None:
        self.row, self.around = row, around
        self.words: Words = around.words

    def cells(self) -> tuple[Cell, ...]:
        """The cells, in the order of the columns."""
        makers = {
            "spend": self._spend,
            "cost_per_lead": self._cost_per_lead,
            "accepted": self._accepted,
            "acceptance_rate": self._acceptance,
            "win_rate": self._win_rate,
            "contribution_per_hour": self._per_hour,
            "customers": self._customers,
            "contribution": self._contribution,
            "left": self._left,
            "return_on_spend": self._return,
        }
        simple = {"touches": self._counted, "leads": self._counted, "revenue": self._money}
        return tuple(
            makers[each.key]() if each.key in makers else simple[each.key](each.key)
            for each in COLUMNS
        )

    def reason(self) -> Markup:
        """Why sales rejects most of what it rejects; empty where it rejects nothing."""
        row, words = self.row, self.words
        if not row.top_rejection_reason_leads:
            return Markup("")
        reason = words.say("unknown")
        if row.top_rejection_reason is not None:
            reason = Markup("<bdi>{}</bdi>").format(row.top_rejection_reason)
        times = words.figures.count(row.top_rejection_reason_leads)
        return Markup("{} ({})").format(reason, times)

    def _label(self, key: str) -> Markup:
        return self.words.say(NAMES[key])

    def _under(self, key: str, shown: Text) -> Markup:
        """The figure beneath; its name stands in the head, and beside it where there is none."""
        return UNDER.format(self._label(key), shown)

    def _rows(self, shown: Text, figure: str) -> Text:
        return self.around.rows(shown, MEASURE, figure, self.row.dimensions)

    def _count(self, figure: str) -> Text:
        number: int = getattr(self.row, figure)
        shown = self.words.figures.count(number)
        return self._rows(shown, figure) if number else shown

    def _amount(self, amount: Decimal | None) -> Text:
        return self.words.say("unknown") if amount is None else self.words.figures.money(amount)

    def _counted(self, key: str) -> Cell:
        return Cell(self._label(key), self._count(key))

    def _money(self, key: str) -> Cell:
        amount: Decimal | None = getattr(self.row, key)
        if amount is None:
            return Cell(self._label(key), self.words.say("unknown"), quiet=True)
        shown = self.words.figures.money(amount)
        return Cell(self._label(key), self._rows(shown, key) if amount else shown)

    def _spend(self) -> Cell:
        row, label = self.row, self._label("spend")
        if row.spend is None:
            return Cell(label, self.words.say("unknown"), quiet=True)
        if not row.spend:
            return Cell(label, self.words.say("none on record"), quiet=True)
        shown = self._rows(self.words.figures.money(row.spend), "spend")
        if not row.spend_shared:
            return Cell(label, shown)
        amount = self.words.figures.money(row.spend_shared)
        return Cell(label, shown, self.words.say("{amount} shared out", amount=amount))

    def _per(self, key: str, number: int) -> Cell:
        """A cost for each of so many; nothing where there is none of them."""
        amount: Decimal | None = getattr(self.row, key)
        if not number:
            return nothing(self._label(key))
        return Cell(self._label(key), self._amount(amount), quiet=amount is None)

    def _cost_per_lead(self) -> Cell:
        cell = self._per("cost_per_lead", self.row.leads)
        accepted = self.row.cost_per_accepted
        if accepted is None:
            return cell
        amount = self.words.figures.money(accepted)
        return Cell(
            cell.label, cell.value, self._under("cost_per_accepted", amount), quiet=cell.quiet
        )

    def _accepted(self) -> Cell:
        under = self._under("rejected", self._count("rejected"))
        return Cell(self._label("accepted"), self._count("accepted"), under)

    def _acceptance(self) -> Cell:
        row = self.row
        bounds = (row.acceptance_rate_low, row.acceptance_rate_high)
        label = self._label("acceptance_rate")
        if not row.leads:
            return nothing(label)
        if row.acceptance_rate is None:
            return Cell(label, self.words.say("no answer"), quiet=True)
        return self._share(label, row.acceptance_rate, bounds, self.reason())

    def _win_rate(self) -> Cell:
        row, label = self.row, self._label("win_rate")
        if not row.leads:
            return nothing(label)
        known: Text = ""
        if row.maturity is not None and row.maturity < RIPE:
            share = self.words.figures.share(row.maturity)
            known = self.words.say("known of {share}", share=share)
        if row.win_rate is None:
            return Cell(label, self.words.say("refused"), known, quiet=True)
        return self._share(label, row.win_rate, (row.win_rate_low, row.win_rate_high), known)

    def _share(
        self, label: Markup, share: float, bounds: tuple[float | None, float | None], aside: Text
    ) -> Cell:
        low, high = bounds
        figures = self.words.figures
        between = "" if low is None or high is None else figures.interval(low, high, share)
        return Cell(label, figures.share(share), between, aside)

    def _per_hour(self) -> Cell:
        row, label = self.row, self._label("contribution_per_hour")
        if not row.leads:
            return nothing(label)
        if row.contribution_per_hour is None or row.hours is None:
            return Cell(label, self.words.say("unknown"), quiet=True)
        hours = self.words.figures.count(round(row.hours))
        said = self.words.say("{hours} hours", hours=hours)
        return Cell(label, self.words.figures.money(row.contribution_per_hour), said)

    def _customers(self) -> Cell:
        cell = self._counted("customers")
        cost = self.row.cost_per_customer
        if cost is None:
            return cell
        amount = self.words.figures.money(cost)
        return Cell(cell.label, cell.value, self._under("cost_per_customer", amount))

    def _contribution(self) -> Cell:
        cell, row, words = self._money("contribution"), self.row, self.words
        again: Text = ""
        if row.repeat_contribution:
            amount = words.figures.money(row.repeat_contribution)
            again = self._under("repeat_contribution", self._rows(amount, "repeat_contribution"))
        unknown: Text = ""
        if row.unknown_contribution_lines:
            number = row.unknown_contribution_lines
            said = words.count("{n} sale of unknown cost", "{n} sales of unknown cost", number)
            unknown = self._rows(said, "unknown_contribution_lines")
        return Cell(cell.label, cell.value, again, unknown, quiet=cell.quiet)

    def _left(self) -> Cell:
        amount = left_over(self.row)
        return Cell(self._label("left"), self._amount(amount), quiet=amount is None)

    def _return(self) -> Cell:
        row, label = self.row, self._label("return_on_spend")
        if row.return_on_spend is None:
            unknown = row.spend is None or row.contribution is None
            return Cell(label, self.words.say("unknown"), quiet=True) if unknown else nothing(label)
        times = self.words.figures.number(row.return_on_spend)
        return Cell(label, self.words.say("× {factor}", factor=times))
