"""What people say brought them, beside what was tracked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.measures.self_reported.result import Kind, SelfReportedRow
from onefunnel.vocabulary import Answer
from onefunnel.web.locale import Words
from onefunnel.web.report.notes import NoteView, view

DRAWN = 7
"""So many names have rows and columns of their own; all others stand together."""
REST = "\0"
"""In place of the names that stand together."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name beside the figures: as tracked and as said, empty where refused."""

    name: Markup
    unknown: bool
    tracked: str
    said: str
    between: str
    dark: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """A row of the table of both: who was tracked as one name, by what they said.

    ``cells`` holds each number, and whether both are the same name.
    """

    name: Markup
    unknown: bool
    cells: tuple[tuple[str, bool], ...]
    total: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """Both sources: how far they agree, each name, and the table of one by the other.

    ``heads`` has each column's name and whether it is unknown.
    """

    agreement: Markup
    names: tuple[Name, ...]
    heads: tuple[tuple[Markup, bool], ...]
    crossed: tuple[Crossed, ...]
    notes: tuple[NoteView, ...]


def told_view(answer: Answer[SelfReportedRow], words: Words) -> ToldView | None:
    """The view; None where nobody said anything."""
    whole = next((row for row in answer.rows if row.kind == Kind.ALL), None)
    if whole is None or not whole.answers:
        return None
    of_names = [row for row in answer.rows if row.kind == Kind.CHANNEL]
    heads, crossed = _table([row for row in answer.rows if row.kind == Kind.PAIR], words)
    return ToldView(
        _agreement(whole, words),
        tuple(_name(row, words) for row in of_names),
        heads,
        crossed,
        tuple(view(each, words) for each in answer.notes),
    )


def _agreement(whole: SelfReportedRow, words: Words) -> Markup:
    """In how many answers both sources are the same."""
    if whole.agreement is None or whole.agreement_low is None or whole.agreement_high is None:
        return Markup("")
    figures = words.figures
    between = figures.interval(whole.agreement_low, whole.agreement_high, whole.agreement)
    return words.say(
        "Of {answers} answers that can be compared, {share} {between} name what was tracked.",
        answers=figures.count(whole.compared or 0),
        share=figures.share(whole.agreement),
        between=between,
    )


def _named(name: str | None, words: Words) -> Markup:
    if name == REST:
        return words.say("all others")
    return words.say("unknown") if name is None else Markup("<bdi>{}</bdi>").format(name)


def _name(row: SelfReportedRow, words: Words) -> Name:
    said, between = _ends(row.share_said, row.share_said_low, row.share_said_high, words)
    dark = " ".join(_ends(row.dark_share, row.dark_share_low, row.dark_share_high, words)).strip()
    tracked = row.answering_share_tracked
    return Name(
        _named(row.tracked, words),
        row.tracked is None,
        "" if tracked is None else words.figures.share(tracked),
        said,
        between,
        dark,
    )


def _ends(
    share: float | None, low: float | None, high: float | None, words: Words
) -> tuple[str, str]:
    if share is None:
        return "", ""
    figures = words.figures
    between = "" if low is None or high is None else figures.interval(low, high, share)
    return figures.share(share), between


def _table(
    pairs: Sequence[SelfReportedRow], words: Words
) -> tuple[tuple[tuple[Markup, bool], ...], tuple[Crossed, ...]]:
    """The names met most often by each other; unknown always, the rest as one."""
    kept = _most(pairs)
    counted: Counter[tuple[str | None, str | None]] = Counter()
    for row in pairs:
        counted[_kept(row.tracked, kept), _kept(row.said, kept)] += row.entities
    names = _order(kept, counted)
    rows = [name for name in names if any(counted[name, said] for said in names)]
    heads = [name for name in names if any(counted[tracked, name] for tracked in names)]
    figures = words.figures
    crossed = tuple(
        Crossed(
            _named(name, words),
            name is None,
            tuple(
                (figures.count(counted[name, said]), name == said and name not in (None, REST))
                for said in heads
            ),
            figures.count(sum(counted[name, said] for said in heads)),
        )
        for name in rows
    )
    return tuple((_named(name, words), name is None) for name in heads), crossed


def _most(pairs: Iterable[SelfReportedRow]) -> list[str]:
    met: Counter[str] = Counter()
    for row in pairs:
        for name in {row.tracked, row.said}:
            if name is not None:
                met[name] += row.entities
    return sorted(met, key=lambda name: (-met[name], name))[:DRAWN]


def _kept(name: str | None, kept: Sequence[str]) -> str | None:
    return name if name is None or name in kept else REST


def _order(
    kept: Sequence[str], counted: Counter[tuple[str | None, str | None]]
) -> list[str | None]:
    rest = [REST] if any(REST in pair for pair in counted) else []
    unknown = [None] if any(None in pair for pair in counted) else []
    return [*kept, *rest, *unknown]
