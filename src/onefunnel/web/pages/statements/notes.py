"""What the reader of pay must be told: what was refused, unknown or not counted."""

from string import Formatter

from markupsafe import Markup, escape

from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.report.notes import view

WHAT_NAMES = {
    "revenue": N_("revenue"),
    "margin": N_("margin"),
    "units": N_("quantity"),
    "sales": N_("share of the sale"),
    "product": N_("product or segment"),
}
TO_ONESELF = {
    "refused_no_cash": N_(
        "The plan {plan} pays when the money comes; the records don't say when it did."
    ),
    "refused_no_quota": N_("The plan {plan} asks for a quota, and none is written for you."),
    "refused_no_target": N_("The plan {plan} asks for target pay, and none is written for you."),
    "refused_plan_currency": N_(
        "The plan {plan} pays in {currency}, but was booked in {booked}: nothing is added any more."
    ),
    "plan_gone": N_(
        "The plan {plan} is no longer there; what it paid in closed months stays as it was booked."
    ),
    "unknown": N_("{component} does not count sales whose {what} is unknown."),
}
TO_ALL = {
    **TO_ONESELF,
    "no_pay_plan": N_("There is no pay plan yet."),
    "no_seller": N_("Sales that name no seller: {count}."),
    "not_in_a_plan": N_("Shares of sales whose sellers no plan pays on that day: {count}."),
    "refused_no_quota": N_(
        "{employee} has no quota in the plan {plan}: nothing is worked out for them."
    ),
    "refused_no_target": N_(
        "{employee} has no target pay in the plan {plan}: nothing is worked out for them."
    ),
    "return_after_clawback": N_(
        "Returns that came after the time of clawback and take nothing back: {count} ({plan})."
    ),
    "return_of_unknown_sale": N_(
        "Returns of a sale that is not there, which count on their own day: {count} ({plan})."
    ),
    "shares_not_whole": N_("Sales whose shares do not sum to the whole: {count} ({sales})."),
    "unknown": N_("{component} does not count sales whose {what} is unknown: {count} ({sales})."),
}


def told(note: Note, words: Words, *, all_of_it: bool = False) -> Markup:
    """A note in words; ``all_of_it`` for who may see everybody's pay."""
    sentences = TO_ALL if all_of_it else TO_ONESELF
    message = sentences.get("unknown" if note.code.startswith("unknown_") else note.code)
    if message is None:
        return view(note, words).text if all_of_it else Markup(escape(note.code))
    return words.say(
        message,
        **{name: _value(name, note, words) for _, name, _, _ in Formatter().parse(message) if name},
    )


def _value(name: str, note: Note, words: Words) -> object:
    value = note.params.get(name)
    if name == "what":
        return words.say(WHAT_NAMES.get(str(value), str(value)))
    if isinstance(value, int):
        return words.figures.count(value)
    return Markup("<bdi>{}</bdi>").format(value)
