"""What is wrong with scorecards by what they say, before any record is read."""

from collections.abc import Mapping, Sequence

from onefunnel.measures.scorecard.cards import cards_of
from onefunnel.measures.scorecard.decomposition import check_parts
from onefunnel.measures.scorecard.findings import check, check_together
from onefunnel.measures.scorecard.influence import contradictions, unfair
from onefunnel.measures.scorecard.notes import of_contradiction, of_finding, of_unfair
from onefunnel.measures.scorecard.plan import Level, Scorecard
from onefunnel.vocabulary import Department, Note, Terms
from onefunnel.vocabulary.terms import SCORECARDS


def broken_rules(cards: Sequence[Scorecard]) -> tuple[Note, ...]:
    """The rules that each scorecard breaks, then those that are broken between them."""
    own = [
        of_finding(found) for card in cards for found in (*check(card), *check_parts(card, cards))
    ]
    return (*own, *(of_finding(each) for each in check_together(cards)))


def before_records(cards: Sequence[Scorecard]) -> tuple[Note, ...]:
    """Broken rules, contradictory roles, and figures of the other department.

    Whether records would show that somebody moves such a figure is not known here.
    """
    opposed = [
        of_contradiction(each)
        for department in Department
        for each in contradictions(cards, department, {})
    ]
    others = [
        of_unfair(card, each.source, each.code, None)
        for card in cards
        if card.level is not Level.COMPANY
        for each in unfair(card, {})
    ]
    return (*broken_rules(cards), *opposed, *(each for each in others if each is not None))


def faults(standing: Terms, files: Mapping[str, str | None]) -> tuple[Note, ...]:
    """What is wrong with the scorecards that change, and with all others because of that.

    ``files`` are the files of terms that change; None removes one. Files that can't be read are
    left out.
    """
    if not any(name.startswith(f"{SCORECARDS}/") for name in files):
        return ()
    wanted = {**dict(standing.files), **files}
    after = Terms(tuple((name, text) for name, text in sorted(wanted.items()) if text is not None))
    known = set(before_records(cards_of(standing)[0]))
    found = dict.fromkeys(before_records(cards_of(after)[0]))
    return tuple(n for n in found if n not in known or n.params.get("scorecard") in files)
