"""What each field of the measure ``acquisition`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("Acquisition"),
    N_("What was spent in a period, who came of it, and what they brought since."),
)

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
