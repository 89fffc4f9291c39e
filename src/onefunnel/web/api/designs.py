"""The designer of plans, for programs: for who may see pay with its winners and losers."""

from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from onefunnel.measures.incentives.between import Marketed, market_of
from onefunnel.measures.incentives.designer import Held
from onefunnel.measures.incentives.market import Market
from onefunnel.measures.incentives.outcome import Guarantee, Outcome, guarantee
from onefunnel.measures.incentives.rates import as_written, rates_of
from onefunnel.measures.sellers.market import market_of_persons
from onefunnel.vocabulary import Permission
from onefunnel.web.api.incentives import (
    PaidOut,
    PlanOut,
    Share,
    answered,
    by_segment,
    known,
    plan_said,
)
from onefunnel.web.api.jobs import Later, Wait
from onefunnel.web.api.patience import patient
from onefunnel.web.api.rooms import Room
from onefunnel.web.pages.incentives.design import Asked as AskedPlan
from onefunnel.web.pages.incentives.design import designed
from onefunnel.web.site import audit
from onefunnel.web.site.access import person_of

room = Room("Incentives")


class DesignedOut(PaidOut):
    """A segment under today's plan and the new one, whose pay per win is also given as rates."""

    of_revenue: str | None = Field(description="Of the revenue of a win; null: unknown.")
    of_contribution: str | None = Field(description="Of its contribution; null: unknown.")


class LimitOut(Schema):
    """A limit that holds the plan back, or must be given up."""

    kind: str
    who: str
    against: str
    money: str = Field(description="What must be given up of it; zero where it can be kept.")


class SellerPayOut(Schema):
    """What somebody would win or lose in a month."""

    employee_id: str
    pay: list[str] = Field(description="Today's for an average win of each segment; the new one.")
    change: str
    guarantee: str = Field(description="What it costs to lift the new pay to today's; zero: none.")


class DesignOut(PlanOut):
    """The plan nearest to today's within the limits."""

    segments: list[DesignedOut]  # type: ignore[assignment]
    feasible: bool
    binding: list[LimitOut]
    given_up: list[LimitOut] = Field(description="Why no plan keeps all limits.")
    guarantee: str = Field(description="What lifts pay to today's for so many months.")
    persons: list[SellerPayOut] | None = Field(
        description="Who loses most first; null without the permission pay."
    )
    notes: list[str] = Field(description="Codes of what must be told of the people.")


@room.call(
    "GET", "/incentives/{month}/design", Permission.FIGURES, {200: DesignOut, 202: Later}, 409, 503
)
@patient
def design_plan(
    request: HttpRequest,
    response: HttpResponse,
    month: str,
    margin: Annotated[
        int, Query(ge=0, le=100, description="Percent that an hour must pay more, at least.")
    ] = 5,
    exactly: Annotated[bool, Query(description="Payroll as today; else at most that.")] = True,
    strength: Share = 1.0,
    lowest: Annotated[list[str], Query(description='Pay per win: "gates=50".')] = [],  # noqa: B006
    highest: Annotated[list[str], Query(description="The same.")] = [],  # noqa: B006
    most_lost: Annotated[
        float | None,
        Query(ge=0, le=100, description="Percent of pay that anybody may lose; needs `pay`."),
    ] = None,
    months: Annotated[int, Query(ge=1, le=12, description="Of a guarantee.")] = 3,
    wait: Wait = 0,
) -> Any:
    """The plan nearest to today's under which an hour pays more where it brings more.

    Who may see pay gets the plan with each salesperson's own leads and hours, and what each would
    win or lose; everybody else one in which a single salesperson stands for all.
    """
    may = person_of(request).may(Permission.PAY)
    if most_lost is not None and not may:
        raise PermissionDenied
    rows = answered(request, month, wait).rows
    people = answered(request, month, wait, "sellers") if may else None
    marketed = market_of(rows) if people is None else market_of_persons(rows, people.rows)
    market = known(marketed)
    asked = AskedPlan(
        margin,
        round(100 * strength),
        exactly,
        by_segment(lowest, market),
        by_segment(highest, market),
        most_lost,
        months,
    )
    found, outcome = designed(market, asked)
    lifted = guarantee(outcome, 1.0, months)
    persons = None if people is None else _persons(request, market, outcome, lifted)
    said = plan_said(market, found.rates, found.pay_per_hour, outcome)
    return {
        **said,
        "segments": _with_rates(said["segments"], marketed, found.rates),
        "feasible": found.feasible,
        "binding": [_held(each) for each in found.binding],
        "given_up": [_held(each) for each in found.given_up],
        "guarantee": str(lifted.total),
        "persons": persons,
        "notes": [] if people is None else [each.code for each in people.notes],
    }


def _persons(
    request: HttpRequest, market: Market, outcome: Outcome, lifted: Guarantee
) -> list[dict[str, Any]]:
    """Each person's pay; that it was seen is written down."""
    if [each.name for each in market.sellers] == [""]:
        return []
    audit.note(request, "seen", "pay", "all", rows=len(outcome.sellers), design=True)
    return [
        {
            "employee_id": each.seller,
            "pay": [str(each.pay_now), str(each.pay_new)],
            "change": str(each.change),
            "guarantee": str(lifted.sellers.get(each.seller, Decimal("0.0000"))),
        }
        for each in outcome.sellers
    ]


def _with_rates(segments: Any, marketed: Marketed, per_win: Any) -> list[dict[str, Any]]:
    rates = rates_of(marketed, per_win)
    return [
        {
            **each,
            "of_revenue": _rate(rates[each["segment"]].of_revenue),
            "of_contribution": _rate(rates[each["segment"]].of_contribution),
        }
        for each in segments
    ]


def _rate(value: float | None) -> str | None:
    return None if value is None else f"{as_written(value):f}"


def _held(each: Held) -> dict[str, str]:
    amount = each.money.quantize(Decimal("0.0001"))
    return {"kind": each.kind, "who": each.who, "against": each.against, "money": str(amount)}
