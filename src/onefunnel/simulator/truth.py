"""The truth of a company: what generated the facts, and what they add up to. Typed, JSON-able."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from onefunnel.simulator.truth_office import OfficeTruth
from onefunnel.simulator.truth_said import SelfReportTruth
from onefunnel.vocabulary import Stage

HORIZONS = (7, 30, 90, 180, 365)
"""The days at which incidences stand in the truth."""

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The shares of those who move of whom the delay stands in the truth."""


@dataclass(frozen=True, slots=True)
class StageTruth:
    """How many entered a stage before the cut: shown by a record of its own, or only implied.

    ``dimension`` is empty for all persons together; ``value`` is then None too.
    """

    dimension: str
    value: str | None
    stage: Stage
    observed: int
    implied: int


@dataclass(frozen=True, slots=True)
class StepTruth:
    """From a stage to the next, of those observed to enter the first before the cut.

    ``moved``, ``lost`` and ``open`` are how they stand at the cut; ``left_out`` moved unseen.
    ``incidence`` and ``loss`` are by days (:data:`HORIZONS`): the mean over the ``entered`` of each
    one's own probability, what generated them and not what came of it. ``quantiles`` are the days
    within which the shares (:data:`SHARES`) of those who ever move have moved; ``median_days`` is
    when half of *all* have moved, None where that never happens. Into purchase both are given for
    all and by segment only, elsewhere they are empty and None.
    """

    dimension: str
    value: str | None
    start: Stage
    end: Stage
    entered: int
    moved: int
    lost: int
    open: int
    left_out: int
    incidence: Mapping[int, float]
    loss: Mapping[int, float]
    quantiles: Mapping[float, float]
    median_days: float | None


@dataclass(frozen=True, slots=True)
class DealTruth:
    """Deals opened before the cut: how they stand, and the probabilities that generated them.

    ``month`` as a dimension is that of the deal's opening. ``win`` and ``lose`` are the chances
    in the end; incidences are at :data:`HORIZONS` days from the opening; ``quantiles`` are of the
    days to winning, for all and by segment only, else empty.
    """

    dimension: str
    value: str | None
    won: int
    lost: int
    open: int
    win: float
    lose: float
    win_incidence: Mapping[int, float]
    lost_incidence: Mapping[int, float]
    quantiles: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class MoneyTruth:
    """Exact sums over the order lines before the cut, in the company's currency.

    ``contribution`` is over the lines whose cost is known, None where there are lines but no cost
    is; ``unknown_lines`` are the others.
    """

    dimension: str
    value: str | None
    buyers: int
    lines: int
    unknown_lines: int
    revenue: Decimal
    contribution: Decimal | None


@dataclass(frozen=True, slots=True)
class SpendTruth:
    """Money spent on a channel or campaign, and the leads it won; None where there are none."""

    dimension: str
    value: str | None
    amount: Decimal
    leads: int
    cost_per_lead: float | None


@dataclass(frozen=True, slots=True)
class ResponseTruth:
    """How sales answers: leads offered before the cut, and those contacted before it.

    ``set_follow_up`` is the share that sales cares for, ``set_median_hours`` and ``set_spread`` the
    lognormal time to the first contact of those who are worked.
    """

    offered: int
    contacted: int
    set_follow_up: float
    set_median_hours: float
    set_spread: float


@dataclass(frozen=True, slots=True)
class Values:
    """Contribution that leads bring under four rules, and what lies between them.

    ``best`` V*, ``plan`` V_plan, ``actual`` V_act, ``unlimited`` V_inf; ``hours`` there are, and
    ``hours_short`` to work every lead. The causes add up to ``unlimited`` - ``actual``.
    ``alignment`` is V_plan / V*. Currency: euro in ``expected``, the company's else.
    """

    leads: float
    hours: float
    hours_short: float
    best: float
    plan: float
    actual: float
    unlimited: float
    capacity_cost: float
    incentive_cost: float
    execution_cost: float
    alignment: float | None


@dataclass(frozen=True, slots=True)
class SegmentRates:
    """A segment's rates, in euro: pay per hour (rho) and contribution per hour (kappa)."""

    segment: str
    win: float
    price: float
    contribution: float
    hours: float
    pay_per_hour: float
    contribution_per_hour: float


@dataclass(frozen=True, slots=True)
class SegmentValues:
    """The contribution of a segment's leads under the same rules, in the company's currency."""

    segment: str
    leads: int
    best: float
    plan: float
    actual: float
    unlimited: float


@dataclass(frozen=True, slots=True)
class MonthValues:
    """The values of the leads that were offered in a month, of all and by segment."""

    month: str
    values: Values
    segments: tuple[SegmentValues, ...]


@dataclass(frozen=True, slots=True)
class QuarrelTruth:
    """What the conflict of hours, plan and follow-up costs.

    ``expected`` is for 500 leads at the segments' shares, before chance; ``months`` and ``total``
    are for the leads of this seed, by their expected contribution.
    """

    plan_base: str
    plan_rate: float
    rates: tuple[SegmentRates, ...]
    expected: Values
    months: tuple[MonthValues, ...]
    total: Values


@dataclass(frozen=True, slots=True)
class Ordinary:
    """An ordinary day, as expected of departments that work as they do.

    ``leads`` that come, ``cost_per_lead`` and ``revenue`` of first orders in the company's
    currency. Targets are ``target_share`` of it, times the days of the month.
    """

    leads: float
    cost_per_lead: float
    revenue: float


@dataclass(frozen=True, slots=True)
class IdentityTruth:
    """Who is who: ``persons`` are the entities that facts name, organisations apart.

    ``cookies`` are persons seen under a visitor's name first, ``second_records`` those with two
    records of one e-mail, ``unlinked`` the links that were taken back.
    """

    persons: int
    organisations: int
    cookies: int
    second_records: int
    unlinked: int


@dataclass(frozen=True, slots=True)
class LostTruth:
    """Losses at a stage that stand at the cut, by the reason written down first, and by whom."""

    stage: Stage
    reason: str
    source: str
    lost: int


@dataclass(frozen=True, slots=True)
class RepeatTruth:
    """How buyers come again: the chances set, and the orders and buyers there are at the cut."""

    loyalty: float
    reorder: float
    reorder_median_days: float
    buyers: int
    orders: int


@dataclass(frozen=True, slots=True)
class Truth:
    """All of it. ``settings`` is the scenario as it was set, instants and dates as text.

    ``customers_reasons`` are the shares that were set for why customers say no. ``touches`` leave
    out what leads say brought them; ``self_reports`` is None where nobody was asked.
    """

    name: str
    seed: int
    language: str
    currency: str
    euro: int
    calendar: str
    zone: str
    begins: datetime
    now: datetime
    settings: Mapping[str, Any]
    touches: int
    stages: tuple[StageTruth, ...]
    steps: tuple[StepTruth, ...]
    deals: tuple[DealTruth, ...]
    money: tuple[MoneyTruth, ...]
    spend: tuple[SpendTruth, ...]
    response: ResponseTruth
    lost: tuple[LostTruth, ...]
    customers_reasons: Mapping[str, float]
    repeat: RepeatTruth
    quarrel: QuarrelTruth
    ordinary: Ordinary
    office: OfficeTruth
    identity: IdentityTruth
    self_reports: SelfReportTruth | None = None

    def step(self, start: Stage, dimension: str = "", value: str | None = None) -> StepTruth:
        """The step from a stage, of all or of one dimension value; KeyError if there is none."""
        for each in self.steps:
            if (each.start, each.dimension, each.value) == (start, dimension, value):
                return each
        raise KeyError((start, dimension, value))

    def to_json(self) -> str:
        """As JSON text: money and instants as text, mappings with text keys.

        :meth:`from_json` gives the same truth back.
        """
        return json.dumps(_plain(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Truth":
        """The truth of a text that :meth:`to_json` wrote."""
        read: Truth = _typed(cls, json.loads(text))
        return read


T = TypeVar("T")


def _plain(value: Any) -> Any:
    """Dataclasses as mappings, everything else as JSON has it."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _typed(kind: Any, value: Any) -> Any:
    """The value of a type, from what :func:`_plain` made of it."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _typed(hints[name], each) for name, each in value.items()})  # type: ignore[operator]
    origin, given = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        (inner,) = (each for each in given if each is not NoneType)
        return None if value is None else _typed(inner, value)
    if origin is tuple:
        return tuple(_typed(given[0], each) for each in value)
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {given[0](key): _typed(given[1], each) for key, each in value.items()}
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind in (Decimal, Stage, float):
        return kind(value)
    return value
