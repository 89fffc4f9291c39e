"""How well the cost of ignored leads is recovered: ``python -m tools.quarrel``.

Companies are simulated with one cause of the quarrel, with none, and with mixtures; each is asked,
month by month, what its ignored leads cost, and what it is told is held against what generated it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import pyarrow as pa

from onefunnel.funnel.rules import default_rules
from onefunnel.measures.incentives.result import IncentivesRow
from onefunnel.measures.registry import measure
from onefunnel.simulator import SCENARIOS, Company, Scenario, simulate
from onefunnel.simulator.quarrel import quarrel
from onefunnel.simulator.scenarios import HOURS_OF_X, STEPS
from onefunnel.simulator.truth import Values
from onefunnel.vocabulary import Month, Question, Terms
from tools.collected import Books, collected
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
    sellers = pa.concat_tables(company.blocks("employee")).to_pylist()
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


def told(case: str, seed: int, months: int = MONTHS, *, engine: bool = False) -> Iterator[Told]:
    """What a company of a case is told of its last whole months but one, beside the truth.

    The outcomes of the last month are still to come. What an ``engine`` answers is the same, and
    takes a hundred times as long.
    """
    company = simulate(scenario(case, seed))
    truth = quarrel(company.setting, company.selling)
    values = {each.month: each.values for each in truth.months}
    whole = [each for each in company.setting.months if each.end <= company.scenario.now][:-1]
    for month, row in answers(company, whole[-months:], engine=engine):
        yield from _figures(case, month, row, values[month])


def answers(
    company: Company, months: Sequence[Month], *, engine: bool
) -> Iterator[tuple[str, IncentivesRow]]:
    """The row of the whole for each month."""
    asked = Question(
        now=company.scenario.now,
        currency=company.scenario.money,
        horizon_days=HORIZON,
        terms=terms(company),
        calendar=company.scenario.calendar,
    )
    questions = [replace(asked, start=each.start, end=each.end) for each in months]
    if engine:
        tables = _on_record(company, questions)
    else:
        books = Books(company)
        tables = (collected(books, each) for each in questions)
    for month, question, found in zip(months, questions, tables, strict=True):
        yield month.label, measure("incentives").assemble(found, default_rules(), question)[0][-1]


def _on_record(company: Company, questions: Sequence[Question]) -> Iterator[dict[str, pa.Table]]:
    """What an engine answers to each question."""
    con, rules = ibis.duckdb.connect(), default_rules()
    try:
        facts = facts_of(con, company, questions[0], NEEDED)
        for question in questions:
            queries = measure("incentives").queries(facts, rules, question)
            yield {name: queries[name].to_pyarrow() for name in queries}
    finally:
        con.disconnect()


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
