"""The notes of the measure ``sellers``: code, when it is left, and sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "leads_of_nobody": NoteKind(
        "leads that name no salesperson with hours in the period",
        "Leads for which no deal and no hand-off names a salesperson with hours in the period: "
        "{leads}; where plans are compared they are shared out by hours.",
    ),
    "paid_by_no_plan": NoteKind(
        "salespeople whom no plan pays",
        "Salespeople whom no pay plan names: {employees}; where plans are compared they are taken "
        "to be paid as the average of the others.",
    ),
    "refused_hours_of_each": NoteKind(
        "the hours of each salesperson are unknown",
        "The hours of each salesperson are not on record, so nobody can say who would win or lose "
        "by another plan.",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("paid_by_no_plan", employees=2).text.split(":")[0]
    'Salespeople whom no pay plan names'
    """
    return Note(code, NOTES[code].text.format(**params), dict(params))
