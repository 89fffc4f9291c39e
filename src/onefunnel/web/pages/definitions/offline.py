"""What each field of the measure ``offline_conversions`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("Offline conversions"),
    N_("Which leads and customers each advertising platform can be told of, by their clicks."),
)

FIELDS: dict[str, str] = {
    "platform": N_("The advertising platform that is told."),
    "of": N_("What it is told of: leads, leads that sales accepted, or customers."),
    "conversions": N_("All of them in the period."),
    "returned": N_("Those with a click of the platform in time: they go into the file."),
    "taken_back": N_("Those whose acceptance or whole purchase was taken back."),
    "expired": N_("Those that the platform takes no more: too long ago."),
    "too_old": N_("Those whose last click of the platform lies too long before."),
    "not_assigned": N_("Those with a click whose platform nothing tells."),
    "other_platform": N_("Those with clicks of other platforms only."),
    "without_click": N_("Those with no click identifier on record."),
    "kept_out": N_("Those of people who were erased, or who want no platform told of them."),
    "to_adjust": N_("Those that changed since: the platform can be told anew."),
    "revenue": N_("What those returned first bought, less what they gave back."),
    "contribution": N_("The contribution of the same purchases."),
    "without_revenue": N_("Those returned who bought nothing yet, or for an unknown amount."),
    "without_contribution": N_("Those returned who bought nothing yet, or at an unknown cost."),
}
