"""The number of rows behind a figure is the figure, and their amounts add up to it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.funnel.progress import OPEN_STAGES
from onefunnel.funnel.reference import company as reference
from onefunnel.funnel.result import FunnelRow
from onefunnel.funnel.rows import Where, exactly
from onefunnel.funnel.rules import default_rules
from onefunnel.ledger.schema import Facts
from onefunnel.measures.registry import measure
from onefunnel.vocabulary import Stage, round_money
from tests.generative.funnel.companies import Company, companies
from tests.spec.engines import ask, keep, on_duckdb, rows_behind

Figure = tuple[str, str, Where, Any]
"""Measure, figure, which row, and what its rows must count (or, of money, add up to)."""


def figures(facts: Facts, company: Company) -> Iterator[Figure]:
    """Every figure of every measure that has rows behind it."""
    question = company.question
    known = reference.Company(company.records, default_rules(), question)
    for row in ask(facts, "funnel", question)[0]:
        where = {"stage": row.stage.value, **exactly(row.dimensions)}
        for name in ("entered", "observed", "implied", "unknown_contribution_lines"):
            if getattr(row, name) is not None:
                yield "funnel", name, where, getattr(row, name)
        if row.stage in OPEN_STAGES:
            yield "funnel", "open", where, still_open(known, row)
        for name in ("revenue", "realised_contribution"):
            if getattr(row, name) is not None:
                yield "funnel", name, where, getattr(row, name)
    for row in ask(facts, "leaks", question)[0]:
        where = {"stage": row.stage.value, **exactly(row.dimensions)}
        for name in ("left", "lost", "stalled"):
            yield "leaks", name, where, getattr(row, name)
    for row in ask(facts, "deals", question)[0]:
        for name in ("won", "lost", "open"):
            yield "deals", name, exactly(row.dimensions), getattr(row, name)
        yield "deals", "opened", exactly(row.dimensions), row.won + row.lost + row.open
    for row in ask(facts, "conversion", question)[0]:
        stages = {"from_stage": row.from_stage.value, "to_stage": row.to_stage.value}
        yield "conversion", "conversion", {**stages, **exactly(row.dimensions)}, row.at_risk
    for row in ask(facts, "lost_reasons", question)[0]:
        reason = exactly({"reason": row.reason, "source": row.source, **row.dimensions})
        yield "lost_reasons", "lost", {"stage": row.stage.value, **reason}, row.lost


def still_open(known: reference.Company, row: FunnelRow) -> int:
    """How many of a row's entered the stage within the period and neither bought nor are lost."""
    values = tuple(row.dimensions.values())
    return sum(
        known.in_period(entries[row.stage.position])
        and entries[Stage.PURCHASE.position] is None
        and entity not in known.losses
        and known.dimensions(entity) == values
        for entity, entries in known.entries.items()
    )


def check(company: Company, random: Random, most: int) -> None:
    question = company.question
    facts = keep(on_duckdb(company.records), default_rules(), question)
    every = [figure for figure in figures(facts, company) if figure[3]]
    for name, figure, where, wanted in random.sample(every, min(most, len(every))):
        expression = measure(name).rows(facts, default_rules(), question, figure, where)
        found = rows_behind(expression)
        if isinstance(wanted, Decimal):
            column = "amount" if figure == "revenue" else "contribution"
            total = sum((row[column] or 0 for row in found), Decimal(0))
            assert round_money(total) == wanted, (name, figure, where)
        else:
            assert len(found) == wanted, (name, figure, where)


@settings(max_examples=2)
@given(companies(), st.randoms(use_true_random=False))
def test_rows_are_as_many_as_the_figure_says(company: Company, random: Random) -> None:
    check(company, random, 12)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=60)
@given(companies(), st.randoms(use_true_random=False))
def test_rows_are_as_many_as_the_figure_says_everywhere(company: Company, random: Random) -> None:
    check(company, random, 40)
