"""What the page is asked: by what, of which period, in which order, and which part of the rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from onefunnel.errors import UsageError
from onefunnel.measures.acquisition.query import DIMENSIONS
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.web.locale import Words
from onefunnel.web.pages.campaigns.columns import DOWN, FIGURES, NAME, WORST
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.workflows.asked import Asked

USUAL, MONTH = "campaign", "cohort_month"
SHOWN = 25
"""So many rows stand on a page of the table."""
PART = "part"
"""Which of them are shown, in the address; ``page`` is a dimension."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for.

    ``filters.by`` is the first dimension, ``then`` the second, empty for none. ``order`` is the
    figure by which rows stand, with a minus before it from the greatest; empty: as is usual.
    """

    filters: Filters
    then: str = ""
    order: str = ""
    part: int = 1

    @property
    def by(self) -> tuple[str, ...]:
        """The dimensions that rows are told apart by."""
        return tuple(dict.fromkeys(each for each in (self.filters.by, self.then) if each))

    @property
    def ordered_by(self) -> str:
        """The order in force: where money is lost first; months as they follow each other."""
        return self.order or (NAME if self.filters.by == MONTH else WORST)

    def whole(self) -> Asked:
        """The question undivided; the days must be known."""
        return self.filters.asked()

    def asked(self) -> Asked:
        """The question by the dimensions."""
        whole = self.whole()
        return replace(whole, by=tuple(dict.fromkeys((*whole.by, *self.by))))

    def address(self) -> str:
        """The address of the page that asks so."""
        part = "" if self.part == 1 else str(self.part)
        query = self.filters.query(then=self.then, order=self.order, part=part)
        return f"{reverse('campaigns')}?{query}"

    def file_address(self, version: int) -> str:
        """The address of the same as a file, of a ledger version."""
        return f"{reverse('campaigns_file')}?{self.filters.query(version, then=self.then)}"

    def at_part(self, part: int) -> str:
        """Another part of the rows."""
        return replace(self, part=part).address()

    def without(self, dimension: str) -> str:
        """The same with all values of a dimension."""
        only = tuple(each for each in self.filters.only if each[0] != dimension)
        return replace(self, filters=replace(self.filters, only=only), part=1).address()

    def in_order(self, order: str) -> str:
        """The same in another order, from the beginning."""
        return replace(self, order=order, part=1).address()

    def narrowed(self, dimension: str, value: str | None) -> str:
        """The same with one value of a dimension, divided by another one."""
        only = {**dict(self.filters.only), dimension: value}
        by = self.then or next((each for each in NEXT[dimension] if each not in only), dimension)
        filters = replace(self.filters, by=by, only=tuple(only.items()))
        return replace(self, filters=filters, then="", order="", part=1).address()


NEXT: Mapping[str, tuple[str, ...]] = {
    "channel": ("campaign", "page", "segment", MONTH),
    "campaign": ("segment", "page", MONTH, "channel"),
    "page": ("segment", "campaign", "channel", MONTH),
    "segment": ("campaign", "channel", "page", MONTH),
    MONTH: ("campaign", "channel", "page", "segment"),
}
"""By what a row is divided when it is opened: the first that is not narrowed yet, else itself."""


def read(given: Mapping[str, str], filters: Filters, words: Words) -> Wanted:
    """What an address asks for besides the filters. UsageError for what can't be asked."""
    for name in (filters.by, *(name for name, _ in filters.only)):
        _one_of(name, ("", *DIMENSIONS), words.say("Divided by"), words)
    then = _one_of(given.get("then", ""), ("", *DIMENSIONS), words.say("Divided by"), words)
    order = given.get("order", "")
    _one_of(order.removeprefix(DOWN), ("", *FIGURES), words.say("Order"), words)
    by = filters.by or USUAL
    then = "" if then == by else then
    return Wanted(replace(filters, by=by), then, order, _part(given.get(PART, ""), words))


def narrowed(
    rows: Iterable[AcquisitionRow], only: Mapping[str, str | None], by: tuple[str, ...] = ()
) -> list[AcquisitionRow]:
    """The rows of the values that were chosen, with the dimensions that they are divided by."""
    return [
        replace(row, dimensions={name: row.dimensions[name] for name in by})
        for row in rows
        if all(row.dimensions.get(name) == value for name, value in only.items())
    ]


def _part(text: str, words: Words) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if text and not number:
        raise no_such_part(words)
    return number or 1


def no_such_part(words: Words) -> UsageError:
    """What is said where there is no such page of rows."""
    return UsageError(
        words.say("There is no such page of rows."), remedy=words.say("Begin with the first page.")
    )


def _one_of(name: str, valid: tuple[str, ...], what: str, words: Words) -> str:
    if name not in valid:
        raise UsageError(
            words.say("{what}: “{given}” can't be asked.", what=what, given=name[:80]),
            remedy=words.say("What can be asked: {valid}.", valid=words.listed(valid[1:])),
        )
    return name
