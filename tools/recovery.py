"""Measure how often intervals cover the truth: ``python -m tools.recovery``.

Companies are simulated, asked as the product asks, and compared with what generated them. The
figures go to the screen and into the manual; ``make long`` checks that the manual has them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from onefunnel.funnel.base import PREPARED, prepare
from onefunnel.funnel.rules import default_rules
from onefunnel.funnel.transitions import ADJACENT, Pair
from onefunnel.ledger.schema import Facts
from onefunnel.measures.conversion.result import ConversionRow
from onefunnel.measures.deals.result import DealsRow
from onefunnel.measures.registry import measure
from onefunnel.simulator import SCENARIOS, Company, Truth, simulate
from onefunnel.vocabulary import Question

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "known-truth.md"
BEGINS = "<!-- Written by `python -m tools.recovery`; change the code, not these figures. -->"
ENDS = "<!-- Written by hand from here on. -->"

NAMES = ("healthy", "company-x", "no-follow-up")
EACH = 20
"""Companies of a scenario."""
PERSONS, TOUCHES_A_PERSON = 20_000, 3.0
HORIZONS = (7, 30, 90, 365)
DIMENSIONS = {"": "all persons", "campaign": "by campaign", "cohort_month": "by month"}
STEPS = {
    **{pair.end.value: f"to {pair.end.value.replace('_', ' ')}" for pair in ADJACENT},
    "deals": "deals won",
}

TABLES = (
    "party", "touch", "lead", "handoff", "deal", "deal_event", "order_line", "advocacy",
    "indicator", "rate",
)  # fmt: skip
"""The tables that the funnel's measures read."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval as a measure gave it, beside the truth; no bounds where it was refused."""

    scenario: str
    step: str
    horizon: int
    dimension: str
    truth: float
    low: float | None
    high: float | None

    @property
    def covers(self) -> bool:
        """Whether the truth lies within the bounds."""
        if self.low is None or self.high is None:
            return False
        return self.low <= self.truth <= self.high


def companies() -> Iterator[Company]:
    """The companies, each of a seed of its own.

    Of one seed, the persons of all scenarios would do the same up to intention.
    """
    for seed in range(1, EACH * len(NAMES) + 1):
        yield simulate(
            SCENARIOS[NAMES[seed % len(NAMES)]](
                touches=round(PERSONS * TOUCHES_A_PERSON),
                touches_per_person=TOUCHES_A_PERSON,
                seed=seed,
                several=0.0,  # a record is a person: who is who is shown elsewhere
                twice=0.0,
            )
        )


def intervals(company: Company) -> Iterator[Interval]:
    """What the measures of conversion and of deals say of a company, as far as truth is known."""
    question = Question(now=company.truth.now, months=company.setting.months)
    engine = ibis.duckdb.connect()
    try:
        facts = facts_of(engine, company, question)
        for dimension in DIMENSIONS:
            asked = replace(question, by=(dimension,) if dimension else ())
            for rows in _answers(facts, "conversion", asked):
                yield from conversions(company.truth, rows)
            for rows in _answers(facts, "deals", asked):
                yield from wins(company.truth, rows)
    finally:
        engine.disconnect()


def conversions(truth: Truth, rows: Iterable[ConversionRow]) -> Iterator[Interval]:
    """The intervals of steps between neighbours that the truth knows: by month, from the lead on.

    All rows are by one dimension, or by none.
    """
    known = {(each.dimension, each.start, each.value): each for each in truth.steps}
    for row in rows:
        dimension, value = _of(row.dimensions)
        step = known.get((dimension, row.from_stage, value))
        if step is not None and Pair(row.from_stage, row.to_stage) in ADJACENT:
            what = (truth.name, row.to_stage.value, row.horizon_days, dimension)
            chance = step.incidence[row.horizon_days]
            yield Interval(*what, chance, row.conversion_low, row.conversion_high)


def wins(truth: Truth, rows: Iterable[DealsRow]) -> Iterator[Interval]:
    """The intervals of deals won, by one dimension or by none."""
    known = {(each.dimension, each.value): each for each in truth.deals}
    for row in rows:
        dimension, value = _of(row.dimensions)
        chance = known[dimension, value].win_incidence[row.horizon_days]
        what = (truth.name, "deals", row.horizon_days, dimension)
        yield Interval(*what, chance, row.win_incidence_low, row.win_incidence_high)


def measured() -> list[Interval]:
    """The intervals of all companies."""
    return [interval for company in companies() for interval in intervals(company)]


def given(said: Iterable[Interval]) -> list[Interval]:
    """Those that the measures did not refuse."""
    return [each for each in said if each.low is not None]


def coverage(said: Iterable[Interval]) -> float:
    """The share of the given intervals that cover the truth."""
    judged = given(said)
    return sum(each.covers for each in judged) / len(judged)


def cells(said: Iterable[Interval]) -> dict[tuple[str, str, int], list[Interval]]:
    """The given intervals by scenario, step and horizon."""
    found: dict[tuple[str, str, int], list[Interval]] = {
        (name, step, horizon): [] for name in NAMES for step in STEPS for horizon in HORIZONS
    }
    for each in given(said):
        found[each.scenario, each.step, each.horizon].append(each)
    return found


def report(said: list[Interval]) -> list[str]:
    """The figures as lines of Markdown."""
    by_cell = cells(said)
    parts = [("all", said)]
    parts += [(f"`{name}`", [each for each in said if each.scenario == name]) for name in NAMES]
    parts += [
        (label, [each for each in said if each.dimension == dimension])
        for dimension, label in DIMENSIONS.items()
    ]
    lines = ["| | intervals | refused | cover the truth |", "|---|---|---|---|"]
    for label, part in parts:
        refused = len(part) - len(given(part))
        lines.append(f"| {label} | {len(given(part)):,} | {refused:,} | {_per_cent(part)} |")
    fewest = min(map(len, by_cell.values()))
    lines += ["", f"By scenario, step and horizon; the smallest cell has {fewest} intervals:", ""]
    heads = " | ".join(f"{horizon} days" for horizon in HORIZONS)
    lines += [f"| scenario | step | {heads} |", "|---|---|" + "---|" * len(HORIZONS)]
    for name in NAMES:
        for step, label in STEPS.items():
            shares = [_per_cent(by_cell[name, step, horizon]) for horizon in HORIZONS]
            lines.append(f"| `{name}` | {label} | {' | '.join(shares)} |")
    return lines


def page(said: list[Interval], text: str) -> str:
    """The page with these figures in their place."""
    return placed(text, BEGINS, ENDS, report(said))


def placed(text: str, begins: str, ends: str, lines: Iterable[str]) -> str:
    """A text with other lines between two marks."""
    before, _, rest = text.partition(begins)
    _, _, after = rest.partition(ends)
    return "\n".join([f"{before}{begins}", "", *lines, "", f"{ends}{after}"])


def _per_cent(part: list[Interval]) -> str:
    return f"{coverage(part):.1%}".replace("%", " %")


def facts_of(
    engine: Any,
    company: Company,
    question: Question,
    tables: Iterable[str] = TABLES,
    prepared: Iterable[str] = PREPARED,
) -> Facts:
    """Tables on an engine, every record an entity, and beside them what measures share."""
    made = {name: pa.concat_tables(company.blocks(name)) for name in tables}
    party = made["party"]["party_id"]
    made["entity"] = pa.table({"party_id": party, "entity_code": pa.array(range(len(party)))})
    facts = {name: engine.create_table(name, rows) for name, rows in made.items()}
    for name in prepared:
        facts[name] = engine.create_table(name, prepare(name, facts, default_rules(), question))
    return facts


def _answers(facts: Facts, name: str, asked: Question) -> Iterator[tuple[Any, ...]]:
    """The rows of a measure at each horizon; what the engine answers is the same for all."""
    rules = default_rules()
    queries = measure(name).queries(facts, rules, asked)
    collected = {query: queries[query].to_pyarrow() for query in queries}
    for horizon in HORIZONS:
        yield measure(name).assemble(collected, rules, replace(asked, horizon_days=horizon))[0]


def _of(dimensions: Mapping[str, str | None]) -> tuple[str, str | None]:
    """The one dimension and its value; of all, an empty name and None."""
    return next(iter(dimensions.items()), ("", None))


def main() -> None:
    """Measure, print and write."""
    said = measured()
    print("\n".join(report(said)))
    PAGE.write_text(page(said, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
