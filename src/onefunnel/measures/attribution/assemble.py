"""The rows and notes of the measure ``attribution``, from the answers of its queries."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from onefunnel.funnel.collected import Collected, integers
from onefunnel.funnel.rules import Rules
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.measures.attribution.collected import counted
from onefunnel.measures.attribution.counts import MOST_PLAYERS, Counts, Player
from onefunnel.measures.attribution.evidence import grade_of_model
from onefunnel.measures.attribution.models import Draws, Shares, grouped, shares
from onefunnel.measures.attribution.notes import note
from onefunnel.measures.attribution.ranges import Range, Stake, ranges, widest
from onefunnel.measures.attribution.remarks import differing, remarks, said
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

    ``ranges`` are those of players over the models, ``stake`` the two models furthest apart;
    ``total`` is what each of them shares out.
    """

    total: Decimal
    players: tuple[tuple[CreditRow, ...], ...]
    departments: tuple[tuple[CreditRow, ...], ...]
    ranges: tuple[Range, ...]
    stake: Stake | None
    notes: tuple[Note, ...]


def assemble(
    collected: Collected, rules: Rules, question: Question, asked: Asked | None = None
) -> tuple[tuple[AttributionRow, ...], tuple[Note, ...]]:
    """A row for each model and player; without conversions that any touch came before none."""
    asked = asked or asked_of(question)
    found = attributed(collected, asked)
    return tuple(_row(row, asked) for each in found.players for row in each), found.notes


def attributed(collected: Collected, asked: Asked, draws: Draws | None = DRAWS) -> Attributed:
    """All that the models say; without intervals where ``draws`` is None."""
    counts = counted(collected, asked)
    total = _total(collected)
    answers = [shares(counts, model, asked.value.worth, draws) for model in asked.models]
    given = [each for each in answers if isinstance(each, Shares)]
    refused = [each for each in answers if isinstance(each, Note)]
    players = tuple(rows(each, total) for each in given)
    departments = tuple(rows(grouped(each, _department), total) for each in given)
    stake = widest(players)
    notes = remarks(counts, _untouched(counts), refused)
    notes += differing(stake, total) + _left_out(collected)
    notes += [note("no_model_is_causal")] if players else []
    found = ranges(players) if players else ()
    return Attributed(total, players, departments, found, stake, tuple(notes))


def _total(collected: Collected) -> Decimal:
    (row,) = collected["totals"].to_pylist()
    return money(Fraction(row["worth"] or 0))


def _untouched(counts: Counts) -> int:
    """The conversions that no touch came before."""
    made = counts.sets.conversions
    return int(made.total[made.keys == 0].sum())


def _left_out(collected: Collected) -> list[Note]:
    (row,) = collected["totals"].to_pylist()
    merged = int(integers(collected["players"]["merged"]).max(initial=1))
    notes = []
    if row["unknown"]:
        notes.append(said("worth_unknown", unknown=row["unknown"], lines=row["lines"]))
    if merged > 1:
        notes.append(said("players_merged", merged=merged, most=MOST_PLAYERS))
    return notes


def _department(player: Player) -> Player:
    return shown(player)[0]


def _row(row: CreditRow, asked: Asked) -> AttributionRow:
    department, name = shown(row.player)
    return AttributionRow(
        model=row.model,
        credit=row.credit,
        share=row.share,
        share_low=row.share_low,
        share_high=row.share_high,
        removal_effect=row.removal_effect,
        grade=grade_of_model(row.model).value,
        department=department,
        dimensions={asked.dimension: name},
    )
