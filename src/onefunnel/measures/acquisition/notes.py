"""The notes of the measure ``acquisition``: code, when it is left, and sentence."""

from onefunnel.funnel.notes import REASONS, NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "buyers_before_their_lead": NoteKind(
        "buyers who had bought before their lead came",
        "Buyers whose lead came after their first purchase: {entities}; they are left out of the "
        "win rate.",
    ),
    "leads_without_spend": NoteKind(
        "leads stand where nothing is on record as spent",
        "Rows with leads and no spend: {rows} ({leads} of {of} leads); what won them is not on "
        "record as spend.",
    ),
    "no_spend": NoteKind(
        "nothing is on record as spent in the period",
        "Nothing is on record as spent in the period, so what anything cost is unknown.",
    ),
    "not_ripe": NoteKind(
        "the outcome of some leads at the horizon is not known yet",
        "Of those with a lead, {share} have an outcome or were watched for {horizon_days} days; "
        "rows in which some still have to wait: {rows}. What these bring is not all in.",
    ),
    "purchases_implied": NoteKind(
        "purchases that only a later stage proves",
        "Buyers with a lead whose purchase is only implied by a later stage: {entities}; they are "
        "left out of the win rate.",
    ),
    "refused_win_rate": NoteKind(
        "a win rate that the data can't support",
        "The win rate is refused (rows: {rows}): {why}.",
    ),
    "spend_not_shared": NoteKind(
        "spend that says too little and stays unknown",
        "Spend that does not name its value ({dimensions}) and is not shared out: {share} of all "
        "spend; it stands where the value is unknown.",
    ),
    "spend_shared_by_leads": NoteKind(
        "spend that says too little, shared out to leads",
        "Spend that does not name its value ({dimensions}): {share} of all spend; it is shared out "
        "in proportion to leads that agree with what it says. This is a convention, not a "
        "measurement.",
    ),
    "spend_shared_by_touches": NoteKind(
        "spend that says too little, shared out to touches",
        "Spend that does not name its value ({dimensions}): {share} of all spend; it is shared out "
        "in proportion to touches that agree with what it says, else to leads. This is a "
        "convention, not a measurement.",
    ),
    "spend_without_amount": NoteKind(
        "rows of spend without an amount",
        "Rows of spend without an amount: {rows}; what they are part of cost an unknown sum.",
    ),
    "spend_without_leads": NoteKind(
        "spend stands where no lead came",
        "Rows with spend and no lead: {rows} ({share} of the spend).",
    ),
    "spend_without_rate": NoteKind(
        "spend in a currency without an exchange rate",
        "Rows of spend in a currency for which there is no rate on or before their day: {rows}; "
        "what they are part of cost an unknown sum.",
    ),
    "touches_of_no_department": NoteKind(
        "touches that name no department",
        "Touches that name no department: {touches}; they are taken as marketing's.",
    ),
    "unknown_as_a_word": NoteKind(
        "leads or customers of whom the word unknown is on record",
        "On record as the word unknown ({dimension}): {leads} of {of_leads} leads "
        "({share_of_leads}), {customers} of {of_customers} customers ({share_of_customers}). "
        "Together with those of whom nothing is on record, {share_of_customers_together} of the "
        "customers are of unknown origin.",
    ),
    "unknown_origin": NoteKind(
        "leads or customers whose value of a dimension is unknown",
        "Unknown ({dimension}): {leads} of {of_leads} leads ({share_of_leads}), {customers} of "
        "{of_customers} customers ({share_of_customers}).",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("spend_without_leads", rows=2, share=0.125).text
    'Rows with spend and no lead: 2 (12.5% of the spend).'
    """
    words: dict[str, str | int | float] = {
        name: f"{value:.1%}" if isinstance(value, float) and name.startswith("share") else value
        for name, value in params.items()
    }
    if "reason" in params:
        words["why"] = REASONS[str(params["reason"])].format(**params)
    return Note(code, NOTES[code].text.format(**words), params)
