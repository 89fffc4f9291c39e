"""What each field of the measure ``self_reported`` means."""

from onefunnel.web.locale.translations import N_

NAMED = (
    N_("Self-reported attribution"),
    N_("What people say brought them, beside the source that was tracked."),
)

_PLAIN: dict[str, str] = {
    "kind": N_(
        "A pair of tracked and said source, those who said nothing, one channel, or everybody."
    ),
    "tracked": N_("The channel of the first lead, else of the first touch; none is unknown."),
    "said": N_("The channel that the first usable answer names; none: it names no channel."),
    "entities": N_("Those who left a lead, bought or answered, and came in the period."),
    "customers": N_("Those of them who have bought by now."),
    "contribution": N_("What these have brought until now, as far as it is known."),
    "unknown_contribution_lines": N_("Sales whose cost is unknown; they are not in it."),
    "answers": N_("Answers that name the channel."),
    "share_tracked": N_("The share of all that was tracked as the channel."),
    "answering_share_tracked": N_("The same among those who answered."),
    "compared": N_("Usable answers of those tracked as something else than direct or unknown."),
    "grade": N_("What the figure rests on: D, what people say of themselves."),
}
_ESTIMATES: dict[str, str] = {
    "share_said": N_("The share of all answers that names the channel."),
    "dark_share": N_("The same among those who were tracked as direct or unknown."),
    "agreement": N_("The share of the compared answers that names what was tracked."),
    "kappa": N_("Cohen's kappa: agreement beyond chance. 1 is all, 0 is none."),
}


def fields(low: str, high: str) -> dict[str, str]:
    """Every field and what it means, the bounds of all intervals in the given words."""
    found = dict(_PLAIN)
    for name, told in _ESTIMATES.items():
        found |= {name: told, f"{name}_low": low, f"{name}_high": high}
    return found
