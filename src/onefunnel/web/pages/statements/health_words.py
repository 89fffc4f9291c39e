"""What the tests of a pay plan are called and say, in words."""

from collections.abc import Mapping
from string import Formatter

from markupsafe import Markup

from onefunnel.measures.plan_health.result import PlanHealthRow, Verdict
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

NAMES: Mapping[str, str] = {
    "at_quota": N_("Who reaches the quota"),
    "under_threshold": N_("Who stays below the threshold"),
    "spread": N_("How far people lie apart"),
    "pay_performance": N_("Pay and performance"),
    "pay_mix": N_("Fixed and variable pay"),
    "leverage": N_("What the best earn"),
    "spike": N_("The last week of a period"),
    "accelerator": N_("Discounts before a higher rate"),
    "unfair_quota": N_("Quotas and leads"),
}
"""By test."""

SENTENCES: Mapping[str, str] = {
    "at_quota": N_(
        "{reached} of {n} quotas were reached, by {people} people in {periods} periods."
    ),
    "under_threshold": N_("{under} of {n} stayed below it and got nothing for what they sold."),
    "spread": N_(
        "Half of all lie between {q1} and {q3} of their quota, the middle one at {median}."
    ),
    "pay_performance": N_("The order of {n} people by pay against their order by contribution."),
    "leverage": N_("Of {n} cases, one in ten pays this many times the target or more."),
    "spike": N_(
        "{inside} of {n} sales closed in the last week; were all weeks alike, it would be "
        "{expected}."
    ),
    "accelerator": N_(
        "In the third of sales closest to the next rate the discount is {near}, in the farthest "
        "third {far}: {n} sales of {sellers} sellers, each held against their own."
    ),
    "unfair_quota": N_(
        "What {n} people reach of their quota against what the leads they got are worth."
    ),
    "no_quota": N_("The plan states no quota for a whole period that is over."),
    "no_threshold": N_("The plan has no threshold."),
    "no_target": N_("The plan states no target pay."),
    "no_fixed_pay": N_("The plan says nothing of fixed pay."),
    "few_people": N_("{n} people; it takes {least}."),
    "few_cases": N_("{n} quotas; it takes {least}."),
    "few_periods": N_("{n} whole periods that are over; it takes {least}."),
    "few_sales": N_("{n} sales; it takes {least}."),
    "no_variation": N_("One of the two is the same for everybody."),
    "no_accelerator": N_("The plan has no rate that rises."),
    "no_list_price": N_("No sale of the period has a list price on record."),
    "no_leads": N_("No lead of the period is on record with who got it."),
    "refused_plan": N_("Nothing was worked out for this plan; the reason stands above."),
}
"""By code."""

VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.FINE: ("good", N_("fine")),
    Verdict.LOOK: ("bad", N_("look at it")),
    Verdict.UNSURE: ("risk", N_("may be chance")),
    Verdict.REFUSED: ("idle", N_("can't be told")),
    Verdict.TOLD: ("note", N_("for information")),
}

BELOW: Mapping[str, str] = {
    "at_quota": N_("Too few reach it: the quota may be out of reach."),
    "pay_performance": N_("Who brings more is not paid more."),
}
ABOVE: Mapping[str, str] = {
    "at_quota": N_("Nearly all reach it: the quota may ask too little."),
    "under_threshold": N_("Many get nothing: the threshold may be too high."),
    "spike": N_("Sales crowd at the end: deals may be held back, or pulled forward."),
    "accelerator": N_(
        "The closer to the higher rate, the deeper the discount: it may be bought with margin. In "
        "one software firm such games cost 6 to 8% of revenue (Larkin 2014)."
    ),
    "unfair_quota": N_("Who gets the richer leads reaches the quota: quotas don't follow them."),
}
"""What a value below or above its range may mean, by test."""

COUNTS = ("n", "reached", "people", "periods", "under", "inside", "sellers", "least")
UNKNOWN = "–"


def sentence(row: PlanHealthRow, words: Words) -> Markup:
    """What a row rests on, or why there is no value."""
    message = SENTENCES[row.code]
    names = [name for _, name, _, _ in Formatter().parse(message) if name]
    return words.say(message, **{name: _figure(name, row, words) for name in names})


def meaning(row: PlanHealthRow, words: Words) -> Markup:
    """What a value beyond its range may mean; empty where it is in it."""
    if row.verdict is not Verdict.LOOK or row.value is None:
        return Markup("")
    low = row.range_low is not None and row.value < row.range_low
    # A correlation of nothing is already too little where pay should follow performance.
    side = BELOW if low or row.test == "pay_performance" else ABOVE
    return words.say(side[row.test]) if row.test in side else Markup("")


def _figure(name: str, row: PlanHealthRow, words: Words) -> str:
    text = row.params.get(name) or ""
    if not text:
        return UNKNOWN
    if name in COUNTS:
        return words.figures.count(int(text))
    if name == "expected":
        return words.figures.number(round(float(text), 1))
    return words.figures.share(float(text))
