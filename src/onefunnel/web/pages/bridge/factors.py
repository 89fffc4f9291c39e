"""The factors of a bridge in words: name, meaning, and where their rows are."""

from collections.abc import Mapping

from markupsafe import Markup

from onefunnel.measures.bridge.factors import CONTRIBUTED, JOINT, OUTSIDE
from onefunnel.vocabulary import Department
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

TOTALS = ("before", "change", "after")

NAMES: Mapping[str, str] = {
    "volume": N_("Number of leads"),
    "mix": N_("Mix of segments"),
    "conversion": N_("Customers per lead"),
    "arpu": N_("Revenue per customer"),
    "margin": N_("Margin"),
    OUTSIDE: N_("Outside the factors"),
    JOINT: N_("Leads and conversion"),
    CONTRIBUTED: N_("Other functions"),
}

MEANINGS: Mapping[str, str] = {
    "volume": N_("What more or fewer leads brought, at the same mix and the same results."),
    "mix": N_(
        "What it brought that the leads were of other segments, some worth more than others."
    ),
    "conversion": N_("What it brought that more or fewer customers bought for each lead."),
    "arpu": N_("What it brought that a customer bought for more or less."),
    "margin": N_("What it brought that more or less of the revenue was left after costs."),
    JOINT: N_(
        "What it brought that more or fewer customers came, whether by the number of leads or by "
        "how many of them bought."
    ),
    OUTSIDE: N_("Contribution of segments that have no leads, customers or revenue to divide by."),
    CONTRIBUTED: N_("What a function that does not sell earned or saved, as the records have it."),
}

FIGURES: Mapping[str, str] = {
    "volume": "leads",
    "mix": "leads",
    "conversion": "customers",
    JOINT: "customers",
    "arpu": "lines",
    "margin": "lines",
    OUTSIDE: "lines",
    CONTRIBUTED: "contributed",
    "before": "lines",
    "change": "lines",
    "after": "lines",
}
"""Which rows of the measure are behind a factor."""


def name(factor: str, owner: Department | None, words: Words) -> Markup:
    """A factor; what other functions brought by the function that did."""
    if factor == CONTRIBUTED and owner not in (None, Department.OTHER):
        assert owner is not None
        return words.department(owner)
    return words.say(NAMES[factor])
