"""The words of scorecards: figures and their units, why one is unknown, what is asked of people."""

from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

from onefunnel.measures.scorecard.catalogue import FIGURES, Unit
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

TENTH_OF_A_PERCENT = Decimal("0.001")

SOURCES = {
    "accepted_leads": N_("Leads that sales accepted"),
    "arpu": N_("Revenue per customer"),
    "contacted_leads": N_("Share of leads tried to reach"),
    "contribution": N_("Contribution"),
    "cost_per_lead": N_("Cost per lead"),
    "customers": N_("Customers"),
    "discount": N_("Discount off the list price"),
    "leads": N_("Leads"),
    "margin": N_("Margin as a share of revenue"),
    "new_customers": N_("New customers"),
    "profit": N_("Contribution less spending"),
    "repeat_purchase": N_("Share of customers who came back"),
    "response_hours": N_("Hours to the first attempt"),
    "revenue": N_("Revenue"),
}
LACKS = {
    "no_such_figure": N_("the ledger does not tell it"),
    "no_records": N_("no records could tell it"),
    "nobody": N_("no record names whom it is for"),
    "nothing": N_("there is nothing to divide by"),
    "unknown_parts": N_("amounts, costs or rates are missing"),
    "unknown_gate": N_("what its gate looks at is unknown"),
    "unknown_value": N_("its value is unknown"),
    "unknown_figures": N_("some of its figures are unknown"),
}
LEVELS = {
    "person": N_("Person: {name}"),
    "role": N_("Role: {name}"),
    "team": N_("Team of {name}"),
    "department": N_("Department: {name}"),
    "company": N_("The company"),
}
QUESTIONS = {
    "money_at": N_(
        "{measure} is at {value}, all else at its target. What is paid of a target pay of {pay}?"
    ),
    "payout_at": N_("{measure} is at {value}. Which share of its part is paid?"),
    "starts_at": N_("From which value on is anything paid for this: {measure}?"),
    "stops_at": N_("From which value on does better bring no more: {measure}?"),
    "weighs_most": N_("Which measure weighs most?"),
    "gate_shut": N_(
        "All measures are at their target, but the gate on {gate} is missed. "
        "Which share of the target pay is left?"
    ),
}


def source_name(source: str, words: Words) -> Markup:
    """A figure by its name; one that the ledger does not tell as it is spelt."""
    if source in SOURCES:
        return words.say(SOURCES[source])
    return Markup('<code dir="ltr">{}</code>').format(source)


def in_unit(value: Decimal | float | None, source: str, words: Words) -> str:
    """A value of a figure in its unit; unknown is said."""
    if value is None:
        return str(words.say("unknown"))
    number, figures = Decimal(str(value)), words.figures
    unit = FIGURES[source].unit if source in FIGURES else None
    if unit is Unit.MONEY:
        return figures.money(number)
    if unit is Unit.SHARE:
        return figures.rate(number)
    if unit is Unit.HOURS:
        return figures.days(float(number) / 24) if abs(number) < 24 else figures.exactly(number)
    return figures.exactly(number)


def share(value: Decimal | float | None, words: Words) -> str:
    """A share of the target pay, to a tenth of a percent."""
    if value is None:
        return str(words.say("unknown"))
    return words.figures.rate(Decimal(str(value)).quantize(TENTH_OF_A_PERCENT, ROUND_HALF_UP))
