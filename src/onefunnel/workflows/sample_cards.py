"""The scorecards of the sample company: its own, those of both departments, and of two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from onefunnel.measures.scorecard.curve import Curve
from onefunnel.measures.scorecard.plan import Level, Measure, Scorecard
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.staff import MARKETERS
from onefunnel.vocabulary import Department

OF = ("company", "marketing", "sales", "marketer", "seller")
MARGIN = 0.25
"""Of revenue, about what is left as contribution."""
CUSTOMERS = 10
"""In a month, about."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of somebody: threshold and cap are the target times so much."""

    source: str
    owner: Department
    weight: str
    target: float
    counter: str
    ends: tuple[float, float] = (0.8, 1.2)

    def measure(self) -> Measure:
        low, middle, high = (
            Decimal(str(round(self.target * end, 4))) for end in (self.ends[0], 1, self.ends[1])
        )
        curve = Curve(low, middle, high)
        return Measure(self.source, self.owner, Decimal(self.weight), curve, self.counter)


def cards(usual: Mapping[str, float], sellers: int, since: date) -> tuple[Scorecard, ...]:
    """In the order of :data:`OF`; ``usual`` is what the departments are asked for in a month.

    The seller answers for the number of leads too, which is marketing's to move: a thing to find.
    """
    both, marketing, sales = Department.BOTH, Department.MARKETING, Department.SALES
    money, leads = usual["revenue"], usual["leads"]
    contribution = MARGIN * money
    profit = max(contribution - usual["cost_per_lead"] * leads, 0.1 * contribution)
    asked = {
        "company": (
            _Asked("contribution", both, "0.5", contribution, "discount"),
            _Asked("profit", both, "0.3", profit, "accepted_leads"),
            _Asked("repeat_purchase", both, "0.2", 0.25, "margin"),
        ),
        "marketing": (
            _Asked("contribution", both, "0.3", contribution, "discount"),
            _Asked("profit", marketing, "0.25", profit, "accepted_leads"),
            _Asked("repeat_purchase", marketing, "0.2", 0.25, "margin"),
            _Asked("leads", marketing, "0.25", leads, "accepted_leads"),
        ),
        "sales": (
            _Asked("contribution", both, "0.3", contribution, "discount"),
            _Asked("customers", sales, "0.25", CUSTOMERS, "margin"),
            _Asked("arpu", sales, "0.2", money / CUSTOMERS, "repeat_purchase"),
            _Asked("contacted_leads", sales, "0.25", 0.9, "discount", (0.7, 1.1)),
        ),
    }
    asked["marketer"] = asked["marketing"]
    asked["seller"] = (
        _Asked("contribution", both, "0.3", contribution / sellers, "discount"),
        _Asked("customers", sales, "0.3", CUSTOMERS / sellers, "margin"),
        _Asked("arpu", sales, "0.2", money / CUSTOMERS, "repeat_purchase"),
        _Asked("leads", sales, "0.2", leads, "accepted_leads"),
    )
    whose = {
        "company": (Level.COMPANY, "Company X", None),
        "marketing": (Level.DEPARTMENT, "marketing", marketing),
        "sales": (Level.DEPARTMENT, "sales", sales),
        "marketer": (Level.PERSON, f"e{MARKETERS[0]}", marketing),
        "seller": (Level.PERSON, f"e{FIRST_SELLER}", sales),
    }
    return tuple(
        Scorecard(*whose[name], tuple(each.measure() for each in asked[name]), since) for name in OF
    )
