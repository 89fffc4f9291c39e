"""What a figure rests on, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.attribution.evidence import Grade, best
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

SAID: Mapping[Grade, str] = {
    Grade.EXPERIMENT: N_("an experiment"),
    Grade.QUASI_EXPERIMENT: N_("a comparison of regions or times"),
    Grade.MODEL: N_("a model of paths"),
    Grade.SELF_REPORT: N_("what buyers say"),
    Grade.RULE: N_("a rule"),
}


@dataclass(frozen=True, slots=True)
class GradeView:
    """A grade: its letter, and what it stands for."""

    letter: str
    text: Markup


def grade_view(grade: Grade, words: Words) -> GradeView:
    """A grade in words."""
    return GradeView(grade.value, words.say(SAID[grade]))


def best_of(rows: Iterable[AttributionRow], words: Words) -> GradeView:
    """The best evidence that there is for a player, of which there is a row at least."""
    return grade_view(best(Grade(row.grade) for row in rows), words)


def scale(words: Words) -> tuple[GradeView, ...]:
    """All grades, the best first."""
    return tuple(grade_view(each, words) for each in Grade)
