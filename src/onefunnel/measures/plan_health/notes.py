"""What a row of ``plan_health`` says, by its code: English sentences, filled in from its params."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "at_quota": "At or above the quota: {reached} of {n} quotas of {people} people in {periods} "
    "periods.",
    "under_threshold": "Below the threshold, so without pay: {under} of {n}.",
    "spread": "Half of the attainments lie between {q1} and {q3} of the quota; the middle one is "
    "{median}.",
    "pay_performance": "How far the ranks of {n} people by pay are their ranks by contribution.",
    "leverage": "A tenth of the periods paid this multiple of the target pay or more.",
    "spike": "Of {n} sales, {inside} closed in the last week of a period; as many in each week "
    "would be {expected}.",
    "accelerator": "How far discounts are deeper the closer a seller is to the next rate: "
    "{sellers} sellers, {n} sales. In the nearest third the discount is {near}, in the farthest "
    "{far}.",
    "unfair_quota": "How far those reach more of their quota who got the richer leads: {n} people.",
    "attained": "Attainments from {from} of the quota on, below the next tenth.",
    "closing_day": "Sales that closed on that day before the end of a period; 1 is the last day.",
    "no_quota": "The plan states no quota for a whole period that is over.",
    "no_threshold": "The plan has no threshold.",
    "no_target": "The plan states no target pay.",
    "no_fixed_pay": "Plans state variable pay only: without the fixed pay the mix can't be told.",
    "few_people": "Too few people for a statement: {n}, and it takes {least}.",
    "few_cases": "Too few quotas for a statement: {n}, and it takes {least}.",
    "few_periods": "Too few whole periods that are over: {n}, and it takes {least}.",
    "few_sales": "Too few sales for a statement: {n}, and it takes {least}.",
    "no_variation": "One of the two is the same for everybody.",
    "no_accelerator": "The plan has no rate that rises, so there is none to come near to.",
    "no_list_price": "No sale has a list price on record beside what was paid, so its discount is "
    "not known.",
    "no_leads": "No lead is on record with who got it.",
    "refused_plan": "Nothing was worked out for this plan; the notes say why.",
}


def sentence(code: str, params: Mapping[str, str | None]) -> str:
    """The sentence of a code.

    >>> sentence("few_people", {"n": "3", "least": "5"})
    'Too few people for a statement: 3, and it takes 5.'
    """
    return SENTENCES[code].format(**params)
