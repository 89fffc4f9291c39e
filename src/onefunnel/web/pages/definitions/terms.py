"""What every measure, field, stage and dimension means. A test asks that none is left out."""

from onefunnel.vocabulary import Stage
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.definitions import (
    acquisition,
    attribution,
    behaviour,
    incentives,
    offline,
    self_reported,
    transitions,
)

MEASURES: dict[str, tuple[str, str]] = {
    "funnel": (
        N_("The joint funnel"),
        N_("The eight stages: counts, conversion, time and money."),
    ),
    "deals": (
        N_("Deals"),
        N_("Deals opened within the period: won, lost, open, and four rates of winning."),
    ),
    "leaks": (N_("Leaks"), N_("Where money leaves the funnel, dearest first.")),
    "lost_reasons": (
        N_("Lost reasons"),
        N_("Why losses that stand were lost, and whose reason it is."),
    ),
    "conversion": (
        N_("Conversion between stages"),
        N_("From every stage to the next, and to purchase."),
    ),
    "steps": (
        N_("Ordered steps"),
        N_("Who touched the company in a given order, within a window from the first step."),
    ),
    "bridge": (
        N_("The bridge"),
        N_("What moved the contribution from one period to the next, factor by factor."),
    ),
    "acquisition": acquisition.NAMED,
    "attribution": attribution.NAMED,
    "transitions": transitions.NAMED,
    "self_reported": self_reported.NAMED,
    "offline_conversions": offline.NAMED,
    "incentives": incentives.NAMED,
    "behaviour": behaviour.NAMED,
    "paradox": (
        N_("The paradox"),
        N_("Where both departments meet their targets and the company loses, by segment."),
    ),
    "sellers": (
        N_("Salespeople"),
        N_("The leads, hours and expected pay of each salesperson. For the director."),
    ),
    "payouts": (
        N_("Pay"),
        N_(
            "What is paid to whom, line by line, and why. One's own to oneself, all to the "
            "director."
        ),
    ),
    "plan_health": (
        N_("Plan health"),
        N_(
            "Whether pay plans work: who reaches the quota, pay and performance, sales that crowd "
            "at the end of periods, discounts before a higher rate. For the director."
        ),
    ),
    "scorecard": (
        N_("Scorecards"),
        N_("What scorecards pay in a month, measure by measure, and signs that they are gamed."),
    ),
}
"""Each measure's name and what it is."""

_DIMENSIONS_TOLD = N_("The values of the dimensions by which the figures are divided.")
_HORIZON_TOLD = N_(
    "The days after which a share is read; the rules name them where nobody else does."
)
_LOW_TOLD = N_("The lower bound of the 95% interval.")
_HIGH_TOLD = N_("The upper bound of the 95% interval.")
_MEDIAN_TOLD = N_("The time by which half of the group has got there; none while it has not.")
_MATURITY_TOLD = N_("The share of the group whose outcome at the horizon is known.")
_LOST_SHARE_TOLD = N_("The share of the same group whose loss within the horizon still stands.")
_STAGE_TOLD = N_("The stage of the funnel.")
_OWNER_TOLD = N_("The department that owns the stage.")

FIELDS: dict[str, dict[str, str]] = {
    "funnel": {
        "stage": _STAGE_TOLD,
        "owner": _OWNER_TOLD,
        "measured_by": N_("Whether records show the stage, or only surveys of a population."),
        "entered": N_("How many entered the stage within the period: observed and implied."),
        "observed": N_("Those whose entry the records show."),
        "implied": N_("Those whom the records show only at a later stage."),
        "conversion": N_(
            "Of those observed to enter the stage before within the period, the share that "
            "entered this one within the horizon."
        ),
        "conversion_low": _LOW_TOLD,
        "conversion_high": _HIGH_TOLD,
        "lost": _LOST_SHARE_TOLD,
        "horizon_days": _HORIZON_TOLD,
        "median_days": _MEDIAN_TOLD,
        "maturity": _MATURITY_TOLD,
        "revenue": N_(
            "All that those who entered have bought since, net of discount and tax. The amount of "
            "a won deal counts where no order line names the deal."
        ),
        "expected_contribution": N_(
            "What the open ones among them are still worth: an estimate from earlier cases of the "
            "same age."
        ),
        "realised_contribution": N_(
            "The contribution of the same sales: quantity times (net price less unit cost)."
        ),
        "unknown_contribution_lines": N_("Sales whose cost is unknown; they are not in it."),
        "population_value": N_("What a survey or an index says of the stage: a share or a number."),
        "population_low": _LOW_TOLD,
        "population_high": _HIGH_TOLD,
        "dimensions": _DIMENSIONS_TOLD,
    },
    "deals": {
        "won": N_("Deals that are won."),
        "lost": N_("Deals that are lost."),
        "open": N_("Deals whose end is not on record."),
        "win_incidence": N_(
            "The share won within the horizon. Counts each open deal for as long as it was "
            "watched. Rely on this one."
        ),
        "win_incidence_low": _LOW_TOLD,
        "win_incidence_high": _HIGH_TOLD,
        "lost_incidence": N_("The share lost within the horizon, in the same way."),
        "won_of_closed": N_("Leaves open deals out, so it favours whichever outcome comes sooner."),
        "won_of_all": N_("Counts open deals as not won, so it is too low while any are open."),
        "one_minus_km": N_("Treats lost deals as if they might still be won, so it is too high."),
        "horizon_days": _HORIZON_TOLD,
        "median_days": N_("The time by which half of the deals are won; none while they are not."),
        "maturity": N_("The share of the deals whose outcome at the horizon is known."),
        "dimensions": _DIMENSIONS_TOLD,
    },
    "leaks": {
        "stage": N_("The stage that they entered last."),
        "owner": _OWNER_TOLD,
        "left": N_("Those who went no further: lost, or without a next stage."),
        "lost": N_("Those whose loss stands: nothing followed it."),
        "stalled": N_("Those without a next stage when the horizon had passed."),
        "value_per_entry": N_("The money in the stage, divided by its entries."),
        "amount": N_("Those who left, times the worth of an entry."),
        "horizon_days": _HORIZON_TOLD,
        "dimensions": _DIMENSIONS_TOLD,
    },
    "lost_reasons": {
        "stage": N_("The furthest stage that they had reached."),
        "reason": N_("The reason on record, as it is spelt there."),
        "source": N_("Who gave the reason: the salesperson, the customer, or a system."),
        "lost": N_("How many were lost for it."),
        "share": N_("Their share of all losses that stand."),
        "dimensions": _DIMENSIONS_TOLD,
    },
    "conversion": {
        "from_stage": N_("The stage that the group entered within the period."),
        "to_stage": N_("The later of the two stages."),
        "at_risk": N_("The group: those observed to enter the first of the two."),
        "conversion": N_("The share of the group that entered the later one within the horizon."),
        "conversion_low": _LOW_TOLD,
        "conversion_high": _HIGH_TOLD,
        "lost": _LOST_SHARE_TOLD,
        "horizon_days": _HORIZON_TOLD,
        "median_days": _MEDIAN_TOLD,
        "maturity": _MATURITY_TOLD,
        "dimensions": _DIMENSIONS_TOLD,
    },
    "steps": {
        "step": N_("The number of the step."),
        "condition": N_("What a touch must be to count as the step."),
        "reached": N_("Those who did it and all steps before it, in order and within the window."),
        "conversion": N_("Their share of those who did the step before."),
        "conversion_low": _LOW_TOLD,
        "conversion_high": _HIGH_TOLD,
        "of_first": N_("Their share of those who did the first step."),
        "open": N_("Those who got just this far and may still go on: their window is not over."),
        "within_days": N_("The window: the last step follows the first within so many days."),
        "dimensions": _DIMENSIONS_TOLD,
    },
    "bridge": {
        "factor": N_("What moved; or before, change and after for the whole."),
        "owner": N_("The department that answers for the factor."),
        "amount": N_("What the factor added, in money; factors and functions sum to the change."),
        "low": N_("The lower bound of what the factor may do by chance around what was seen."),
        "high": N_("The upper bound of the same."),
        "method": N_("How the change is divided: by Shapley's value, or by LMDI."),
        "dimensions": _DIMENSIONS_TOLD,
    },
    "acquisition": {
        **acquisition.fields(_LOW_TOLD, _HIGH_TOLD),
        "horizon_days": _HORIZON_TOLD,
        "maturity": _MATURITY_TOLD,
        "dimensions": _DIMENSIONS_TOLD,
    },
    "attribution": attribution.fields(_DIMENSIONS_TOLD),
    "transitions": transitions.FIELDS,
    "self_reported": self_reported.fields(_LOW_TOLD, _HIGH_TOLD),
    "offline_conversions": offline.FIELDS,
    "incentives": incentives.fields(_LOW_TOLD, _HIGH_TOLD),
    "behaviour": behaviour.fields(_LOW_TOLD, _HIGH_TOLD),
    "paradox": {
        "segment": N_("The segment of the leads."),
        "marketing": N_("Green where marketing meets all its targets of the month, else red."),
        "sales": N_("Green where sales meets all its targets of the month, else red."),
        "company": N_("Red where the segment brings less than it could, beyond chance."),
        "alarm": N_("Both departments are green and the company is red."),
        "kind": N_("Against what it is red: what could be reached, the month before, or both."),
        "contribution": N_("What working those leads brings that were worked."),
        "reachable": N_("What the best use of the hours would bring in the segment."),
        "last": N_(
            "What the leads worked in the month before bring in as many days, at the same worth of "
            "each."
        ),
        "missed": N_("By how much the segment falls short."),
        "missed_low": _LOW_TOLD,
        "missed_high": _HIGH_TOLD,
        "leads": N_("Leads that came in the period."),
        "left": N_("Leads of them that nobody worked."),
    },
    "sellers": {
        "employee_id": N_("Whose the leads are, as the records name them; empty: nobody's."),
        "segment": N_("The segment of the leads; none for all of somebody's."),
        "leads": N_("Leads that sales got in the period."),
        "worked": N_("Leads of them that were worked."),
        "won": N_("Leads of them that are won by now."),
        "hours": N_("Hours that they have for leads in the period."),
        "hours_low": _LOW_TOLD,
        "hours_high": _HIGH_TOLD,
        "plan": N_("The pay plan that is in force for them."),
        "pay": N_("What it brings them for the leads worked, at the average win of each segment."),
        "pay_low": _LOW_TOLD,
        "pay_high": _HIGH_TOLD,
    },
    "payouts": {
        "period": N_("The month in which the line is booked."),
        "employee_id": N_("Who is paid, as the records name them."),
        "plan": N_("The pay plan."),
        "line": N_("A restatement of an earlier month, or what the line pays."),
        "amount": N_("What is paid, in the currency of the plan."),
        "why": N_("Why, in English."),
        "of_period": N_("The month that the line is for; another one is restated."),
        "kind": N_("Earned, a share of a pool, held back, released, an advance or a guarantee."),
        "component": N_("The component or the pool; empty where there is none."),
        "base": N_("What is paid for: an amount, units or sales."),
        "currency": N_("The currency of the plan."),
        "code": N_("Why, as a stable code."),
        "params": N_("The figures of the reason."),
        "digest": N_("Which version of the plan it was, by what it said."),
    },
    "plan_health": {
        "plan": N_("The pay plan."),
        "component": N_("The component of it that is tested; empty for the plan as a whole."),
        "test": N_("Which test it is."),
        "value": N_("What the test came to: a share, a correlation, a multiple or a count."),
        "low": _LOW_TOLD,
        "high": _HIGH_TOLD,
        "range_low": N_("The lower end of what is held to be healthy."),
        "range_high": N_("The upper end of what is held to be healthy."),
        "verdict": N_(
            "Fine, look at it, may be chance, can't be told, or for information: without a range."
        ),
        "n": N_("How many quotas, people or sales the value rests on."),
        "code": N_("What the value rests on or why there is none, as a stable code."),
        "why": N_("What the value rests on or why there is none, in English."),
        "params": N_("The figures of that sentence."),
    },
    "scorecard": {
        "scorecard": N_("The file of the scorecard."),
        "level": N_("Whether it is of a person, a role, a team, a department or the company."),
        "of": N_("Whose scorecard it is."),
        "department": N_("The department of the scorecard."),
        "period": N_("The month."),
        "measure": N_("The measure; none for the scorecard as a whole."),
        "owner": N_("The department that answers for the measure."),
        "weight": N_("What part of the target pay hangs on the measure."),
        "unit": N_("What the value is in: money, a count, a share or hours."),
        "whose": N_("Whether the value is of those it is for, or of the company."),
        "value": N_("What the measure came to in the month."),
        "target": N_("The value at which the measure pays in full."),
        "attainment": N_("Value by target; 1 where it is met."),
        "payout": N_("What the measure pays for itself, as a share of its part of the target pay."),
        "gate": N_("What gates multiply the pay by; 1 where they are open."),
        "points": N_("Weight times payout times gate: a share of the target pay."),
        "low": N_("What the points are at least, while something is unknown."),
        "high": N_("What the points are at most, while something is unknown."),
        "counter": N_("The figure that would show at what cost it was reached."),
        "counter_value": N_("The value of that figure."),
        "reason": N_("Why there are no points."),
        "influence": N_("By how many per cent it moves with 1% more of what its owner does."),
        "influence_low": N_("The lower end of that, with 95% confidence."),
        "influence_high": N_("The upper end of that, with 95% confidence."),
        "influence_by": N_("What it is told from: the history, or whose the rows are."),
        "influence_code": N_(
            "Why its owner should not answer for it; none where they can move it."
        ),
        "influence_reason": N_("Why nothing could be measured."),
        "moved_own": N_("The share of its ups and downs that goes with what its owner did."),
        "moved_others": N_("The share of its ups and downs that goes with what others delivered."),
        "dimensions": _DIMENSIONS_TOLD,
    },
}
"""What each field of each measure's rows means."""

STAGES: dict[Stage, str] = {
    Stage.CUSTOMER_AWARENESS: N_("They have met the company at all."),
    Stage.BRAND_AWARENESS: N_("They know it by name, or came back."),
    Stage.BRAND_CONSIDERATION: N_("They left a way to be reached."),
    Stage.BRAND_PREFERENCE: N_("Their acts show that they lean towards it."),
    Stage.PURCHASE_INTENTION: N_("They ask for what only a buyer asks for."),
    Stage.PURCHASE: N_("They bought for the first time."),
    Stage.CUSTOMER_LOYALTY: N_("They bought again."),
    Stage.CUSTOMER_ADVOCACY: N_("They speak for it to others."),
}
"""What each stage is, whatever the rules in force are."""

DIMENSIONS: dict[str, str] = {
    "channel": N_("The marketing channel of a buyer's first lead, else of the first touch."),
    "campaign": N_("The campaign of the first lead, else of the first touch."),
    "page": N_("The page of the first lead, else of the first touch."),
    "segment": N_("The segment of the first lead, else of the buyer."),
    "owner": N_("Whose the first deal was, else who took the lead over. A head sees the own team."),
    "cohort_month": N_("The month of the first lead, else of the first touch."),
}
"""What the figures can be divided by."""

MORE: tuple[tuple[str, str, str], ...] = (
    *acquisition.WORDS,
    *attribution.WORDS,
    (
        "alarm",
        N_("Alarm"),
        N_(
            "A leak that grew. At least {least} went no further, which is {share} or more of those "
            "who entered; that share is {growth} or more larger than in the month before, beyond "
            "chance (a two-proportion test, {confidence} one-sided). Both months are seen at the "
            "same age. It says that the leak grew, not why."
        ),
    ),
    (
        "stale",
        N_("Out of date"),
        N_("A table whose newest record is more than {days} old."),
    ),
    (
        "month",
        N_("Contribution of a month"),
        N_(
            "All that was earned until its end, less all that was earned until its start. New "
            "buyers bought for the first time in it. Between two months the change by new buyers "
            "is split evenly into their number and the worth of each."
        ),
    ),
    (
        "ignored",
        N_("Cost of ignored leads"),
        N_(
            "What working all leads would bring, less what working those brought that were worked. "
            "Its parts, in an order that is a convention: too few hours (all leads against the "
            "best use of the hours), the pay plan (that use against the one that pays most), "
            "follow-up (that one against what was done). A lead brings the chance that work adds "
            "times the contribution of a win."
        ),
    ),
    (
        "in_time",
        N_("Worked in time"),
        N_(
            "A lead whose first attempt, contact or deal came within the agreed time after sales "
            "got it. Leads whose time is not over are not counted yet. Whether pay per hour or "
            "contribution per hour goes along with it is told by a logit on both, at one age of "
            "leads, one workload and one salesperson. It describes choices, not their causes."
        ),
    ),
    (
        "alignment",
        N_("Incentive alignment"),
        N_(
            "What the leads would bring that pay salespeople most an hour, divided by what the "
            "best use of the same hours would bring. 1: the pay plan and the company want the same."
        ),
    ),
    (
        "paradox",
        N_("Paradox alarm"),
        N_(
            "Marketing and sales both meet their targets of the month, and a segment brings the "
            "company less than the best use of the hours would, or less than its leads of "
            "the month "
            "before: by a tenth at least, and beyond chance (99%, one-sided). A target of a "
            "segment "
            "is written with it, such as leads:parts. Without targets there is no alarm."
        ),
    ),
    (
        "equal_payroll",
        N_("Another plan for the same payroll"),
        N_(
            "One rate on contribution pays most an hour what brings most an hour. It is set so "
            "that at the best use of the hours it costs what today's plan costs; plans between "
            "both mix the pay per win and are raised or lowered alike until they do, too."
        ),
    ),
    (
        "bridge",
        N_("Bridge"),
        N_(
            "The contribution of a period is leads, times the share of each segment, times "
            "customers per lead, revenue per customer and margin, summed over segments, and what "
            "other functions earned or saved. The bridge says what each brought to the change from "
            "the period before. Shapley's value is the mean over all orders in which the factors "
            "could have moved; LMDI divides by logarithmic means. Both leave nothing over. The "
            "band holds 95% of what the factor would have done by chance with as many customers."
        ),
    ),
    (
        "version",
        N_("Ledger version"),
        N_(
            "The number of the last complete batch. Whatever is imported later, a version can be "
            "asked again, and answers the same."
        ),
    ),
)
"""Words of the pages that the report does not have."""

FORMULAS: tuple[tuple[str, str, str], ...] = (
    (
        N_("Conversion, wins, losses: Aalen–Johansen incidence"),
        "F(t) = Σ S(tᵢ₋₁) · dᵢ / nᵢ   (tᵢ ≤ t)",
        N_(
            "At each instant, those who got there, divided by those still watched, times the share "
            "that had neither got there nor been lost before."
        ),
    ),
    (
        N_("Worth of an entry"),
        "(realised + expected contribution) / entered",
        N_("Of the same stage and period; unknown where contribution is."),
    ),
    (
        N_("Cost of a leak"),
        "left × worth of an entry",
        N_("What the same number of entries is worth, not what was certainly lost."),
    ),
    (
        N_("Contribution"),
        "Σ quantity × (net price − unit cost)",
        N_("Over order lines of known cost; returns have a negative quantity."),
    ),
    (
        N_("Cost of ignored leads"),
        "V∞ − V = (V∞ − V*) + (V* − V_plan) + (V_plan − V),   V = Σ xᵢ (pᵢ − p⁰ᵢ) mᵢ",
        N_(
            "With x leads worked, p and p⁰ the chance of winning one that is worked and one "
            "that is "
            "left, m the contribution of a win. V* fills the hours by (p − p⁰) m / h, V_plan by "
            "pay, p w / h, with w the pay per win and h the hours per lead."
        ),
    ),
    (
        N_("Growth of a leak: two-proportion test"),
        "z = (p₁ − p₂) / √( p(1 − p)(1/n₁ + 1/n₂) ),   p = (x₁ + x₂) / (n₁ + n₂)",
        N_("With x who went no further of n who entered, in each of two months."),
    ),
)
"""Each formula: its name, itself, in words."""
