"""Tell advertising platforms what became of their clicks: the file of a platform."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onefunnel.errors import UnknownName
from onefunnel.measures.offline_conversions.behind import TO_ADJUST
from onefunnel.measures.offline_conversions.files import (
    adjustments_file,
    check_adjustable,
    conversions_file,
)
from onefunnel.measures.offline_conversions.platforms import Platform
from onefunnel.measures.offline_conversions.result import OfflineConversionsRow
from onefunnel.measures.offline_conversions.statuses import Status
from onefunnel.measures.offline_conversions.telling import Told, adjusts, fits
from onefunnel.vocabulary import Answer
from onefunnel.workflows.asked import Asked
from onefunnel.workflows.asking import ask, rows_behind
from onefunnel.workflows.computed import Rows
from onefunnel.workflows.workspace import Workspace

MEASURE = "offline_conversions"


@dataclass(frozen=True, slots=True)
class File:
    """What is asked for: the file of a platform, of conversions or of what changed of them.

    Raises UsageError where a platform takes nothing back.
    """

    platform: Platform
    told: Told
    adjustments: bool = False

    def __post_init__(self) -> None:
        if self.adjustments:
            check_adjustable(self.platform)

    @property
    def figure(self) -> str:
        """The figure of the measure whose rows go into it."""
        return TO_ADJUST if self.adjustments else Status.RETURNED.value

    @property
    def where(self) -> dict[str, str | None]:
        """The row of the measure's answer."""
        return {"platform": self.platform.value, "of": self.told.of.value}

    @property
    def ending(self) -> str:
        """How the name of the file ends: Meta's is JSON, a request a line."""
        return "jsonl" if self.platform is Platform.META else "csv"

    def rows(self, asked: Asked) -> Rows:
        """Which rows go into it."""
        return Rows(MEASURE, asked, self.figure, tuple(self.where.items()))

    def left_out(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """How many of its rows the platform does not take as they are told."""
        takes = adjusts if self.adjustments else fits
        return sum(not takes(self.platform, row, self.told) for row in rows)

    def text(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """The file, in parts."""
        make = adjustments_file if self.adjustments else conversions_file
        return make(self.platform, rows, self.told)


@dataclass(frozen=True, slots=True)
class Returned:
    """A file, and what it was made of: the answer with all counts, and the rows of the file."""

    file: File
    answer: Answer[OfflineConversionsRow]
    rows: Sequence[Mapping[str, Any]]

    @property
    def counts(self) -> OfflineConversionsRow:
        """What became of the conversions of this kind at this platform."""
        platform, of = self.file.platform.value, self.file.told.of.value
        return next(row for row in self.answer.rows if (row.platform, row.of) == (platform, of))


def platform_of(name: str) -> Platform:
    """The platform of that name; UnknownName says which there are."""
    valid = [each.value for each in Platform]
    if name not in valid:
        raise UnknownName("platform", name, valid)
    return Platform(name)


def returned(workspace: Workspace, file: File, asked: Asked) -> Returned:
    """The rows of a file and the counts beside them, of one ledger version and instant.

    Raises UsageError where the question can't be.
    """
    answer = ask(workspace, MEASURE, asked)
    pinned = replace(asked, as_of=answer.ledger_version, now=answer.now)
    behind = rows_behind(workspace, MEASURE, pinned, file.figure, file.where)
    return Returned(file, answer, behind.rows.to_pylist())
