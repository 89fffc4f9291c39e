"""What pay plans make of the leads: another plan, the designer, a campaign, a trial."""

from typing import Annotated, Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.errors import Refused, UsageError
from onefunnel.measures.incentives.between import Marketed, between, market_of
from onefunnel.measures.incentives.campaign import Planned, Reason, check_campaign
from onefunnel.measures.incentives.market import Market
from onefunnel.measures.incentives.outcome import Outcome
from onefunnel.measures.incentives.result import money
from onefunnel.vocabulary import Answer, Permission
from onefunnel.web.api.jobs import Later, Wait
from onefunnel.web.api.patience import patient, ready
from onefunnel.web.api.rooms import Room
from onefunnel.web.jobs import freshness
from onefunnel.web.jobs.questions import look
from onefunnel.web.pages.months.offered import named, offered
from onefunnel.web.site import current
from onefunnel.web.site.access import person_of

room = Room("Incentives")
MOST = 1e9

Share: TypeAlias = Annotated[float, Query(ge=0, le=1)]


class PaidOut(Schema):
    """A segment under today's plan and under the other one. Amounts have four decimals."""

    segment: str
    pay_per_win: list[str] = Field(description="Today's, and the other plan's.")
    pay_per_hour: list[str]
    worked: list[float] = Field(description="Leads that would be worked.")


class PlanOut(Schema):
    """Another plan beside today's."""

    contribution: list[str] = Field(description="Of the leads: today's, and the other plan's.")
    payroll: list[str]
    segments: list[PaidOut]


class MarginPlanOut(PlanOut):
    """A plan on the way to one rate on contribution, at the payroll of today."""

    rate: float = Field(description="The one rate at the end of the way.")
    toward: float


class ForecastOut(Schema):
    """What will come of the campaign's leads of a segment."""

    segment: str
    leads: float
    called: float
    called_best: float = Field(description="What the company would have called.")
    reason: Reason
    pays_more: list[str]
    brings_more: list[str]
    wasted: str | None = Field(description="Spend on leads not called; null: spend is unknown.")


@room.call(
    "GET",
    "/incentives/{month}/plan",
    Permission.FIGURES,
    {200: MarginPlanOut, 202: Later},
    409,
    503,
)
@patient
def plan_at_equal_payroll(
    request: HttpRequest,
    response: HttpResponse,
    month: str,
    toward: Share = 1.0,
    strength: Share = 1.0,
    wait: Wait = 0,
) -> Any:
    """A plan from today's (0) to one rate on contribution (1), at the payroll of today."""
    market = market_asked(request, month, wait)
    found = between(market, toward, strength)
    said = plan_said(market, found.pay_per_win, found.pay_per_hour, found.outcome)
    return {**said, "rate": found.rate, "toward": toward}


@room.call(
    "GET",
    "/incentives/{month}/campaign",
    Permission.FIGURES,
    {200: list[ForecastOut], 202: Later},
    409,
    503,
)
@patient
def check_of_campaign(
    request: HttpRequest,
    response: HttpResponse,
    month: str,
    leads: Annotated[list[str], Query(description='Leads by segment: "parts=200".')] = [],  # noqa: B006
    spend: Annotated[list[str], Query(description="What they will cost, the same way.")] = [],  # noqa: B006
    hour_cost: Annotated[float, Query(ge=0, le=MOST)] = 0.0,
    wait: Wait = 0,
) -> Any:
    """Who will not call the leads of a campaign, and why, by the leads of a period."""
    market = market_asked(request, month, wait)
    costs = by_segment(spend, market)
    planned = [
        Planned(name, count, costs.get(name)) for name, count in by_segment(leads, market).items()
    ]
    return [
        {
            "segment": each.segment,
            "leads": each.leads,
            "called": each.called,
            "called_best": each.called_best,
            "reason": each.reason,
            "pays_more": list(each.pays_more),
            "brings_more": list(each.brings_more),
            "wasted": None if each.wasted is None else str(each.wasted),
        }
        for each in check_campaign(market, planned, hour_cost=hour_cost)
    ]


def market_asked(request: HttpRequest, month: str, wait: int) -> Market:
    """The market of a month's leads. Refused where an input is unknown, UnknownName: no month."""
    return known(market_of(answered(request, month, wait).rows))


def known(marketed: Marketed) -> Market:
    """The market, refused where an input is unknown."""
    if marketed.market is None:
        missing = [
            name + (f" ({segment})" if segment else "") for name, segment in marketed.missing
        ]
        raise Refused(
            "Plans can't be compared: "
            + (", ".join(missing) + " unknown." if missing else "no leads that are won."),
            remedy="Import the records that show it, or type a range in incentives.toml.",
        )
    return marketed.market


def answered(
    request: HttpRequest, month: str, wait: int, measure: str = "incentives"
) -> Answer[Any]:
    """The answer of a month. UnknownName: no month of the records."""
    workspace, person = current.workspace(), person_of(request)
    fresh = ready(lambda: freshness.look(workspace, person), wait)
    kept = workspace.settings
    months = offered(fresh, workspace.clock(), kept.calendar, kept.server.stale_days)
    asked = named(month, months).asked()
    return ready(lambda: look(workspace, measure, asked, person), wait).answer


def by_segment(given: list[str], market: Market) -> dict[str, float]:
    """Numbers by segment, from texts such as ``gates=50``."""
    names = [each.segment for each in market.segments]
    found: dict[str, float] = {}
    for text in given:
        name, _, value = text.rpartition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if name not in names or not 0.0 <= number <= MOST or name in found:
            raise UsageError(
                f"{text[:80]!r} can't be asked.",
                remedy=f"Write a number from 0 for one of: {', '.join(names)}.",
            )
        found[name] = number
    return found


def plan_said(market: Market, per_win: Any, per_hour: Any, outcome: Outcome) -> dict[str, Any]:
    """A plan beside today's, as :class:`PlanOut` has it."""
    hourly = market.pay_per_hour(market.rates).tolist()
    return {
        "contribution": [str(outcome.contribution_now), str(outcome.contribution_new)],
        "payroll": [str(outcome.payroll_now), str(outcome.payroll_new)],
        "segments": [
            {
                "segment": each.segment,
                "pay_per_win": [_money(each.rate), _money(per_win[each.segment])],
                "pay_per_hour": [_money(hourly[place]), _money(per_hour[each.segment])],
                "worked": [outcome.worked_now[each.segment], outcome.worked_new[each.segment]],
            }
            for place, each in enumerate(market.segments)
        ],
    }


def _money(value: float) -> str:
    return str(money(value))
