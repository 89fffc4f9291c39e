"""Which leads were worked in time, and whose they were, in plain Python: lead after lead."""

from dataclasses import dataclass
from datetime import datetime

from onefunnel.funnel.reference.company import Record, between
from onefunnel.measures.behaviour.asked import LookedAt
from onefunnel.measures.incentives.records_reference import WORK, Firm

GIVEN = ("assigned", "accepted")
TAKEN_BACK = ("rejected", "disqualified", "recycled", "returned")


@dataclass(frozen=True, slots=True)
class Offer:
    """A lead that sales got; ``over`` and in the history by the question's now."""

    lead_id: str
    segment: str
    at: datetime
    over: bool
    undated: bool
    worked_at: datetime | None
    in_time: bool
    age_seconds: int
    salesperson: str | None
    given_at: datetime | None
    ended_at: datetime | None


def offers(firm: Firm, asked: LookedAt) -> list[Offer]:
    """Every lead that sales got, in the order of their keys."""
    found = [_offer(firm, lead, asked) for lead in firm.handed_over()]
    return sorted(found, key=lambda each: each.lead_id)


def within(found: list[Offer], asked: LookedAt) -> list[Offer]:
    """Those of the history."""
    return [
        each
        for each in found
        if each.at >= asked.since and (asked.until is None or each.at < asked.until)
    ]


def workload(offer: Offer, every: list[Offer]) -> int:
    """How many other leads of the salesperson were open when the lead was given."""
    if offer.salesperson is None or offer.given_at is None:
        return 0
    mine = (offer.given_at, offer.lead_id)
    return sum(
        each.salesperson == offer.salesperson
        and each.given_at is not None
        and (each.given_at, each.lead_id) < mine
        and (each.ended_at is None or each.ended_at > offer.given_at)
        for each in every
    )


def _offer(firm: Firm, lead: Record, asked: LookedAt) -> Offer:
    key, at = lead["lead_id"], lead["at"]
    steps = [row for row in firm.company.records["handoff"] if row["lead_id"] == key]
    dated = [row for row in steps if row["occurred_at"] is not None]
    worked = [row["occurred_at"] for row in dated if row["kind"] in WORK]
    worked += [
        row["at"]
        for row in firm.company.dated["deal_event"]
        if firm.company.deals.get(row["deal_id"], {}).get("lead_id") == key
    ]
    worked_at = min(worked, default=None)
    back = [row["occurred_at"] for row in dated if row["kind"] in TAKEN_BACK]
    ends = [*worked, *(each for each in back if each >= at)]
    given = sorted(
        (row["occurred_at"], row["handoff_id"], row["actor"])
        for row in dated
        if row["kind"] in GIVEN and row["actor"] is not None
    )
    given_at, actor = (given[0][0], given[0][2]) if given else (None, None)
    if given_at is not None and (
        (worked_at is not None and given_at > worked_at) or between(at, given_at) > asked.seconds
    ):
        actor = None
    return Offer(
        key,
        firm.segment(lead),
        at,
        between(at, firm.question.now) >= asked.seconds,
        firm.is_worked(lead) and worked_at is None,
        worked_at,
        worked_at is not None and between(at, worked_at) <= asked.seconds,
        max(between(firm.by_id[key]["at"], at), 0),
        actor,
        given_at,
        min(ends, default=None),
    )
