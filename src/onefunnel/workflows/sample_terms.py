"""The terms of the sample company: pay, what an hour costs, who is credited, scorecards."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from onefunnel.measures.attribution.experiments import Brought
from onefunnel.measures.attribution.family import Value
from onefunnel.measures.attribution.recorded import Amounts, Experiment, Of
from onefunnel.measures.attribution.writing import written as experiment_text
from onefunnel.measures.scorecard import writing
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
from onefunnel.vocabulary.terms import ATTRIBUTION, EXPERIMENTS, INCENTIVES, PAY, SCORECARDS
from onefunnel.workflows import sample_cards as cards
from onefunnel.workflows.terms import current_terms
from onefunnel.workflows.terms_files import write_terms
from onefunnel.workflows.workspace import Workspace

HOUR_COST = 15
"""What an hour of a salesperson costs, in euro."""
POOL_SHARE = Decimal("0.02")
"""Of all contribution: what both departments share."""
BIG_MONTH, BONUS = 1.5, Decimal("0.01")
"""How much more than usual a seller sells in a big month, and what it pays on all of it."""
CREDITED = """\
[spend]
shared = "by_touches"

[attribution]
model = "position_u"
value = "contribution"
window_days = 90
half_life_days = 7

[experiments]
bias = 3.0
"""
"""How customers are credited: the first and the last touch count most.

A model may be off by three times its figure. High in the funnel models were off by four times the
lift that experiments showed (Gordon, Moakler & Zettelmeyer 2022, arXiv 2201.07055).
"""
SHOWN = (Brought(4_000, 3_480, 20), Brought(4_000, 3_410, 21))
"""With display and without it: people, what they brought and how it is spread, in euro.

Half of those on record each, who bring in half a year what this company's people bring.
"""
TRIED = Experiment(
    name="sample-display",
    dimension=Of.CHANNEL,
    of="display",
    counts=Value.CONTRIBUTION,
    first=date(2024, 1, 8),
    last=date(2024, 6, 30),
    outcome=(),
    reached=3_600,
    planned=date(2023, 12, 15),
)
"""A holdout: display brought next to nothing that would not have come anyhow.

It measured what is credited. One that counted leads would correct no credit for contribution.
"""
BEGAN = date(2020, 1, 1)
"""Before all records of the sample."""
SALES, SHARED = f"{PAY}/sample-sales.toml", f"{PAY}/sample-shared-pool.toml"
CARDS = tuple(f"{SCORECARDS}/sample-{of}.toml" for of in cards.OF)
HOLDOUT = f"{EXPERIMENTS}/sample-display.toml"
NAMES = (SALES, SHARED, INCENTIVES, ATTRIBUTION, HOLDOUT, *CARDS)


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
    usual = _usual(company)
    yield SALES, _plan("Sales", currency, people, components=_paid(company, usual, len(people)))
    both = tuple(f"e{number}" for number in (HEAD_OF_MARKETING, HEAD_OF_SALES, *MARKETERS))
    parts = tuple((each, Decimal(1)) for each in (*both, *people))
    pool = Pool("contribution", POOL_SHARE, ZERO, parts)
    yield SHARED, _plan("Shared pool", currency, (*both, *people), pools=(pool,))
    yield INCENTIVES, f"hour_cost = {HOUR_COST * scenario.euro}\n"
    yield ATTRIBUTION, CREDITED
    yield HOLDOUT, _tried(scenario.euro)
    for name, card in zip(CARDS, cards.cards(usual, len(people), BEGAN), strict=True):
        yield name, writing.written(card)


def _tried(euro: int) -> str:
    """The experiment in the company's currency."""
    groups = (Brought(g.people, g.brought * euro, g.deviation * euro) for g in SHOWN)
    return experiment_text(replace(TRIED, outcome=Amounts(*groups)))


def _usual(company: Company) -> dict[str, float]:
    """What departments are asked for in a whole month, by measure."""
    targets = pa.concat_tables(company.blocks("target"))
    found: dict[str, float] = {}
    for name, value in zip(
        *(targets[each].to_pylist() for each in ("measure", "value")), strict=True
    ):
        found[name] = max(value, found.get(name, 0.0))
    return found


def _paid(company: Company, usual: Mapping[str, float], sellers: int) -> tuple[Component, ...]:
    """The rate that the company pays, and a bonus for a big month on everything from the first."""
    plan = company.scenario.plan
    base = Base.REVENUE if plan.base == "price" else Base.MARGIN
    big = round(BIG_MONTH * usual["revenue"] / sellers)
    bonus = (
        Tier(ZERO, ZERO),
        Tier(Decimal(round(big, 2 - len(str(big)))), BONUS, retroactive=True),
    )
    return (
        Component("orders", base, (Tier(ZERO, Decimal(str(plan.rate))),)),
        Component("big month", Base.REVENUE, bonus),
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
