"""What each field of the measure ``transitions`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("Transitions"),
    N_("How paths go on from touch to touch, and how they end."),
)

FIELDS = {
    "kind": N_("A first touch, a move to the next one, or an end with or without a conversion."),
    "before": N_("Where the path came from; nothing at its start."),
    "after": N_("Where it went; nothing at its end."),
    "before_department": N_("Whose touches those before are."),
    "after_department": N_("Whose touches those after are."),
    "paths": N_("How often paths of the period went so."),
    "share": N_("Their share of all that went on from there: the chance that Markov models use."),
    "share_low": N_("The lower bound of its 95 % interval, by drawing parties anew."),
    "share_high": N_("The upper bound of the same."),
}
