"""The notes of the measure ``incentives`` over the ledger: code, when it is left, and sentence.

Those of the kernel, which needs no ledger, stand where they are left.
"""

from onefunnel.funnel.notes import REASONS, NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "chance_of_worked": NoteKind(
        "the chance of winning is known of leads that salespeople chose to work",
        "The chance of winning is that of leads that were worked, and salespeople choose. Of those "
        "that were left, {low} to {high} would have been won if worked, supposing that work never "
        "hurts and that the better ones were picked; to know, work a random share of them.",
    ),
    "few_salespeople": NoteKind(
        "the choices of few salespeople are compared",
        "Of {salespeople} salespeople: the interval speaks of them only, not of others like them.",
    ),
    "few_wins": NoteKind(
        "too few wins to say what one brings",
        "Segments in which fewer than {needed} wins say what one brings: {segments}; type "
        "contribution_per_win for them.",
    ),
    "gates_taken_open": NoteKind(
        "a plan pays only beyond a gate",
        "The plan {plan} pays in full only beyond a gate; it is taken to be open.",
    ),
    "hours_of_some": NoteKind(
        "employees of sales whose weekly hours are unknown",
        "Employees of sales whose weekly hours are not on record: {employees}; {instead}.",
    ),
    "left_taken_as_lost": NoteKind(
        "nothing tells how often leads that were left are won anyhow",
        "How often leads that nobody worked are won anyhow is not known in {segments}; it is taken "
        "to be never.",
    ),
    "lost_segment": NoteKind(
        "ranges are typed for segments without leads",
        "Ranges are typed for segments of which no lead came in the period: {segments}.",
    ),
    "margin_typed": NoteKind(
        "unit costs are missing and a typed margin stands in",
        "Unit costs are missing in {segments}; what such lines bring is their revenue times the "
        "typed margin.",
    ),
    "plan_began_within": NoteKind(
        "a plan began within the period",
        "The plan {plan} is in force since {day}; it is taken for the whole period.",
    ),
    "refused_collinear": NoteKind(
        "pay and contribution per hour can't be told apart",
        "Pay and contribution per hour rise and fall together: they can't be told apart.",
    ),
    "refused_few_leads": NoteKind(
        "too few leads were worked in time, or too few were not",
        "Only {leads} leads were worked in time, or were not; {needed} are needed.",
    ),
    "refused_few_segments": NoteKind(
        "too few segments of different pay and contribution per hour",
        "Only {pairs} different pairs of rates; {needed} are needed.",
    ),
    "refused_no_leads": NoteKind("no leads in the period", "No lead came in the period."),
    "refused_other_currency": NoteKind(
        "a plan pays in another currency",
        "The plan {plan} pays in {has}, and the figures are in {wanted}; it is left out.",
    ),
    "refused_plan_quota": NoteKind(
        "a plan pays by quotas that are missing",
        "The plan {plan} pays by attainment, and a quota or target of its members is missing.",
    ),
    "refused_win_probability": NoteKind(
        "a chance of winning that the data can't support",
        "The chance of winning is refused (segments: {rows}): {why}.",
    ),
    "sellers_averaged": NoteKind(
        "many sellers with different quotas or sales are taken for equal ones",
        "{sellers} sellers stand at different places of their plans; those of one plan are taken "
        "to be alike.",
    ),
    "spend_without_segment": NoteKind(
        "spend that names no segment",
        "Spent in the period without a segment on record: {amount}; what was spent on a segment is "
        "unknown.",
    ),
    "typed_inputs": NoteKind(
        "inputs that people typed stand in or go before the records", "Typed: {inputs}."
    ),
    "wins_without_amount": NoteKind(
        "won leads with an unknown amount",
        "Won leads of which a line without a known amount is left out of averages: {wins}.",
    ),
    "worked_unknown": NoteKind(
        "the ledger holds neither hand-offs nor deals",
        "The ledger holds neither hand-offs nor deals, so who was worked is unknown: at least the "
        "leads that were won, at most all.",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("lost_segment", segments="gatez").text
    'Ranges are typed for segments of which no lead came in the period: gatez.'
    """
    words: dict[str, str | int | float] = dict(params)
    if "reason" in params:
        words["why"] = REASONS[str(params["reason"])].format(**params)
    shares = {name: f"{value:.0%}" for name, value in params.items() if isinstance(value, float)}
    return Note(code, NOTES[code].text.format(**(words | shares)), params)
