"""The verdict on a row in words, with its mark, and the rule by which spend was shared out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.acquisition import remarks
from onefunnel.measures.acquisition.result import AcquisitionRow
from onefunnel.measures.acquisition.verdict import Verdict
from onefunnel.vocabulary import Note
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.terms.agreed import SHARED


@dataclass(frozen=True, slots=True)
class Status:
    """A mark (``good``, ``bad``, ``risk``, ``idle``) and what it says."""

    kind: str
    text: Markup


SAID: Mapping[Verdict, tuple[str, str]] = {
    Verdict.PAYS: ("good", N_("pays back")),
    Verdict.LOSES_CHEAP: ("bad", N_("cheap leads, loses money")),
    Verdict.LOSES: ("bad", N_("loses money")),
    Verdict.CHANCE: ("risk", N_("loses, but may be chance")),
    Verdict.EARLY: ("idle", N_("too early to say: {share} known")),
    Verdict.NOBODY: ("risk", N_("spend, and nobody came")),
    Verdict.UNSPENT: ("idle", N_("no spend on record")),
    Verdict.UNKNOWN: ("idle", N_("can't be said")),
}


def status(row: AcquisitionRow, verdict: Verdict, words: Words) -> Status:
    """A verdict in words."""
    kind, text = SAID[verdict]
    return Status(kind, words.say(text, share=words.figures.share(row.maturity or 0.0)))


def convention(notes: Iterable[Note], words: Words) -> Markup:
    """By which rule spend was shared out, as the notes of the answer say; empty where none was."""
    codes = {note.code for note in notes}
    rule = next((rule for rule, code in remarks.SHARED.items() if code in codes), None)
    return Markup("") if rule is None else words.say(SHARED[rule])
