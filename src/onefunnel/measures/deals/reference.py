"""The measure ``deals`` in plain Python."""

from collections import defaultdict
from typing import Any

from onefunnel.funnel.reference.chances import say
from onefunnel.funnel.reference.company import Company, Records, between
from onefunnel.funnel.rules import Rules
from onefunnel.measures.deals.result import DealsRow
from onefunnel.vocabulary import Question

OUTCOMES = {"won": "moved", "lost": "lost", "open": "censored"}


def deals(records: Records, rules: Rules, question: Question) -> tuple[DealsRow, ...]:
    """One row per combination of dimension values of the deals opened in the period."""
    company = Company(records, rules, question)
    first: dict[str, dict[str, Any]] = {}
    for event in company.dated["deal_event"]:
        first.setdefault(event["deal_id"], event)
    standing = company.standing_deals()
    found: dict[tuple[str | None, ...], list[tuple[str, int | None]]] = defaultdict(list)
    for deal_id, opening in first.items():
        if company.in_period(opening["at"]):
            status, event = standing.get(deal_id, ("open", opening))
            until = question.now if status == "open" else event["at"]
            known = opening["status"] not in ("won", "lost")
            values = tuple(_dimension(company, opening, name) for name in question.by)
            found[values].append((status, between(opening["at"], until) if known else None))
    if not question.by:
        found.setdefault((), [])
    order = sorted(found, key=lambda values: [(v is None, v or "") for v in values])
    return tuple(_row(question, values, found[values]) for values in order)


def _dimension(company: Company, opening: dict[str, Any], name: str) -> str | None:
    if name == "cohort_month":
        return company.month(opening["at"])
    deal = company.deals.get(opening["deal_id"])
    of_entity: str | None = company.dimension(opening["entity"], name)
    if deal is None:
        return of_entity
    if name in ("owner", "segment"):
        own: str | None = deal[name]
        return own if own is not None else of_entity
    lead = company.leads.get(deal["lead_id"])
    return lead[name] if lead else of_entity


def _row(
    question: Question, values: tuple[str | None, ...], cases: list[tuple[str, int | None]]
) -> DealsRow:
    statuses = [status for status, _ in cases]
    won, lost = statuses.count("won"), statuses.count("lost")
    timed = [(seconds, OUTCOMES[status]) for status, seconds in cases if seconds is not None]
    said = say(timed, question.horizon_days)
    return DealsRow(
        won=won,
        lost=lost,
        open=statuses.count("open"),
        win_incidence=said.moved,
        win_incidence_low=said.low,
        win_incidence_high=said.high,
        lost_incidence=said.lost,
        won_of_closed=won / (won + lost) if won + lost else None,
        won_of_all=won / len(cases) if cases else None,
        one_minus_km=said.one_minus_km,
        horizon_days=question.horizon_days,
        median_days=said.median_days,
        maturity=said.maturity,
        dimensions=dict(zip(question.by, values, strict=True)),
    )
