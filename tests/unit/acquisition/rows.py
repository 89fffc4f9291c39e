"""Rows of acquisition made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from onefunnel.measures.acquisition.result import AcquisitionRow


def made(
    spend: float | None,
    contribution: float | None,
    leads: int = 100,
    customers: int = 20,
    maturity: float | None = 1.0,
    dimensions: Mapping[str, str | None] | None = None,
    **others: object,
) -> AcquisitionRow:
    """A row of leads that sales answered by halves, each customer with one order."""
    cost = None if spend is None else Decimal(repr(spend)).quantize(Decimal("0.0001"))
    brought = None if contribution is None else Decimal(repr(contribution))
    accepted = leads // 2

    def per(number: int) -> Decimal | None:
        return None if cost is None or not number else cost / number

    fields: dict[str, object] = {
        "spend": cost,
        "touches": 10 * leads,
        "leads": leads,
        "accepted": accepted,
        "rejected": leads - accepted,
        "customers": customers,
        "revenue": None if brought is None else 2 * brought,
        "contribution": brought,
        "repeat_contribution": Decimal(0),
        "cost_per_lead": per(leads),
        "cost_per_accepted": per(accepted),
        "cost_per_customer": per(customers),
        "return_on_spend": float(brought / cost) if cost and brought is not None else None,
        "top_rejection_reason": "no budget" if leads else None,
        "top_rejection_reason_leads": leads - accepted,
        "spend_shared": None if cost is None else Decimal(0),
        "unknown_contribution_lines": 0,
        "acceptance_rate": 0.5 if leads else None,
        "acceptance_rate_low": 0.4 if leads else None,
        "acceptance_rate_high": 0.6 if leads else None,
        "win_rate": 0.2 if leads else None,
        "win_rate_low": 0.1 if leads else None,
        "win_rate_high": 0.3 if leads else None,
        "horizon_days": 90,
        "maturity": maturity if leads else None,
        "hours": 40.0 if leads else None,
        "contribution_per_hour": None if brought is None or not leads else brought / 40,
        "dimensions": dimensions or {},
    }
    return AcquisitionRow(**{**fields, **others})  # type: ignore[arg-type]
