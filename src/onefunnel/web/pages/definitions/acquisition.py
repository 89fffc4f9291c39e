"""What each field of the measure ``acquisition`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("Acquisition"),
    N_("What was spent in a period, who came of it, and what they brought since."),
)

WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "acquisition",
        N_("What customers cost, and what they bring"),
        N_(
            "What was spent on days of the period, marketing's touches and the leads of the "
            "period, the customers who came in it, and what these have brought until now, whenever "
            "they bought. Touches, leads and spend stand by what they say themselves, customers by "
            "their first lead, else their first touch. Spend that says too little is shared out by "
            "the convention in force, and marked."
        ),
    ),
    (
        "campaigns",
        N_("When a row loses money"),
        N_(
            "Its customers have brought less than was spent. That is said only where the outcome "
            "of {ripe} of its leads is known, and where it is beyond chance: even the highest "
            "number of customers that could have come by chance (97.5%, Poisson), each worth what "
            "customers are, would not have brought what was spent. Below {few} customers their "
            "worth is that of all rows. Leads are cheap that cost less than over all rows."
        ),
    ),
    (
        "attention",
        N_("When a campaign stands on Today"),
        N_(
            "It loses money, or it was spent on and nobody came; or it has not paid back yet and "
            "sales rejects most of its leads, beyond chance. The money beside it is what it lost, "
            "what was spent, or what the rejected leads have cost: {stake} of all spend at least. "
            "Looked at are up to three months whose leads have had the time that was agreed."
        ),
    ),
)
"""Words of the page of campaigns: the key of the anchor, the name, the meaning."""

_PLAIN: dict[str, str] = {
    "spend": N_("What was spent on days of the period, at the rates of those days."),
    "touches": N_("Touches of marketing in the period."),
    "leads": N_("Leads of the period, by what they say themselves."),
    "accepted": N_("Leads of them that sales accepted, by its last answer."),
    "rejected": N_("Leads of them that sales rejected, by its last answer."),
    "customers": N_("Those who came in the period and have bought by now."),
    "revenue": N_("All that these customers have bought until now, net of discount and tax."),
    "contribution": N_(
        "The contribution of the same sales: quantity times (net price less unit cost)."
    ),
    "repeat_contribution": N_("The part of it from their second order on."),
    "cost_per_lead": N_("Spend divided by leads."),
    "cost_per_accepted": N_("Spend divided by accepted leads."),
    "cost_per_customer": N_("Spend divided by customers."),
    "return_on_spend": N_("Contribution divided by spend."),
    "top_rejection_reason": N_("The reason for which most leads stand rejected."),
    "top_rejection_reason_leads": N_("Leads that stand rejected for it."),
    "spend_shared": N_(
        "The part of the spend whose records do not say this value: it is shared out by the "
        "convention in force."
    ),
    "unknown_contribution_lines": N_("Sales whose cost is unknown; they are not in it."),
    "hours": N_("Hours of work on the leads, as far as they are on record."),
    "contribution_per_hour": N_("Contribution divided by these hours."),
}
_SHARES: dict[str, str] = {
    "acceptance_rate": N_("Accepted leads as a share of those that sales answered."),
    "win_rate": N_(
        "The share of those with a lead who bought within the horizon from the first one."
    ),
}


def fields(low: str, high: str) -> dict[str, str]:
    """Every field of its own and what it means, the bounds of intervals in the given words."""
    found = dict(_PLAIN)
    for name, told in _SHARES.items():
        found |= {name: told, f"{name}_low": low, f"{name}_high": high}
    return found
