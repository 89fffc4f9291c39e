"""Two pictures of a plan: how many reached how much of the quota, and on which days sales close."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.web.locale import Words

WIDTH, HEIGHT, GAP = 600, 120, 0.18
TENTHS, AT_QUOTA = 21, 10
DAYS, LAST = 28, 7


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars: their title, the same in words, what stands at both ends, and what to know."""

    title: Markup
    label: str
    shapes: Markup
    ends: tuple[Markup | str, ...]
    note: Markup


def attained(bars: Mapping[int, float], words: Words) -> Picture:
    """How many attainments lie in each tenth of the quota; from the quota on they are strong."""
    counts = [bars.get(at, 0.0) for at in range(TENTHS)]
    count, share = words.figures.count, words.figures.share
    label = words.say(
        "{reached} of {all} reach the quota; most lie between {low} and {high} of it.",
        reached=count(round(sum(counts[AT_QUOTA:]))),
        all=count(round(sum(counts))),
        low=share(counts.index(max(counts)) / 10),
        high=share((counts.index(max(counts)) + 1) / 10),
    )
    middle = words.say("the quota")
    ends = (share(0.0), middle, words.say("{share} and more", share=share(2.0)))
    return Picture(
        words.say("How many reach how much of the quota"),
        label.striptags(),
        _bars(counts, range(AT_QUOTA, TENTHS), AT_QUOTA),
        ends,
        words.say("A bar is a tenth of the quota; in strong colour it is reached."),
    )


def closing_days(bars: Mapping[int, float], periods: int, words: Words) -> Picture:
    """How many sales closed on each of the last days of a period; the last week is strong."""
    counts = [bars.get(left, 0.0) for left in range(DAYS, 0, -1)]
    count = words.figures.count
    label = words.say(
        "{last} of {all} sales of the last four weeks closed in the last week.",
        last=count(round(sum(counts[-LAST:]))),
        all=count(round(sum(counts))),
    )
    begin = words.count("{n} day before the end", "{n} days before the end", DAYS)
    return Picture(
        words.say("When sales close"),
        label.striptags(),
        _bars(counts, range(DAYS - LAST, DAYS)),
        (begin, words.say("the last day")),
        words.say("All periods together: {n}; in strong colour the last week.", n=count(periods)),
    )


def _bars(counts: list[float], strong: range, stroke: int | None = None) -> Markup:
    """Bars of the counts, those of some places strong, and a stroke before one of them; no text."""
    most, wide = max(counts, default=0.0) or 1.0, WIDTH / len(counts)
    shapes = [
        Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            "hist hist--strong" if place in strong else "hist",
            wide * (place + GAP / 2),
            HEIGHT * (1 - each / most),
            wide * (1 - GAP),
            HEIGHT * each / most,
        )
        for place, each in enumerate(counts)
        if each > 0
    ]
    if stroke is not None:
        shapes.append(
            Markup('<path class="hist__at" d="M{:.1f} 0V{}"/>').format(wide * stroke, HEIGHT)
        )
    return Markup(
        '<svg class="flip" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}'
        "</svg>"
    ).format(WIDTH, HEIGHT, Markup().join(shapes))
