"""What each field of the measure ``attribution`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("Attribution"),
    N_("Which share of leads, customers or money each model credits to whom."),
)


WORDS = (
    (
        "attribution",
        N_("Attribution"),
        N_(
            "How much of a result is credited to whom. It is a convention, chosen before the "
            "result is seen: no record says what would have come anyhow. Calls and meetings of "
            "sales stand on the paths beside channels, so credit is split between the departments "
            "too. The shares of a model sum to 100 %, unknown with them."
        ),
    ),
    (
        "range",
        N_("The range of attribution"),
        N_(
            "From the least to the greatest share that any model gives, with the 95 % intervals of "
            "the models around it. What both sides can accept lies in it; a model corrected by "
            "experiments is shown beside it. How far two models differ is half the sum of the "
            "differences of their credits: what would move from one row to another."
        ),
    ),
)
"""Words of the page of attribution: the key of the anchor, the name, the meaning."""


def fields(dimensions: str) -> dict[str, str]:
    """Every field and what it means, that of the dimensions in the given words."""
    return {
        "model": N_("The model, or the rule."),
        "credit": N_("What the model credits, in conversions or money, as asked."),
        "share": N_("The same as a share of all; the shares of a model sum to exactly 100 %."),
        "share_low": N_("The lower bound of its 95 % interval, by drawing parties anew."),
        "share_high": N_("The upper bound of the same."),
        "removal_effect": N_(
            "The share of conversions that would be lost without it, as the chain of paths has it."
        ),
        "grade": N_(
            "What the figure rests on: A an experiment, B a comparison of regions or times, C a "
            "model of paths, D what buyers say, E a rule."
        ),
        "department": N_("Whose touches they are; empty where that is unknown."),
        "dimensions": dimensions,
        "value": N_("What credit is given for: leads, customers, revenue or contribution."),
        "department_share": N_(
            "What the model gives to the whole department of the row; the same in each of its rows."
        ),
        "department_share_low": N_(
            "The lower bound of its 95 % interval: of the department's sums, drawing parties anew."
        ),
        "department_share_high": N_("The upper bound of the same."),
        "paths": N_("The paths of the period that go through it, whatever the model says."),
        "paths_converted": N_("The conversions among these paths."),
    }
