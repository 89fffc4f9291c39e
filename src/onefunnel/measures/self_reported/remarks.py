"""What the reader of the measure ``self_reported`` must be told."""

from collections.abc import Iterator

from onefunnel.funnel.notes import note as funnel_note
from onefunnel.measures.self_reported.answers import FEWEST_ANSWERS, Said
from onefunnel.measures.self_reported.notes import note
from onefunnel.vocabulary import Note

MOST_NAMES = 5
"""So many names that are never tracked are told, those said most often."""


def remarks(said: Said, undated: int, changed: int) -> Iterator[Note]:
    """The notes on records, on who answered, on what they name, and on what is refused."""
    if undated:
        yield funnel_note("rows_without_instant", table="touch", rows=undated)
    everybody, answers = said.tracked.total(), said.said.total()
    if not everybody:
        return
    yield note("answers_few_of_all", entities=everybody, answers=answers, share=answers / everybody)
    if answers:
        yield from _on_answers(said, answers, changed)
    yield from _refused(said)
    if answers:
        yield note("answers_are_memories")


def _on_answers(said: Said, answers: int, changed: int) -> Iterator[Note]:
    if said.said[None]:
        yield note("answers_unusable", answers=said.said[None], of=answers)
    if changed:
        yield note("answers_changed", entities=changed)
    strange = {name: n for name, n in said.said.items() if name and not said.tracked[name]}
    if strange:
        most = sorted(strange, key=lambda name: (-strange[name], name))[:MOST_NAMES]
        names = ", ".join(most) + (" …" if len(strange) > MOST_NAMES else "")
        yield note("answers_never_tracked", answers=sum(strange.values()), names=names)
    if said.dark:
        yield note("tracked_nowhere", answers=said.dark.total(), of=answers)


def _refused(said: Said) -> Iterator[Note]:
    """What is refused, but for what follows from it."""
    needed, compared = FEWEST_ANSWERS, sum(said.compared.values())
    if said.said.total() < needed:
        yield note("refused_share_said", given=said.said.total(), needed=needed)
        return
    if said.dark.total() < needed:
        yield note("refused_dark_share", given=said.dark.total(), needed=needed)
    if compared < needed:
        yield note("refused_agreement", given=compared, needed=needed)
    elif compared < said.needed_for_kappa:
        more = {"needed": said.needed_for_kappa, "names": len(said.compared_names)}
        yield note("refused_kappa", given=compared, **more)
