"""How well the cost of ignored leads is recovered: ``python -m tools.quarrel``.

Companies are simulated with one cause of the quarrel, with none, and with mixtures; each is asked,
month by month, what its ignored leads cost, and what it is told is held against what generated it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.registry import measure
from onefunnel.simulator import SCENARIOS, Company, Scenario, simulate
from onefunnel.simulator.scenarios import HOURS_OF_X, STEPS
from onefunnel.simulator.truth import Values
from onefunnel.vocabulary import Month, Question, Terms
from tools.recovery import TABLES, facts_of

NEEDED = (*TABLES, "employee", "activity", "spend", "product", "target")
"""The tables that the measure reads."""
MONTHS = 4
"""The last so many whole months are asked."""
NEVER = tuple(replace(each, move=0.0, lose=0.0) for each in STEPS[4:])
PERSONS, TOUCHES_A_PERSON = 40_000, 2.0
HORIZON = 180

FIGURES = {
    "v_unlimited": "unlimited",
    "v_best": "best",
    "v_plan": "plan",
    "v_actual": "actual",
    "capacity_cost": "capacity_cost",
    "incentive_cost": "incentive_cost",
    "execution_cost": "execution_cost",
}
"""The figures of the whole, and what the truth calls them."""

CAUSES = ("capacity_cost", "incentive_cost", "execution_cost")
CASES: Mapping[str, tuple[str, Mapping[str, float], tuple[str, ...]]] = {
    "healthy": ("healthy", {}, ()),
    "too-few-hours": ("too-few-hours", {}, ("capacity_cost",)),
    "pulling-pay-plan": ("pulling-pay-plan", {}, ("capacity_cost", "incentive_cost")),
    "no-follow-up": ("no-follow-up", {}, ("execution_cost",)),
    "company-x": ("company-x", {}, ("capacity_cost", "incentive_cost")),
    "all-three": (
        "company-x",
        {"hours": HOURS_OF_X, "pull": 1.0, "follow_up": 0.5},
        ("capacity_cost", "incentive_cost", "execution_cost"),
    ),
}
"""By name: the scenario, conflicts over its own, and the costs that were planted."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a month as it was told, beside the truth; None where it was refused."""

    case: str
    month: str
    figure: str
    truth: float
    value: float | None
    low: float | None
    high: float | None

    @property
    def covers(self) -> bool:
        """Whether the truth lies within the bounds, but for rounding."""
        if self.low is None or self.high is None:
            return False
        slack = 1e-6 * max(abs(self.truth), 1.0)
        return self.low - slack <= self.truth <= self.high + slack


def scenario(case: str, seed: int) -> Scenario:
    """A company of a case: who bought once does not come back, so that a win is one sale."""
    name, conflicts, _ = CASES[case]
    made = SCENARIOS[name](
        touches=round(PERSONS * TOUCHES_A_PERSON),
        touches_per_person=TOUCHES_A_PERSON,
        seed=seed,
        steps=(*STEPS[:4], *NEVER),
        several=0.0,
        twice=0.0,
        reorder=0.0,
        tested_discount=0.0,
    )
    return made.with_conflicts(**conflicts)


def terms(company: Company) -> Terms:
    """The company's pay plan as its file says it."""
    plan, money = company.scenario.plan, company.scenario.money
    base = "revenue" if plan.base == "price" else "margin"
    sellers = company.tables()["employee"].to_pylist()
    members = "".join(
        f'\n[[member]]\nemployee = "{each["employee_id"]}"\n'
        for each in sellers
        if each["department"] == "sales"
    )
    text = (
        f'name = "sales"\ncurrency = "{money}"\nfrom = 2000-01-01\ncrediting = "invoice"\n'
        f'period = "month"\n[[component]]\nname = "all"\nbase = "{base}"\n'
        f"tiers = [{{ from = 0, rate = {plan.rate} }}]\n{members}"
    )
    return Terms((("pay/sales.toml", text),))


def told(case: str, seed: int, months: int = MONTHS) -> Iterator[Told]:
    """What a company of a case is told of its last whole months but one, beside the truth.

    The outcomes of the last month are still to come.
    """
    company = simulate(scenario(case, seed))
    whole = [each for each in company.setting.months if each.end <= company.truth.now][:-1]
    values = {each.month: each.values for each in company.truth.quarrel.months}
    for month, rows in answers(company, "incentives", whole[-months:]):
        yield from _figures(case, month, rows[-1], values[month])


def answers(
    company: Company, name: str, months: Iterable[Month]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of a measure for each month."""
    asked = Question(
        now=company.truth.now,
        currency=company.scenario.money,
        horizon_days=HORIZON,
        terms=terms(company),
        calendar=company.scenario.calendar,
    )
    engine, rules = ibis.duckdb.connect(), default_rules()
    try:
        facts = facts_of(engine, company, asked, NEEDED)
        for month in months:
            question = replace(asked, start=month.start, end=month.end)
            queries = measure(name).queries(facts, rules, question)
            collected = {query: queries[query].to_pyarrow() for query in queries}
            yield month.label, measure(name).assemble(collected, rules, question)[0]
    finally:
        engine.disconnect()


def _figures(case: str, month: str, row: IncentivesRow, values: Values) -> Iterator[Told]:
    for figure, known in FIGURES.items():
        said = (getattr(row, figure + end) for end in ("", "_low", "_high"))
        numbers = [None if each is None else float(each) for each in said]
        yield Told(case, month, figure, float(getattr(values, known)), *numbers)


def coverage(found: Iterable[Told]) -> float:
    """The share of the figures that cover the truth, of those that were not refused."""
    judged = [each for each in found if each.low is not None]
    return sum(each.covers for each in judged) / len(judged)


def main() -> None:
    """Print what every case is told."""
    for case in CASES:
        found = list(told(case, seed=1))
        print(f"{case}: {coverage(found):.1%} of {len(found)}")
        for figure in FIGURES:
            own = [each for each in found if each.figure == figure]
            said = (f"{e.truth:,.0f} in [{e.low:,.0f}, {e.high:,.0f}]" for e in own)
            print(f"  {figure}: {', '.join(said)}")


if __name__ == "__main__":
    main()
