"""An answer by dimensions, narrowed to the values that were chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onefunnel.funnel import notes
from onefunnel.funnel.estimates import SMALLEST_COHORT
from onefunnel.funnel.result import FunnelRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import Answer, Note, Stage
from onefunnel.web.pages.funnel.asking import Filters
from onefunnel.web.pages.funnel.persons import own


def narrowed(
    answer: Answer[Any],
    filters: Filters,
    name: Callable[[str | None], str | None],
    by: str = "",
) -> Answer[Any]:
    """The rows of the values that were chosen, without those dimensions; persons as they may be.

    ``by`` is a dimension that stays. Without it the notes are those of the rows that are left.
    """
    wanted = dict(filters.only)
    rows = tuple(
        replace(row, dimensions=_others(row.dimensions, wanted))
        for row in own(answer.rows, name)
        if all(row.dimensions.get(key) == value for key, value in wanted.items())
    )
    kept = tuple(_about(answer.notes, rows)) if wanted and not by else answer.notes
    return replace(answer, rows=rows, notes=kept)


def _others(dimensions: Mapping[str, str | None], wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in dimensions.items() if key not in wanted}


def _about(notes_: Sequence[Note], rows: Sequence[Any]) -> Iterator[Note]:
    """The notes without refusals of other values' figures; what is refused here says why here.

    An answer by a dimension has one refusal per reason, whatever the values: which of them is about
    a row is told by how many were in its cohort.
    """
    stages = {row.stage: row for row in rows if isinstance(row, FunnelRow)}
    deals = next((row for row in rows if isinstance(row, DealsRow)), None)
    for note in notes_:
        if note.code == "refused_conversion" and stages:
            yield from _of_cohort(note, *_followed(stages, Stage(str(note.params["stage"]))))
        elif note.code == "refused_win_incidence" and deals is not None:
            number = deals.won + deals.lost + deals.open
            yield from _of_cohort(note, number, deals.win_incidence is None)
        else:
            yield note


def _followed(stages: Mapping[Stage, FunnelRow], stage: Stage) -> tuple[int, bool]:
    """How many were followed into a stage, and whether their conversion is refused."""
    before = stages.get(stage.previous) if stage.previous else None
    row = stages.get(stage)
    number = (before.observed or 0) if before is not None else 0
    return number, row is not None and row.conversion is None


def _of_cohort(note: Note, number: int, refused: bool) -> Iterator[Note]:
    reason = note.params.get("reason")
    small = {"empty": number == 0, "too_few": 0 < number < SMALLEST_COHORT}
    fits = small.get(str(reason), number >= SMALLEST_COHORT or reason == "no_records")
    if not refused or not fits:
        return
    params = {**note.params, "rows": 1}
    yield notes.note(note.code, **({**params, "n": number} if reason in small else params))
