"""Whether a trial of the planned size finds the value of ignored leads: ``python -m tools.trials``.

In company X nobody calls who asks for parts, for want of hours; a few buy all the same. The planner
says how many months a share of these leads must be worked at random. That trial is simulated many
times, each time in a company of a seed of its own, and what it shows is held against the truth.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import ibis
import numpy as np

from onefunnel.funnel.base import Base
from onefunnel.funnel.instants import SECONDS_A_DAY, literal
from onefunnel.funnel.rules import default_rules
from onefunnel.measures.incentives.leads import leads
from onefunnel.measures.incentives.trial import Outcome, Question, Trial, plan_trial, settle
from onefunnel.simulator import SCENARIOS, Company, Scenario, simulate
from onefunnel.simulator.prices import SPREAD
from onefunnel.simulator.quarrel import usual
from onefunnel.simulator.scenarios import PARTS, STEPS
from onefunnel.simulator.selling import UNWORKED, response
from onefunnel.simulator.setting import Setting
from onefunnel.vocabulary import Question as Asked
from tools.alarms import A_MONTH, LIKELY, Share, sales_facts
from tools.quarrel import NEVER
from tools.recovery import PAGE, placed

REPEATS = 2_000
LEADS_A_MONTH = 500.0
"""Those of company X, four in five of them for parts."""
UNWORKED_WIN = 0.05
HORIZON_DAYS = 90
BEFORE, WAIT = 2, 3
"""Months until all journeys have begun, and months in which the last outcomes come."""
TRIALS = ((0.05, 20.0), (0.10, 20.0), (0.05, 60.0))
"""The share that is worked, and what an hour costs. One spent on parts brings 31.5."""
FIRST_SEED, SEEDS_A_TRIAL = 50_000, 10_000
BEGINS = "<!-- Written by `python -m tools.trials`; change the code, not these figures. -->"
ENDS = "<!-- Here the rates of trials end. -->"
WORTH, NOT_WORTH = "worth_an_hour", "not_worth_an_hour"


@dataclass(frozen=True, slots=True)
class Counts:
    """The leads of a trial: those worked at random and won, those left and won all the same."""

    worked: int
    won: int
    left: int
    left_won: int


def scenario(share: float, months: int, seed: int) -> Scenario:
    """Company X, where the director has a share of the leads called that would be left."""
    made = SCENARIOS["company-x"](
        seed=seed,
        touches_per_person=2.0,
        days=round((BEFORE + months + WAIT + 1) * A_MONTH),
        steps=(*LIKELY, *STEPS[2:4], *NEVER),
        several=0.0,
        twice=0.0,
        reorder=0.0,
        unworked_win=UNWORKED_WIN,
        trial_share=share,
    )
    a_month = Setting(made).leads_a_day * A_MONTH
    return replace(made, touches=round(made.touches * LEADS_A_MONTH / a_month))


def question(hour_cost: float) -> Question:
    """What is known before: the leads for parts that are left, and what those worked brought."""
    made = SCENARIOS["company-x"]()
    place = _place(made)
    shares = np.asarray([each.share for each in made.segments])
    offered = LEADS_A_MONTH * shares[place] / shares.sum()
    brings = PARTS.contribution * (1.0 + np.linspace(-SPREAD, SPREAD, PARTS.products))
    return Question(
        float(offered - usual(made, LEADS_A_MONTH)[place]),
        PARTS.win,
        UNWORKED_WIN,
        PARTS.contribution,
        PARTS.hours,
        hour_cost,
        float(brings.std()),
    )


def planned(share: float, hour_cost: float) -> Trial:
    """The trial that the planner gives."""
    return plan_trial(question(hour_cost), share, horizon_months=36)


def gain(made: Scenario) -> float:
    """The truth: how much likelier a lead for parts is won within the horizon if it is worked."""
    waits = response(Setting(made)).quantiles((np.arange(10_000) + 0.5) / 10_000)
    worked = PARTS.win * PARTS.win_delay.within_each(HORIZON_DAYS - waits).mean()
    return float(worked - UNWORKED_WIN * UNWORKED.within(HORIZON_DAYS))


def counted(company: Company, months: int) -> Counts:
    """The counts of the trial's months, by what generated them."""
    deals = company.selling
    here = (deals.segment == _place(company.scenario)) & (deals.month >= BEFORE)
    here &= deals.month < BEFORE + months
    soon = deals.bought & (deals.closed_at - deals.asked_at <= HORIZON_DAYS * SECONDS_A_DAY)
    groups = (here & deals.drawn, here & ~deals.worked)
    return Counts(*(int(each.sum()) for group in groups for each in (group, group & soon)))


def on_record(company: Company, months: int) -> Counts:
    """The same counts by the ledger: the director assigned the leads that were drawn."""
    asked = Asked(now=company.scenario.now, currency=company.scenario.money)
    trial = company.setting.months[BEFORE : BEFORE + months]
    engine = ibis.duckdb.connect()
    try:
        facts = sales_facts(engine, company, asked)
        rows = leads(Base(facts, default_rules(), asked))
        rows = rows.filter(
            rows["at"] >= literal(trial[0].start),
            rows["at"] < literal(trial[-1].end),
            rows.segment == PARTS.name,
        )
        steps = facts["handoff"]
        drawn = steps.filter(steps.kind == "assigned", steps.department == "management")
        groups = (rows.semi_join(drawn, "lead_id"), rows.filter(rows.worked == 0))
        return Counts(*(number for group in groups for number in _numbers(group)))
    finally:
        engine.disconnect()


def _numbers(group: ibis.Table) -> tuple[int, int]:
    soon = (group.outcome == "won") & (group.seconds <= HORIZON_DAYS * SECONDS_A_DAY)
    row = group.aggregate(all=group.count(), won=group.count(where=soon)).to_pyarrow().to_pylist()
    return row[0]["all"], row[0]["won"]


@dataclass(frozen=True, slots=True)
class Repeated:
    """What a trial showed, beside the true gain in chance."""

    shown: Outcome
    truth: float

    @property
    def covers(self) -> bool:
        """Whether the interval holds the truth."""
        return self.shown.gain_in_chance.low <= self.truth <= self.shown.gain_in_chance.high


def repeated(share: float, hour_cost: float, seeds: Iterable[int]) -> Iterator[Repeated]:
    """The planned trial in a company of each seed."""
    months, asked = planned(share, hour_cost).months, question(hour_cost)
    assert months is not None
    truth = gain(scenario(share, months, 0))
    for seed in seeds:
        found = counted(simulate(scenario(share, months, seed)), months)
        shown = settle(asked, found.worked, found.won, found.left, found.left_won)
        yield Repeated(shown, truth)


def right(hour_cost: float) -> str:
    """The verdict that the truth bears out."""
    return WORTH if question(hour_cost).margin > 0 else NOT_WORTH


def report(found: dict[tuple[float, float], Sequence[Repeated]]) -> list[str]:
    """The rates as lines of Markdown."""
    heads = (
        "share worked", "an hour costs", "months", "leads worked", "planned power", "trials",
        "interval holds the truth", "right verdict", "wrong verdict",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for (share, cost), trials in found.items():
        plan, wanted = planned(share, cost), right(cost)
        verdicts = [each.shown.verdict for each in trials]
        shares = (
            Share.of(each.covers for each in trials),
            Share.of(each == wanted for each in verdicts),
            Share.of(each not in (wanted, "open") for each in verdicts),
        )
        said = (f"{share:.0%}".replace("%", " %"), f"{cost:g}", plan.months, round(plan.leads))
        cells = (*said, f"{100 * plan.power:.1f} %", len(trials), *shares)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def measured(repeats: int) -> dict[tuple[float, float], Sequence[Repeated]]:
    """So many repetitions of each trial."""
    found: dict[tuple[float, float], Sequence[Repeated]] = {}
    for number, (share, cost) in enumerate(TRIALS):
        first = FIRST_SEED + number * SEEDS_A_TRIAL
        found[share, cost] = list(repeated(share, cost, range(first, first + repeats)))
    return found


def _place(made: Scenario) -> int:
    return [each.name for each in made.segments].index(PARTS.name)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="Whether a planned trial finds the truth.")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="of each trial")
    lines = report(measured(parser.parse_args().repeats))
    print("\n".join(lines))
    text = placed(PAGE.read_text(encoding="utf-8"), BEGINS, ENDS, lines)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
