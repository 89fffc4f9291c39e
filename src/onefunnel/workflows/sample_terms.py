"""The terms of the sample company: its pay plan, a shared pool, what an hour costs, scorecards."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from onefunnel.pay.plan import (
    ZERO,
    Base,
    Component,
    Event,
    Member,
    Plan,
    PlanFile,
    Pool,
    Tier,
    Unit,
)
from onefunnel.pay.writing import written
from onefunnel.simulator.company import Company
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.selling import sellers
from onefunnel.simulator.staff import HEAD_OF_MARKETING, HEAD_OF_SALES, MARKETERS
from onefunnel.vocabulary.terms import INCENTIVES, PAY, SCORECARDS
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.terms_files import write_terms
from onefunnel.workflows.workspace import Workspace

HOUR_COST = 15
"""What an hour of a salesperson costs, in euro."""
POOL_SHARE = Decimal("0.02")
"""Of all contribution: what both departments share."""
BEGAN = date(2020, 1, 1)
"""Before all records of the sample."""
SALES, SHARED = f"{PAY}/sample-sales.toml", f"{PAY}/sample-shared-pool.toml"
CARDS = tuple(f"{SCORECARDS}/sample-{of}.toml" for of in ("marketing", "sales"))
NAMES = (SALES, SHARED, INCENTIVES, *CARDS)


@dataclass(frozen=True, slots=True)
class _Measure:
    """A measure of a scorecard: threshold, target and cap are the target times so much."""

    source: str
    owner: str
    weight: str
    target: float
    counter: str
    ends: tuple[float, float] = (0.8, 1.2)


def bring_terms(workspace: Workspace, company: Company) -> dict[str, str]:
    """Write the sample's terms, unless a file of such a name is there; the next batch names them.

    Returns a hash of what was written, by file: :func:`take_terms_away` wants it back.
    """
    if any((workspace.path / name).exists() for name in NAMES):
        return {}
    files = dict(_files(company, workspace.settings.currency))
    write_terms(workspace, files)
    return {name: _digest(text) for name, text in files.items()}


def take_terms_away(workspace: Workspace, brought: Mapping[str, str]) -> None:
    """Remove the terms that were brought; what somebody has changed since, or wrote, stays."""
    standing = dict(current_terms(workspace).files)
    gone = [name for name, hashed in brought.items() if _digest(standing.get(name, "")) == hashed]
    write_terms(workspace, dict.fromkeys(gone))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _files(company: Company, currency: str) -> Iterator[tuple[str, str]]:
    scenario = company.scenario
    numbers = range(FIRST_SELLER, FIRST_SELLER + sellers(company.setting))
    people = tuple(f"e{number}" for number in numbers)
    plan = scenario.plan
    base = Base.REVENUE if plan.base == "price" else Base.MARGIN
    rate = (Tier(ZERO, Decimal(str(plan.rate))),)
    paid = Component("orders", base, rate)
    yield SALES, _plan("Sales", currency, people, components=(paid,))
    both = tuple(f"e{number}" for number in (HEAD_OF_MARKETING, HEAD_OF_SALES, *MARKETERS))
    parts = tuple((each, Decimal(1)) for each in (*both, *people))
    pool = Pool("contribution", POOL_SHARE, ZERO, parts)
    yield SHARED, _plan("Shared pool", currency, (*both, *people), pools=(pool,))
    yield INCENTIVES, f"hour_cost = {HOUR_COST * scenario.euro}\n"
    targets = company.tables()["target"]
    rows = zip(targets["measure"].to_pylist(), targets["value"].to_pylist(), strict=True)
    last = dict(rows)
    money = last["revenue"]
    yield CARDS[0], _card("marketing", _of_marketing(last["leads"], money))
    yield CARDS[1], _card("sales", _of_sales(money))


def _of_marketing(leads: float, revenue: float) -> tuple[_Measure, ...]:
    return (
        _Measure("contribution", "both", "0.4", 0.25 * revenue, "discount"),
        _Measure("leads", "marketing", "0.35", leads, "margin"),
        _Measure("repeat_purchase", "marketing", "0.25", 0.25, "margin"),
    )


def _of_sales(revenue: float) -> tuple[_Measure, ...]:
    return (
        _Measure("contribution", "both", "0.4", 0.25 * revenue, "discount"),
        _Measure("customers", "sales", "0.3", 12, "margin"),
        _Measure("contacted_leads", "sales", "0.3", 0.9, "discount", (0.7, 1.1)),
    )


def _plan(
    name: str,
    currency: str,
    people: tuple[str, ...],
    components: tuple[Component, ...] = (),
    pools: tuple[Pool, ...] = (),
) -> str:
    plan = Plan(
        name, currency, BEGAN, Event.INVOICE, Unit.MONTH, components=components, pools=pools
    )
    return written(PlanFile(plan, tuple(Member(name, each, BEGAN) for each in people)))


def _card(department: str, measures: tuple[_Measure, ...]) -> str:
    head = f'level = "department"\nof = "{department}"\ndepartment = "{department}"\n'
    return f"{head}from = {BEGAN}\n" + "".join(map(_measure, measures))


def _measure(each: _Measure) -> str:
    low, high = (round(each.target * end, 4) for end in each.ends)
    return (
        f'\n[[measure]]\nsource = "{each.source}"\nowner = "{each.owner}"\nweight = {each.weight}\n'
        f"threshold = {low}\ntarget = {round(each.target, 4)}\ncap = {high}\n"
        f'counter = "{each.counter}"\n'
    )
