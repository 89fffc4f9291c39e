"""The notes of the measure ``behaviour``: code, when it is left, and sentence.

Those of the model and of the rates are of the measure ``incentives``.
"""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "few_segments": NoteKind(
        "few segments have different rates",
        "Only {segments} segments have different rates: whatever else sets them apart explains as "
        "well which leads were worked.",
    ),
    "leads_before_plan": NoteKind(
        "a plan began within the history",
        "Leads that sales got before {day} are left out: the plan {plan} has been in force since.",
    ),
    "rates_unknown": NoteKind(
        "segments of which a rate is unknown or not above zero",
        "Segments without a known pay and contribution per hour above zero are not compared: "
        "{segments} (leads: {leads}).",
    ),
    "refused_rates": NoteKind(
        "no segment has both rates",
        "No segment has a known pay and contribution per hour above zero.",
    ),
    "refused_no_choices": NoteKind(
        "no leads whose time is over",
        "Sales got no lead within the history whose time to be worked is over.",
    ),
    "refused_work_unknown": NoteKind(
        "the ledger holds neither hand-offs nor deals",
        "The ledger holds neither hand-offs nor deals, so nobody can say which leads were worked "
        "in time.",
    ),
    "salespeople_unknown": NoteKind(
        "the records don't say who could have worked the leads",
        "Of {leads} leads the records name a salesperson for {named} only. All stand as one group: "
        "differences between salespeople and in their workload are not taken out.",
    ),
    "time_not_agreed": NoteKind(
        "no time to work a lead is agreed",
        "No time in which a lead is to be worked is agreed; {hours} hours are taken. Set "
        "work_within_hours in incentives.toml.",
    ),
    "time_not_over": NoteKind(
        "leads whose time to be worked is not over",
        "Leads left out, as their time to be worked is not over: {leads}.",
    ),
    "work_undated": NoteKind(
        "worked leads that do not say when",
        "Leads left out, as they were worked and the records do not say when: {leads}.",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("time_not_over", leads=3).text
    'Leads left out, as their time to be worked is not over: 3.'
    """
    numbers = {name: f"{value:g}" for name, value in params.items() if isinstance(value, float)}
    return Note(code, NOTES[code].text.format(**(params | numbers)), params)
