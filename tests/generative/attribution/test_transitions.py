"""The steps of paths over the ledger are those that plain loops count; rows add up to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from onefunnel.funnel.rows import exactly
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.attribution.ledger_reference import parties_of
from onefunnel.measures.attribution.touches import shown
from onefunnel.measures.registry import measure
from onefunnel.measures.transitions.query import asked
from onefunnel.measures.transitions.reference import transitions
from onefunnel.vocabulary import Crediting
from tests.generative.attribution.companies import made
from tests.spec.engines import complete, keep, on_duckdb

CASE = made(10, 25, 0.0)


def test_steps_over_the_ledger_agree_with_plain_loops() -> None:
    question = replace(CASE.question, crediting=Crediting("leads"))
    rules, steps = default_rules(), measure("transitions")
    facts = keep(on_duckdb(CASE.records), rules, question)
    found = {
        name: each.to_pyarrow() for name, each in steps.queries(facts, rules, question).items()
    }
    rows, notes = steps.assemble(found, rules, question)
    parties = parties_of(complete(CASE.records), rules, question, asked(question))
    plain = Counter(
        {
            (kind.value, *shown(before)[::-1], *shown(after)[::-1]): number
            for (kind, before, after), number in transitions(each for _, each in parties).items()
        }
    )
    said = Counter(
        {
            (
                row.kind,
                row.before,
                row.before_department,
                row.after,
                row.after_department,
            ): row.paths
            for row in rows
        }
    )
    assert said == plain and len(plain) > 20
    assert "credited_otherwise" in {note.code for note in notes}
    row = next(row for row in rows if row.kind == "move" and row.before is None)
    where = {"kind": "move", **exactly({"before": None, "after": row.after})}
    behind = steps.rows(facts, rules, question, "paths", where).to_pyarrow()
    assert sum(behind["paths"].to_pylist()) == row.paths
