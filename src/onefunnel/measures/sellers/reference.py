"""Whose each lead of the period is, in plain Python: lead after lead."""

from collections import Counter
from collections.abc import Mapping

from onefunnel.funnel.reference.company import Record
from onefunnel.measures.incentives.records_reference import Firm

TAKES = ("assigned", "accepted", "attempted", "connected", "qualified")


def seller(firm: Firm, lead: Record) -> str | None:
    """The owner of the first deal by key that names the lead, else who took it first in sales."""
    key, records = lead["lead_id"], firm.company.records
    deals = [row for row in records["deal"] if row["lead_id"] == key and row["owner"] is not None]
    if deals:
        owner: str = min(deals, key=lambda row: row["deal_id"])["owner"]
        return owner
    steps = [
        row
        for row in records["handoff"]
        if row["lead_id"] == key
        and row["kind"] in TAKES
        and row["department"] in (None, "sales")
        and row["actor"] is not None
    ]
    dated = [row for row in steps if row["occurred_at"] is not None]
    first = min(
        dated, key=lambda row: (row["occurred_at"], row["handoff_id"]), default=None
    ) or min(steps, key=lambda row: row["handoff_id"], default=None)
    return None if first is None else first["actor"]


def handed(firm: Firm) -> Mapping[tuple[str | None, str], tuple[int, int, int]]:
    """By seller and segment: the leads of the period, those worked, and those won."""
    leads: Counter[tuple[str | None, str]] = Counter()
    worked: Counter[tuple[str | None, str]] = Counter()
    won: Counter[tuple[str | None, str]] = Counter()
    for lead in firm.handed_over():
        if firm.company.in_period(lead["at"]):
            key = seller(firm, lead), firm.segment(lead)
            leads[key] += 1
            worked[key] += firm.is_worked(lead)
            won[key] += firm.outcome(lead)[0] == "won"
    return {key: (n, worked[key], won[key]) for key, n in leads.items()}
