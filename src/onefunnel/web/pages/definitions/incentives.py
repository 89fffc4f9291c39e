"""What each field of the measure ``incentives`` means."""

from collections.abc import Iterator

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("The price of ignored leads"),
    N_("What ignored leads cost and why: hours, the pay plan, or what was done."),
)

_ESTIMATES: dict[str, str] = {
    "leads": N_("Leads that came in the period."),
    "hours_per_lead": N_("Hours of a salesperson to work a lead."),
    "win_probability": N_("The chance that a worked lead is won within the horizon."),
    "revenue_per_win": N_(
        "What a won lead is invoiced up to the horizon after it was won, net of discount and tax."
    ),
    "contribution_per_win": N_("What a won lead brings up to the horizon after it was won."),
    "pay_per_win": N_("What the plan pays the salesperson for an average win."),
    "pay_per_hour": N_("What an hour on such leads pays the salesperson."),
    "contribution_per_hour": N_("What an hour on such leads brings the company."),
    "worked_actual": N_("Leads that were worked."),
    "worked_plan": N_("Leads that would be worked if hours went where they pay most."),
    "worked_best": N_("Leads that would be worked if hours went where they bring most."),
    "hours": N_("Hours that salespeople have for leads in the period."),
    "v_unlimited": N_("What working all leads that bring anything would bring."),
    "v_best": N_("What the best use of the hours would bring."),
    "v_plan": N_("What the use of the hours that pays most would bring."),
    "v_actual": N_("What working those leads brought that were worked."),
    "capacity_cost": N_("Lost because there are not more hours."),
    "incentive_cost": N_("Lost because the plan pays for another use of the hours."),
    "execution_cost": N_("Lost because what was done is not what pays most; may be negative."),
    "alignment": N_("What the plan's use of the hours brings, of what the best one would."),
    "value_of_hour": N_("What one more hour would bring."),
    "payroll_plan": N_("What the plan pays for the use of the hours that pays most."),
    "payroll_best": N_("What the plan pays for the use of the hours that brings most."),
    "win_unworked": N_("The chance that a lead that nobody works is won all the same."),
    "spend": N_("What was spent in the period to win such leads."),
    "not_worth_an_hour": N_("Spent on leads that bring less an hour than an hour costs."),
    "hours_worth_adding": N_("Hours that would bring more than they cost, beside those there are."),
    "worth_of_hours": N_("What these hours would bring above their cost."),
    "tau": N_("Kendall's tau-b: whether segments that pay more an hour also bring more."),
    "tau_by_hours": N_("The same, each pair of segments weighing as much as its hours."),
    "misplaced": N_("The share of the worked hours that lies elsewhere than what leads can bring."),
}


def fields(low: str, high: str) -> dict[str, str]:
    """Every field and what it means, the bounds of all intervals in the given words."""
    return {"segment": N_("The segment of the leads; none for the whole."), **dict(_all(low, high))}


def _all(low: str, high: str) -> Iterator[tuple[str, str]]:
    for name, told in _ESTIMATES.items():
        yield name, told
        yield f"{name}_low", low
        yield f"{name}_high", high
