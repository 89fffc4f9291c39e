"""The bridge from one month's money to the next: what it is made of, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from onefunnel.web.pages.bridge import picture

SMALL = picture.Size(104.0, 8.0)


@dataclass(frozen=True, slots=True)
class Earned:
    """What the sales of a month contributed (or, where that is unknown, their revenue).

    ``by_new`` of it came from ``buyers`` who bought for the first time in that month.
    """

    total: Decimal
    by_new: Decimal
    buyers: int

    @property
    def by_earlier(self) -> Decimal:
        """What buyers of earlier months brought."""
        return self.total - self.by_new


@dataclass(frozen=True, slots=True)
class Step:
    """A column: ``kind`` names it; ``amount`` is a total, or the change between two totals."""

    kind: str
    amount: Decimal
    is_total: bool = False


def steps(before: Earned, now: Earned) -> tuple[Step, ...]:
    """The way from the month before to this one; the changes add up to the difference.

    The change that new buyers made is split in two, as Shapley's value does: more or fewer of them
    at the mean worth of one in both months, and each worth more or less at the mean number. In a
    month without a new buyer none has a worth: then there is one change.

    >>> [(s.kind, int(s.amount)) for s in steps(
    ...     Earned(Decimal(100), Decimal(40), 4), Earned(Decimal(120), Decimal(90), 6))]
    [('before', 100), ('number', 25), ('worth', 25), ('earlier', -30), ('now', 120)]
    """
    if before.buyers and now.buyers:
        mean = (before.by_new / before.buyers + now.by_new / now.buyers) / 2
        number = (now.buyers - before.buyers) * mean
        new = [Step("number", number), Step("worth", now.by_new - before.by_new - number)]
    else:
        new = [Step("new", now.by_new - before.by_new)]
    return (
        Step("before", before.total, True),
        *new,
        Step("earlier", now.by_earlier - before.by_earlier),
        Step("now", now.total, True),
    )


def drawn(way: Sequence[Step]) -> tuple[picture.Drawn, ...]:
    """The columns of a way on one axis, which need not start at zero."""
    return picture.drawn([_styled(step) for step in way])


def svg(way: Sequence[Step], columns: Sequence[picture.Drawn]) -> Markup:
    """The shapes: totals are level marks, changes are bars, hairlines join them."""
    return picture.svg([_styled(step) for step in way], columns, SMALL)


def _styled(step: Step) -> picture.Step:
    style = "t" if step.is_total else "down" if step.amount < 0 else "up"
    return picture.Step(style, step.amount, is_total=step.is_total)
