"""What stands around a figure: nothing in the report, links on a page."""

from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup

from onefunnel.vocabulary import Note, Stage

Text = str | Markup
Where = Mapping[str, str | None]
"""Which row of an answer a figure stands in: a stage, a reason, values of dimensions."""


class Around(Protocol):
    """Puts around the figures of a section what its page offers beside them."""

    @property
    def opens(self) -> bool:
        """Whether figures open the rows behind them."""
        ...

    def rows(self, shown: Text, measure: str, figure: str, where: Where) -> Text:
        """A figure with a way to its rows."""
        ...

    def mend(self, note: Note, stage: Stage | None = None) -> Text:
        """What would let a refused figure be given; empty where nothing is offered."""
        ...

    def narrowed(self, dimension: str, value: str | None) -> str:
        """The address of the same page with one value of a dimension only; empty: none."""
        ...

    def name(self, dimension: str, value: str) -> str:
        """A value of a dimension as a person knows it."""
        ...


class Plain:
    """Nothing around the figures."""

    opens = False

    def rows(self, shown: Text, measure: str, figure: str, where: Where) -> Text:
        """The figure."""
        return shown

    def mend(self, note: Note, stage: Stage | None = None) -> Text:
        """Nothing."""
        return ""

    def narrowed(self, dimension: str, value: str | None) -> str:
        """No address."""
        return ""

    def name(self, dimension: str, value: str) -> str:
        """The value as it is on record."""
        return value


PLAIN = Plain()
