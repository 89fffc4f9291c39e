"""The Python interface: ``onefunnel.open("workspace").funnel(by="campaign")``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from onefunnel import bootstrap
from onefunnel.funnel.result import ConversionRow, FunnelRow, LeakRow, LostReasonRow
from onefunnel.intake import silent
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.steps.conditions import Given, step_of
from onefunnel.measures.steps.result import StepRow
from onefunnel.vocabulary import AS_AGREED, Answer, Crediting, Step
from onefunnel.workflows.asking import Asked, ask, rows_behind
from onefunnel.workflows.importing import import_paths
from onefunnel.workflows.taking_in import Taken
from onefunnel.workflows.workspace import Workspace

Names = str | Sequence[str]


class Opened:
    """A workspace, open for questions. Every measure is a method of its own name.

    Periods are local days, ``since`` inclusive and ``until`` exclusive; ``now`` and ``as_of`` are
    independent: what is looked at, and what was known. An answer has ``rows``, ``notes``,
    ``to_pandas()`` and ``to_arrow()``.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def funnel(self, **question: Any) -> Answer[FunnelRow]:
        """The joint funnel of eight stages; see :meth:`measure` for the question."""
        return self.measure("funnel", **question)

    def deals(self, **question: Any) -> Answer[DealsRow]:
        """Rates per deal, and the four win rates side by side."""
        return self.measure("deals", **question)

    def leaks(self, **question: Any) -> Answer[LeakRow]:
        """Where money leaves the funnel, dearest first."""
        return self.measure("leaks", **question)

    def lost_reasons(self, **question: Any) -> Answer[LostReasonRow]:
        """Why deals and leads were lost, and who says so."""
        return self.measure("lost_reasons", **question)

    def conversion(self, **question: Any) -> Answer[ConversionRow]:
        """Conversion between stages that need not be neighbours."""
        return self.measure("conversion", **question)

    def incentives(self, **question: Any) -> Answer[IncentivesRow]:
        """What ignored leads cost and why; no ``by``, the rows are by segment."""
        return self.measure("incentives", **question)

    def steps(
        self, steps: Sequence[Given], within_days: int | None = None, **question: Any
    ) -> Answer[StepRow]:
        """Who did these steps in order, within so many days (None: 30) from the first.

        A step is a text as ``--step`` takes it, such as ``"kind=visit, channel=search|social"``, or
        a mapping from columns of a touch to a value or several. Raises UnknownName, UsageError.
        """
        return self.measure("steps", steps=steps, within_days=within_days, **question)

    def attribution(
        self,
        by: str = "channel",
        *,
        models: Names = (),
        value: str | None = None,
        window_days: float | None = None,
        half_life_days: float | None = None,
        **question: Any,
    ) -> Answer[AttributionRow]:
        """Which share of leads, customers or money each model credits to whom.

        What is not given is as agreed in ``attribution.toml``. Raises UnknownName, UsageError.
        """
        crediting = Crediting(value, _tuple(models), window_days, half_life_days)
        return self.measure("attribution", by=by, crediting=crediting, **question)

    def measure(
        self,
        name: str,
        *,
        by: Names = (),
        since: date | None = None,
        until: date | None = None,
        horizon_days: int | None = None,
        now: datetime | None = None,
        as_of: int | None = None,
        steps: Sequence[Given] = (),
        within_days: int | None = None,
        joint: bool = False,
        crediting: Crediting = AS_AGREED,
    ) -> Answer[Any]:
        """The answer of a measure. Raises UnknownName, UsageError."""
        asked = Asked(
            _tuple(by),
            since,
            until,
            horizon_days,
            now,
            as_of,
            _steps(steps),
            within_days,
            joint,
            crediting,
        )
        return ask(self._workspace, name, asked)

    def rows(
        self, name: str, figure: str, where: Mapping[str, str | None], **question: Any
    ) -> pa.Table:
        """The rows behind a figure, as an Arrow table."""
        by, steps = _tuple(question.pop("by", ())), _steps(question.pop("steps", ()))
        asked = Asked(by=by, steps=steps, **question)
        return rows_behind(self._workspace, name, asked, figure, where).rows

    def import_files(self, *paths: str | Path, **options: Any) -> Taken:
        """Take files, folders or zips into the ledger, in one batch; options as the workflow's."""
        return import_paths(self._workspace, [Path(p) for p in paths], silent, **options)


def open(path: str | Path) -> Opened:
    """Open a workspace. Raises NotAWorkspace where the folder is none."""
    return Opened(bootstrap.open_workspace(Path(path)))


def _tuple(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _steps(given: Sequence[Given]) -> tuple[Step, ...]:
    each = (given,) if isinstance(given, str) else given
    return tuple(step_of(step) for step in each)
