"""The truth of the office: what was set about work, meetings, decisions, offers and forecasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TaskTruth:
    """A task: who is responsible, the pieces of work written down, those of the wrong department.

    ``by_month`` is the share that was set to be wrong, by the month's label.
    """

    task: str
    responsible: str
    pieces: int
    wrong: int
    by_month: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class HeadsTruth:
    """The two heads in the meetings of both departments: how often each was there, and together.

    ``odds_ratio`` is what was set; 1 is chance.
    """

    meetings: int
    marketing: int
    sales: int
    both: int
    odds_ratio: float


@dataclass(frozen=True, slots=True)
class MessageTruth:
    """Messages from a department to another (or within one): set a week, and counted in all."""

    sender: str
    receiver: str
    set_a_week: float
    set_via_manager: float
    messages: int
    via_manager: int


@dataclass(frozen=True, slots=True)
class ApprovalTruth:
    """Approvals of decisions: the mean that was set at first, its growth a year, and the counts."""

    set_first: float
    set_growth_a_year: float
    set_refused: float
    decisions: int
    approvals: int
    refused: int


@dataclass(frozen=True, slots=True)
class PromiseTruth:
    """Offers, promises beyond them, and what became of them by the cut."""

    offers: int
    promises: int
    set_kept: float
    set_off_message: float
    kept: int
    off_message: int


@dataclass(frozen=True, slots=True)
class PriceTruth:
    """What was set about prices; see :func:`onefunnel.simulator.prices.chances`.

    ``elasticity`` is that of the odds of winning, ``tested_discount`` the largest random discount,
    ``discount_slope`` the discount more for each doubling of the list price above ``cheapest``.
    """

    elasticity: float
    tested_discount: float
    discount_slope: float
    cheapest: Decimal


@dataclass(frozen=True, slots=True)
class OfficeTruth:
    """All of it. ``biases`` is what each owner adds to the log odds of winning when asked.

    ``others`` is what other functions brought, by department; ``recall`` the share of the
    population at a stage that surveys look for.
    """

    tasks: tuple[TaskTruth, ...]
    heads: HeadsTruth
    messages: tuple[MessageTruth, ...]
    approvals: ApprovalTruth
    promises: PromiseTruth
    prices: PriceTruth
    biases: Mapping[str, float]
    others: Mapping[str, Decimal]
    recall: Mapping[str, float]
