"""The inputs of the comparison in words: which are missing, and what to give."""

from collections.abc import Sequence

from markupsafe import Markup

from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.incentives.said import segment_name

INPUTS = {
    "hours": N_("the hours of salespeople"),
    "leads": N_("leads"),
    "hours_per_lead": N_("hours per lead"),
    "win_probability": N_("the chance of winning"),
    "contribution_per_win": N_("contribution per win"),
    "pay_per_win": N_("pay per win"),
    "worked": N_("which leads were worked"),
}
"""Each input of the comparison."""
GIVE = {
    "hours": N_("Give the weekly hours of the employees of sales, or type the hours."),
    "leads": N_("Import a list of leads."),
    "hours_per_lead": N_("Record minutes on hand-offs, or type minutes per lead."),
    "win_probability": N_("It needs more leads whose end is known; until then type a range."),
    "contribution_per_win": N_("Import unit costs, or type a margin."),
    "pay_per_win": N_("Put a pay plan into force, or type a rule of pay."),
    "worked": N_("Import hand-offs or deals, or type the share that was worked."),
}
"""How each is given, the easiest first."""


def input_name(name: str, words: Words) -> Markup:
    """An input in words."""
    return words.say(INPUTS[name]) if name in INPUTS else Markup("<code>{}</code>").format(name)


def missing_in_words(missing: Sequence[tuple[str, str | None]], words: Words) -> Markup:
    """Inputs with the segments that lack them."""
    by_name: dict[str, list[Markup]] = {}
    for name, segment in missing:
        by_name.setdefault(name, []).extend([segment_name(segment, words)] if segment else [])
    return words.clauses(
        words.say("unknown: {name}", name=input_name(name, words))
        if not segments
        else words.say(
            "unknown of {segments}: {name}",
            name=input_name(name, words),
            segments=words.listed(segments),
        )
        for name, segments in by_name.items()
    )
