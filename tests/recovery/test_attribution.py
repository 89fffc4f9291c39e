"""Where touches are walks of a known chain: what models say of the chain is found again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.attribution.asked import Asked
from onefunnel.measures.attribution.buckets import buckets_of, replicates
from onefunnel.measures.attribution.collected import counted as counted_of
from onefunnel.measures.attribution.counts import Counts
from onefunnel.measures.attribution.evidence import Grade
from onefunnel.measures.attribution.experiments import lift
from onefunnel.measures.attribution.markov import removals
from onefunnel.measures.attribution.models import Draws, Shares, shares
from onefunnel.measures.attribution.query import queries
from onefunnel.measures.attribution.reference import counts as plain_counts
from onefunnel.measures.attribution.result import AttributionRow
from onefunnel.measures.attribution.rules import RULES, Path, Settings, Touch
from onefunnel.vocabulary import Note, Question
from tests.spec.engines import ask, keep, on_duckdb
from tools import credits
from tools.recovery import PAGE, placed
from tools.walks import (
    Generating,
    Walks,
    counted,
    effects_of,
    projected,
    random_chain,
    truth,
    walks,
)

START = datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime(2024, 7, 1, tzinfo=UTC)
PLAYERS = 4
ERRORS = 4.5
"""So many standard errors an estimate may be off: chance alone does so once in 150,000 times."""


def paths(found: Walks) -> list[list[int]]:
    """The players that each walker met, in order."""
    met: list[list[int]] = [[] for _ in found.size]
    for walker, player in zip(found.walker.tolist(), found.player.tolist(), strict=True):
        met[walker].append(player)
    return met


def records(
    met: Sequence[Sequence[str]], bought: Sequence[bool]
) -> dict[str, list[dict[str, Any]]]:
    """A person for each path: a touch a minute, and where it converted a purchase after it."""
    touches = [
        {
            "touch_id": f"{person}-{place}",
            "party_id": f"p{person}",
            "occurred_at": START + timedelta(minutes=place),
            "kind": "click",
            "channel": channel,
        }
        for person, path in enumerate(met)
        for place, channel in enumerate(path)
    ]
    lines = [
        {
            "order_line_id": f"o{person}",
            "party_id": f"p{person}",
            "ordered_at": START + timedelta(days=1),
            "quantity": Decimal(1),
            "net_price": Decimal(1),
        }
        for person, converted in enumerate(bought)
        if converted
    ]
    entity = [{"party_id": f"p{n}", "entity_code": n} for n in range(len(met))]
    return {"touch": touches, "order_line": lines, "entity": entity}


def test_walks_are_counted_as_paths_are() -> None:
    found = walks(random_chain(2, PLAYERS, np.random.default_rng(5)), 300, np.random.default_rng(6))
    mine = counted(found, PLAYERS, (1, 2))
    parties = buckets_of(np.arange(len(found.size))).tolist()
    given = [
        (
            bucket,
            Path(
                tuple(Touch(str(i), START, f"marketing:{player}") for i, player in enumerate(met)),
                conversions=int(converted),
                nulls=1 - int(converted),
            ),
        )
        for bucket, met, converted in zip(parties, paths(found), found.converted, strict=True)
    ]
    wanted = plain_counts(given, mine.players, Settings(), (1, 2))
    assert mine.sets == wanted.sets
    assert mine.transitions == wanted.transitions
    places = [list(RULES).index(rule) for rule in mine.credits.models]
    assert np.allclose(mine.credits.conversions, wanted.credits.conversions[:, places])


def errors(counts: Counts, order: int) -> np.ndarray[Any, Any]:
    """The standard errors of the removal effects, from draws of parties."""
    drawn = removals(counts.transitions[order], PLAYERS, replicates(counts.buckets, 400, seed=1))
    assert drawn is not None
    return np.asarray(drawn.drawn.std(axis=0))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_removal_effects_are_found_again(order: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    chain = random_chain(order, PLAYERS, random)
    true, found = truth(chain), walks(chain, 20_000, random)
    counts = counted(found, PLAYERS, (order,))
    solved = removals(counts.transitions[order], PLAYERS)
    assert solved is not None
    error = (true.chance * (1 - true.chance) / 20_000) ** 0.5
    assert abs(solved.chance - true.chance) < ERRORS * error
    assert (np.abs(solved.effects - true.effects) < ERRORS * errors(counts, order)).all()
    said = shares(counts, f"markov_{order}", draws=Draws())
    assert isinstance(said, Shares)
    off = np.abs(said.parts[:-1] - true.shares[f"markov_{order}"])
    assert (off < ERRORS * said.drawn[:, :-1].std(axis=0)).all()


def second_only() -> Generating:
    """A chain of order 2: who meets 0 and then 1 converts in nine of ten cases, others seldom."""
    base = PLAYERS + 1
    chances = np.zeros((base**2, PLAYERS + 2))
    for state in range(base**2):
        before, last = state // base - 1, state % base - 1
        converts = 0.9 if (before, last) == (0, 1) else 0.05 if last >= 0 else 0.0
        ends = 0.0 if last < 0 else 0.05 if converts > 0.5 else 0.35
        chances[state, :PLAYERS] = (1 - converts - ends) / PLAYERS
        chances[state, PLAYERS:] = converts, ends
    return Generating(2, chances)


def test_what_depends_on_two_touches_needs_order_two() -> None:
    """Order 1 sees 0 and 1 as less than they are, however many paths there are."""
    chain = second_only()
    true, one = truth(chain), effects_of(projected(chain))
    counts = counted(walks(chain, 20_000, np.random.default_rng(7)), PLAYERS, (1, 2))
    first, second = (removals(counts.transitions[order], PLAYERS) for order in (1, 2))
    assert first is not None
    assert second is not None
    assert (np.abs(second.effects - true.effects) < ERRORS * errors(counts, 2)).all()
    assert (np.abs(first.effects - one) < ERRORS * errors(counts, 1)).all()
    missed = (true.effects - first.effects) / errors(counts, 1)
    assert missed[0] > 2 * ERRORS
    assert (first.shares - second.shares)[2:].min() > 0


def check_ledger(order: int, seed: int, people: int) -> None:
    """The counts of the ledger are those of the walks, and the measure finds the truth again."""
    random = np.random.default_rng(seed)
    chain = random_chain(order, PLAYERS, random)
    found = walks(chain, people, random)
    facts = on_duckdb(
        records([[str(player) for player in met] for met in paths(found)], found.converted == 1)
    )
    asked, question = Asked(orders=(order,)), Question(now=NOW)
    facts = keep(facts, default_rules(), question)
    collected = {
        name: expression.to_pyarrow()
        for name, expression in queries(facts, default_rules(), question, asked).items()
    }
    counts, wanted = counted_of(collected, asked), counted(found, PLAYERS, (order,))
    solved, mine = (
        removals(each.transitions[order], len(each.players)) for each in (counts, wanted)
    )
    assert solved is not None
    assert mine is not None
    places = [int(str(player).removeprefix("marketing:")) for player in counts.players]
    assert solved.effects == pytest.approx(mine.effects[places], abs=1e-12)
    assert counts.sets.conversions.total.sum() == found.converted.sum()
    said = shares(counts, f"markov_{order}", draws=Draws())
    assert isinstance(said, Shares)
    true = truth(chain).shares[f"markov_{order}"][places]
    off = np.abs(said.parts[:-1] - true)
    assert (off < ERRORS * said.drawn[:, :-1].std(axis=0)).all()


@pytest.mark.long
@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("seed", [12, 13])
def test_the_ledger_says_what_the_walks_say(order: int, seed: int) -> None:
    check_ledger(order, seed, 10_000)


def bounds(companies: int, errors: float) -> tuple[float, float]:
    """Where the share of intervals that hold the truth lies, if it is 95 % of each company's."""
    error = (0.95 * 0.05 / companies) ** 0.5
    return 0.95 - errors * error, 0.95 + errors * error


def test_intervals_hold_the_truth_in_a_few_companies() -> None:
    found = [each for order in (1, 2) for each in credits.intervals(order, range(100, 115))]
    low, high = bounds(30, 4.0)
    assert low <= credits.coverage(found) <= high


# --- A channel that does nothing, and stands on paths that convert


def idle_company(people: int, seed: int) -> tuple[list[list[str]], list[bool]]:
    """Of those who are keen half are shown a banner, by lot; it changes nothing.

    People buy or not by a chance of their own, by how often they come, and by search and mail.
    """
    random = np.random.default_rng(seed)
    met, bought = [], []
    for _ in range(people):
        path = random.choice(["search", "mail", "fair"], size=random.integers(1, 5)).tolist()
        keen = len(path) >= 3
        chance = 0.05 + 0.1 * ("search" in path) + 0.1 * ("mail" in path) + 0.2 * keen
        bought.append(bool(random.random() < chance))
        if keen and random.random() < 0.5:
            path.insert(int(random.integers(0, len(path) + 1)), "banner")
        met.append(path)
    return met, bought


def said_of(
    met: Sequence[Sequence[str]], bought: Sequence[bool]
) -> tuple[tuple[AttributionRow, ...], tuple[Note, ...]]:
    question = Question(now=NOW)
    rows, notes = ask(on_duckdb(records(met, bought)), "attribution", question)
    return rows, notes


def test_a_channel_without_effect_gets_credit_and_an_experiment_gives_it_none() -> None:
    met, bought = idle_company(1_000, seed=21)
    rows, notes = said_of(met, bought)
    idle = {row.model: row for row in rows if row.dimensions["channel"] == "banner"}
    assert set(idle) == {row.model for row in rows}
    assert len(idle) == len(RULES) + 4
    for model, row in idle.items():
        assert row.share > Decimal("0.02"), model
        assert (row.share_low is None) == (model == "shapley_rate"), model
        assert row.share_low is None or row.share_low > 0, model
    # The banner is never alone on a path: what it brings alone was never seen.
    assert "refused_rate_intervals" in [each.code for each in notes]
    # No model is better than C, and no rule better than E.
    grades = {row.grade for row in rows}
    assert grades == {Grade.MODEL.value, Grade.RULE.value}
    assert min(grades) == "C"
    # Who was to be reminded was drawn by lot: that is the experiment, and it finds nothing.
    keen = [place for place, path in enumerate(met) if len(path) > 2]
    shown = [place for place in keen if "banner" in met[place]]
    held = [place for place in keen if "banner" not in met[place]]
    found = lift(len(shown), sum(bought[p] for p in shown), len(held), sum(bought[p] for p in held))
    assert found.change.low < 0.0 < found.change.high
    check_wording(notes)


def check_wording(notes: Sequence[Note]) -> None:
    (said,) = [each for each in notes if each.code == "no_model_is_causal"]
    for words in (
        "merely stands on paths that convert gets credit",
        "the same people would have bought without it",
        "only an experiment shows",
    ):
        assert words in said.text, words


# --- The long run: 2,000 companies


@pytest.fixture(scope="module")
def measured() -> list[credits.Interval]:
    return credits.measured()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.xdist_group("credits")
def test_pooled_intervals_hold_the_truth(measured: list[credits.Interval]) -> None:
    """Over all 2,000 companies within three binomial errors: 93.5 to 96.5 %."""
    low, high = bounds(len(credits.ORDERS) * credits.COMPANIES, 3.0)
    assert low <= credits.coverage(measured) <= high


@pytest.mark.long
@pytest.mark.xdist_group("credits")
def test_no_model_holds_the_truth_much_less(measured: list[credits.Interval]) -> None:
    """Of each order's 1,000 companies within four binomial errors: 92.2 to 97.8 %."""
    low, high = bounds(credits.COMPANIES, 4.0)
    rates = {cell: credits.coverage(part) for cell, part in credits.cells(measured).items()}
    assert {cell: rate for cell, rate in rates.items() if not low <= rate <= high} == {}


@pytest.mark.long
@pytest.mark.xdist_group("credits")
def test_the_manual_has_these_figures(measured: list[credits.Interval]) -> None:
    written = PAGE.read_text(encoding="utf-8")
    lines = credits.report(measured)
    assert written == placed(written, credits.BEGINS, credits.ENDS, lines)
