"""What each field of the measure ``behaviour`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("What is worked in time"),
    N_("Which leads were worked in time: does pay per hour explain it, or contribution per hour?"),
)

_ESTIMATES: dict[str, str] = {
    "share_in_time": N_("The share of the leads that was worked in time."),
    "pay_per_hour": N_("What an hour on such leads pays the salesperson."),
    "contribution_per_hour": N_("What an hour on such leads brings the company."),
    "effort_share": N_("The segment's part of the worked hours in the period."),
    "potential_share": N_("The segment's part of what all leads of the period could bring."),
    "misplaced": N_("The share of the worked hours that lies elsewhere than what leads can bring."),
    "by_pay": N_(
        "By how much the log odds of being worked in time rise with the logarithm of pay per hour."
    ),
    "by_contribution": N_("The same for contribution per hour."),
}
_PLAIN: dict[str, str] = {
    "segment": N_("The segment of the leads; none for the whole."),
    "leads": N_("Leads that sales got within the history and whose time to be worked is over."),
    "in_time": N_("Leads of them that were worked in time."),
    "sentence": N_("What both strengths support: plan, company's rate, capacity, or undecided."),
    "pull": N_("How far pay rather than contribution is followed: 0 to 1."),
    "compared": N_("Leads of segments with known rates above zero."),
    "salespeople": N_("How many could have worked them; none: the records do not name them."),
    "within_hours": N_("The hours that there were to work a lead."),
}


def fields(low: str, high: str) -> dict[str, str]:
    """Every field and what it means, the bounds of all intervals in the given words."""
    found = dict(_PLAIN)
    for name, told in _ESTIMATES.items():
        found |= {name: told, f"{name}_low": low, f"{name}_high": high}
    return found
