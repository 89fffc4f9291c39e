"""The notes of the measure ``self_reported``: code, when it is left, and sentence."""

from onefunnel.funnel.notes import NoteKind
from onefunnel.vocabulary import Note

NOTES: dict[str, NoteKind] = {
    "answers_are_memories": NoteKind(
        "somebody said how they heard of the company",
        "What people say is what they remember and what comes to mind first; who answers differs "
        "from who does not. Names that stand out are said too often, and what only prepared the "
        "ground too seldom. It bounds what tracking hides and measures no effect.",
    ),
    "answers_changed": NoteKind(
        "somebody gave different answers",
        "Those who gave different answers: {entities}; the first usable one counts.",
    ),
    "answers_few_of_all": NoteKind(
        "how many answered",
        "Of {entities} who left a lead, bought or answered, {answers} ({share}) said how they "
        "heard of the company; what the others would have said is unknown.",
    ),
    "answers_never_tracked": NoteKind(
        "answers name what nobody is tracked as",
        "{answers} answers name what nobody is tracked as ({names}): it leaves no trace, or it is "
        "another word for what is tracked, and then the mapping should say so.",
    ),
    "answers_unusable": NoteKind(
        "answers that name no channel",
        "Answers that name no channel: {answers} of {of}; they stand as unknown.",
    ),
    "refused_agreement": NoteKind(
        "too few answers that can be compared",
        "The agreement of both sources is refused: {given} answers can be compared, and {needed} "
        "are needed.",
    ),
    "refused_dark_share": NoteKind(
        "too few answers of those tracked as direct or unknown",
        "What those say who were tracked as direct or unknown is refused: they gave {given} "
        "answers, and {needed} are needed.",
    ),
    "refused_kappa": NoteKind(
        "too few answers for the kappa of so many channels",
        "Cohen's kappa of all channels is refused: {given} answers can be compared, and {needed} "
        "are needed for {names} channels.",
    ),
    "refused_share_said": NoteKind(
        "too few answers",
        "The shares of what was said are refused: there are {given} answers, and {needed} are "
        "needed.",
    ),
    "tracked_nowhere": NoteKind(
        "answers of those who were tracked as direct or unknown",
        "Those who answered and were tracked as direct or unknown: {answers} of {of}. There is "
        "nothing to agree with, so they are left out of the agreement; what they say bounds what "
        "tracking hides.",
    ),
}


def note(code: str, **params: str | int | float) -> Note:
    """A note of a known code, its sentence filled in.

    >>> note("answers_few_of_all", entities=8, answers=2, share=0.25).text
    'Of 8 who left a lead, bought or answered, 2 (25.0%) said how they heard of the company; what
    the others would have said is unknown.'
    """
    words: dict[str, str | int | float] = {
        name: f"{value:.1%}" if isinstance(value, float) else value
        for name, value in params.items()
    }
    return Note(code, NOTES[code].text.format(**words), params)
