"""The rows and notes of the measure ``attribution``, from the answers of its queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from onefunnel.funnel.collected import Collected, integers
from onefunnel.funnel.rules import Rules
from onefunnel.measures.attribution.agreed import agreed_of
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.calibrated import (
    NO_EVIDENCE,
    UNCORRECTED,
    Calibrated,
    Evidence,
    corrected,
    evidence_of,
)
from onefunnel.measures.attribution.collected import counted
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.departments import by_department, department_of
from onefunnel.measures.attribution.evidence import Grade, grade_of_model
from onefunnel.measures.attribution.family import MOST_PLAYERS, Player
from onefunnel.measures.attribution.met import NOBODY, Met, met
from onefunnel.measures.attribution.models import (
    Draws,
    Shares,
    never_alone,
    shares_of,
)
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.ranges import Range, Stake, comparable, ranges, widest
from onefunnel.measures.attribution.remarks import conventions, differing, remarks
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.attribution.rows import CreditRow, rows
from onefunnel.measures.attribution.touches import shown
from onefunnel.vocabulary import Note, Question
from onefunnel.vocabulary.apportioning import money

DRAWS = Draws()
"""The replicates where none are asked for."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """What the models say: the credit of players and of departments, a group of rows per model.

    ``ranges`` are those of players over the models, ``stake`` the two models furthest apart; both
    leave out models that give anybody less than nothing. ``total`` is what each of them shares out.
    ``calibrated`` is the model in force corrected by experiments, where there are any; it is in no
    range. ``met`` has the paths through each player.
    """

    total: Decimal
    players: tuple[tuple[CreditRow, ...], ...]
    departments: tuple[tuple[CreditRow, ...], ...]
    ranges: tuple[Range, ...]
    stake: Stake | None
    notes: tuple[Note, ...]
    calibrated: Calibrated = UNCORRECTED
    met: Mapping[Player, Met] = field(default_factory=dict)


def assemble(
    collected: Collected, rules: Rules, question: Question, asked: Asked | None = None
) -> tuple[tuple[AttributionRow, ...], tuple[Note, ...]]:
    """A row for each model and player; without conversions that any touch came before none."""
    asked, agreed = asked or asked_of(question), agreed_of(question.terms)
    found = attributed(collected, asked, evidence=evidence_of(question.terms, asked))
    made = [
        row
        for players, departments in zip(found.players, found.departments, strict=True)
        for row in answered(players, _grades(players), departments, found.met, asked)
    ]
    tried = found.calibrated
    made += answered(tried.rows, tried.grades, tried.departments, found.met, asked)
    return tuple(made), (*conventions(agreed, asked), *found.notes)


def attributed(
    collected: Collected,
    asked: Asked,
    draws: Draws | None = DRAWS,
    evidence: Evidence = NO_EVIDENCE,
) -> Attributed:
    """All that the models say; without intervals where ``draws`` is None."""
    counts = counted(collected, asked)
    total = _total(collected)
    answers = shares_of(asked.models, counts, asked.value.worth, draws)
    given = [each for each in answers if isinstance(each, Shares)]
    refused = [each for each in answers if isinstance(each, Note)]
    players = tuple(rows(each, total) for each in given)
    departments = tuple(map(by_department, given, players))
    family = comparable(players, evidence.model)
    stake = widest(family)
    notes = remarks(counts, _untouched(counts), refused) + _without_interval(given, counts)
    notes += differing(stake, total) + _left_out(collected, asked)
    calibrated = corrected(given, counts, evidence, total, draws)
    notes += [*calibrated.notes, *([note("no_model_is_causal")] if players else [])]
    found = ranges(family) if family else ()
    told = (found, stake, tuple(notes), calibrated, met(counts))
    return Attributed(total, players, departments, *told)


def answered(
    players: Sequence[CreditRow],
    grades: Sequence[Grade],
    departments: Sequence[CreditRow],
    through: Mapping[Player, Met],
    asked: Asked,
) -> list[AttributionRow]:
    """The rows of a model as an answer has them, each with what its whole department has."""
    whole = {row.player: row for row in departments}
    return [
        _row(row, grade, whole[department_of(row.player)], through.get(row.player, NOBODY), asked)
        for row, grade in zip(players, grades, strict=True)
    ]


def _without_interval(given: Sequence[Shares], counts: Counts) -> list[Note]:
    """Why the game of rates has no intervals where other models have some."""
    rates = any(each.model == "shapley_rate" and not len(each.drawn) for each in given)
    if rates and any(len(each.drawn) for each in given):
        return [note("refused_rate_intervals", players=never_alone(counts))]
    return []


def _total(collected: Collected) -> Decimal:
    (row,) = collected["totals"].to_pylist()
    return money(Fraction(row["worth"] or 0))


def _untouched(counts: Counts) -> int:
    """The conversions that no touch came before."""
    made = counts.sets.conversions
    return int(made.total[made.keys == 0].sum())


def _left_out(collected: Collected, asked: Asked) -> list[Note]:
    (row,) = collected["totals"].to_pylist()
    merged = int(integers(collected["players"]["merged"]).max(initial=1))
    notes = []
    if row["unknown"]:
        notes.append(note("worth_unknown", unknown=row["unknown"], lines=row["lines"]))
    if merged > 1:
        limits = {"least": asked.least_touches, "most": MOST_PLAYERS}
        notes.append(note("players_merged", merged=merged, **limits))
    return notes


def _grades(players: Sequence[CreditRow]) -> list[Grade]:
    return [grade_of_model(row.model) for row in players]


def _row(
    row: CreditRow, grade: Grade, whole: CreditRow, through: Met, asked: Asked
) -> AttributionRow:
    department, name = shown(row.player)
    return AttributionRow(
        model=row.model,
        credit=row.credit,
        share=row.share,
        share_low=row.share_low,
        share_high=row.share_high,
        removal_effect=row.removal_effect,
        grade=grade.value,
        department=department,
        dimensions={asked.dimension: name},
        value=asked.value.value,
        department_share=whole.share,
        department_share_low=whole.share_low,
        department_share_high=whole.share_high,
        paths=through.paths,
        paths_converted=through.converted,
    )
