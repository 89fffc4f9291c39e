"""Every note that ``payouts`` adds to those of the pay engine: its code and English sentence."""

from collections.abc import Sequence

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NAMED = 5
"""How many sales a note names."""

NOTES: dict[str, NoteKind] = {
    "no_pay_plan": NoteKind(
        "the workspace has no pay plan",
        "There is no pay plan; write one into pay/NAME.toml.",
    ),
    "plan_gone": NoteKind(
        "a plan that closed months were paid by is no longer among the terms",
        "The plan {plan} is no longer there; what it paid in closed months stays as it was booked.",
    ),
    "refused_plan_currency": NoteKind(
        "a plan has another currency than the one it was booked in",
        "The plan {plan} pays in {currency}, but was booked in {booked}; give the plan in another "
        "currency a name of its own.",
    ),
    "shares_not_whole": NoteKind(
        "sales whose credits do not sum to the whole",
        "Sales whose shares do not sum to 1, or are below 0: {count} ({sales}); nobody is "
        "credited with them.",
    ),
}


def note(code: str, **params: str | int) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("plan_gone", plan="gates").code
    'plan_gone'
    """
    return Note(code, NOTES[code].text.format(**params), dict(params))


def not_whole(sales: Sequence[str]) -> tuple[Note, ...]:
    """The sales whose shares can't be, a few of them by name."""
    if not sales:
        return ()
    named = ", ".join(sorted(set(sales))[:NAMED])
    return (note("shares_not_whole", count=len(set(sales)), sales=named),)
